"""The axis of the overview: where it is broken, where the weight of it lies, and the bars drawn without JavaScript."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from timeline.store import Bin
from timeline.temporal.bounds import DAY, add_months

# A silence longer than this share of what is drawn is cut out: one event in 1850 must not flatten 2025.
_BREAK_SHARE = 0.45
_MOST_BREAKS = 4
_BREAK_WIDTH = 0.025  # of the axis, each
_LEAST_DAYS = 7  # an axis of a single day shows nothing beside it
_LEAST_WIDTH = 0.02  # of the axis, a segment however short
_FOCUS_SHARE = 0.9
# More marks than this cannot be told apart; the first look is then at the latest that can.
_MOST_MARKS = 400
_LATEST_MARKS = 150
_MOST_BARS = 240


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the static histogram, in thousandths of its width and height."""

    x: float
    width: float
    height: float
    y: float


@dataclass(frozen=True, slots=True)
class Axis:
    """A broken axis; `segments` are what is drawn, `focus` where nine of ten events lie."""

    unit: str
    bins: tuple[tuple[int, int], ...]  # begin in seconds, count
    segments: tuple[tuple[int, int], ...]
    focus: tuple[int, int]  # what is looked at first


def axis(bins: Sequence[Bin], unit: str, horizon: int | None = None) -> Axis | None:
    """The axis over some bins in time order; None when there are none.

    `horizon` is the day of the newest document, in seconds: what lies before it is the latest news.
    """
    if not bins:
        return None
    spans = [(b.begin, _end(b.begin, unit)) for b in bins]
    counts = [b.count for b in bins]
    segments = _segments(spans)
    drawn = sum(end - begin for begin, end in segments)
    return Axis(
        unit=unit,
        bins=tuple((b.begin, b.count) for b in bins),
        segments=segments,
        focus=_focus(spans, counts, drawn) if sum(counts) <= _MOST_MARKS else _latest(spans, counts, horizon),
    )


def _end(begin: int, unit: str) -> int:
    if unit == "day":
        return begin + DAY
    return add_months(begin // DAY, 1 if unit == "month" else 12) * DAY


def _segments(spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Cuts the longest silences out, one after another, while they are long beside what remains."""
    gaps = sorted(((b[0] - a[1], a[1], b[0]) for a, b in pairwise(spans)), reverse=True)
    drawn = spans[-1][1] - spans[0][0]
    cuts: list[tuple[int, int]] = []
    for length, begin, end in gaps[:_MOST_BREAKS]:
        if length < _BREAK_SHARE * drawn:
            break
        cuts.append((begin, end))
        drawn -= length
    if drawn < _LEAST_DAYS * DAY and not cuts:
        around = (_LEAST_DAYS * DAY - drawn) // 2 // DAY * DAY
        return ((spans[0][0] - around, spans[-1][1] + around),)
    edges = [spans[0][0], *[edge for cut in sorted(cuts) for edge in cut], spans[-1][1]]
    return tuple(zip(edges[::2], edges[1::2], strict=True))


def _latest(spans: Sequence[tuple[int, int]], counts: Sequence[int], horizon: int | None) -> tuple[int, int]:
    """The last stretch before the newest document with as many events as can be told apart."""
    last = max((at for at, span in enumerate(spans) if horizon is None or span[0] <= horizon), default=len(spans) - 1)
    first, held = last, counts[last]
    while first > 0 and held + counts[first - 1] <= _LATEST_MARKS:
        first -= 1
        held += counts[first]
    return spans[first][0], spans[last][1]


def _focus(spans: Sequence[tuple[int, int]], counts: Sequence[int], drawn: int) -> tuple[int, int]:
    """The shortest stretch that holds nine of ten events, or all of it when that is not much shorter."""
    wanted = sum(counts) * _FOCUS_SHARE
    whole = (spans[0][0], spans[-1][1]) if drawn >= _LEAST_DAYS * DAY else _segments(spans)[0]
    best, first, held = whole, 0, 0
    for last, count in enumerate(counts):
        held += count
        while held - counts[first] >= wanted:
            held -= counts[first]
            first += 1
        if held >= wanted and spans[last][1] - spans[first][0] < best[1] - best[0]:
            best = (spans[first][0], spans[last][1])
    return best if (best[1] - best[0]) * 2 < drawn else whole


def bars(drawn: Axis) -> list[Bar]:
    """The histogram as a page without JavaScript shows it: at most 240 bars, thousandths of width and height."""
    scale = _Scale(drawn.segments)
    columns: dict[int, int] = {}
    for begin, count in drawn.bins:
        column = int(scale.at(begin) * _MOST_BARS)
        columns[column] = columns.get(column, 0) + count
    highest = max(columns.values())
    width = 1000 / _MOST_BARS
    found = []
    for column, count in sorted(columns.items()):
        height = max(12.0, round(1000 * count / highest, 1))  # a single event is still seen
        found.append(Bar(round(column * width, 1), round(width * 0.8, 1), height, round(1000 - height, 1)))
    return found


class _Scale:
    """Seconds → 0…1 along a broken axis."""

    def __init__(self, segments: Sequence[tuple[int, int]]) -> None:
        room = 1 - _BREAK_WIDTH * (len(segments) - 1)
        total = sum(end - begin for begin, end in segments)
        shares = [max(_LEAST_WIDTH, room * (end - begin) / total) for begin, end in segments]
        squeeze = room / sum(shares)
        self._pieces = []
        x = 0.0
        for (begin, end), share in zip(segments, shares, strict=True):
            self._pieces.append((begin, end, x, share * squeeze))
            x += share * squeeze + _BREAK_WIDTH

    def at(self, seconds: int) -> float:
        for begin, end, x, width in self._pieces:
            if seconds <= end:
                return x + width * max(0.0, (seconds - begin) / (end - begin)) * 0.999
        return 0.999
