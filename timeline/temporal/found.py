"""A mention in the making, as extraction hands it to the refiners."""

from dataclasses import dataclass

from timeline.model import Signal
from timeline.temporal.packs import Rule
from timeline.temporal.readings import Reading


@dataclass(slots=True)
class Found:
    """`first` and `last` are tokens, half-open; `start` and `end` characters. A claim without a reading is no time."""

    first: int
    last: int
    rule: Rule
    reading: Reading
    signal: Signal = Signal.NONE
    phrase_first: int = -1
    phrase_last: int = -1
    is_perfect: bool = False
    start: int = 0
    end: int = 0
    is_time: bool = True
