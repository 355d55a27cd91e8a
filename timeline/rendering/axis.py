"""The axis of the overview: where it is broken, where the weight of it lies, and the bars drawn without JavaScript."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from timeline.store import Bin
from timeline.temporal.bounds import DAY, add_months, civil, day_number

# A silence longer than this share of what is drawn is cut out: one event in 1850 must not flatten 2025.
_BREAK_SHARE = 0.45
_MOST_BREAKS = 4
_SILENT_DAYS = 60  # less is no silence, however little is drawn
# What stands alone between two breaks is shown in its month, or in its year where that is far from everything.
_ALONE_DAYS, _FAR_DAYS = 31, 2 * 366
_LEAST_SHARE = 0.05  # of the width, for a piece however few its events
_BREAK_WIDTH = 0.025  # of the axis, each
_LEAST_DAYS = 7  # an axis of a single day shows nothing beside it
_LEAST_WIDTH = 0.02  # of the axis, a segment however short
# Where this share of the events fills less than an eighth of what is drawn, that stretch is drawn at a larger scale:
# first what holds nearly all of them, so that a few early dates do not take half the width, then within it the crowd.
_CORE_SHARE = 0.95
_CROWD_SHARE = 0.7
_CROWD_FACTOR = 8
# What each gets of the width, where there is all of them.
_OUTER_WIDTH, _CORE_WIDTH, _CROWD_WIDTH = 0.12, 0.28, 0.6
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
class Segment:
    """A piece of the axis with one scale; `weight` is its share of the width, in any unit."""

    begin: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis in pieces: silences are cut out of it, and where most events crowd it is drawn larger."""

    unit: str
    bins: tuple[tuple[int, int], ...]  # begin in seconds, count
    segments: tuple[Segment, ...]
    focus: tuple[int, int]  # what is looked at first


def axis(bins: Sequence[Bin], unit: str, horizon: int | None = None) -> Axis | None:
    """The axis over some bins in time order; None when there are none.

    `horizon` is the day of the newest document, in seconds: what lies before it is the latest news.
    """
    if not bins:
        return None
    spans = [(b.begin, bin_end(b.begin, unit)) for b in bins]
    counts = [b.count for b in bins]
    pieces = _in_their_units(_without_silences(spans))
    drawn = sum(end - begin for begin, end in pieces)
    crowd = _shortest(spans, counts, _CROWD_SHARE)
    is_crowded = (crowd[1] - crowd[0]) * _CROWD_FACTOR < drawn
    whole = (pieces[0][0], pieces[-1][1])
    zones = _zones(drawn, _shortest(spans, counts, _CORE_SHARE), crowd)
    focus = _latest(spans, counts, horizon) if sum(counts) > _MOST_MARKS else crowd if is_crowded else whole
    return Axis(
        unit=unit,
        bins=tuple((b.begin, b.count) for b in bins),
        segments=_weighed(pieces, zones) if zones else _by_count(pieces, bins),
        focus=focus,
    )


def _zones(drawn: int, core: tuple[int, int], crowd: tuple[int, int]) -> list[tuple[int, int, float]]:
    """The stretches drawn larger than the rest, inner first, with what each gets of the width."""
    zones = []
    if (core[1] - core[0]) * _CROWD_FACTOR < drawn:
        zones.append((*core, _CORE_WIDTH))
        drawn = core[1] - core[0]
    if (crowd[1] - crowd[0]) * _CROWD_FACTOR < drawn:
        zones.insert(0, (*crowd, _CROWD_WIDTH))
    elif zones:
        zones = [(*core, 1 - _OUTER_WIDTH)]
    return zones


def plain(begin: int, end: int, drawn: Axis) -> Axis:
    """The same bins on an unbroken axis from `begin` to `end`."""
    return Axis(drawn.unit, drawn.bins, (Segment(begin, end, 1.0),), (begin, end))


