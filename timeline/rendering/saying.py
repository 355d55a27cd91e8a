"""What is said of a place on the line, worked out once: a card, its row of data and its note all say the same."""

from functools import lru_cache

from timeline.model import Placement, Timex
from timeline.wording import say_placement


@lru_cache(maxsize=8192)  # a page holds 250 events, a document some hundreds; many of them say the same
def say_place(placement: Placement, timex: Timex) -> str:
    """A place in words."""
    return say_placement(placement, timex)
