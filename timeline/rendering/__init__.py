"""Events → pages: the only maker of HTML. `Site` keeps a folder of plain files true to the store."""

from timeline.rendering.site import Site

__all__ = ["Site"]
