"""Timeline builder: every dated statement of your documents on one page."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from timeline.errors import TimelineError
    from timeline.model import Mention, Timex
    from timeline.temporal import extract

__version__ = "0.1.0"
__all__ = ["Mention", "TimelineError", "Timex", "__version__", "extract"]

_ROOMS = {
    "extract": "timeline.temporal",
    "Mention": "timeline.model",
    "Timex": "timeline.model",
    "TimelineError": "timeline.errors",
}


def __getattr__(name: str) -> object:
    """Load a public name's room when the name is first used (PEP 562), so that importing costs nothing."""
    if name not in _ROOMS:
        raise AttributeError(f"module 'timeline' has no attribute {name!r}")
    return getattr(import_module(_ROOMS[name]), name)