def bin_end(begin: int, unit: str) -> int:
    """Where a bin of a day, a month or a year ends."""
    if unit == "day":
        return begin + DAY
    return add_months(begin // DAY, 1 if unit == "month" else 12) * DAY


def _without_silences(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Cuts the longest silences out, one after another, while they are long beside what remains."""
    gaps = sorted(((b[0] - a[1], a[1], b[0]) for a, b in pairwise(spans)), reverse=True)
    drawn = spans[-1][1] - spans[0][0]
    cuts: list[tuple[int, int]] = []
    for length, begin, end in gaps[:_MOST_BREAKS]:
        if length < max(_BREAK_SHARE * drawn, _SILENT_DAYS * DAY):
            break
        cuts.append((begin, end))
        drawn -= length
    if drawn < _LEAST_DAYS * DAY and not cuts:
        around = (_LEAST_DAYS * DAY - drawn) // 2 // DAY * DAY
        return [(spans[0][0] - around, spans[-1][1] + around)]
    edges = [spans[0][0], *[edge for cut in sorted(cuts) for edge in cut], spans[-1][1]]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _in_their_units(pieces: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """A piece of a few days beside a break is widened to whole months or to its year: an axis of hours on either side
    of a century would say more than anybody knows."""
    if len(pieces) == 1:
        return list(pieces)
    found = []
    for at, (begin, end) in enumerate(pieces):
        before = begin - pieces[at - 1][1] if at else None
        after = pieces[at + 1][0] - end if at + 1 < len(pieces) else None
        is_far = all(gap is None or gap >= _FAR_DAYS * DAY for gap in (before, after))
        (year, month, _), (last, last_month, _) = civil(begin // DAY), civil((end - 1) // DAY)
        if end - begin >= _ALONE_DAYS * DAY:
            found.append((begin, end))
        elif is_far and year == last:
            found.append((day_number(year) * DAY, day_number(year + 1) * DAY))
        else:
            found.append((day_number(year, month) * DAY, add_months(day_number(last, last_month), 1) * DAY))
    return found


def _by_count(pieces: Sequence[tuple[int, int]], bins: Sequence[Bin]) -> tuple[Segment, ...]:
    """Width by the events a piece holds: what lies between breaks has no length to compare."""
    total = sum(b.count for b in bins)
    held = [sum(b.count for b in bins if begin <= b.begin < end) for begin, end in pieces]
    return tuple(
        Segment(begin, end, max(_LEAST_SHARE, count / total)) for (begin, end), count in zip(pieces, held, strict=True)
    )


def _weighed(pieces: Sequence[tuple[int, int]], zones: Sequence[tuple[int, int, float]]) -> tuple[Segment, ...]:
    """Width by length within each zone; zones are cut out of the pieces and share the width between them."""
    edges = sorted({edge for zone in zones for edge in zone[:2]})
    cut: list[tuple[int, int]] = []
    for begin, end in pieces:
        cut += list(pairwise([begin, *[edge for edge in edges if begin < edge < end], end]))
    outer = (-1, _OUTER_WIDTH if len(zones) > 1 else 1 - zones[0][2])
    owners = [
        next(((at, share) for at, (b, e, share) in enumerate(zones) if b <= begin and end <= e), outer)
        for begin, end in cut
    ]
    lengths: dict[int, int] = {}
    for (begin, end), (owner, _) in zip(cut, owners, strict=True):
        lengths[owner] = lengths.get(owner, 0) + end - begin
    return tuple(
        Segment(begin, end, share * (end - begin) / lengths[owner])
        for (begin, end), (owner, share) in zip(cut, owners, strict=True)
    )


def _latest(spans: Sequence[tuple[int, int]], counts: Sequence[int], horizon: int | None) -> tuple[int, int]:
    """The last stretch before the newest document with as many events as can be told apart."""
    last = max((at for at, span in enumerate(spans) if horizon is None or span[0] <= horizon), default=len(spans) - 1)
    first, held = last, counts[last]
    while first > 0 and held + counts[first - 1] <= _LATEST_MARKS:
        first -= 1
        held += counts[first]
    return spans[first][0], spans[last][1]


def _shortest(spans: Sequence[tuple[int, int]], counts: Sequence[int], share: float) -> tuple[int, int]:
    """The shortest stretch that holds this share of the events."""
    wanted = sum(counts) * share
    best, first, held = (spans[0][0], spans[-1][1]), 0, 0
    for last, count in enumerate(counts):
        held += count
        while held - counts[first] >= wanted:
            held -= counts[first]
            first += 1
        if held >= wanted and spans[last][1] - spans[first][0] < best[1] - best[0]:
            best = (spans[first][0], spans[last][1])
    return best


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
    """Seconds → 0…1 along an axis in pieces."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        gaps = [_BREAK_WIDTH if a.end < b.begin else 0.0 for a, b in pairwise(segments)]
        room = 1 - sum(gaps)
        total = sum(segment.weight for segment in segments)
        shares = [max(_LEAST_WIDTH, room * segment.weight / total) for segment in segments]
        squeeze = room / sum(shares)
        self._pieces = []
        x = 0.0
        for segment, share, gap in zip(segments, shares, [*gaps, 0.0], strict=True):
            self._pieces.append((segment.begin, segment.end, x, share * squeeze))
            x += share * squeeze + gap

    def at(self, seconds: int) -> float:
        for begin, end, x, width in self._pieces:
            if seconds < end:
                return x + width * max(0.0, (seconds - begin) / (end - begin))
        return 0.999
