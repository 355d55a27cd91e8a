"""The pages themselves: views in, HTML out."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from timeline.model import DctSource, Extraction
from timeline.rendering.addresses import chunk_href, document_href, period_href, root_of
from timeline.rendering.annotating import annotate, parts_of
from timeline.rendering.axis import Axis, axis, bars, bin_end, plain
from timeline.rendering.cards import printable, say_iso
from timeline.rendering.grouping import grouped, say_length
from timeline.rendering.periods import Period, months_of, numbers, years
from timeline.rendering.phrases import say, say_language
from timeline.rendering.places import place_of, place_reported
from timeline.rendering.templates import environment
from timeline.store import Bin, Counts, DocumentRow, EventRow, FailureRow, IgnoredRow, Notice, UndatedRow
from timeline.temporal.bounds import DAY
from timeline.wording import MONTHS, SOURCE_WORDS, say_instant, say_year

_SHADES = 5
_YEARS_ONLY, _MONTHS_ONLY = 6, 200  # years and days from which an axis is labelled so
_ROW_YEARS = 10  # that share a row of that table
_SILENT_YEARS, _SILENT_SHARE = 10, 4  # between rows of it, worth saying: years, and a part of the whole


@dataclass(frozen=True, slots=True)
class Cell:
    """A period in a table of periods; `shade` 1…5 says how full it is."""

    name: str
    count: int
    href: str
    shade: int


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A year with its months, or (`is_run`) the years of a decade that have a page each."""

    name: str
    href: str | None
    cells: tuple[Cell | None, ...]
    is_run: bool
    gap: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another page."""

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Overview:
    """What the overview is drawn from."""

    axes: Mapping[str, Axis | None]
    total: int
    is_complete: bool  # the data beside the page holds all its events
    source: str | None  # address of that data, from the top of the site
    key: str = ""
    kinds: Mapping[str, int] = field(default_factory=dict)  # events by kind, where the browser cannot count them


def render(template: str, href: str, **view: object) -> str:
    """A page of the site; `href` is where it will lie."""
    return environment().get_template(template).render(root=root_of(href), here=href, **view)


def index_page(
    counts: Counts, overview: Overview, rows: Sequence[EventRow], months: Sequence[Bin], notices: Sequence[Notice]
) -> str:
    """The first page: all events when they fit, else the way to their periods and the latest of them."""
    is_whole = len(rows) == overview.total
    return render(
        "timeline.html",
        "index.html",
        counts=counts,
        is_whole=is_whole,
        shown=len(rows),
        groups=grouped(rows),
        table=() if is_whole else period_table(months),
        month_names=[name[:3] for name in MONTHS],
        notices=notices,
        **_overview(overview),
    )


def leaf_page(period: Period, part: int, rows: Sequence[EventRow], before: Link | None, after: Link | None) -> str:
    """A period with its events; `part` counts the pages of a crowded day."""
    href = period_href(period.key, part)
    root = root_of(href)
    tally: dict[int, int] = {}
    for row in rows:
        day = row.sort // DAY * DAY
        tally[day] = tally.get(day, 0) + 1
    drawn = axis([Bin(str(day), day, count) for day, count in sorted(tally.items())], "day")
    drawn = plain(period.begin, period.end, drawn) if drawn else None
    return render(
        "period.html",
        href,
        period=period,
        part=part,
        crumbs=_crumbs(period, root),
        groups=grouped(rows, root),
        table=(),
        days=(),
        before=before,
        after=after,
        shown=len(rows),
        **_overview(
            Overview({"event": drawn}, len(rows), is_complete=True, source=chunk_href(period.key, part), key=period.key)
        ),
    )


def branch_page(period: Period, inner: Sequence[Period], before: Link | None, after: Link | None) -> str:
    """A period too large for one page: the way to its months or days."""
    href = period_href(period.key)
    root = root_of(href)
    shade = _shading([p.count for p in inner])
    cells = [Cell(_short(p), p.count, root + period_href(p.key), shade(p.count)) for p in inner]
    unit = "day" if period.unit == "month" else "month"
    drawn = axis([Bin(p.key, p.begin, p.count) for p in inner], unit)
    drawn = plain(period.begin, period.end, drawn) if drawn else None
    return render(
        "period.html",
        href,
        period=period,
        part=1,
        crumbs=_crumbs(period, root),
        groups=(),
        table=(),
        days=cells,
        before=before,
        after=after,
        shown=0,
        **_overview(Overview({"event": drawn}, period.count, is_complete=False, source=None, key=period.key)),
    )


def document_page(row: DocumentRow, rows: Sequence[EventRow], part: int = 1) -> str:
    """One part of a document's page."""
    read = row.document
    annotated = annotate(read, row.mentions, [r.event for r in rows], part) if read else None
    return render(
        "document.html",
        part_href(row.id, part),
        row=row,
        title=printable(row.title or row.name),
        dated=say_iso(row.dct) if row.dct else None,
        source=SOURCE_WORDS[row.dct_source],
        is_weak=row.dct_source in (DctSource.FILE_TIME, DctSource.UNKNOWN),
        weak_note=read.evidence[0].note if read and read.evidence else "",
        unanchored=Extraction(read, row.mentions, (), "").unanchored if read else 0,
        evidence=[(say_iso(e.value.isoformat()), SOURCE_WORDS[e.source], e.note) for e in read.evidence]
        if read
        else [],
        text=annotated.html if annotated else None,
        notes=annotated.notes if annotated else (),
        remarks=[printable(note) for note in read.notes] if read else (),
        metadata={printable(k): printable(v) for k, v in read.metadata.items()} if read else {},
        paths=[printable(path) for path in row.paths],
        reason=printable(row.reason or ""),
        language=(language := (read.language if read else row.language)) or "und",
        language_name=say_language(language),
        part=part,
        parts=parts_of(read) if read else 1,
        part_href=part_href,
        placed=len(rows),
    )


def part_href(document_id: str, part: int) -> str:
    """The page of a document's numbered part, from the top of the site."""
    return f"documents/{document_id}{f'.{part}' if part > 1 else ''}.html"


def failures_page(
    failures: Sequence[FailureRow], undated: Sequence[UndatedRow], ignored: Sequence[IgnoredRow], counts: Counts
) -> str:
    """What could not be read, what could not be dated, what was not tried, and what to do about it."""
    return render(
        "failures.html",
        "failures.html",
        failures=[(printable(f.path), printable(f.reason), f.attempts, document_href(f.id), f.id) for f in failures],
        undated=[(printable(u.path), u.unanchored, document_href(u.id)) for u in undated],
        ignored=[(printable(i.path), printable(i.reason)) for i in ignored],
        counts=counts,
    )


def search_page(rows: Sequence[EventRow], *, is_reported: bool, more: str | None, query: Mapping[str, str]) -> str:
    """A list of events that match, one page of it; `more` is the address of the next."""
    placed = place_reported if is_reported else place_of
    groups = grouped(rows, "", placed)
    return render("search.html", "search.html", groups=groups, shown=len(rows), more=more, query=query)


def period_table(months: Sequence[Bin]) -> list[PeriodRow]:
    """Years that are cut into months, a row each; the others by the decade, or more of them where few hold anything."""
    shade = _shading([month.count for month in months])
    rows: list[PeriodRow] = []
    last_end: int | None = None
    found = years(months)
    silent = max(_SILENT_YEARS * 365 * DAY, (found[-1].end - found[0].begin) // _SILENT_SHARE) if found else 0
    for run in _runs(found, silent):
        silence = run[0].begin - last_end if last_end is not None else 0
        gap = say("gap", length=say_length(silence // DAY)) if silence > silent else ""
        last_end = run[-1].end
        if run[0].is_leaf:
            cells = tuple(Cell(p.name, p.count, period_href(p.key), shade(p.count)) for p in run)
            rows.append(PeriodRow(_decade(run), None, cells, is_run=True, gap=gap))
        else:
            rows.append(_months_row(run[0], months, gap, shade))
    return rows


def _months_row(year: Period, months: Sequence[Bin], gap: str, shade: "_Shading") -> PeriodRow:
    held = {numbers(p.key)[1]: p for p in months_of(year.key, months)}
    cells = tuple(
        Cell(held[n].name, held[n].count, period_href(held[n].key), shade(held[n].count)) if n in held else None
        for n in range(1, 13)
    )
    return PeriodRow(year.name, period_href(year.key), cells, is_run=False, gap=gap)


def _runs(of_years: Sequence[Period], silent: int) -> list[list[Period]]:
    """Years that share a row: one that is cut into months stands alone, the others by the decade; decades that hold
    little are put together unless a silence parts them, lest a handful of early dates push the rest off the screen."""
    runs: list[list[Period]] = []
    for year in of_years:
        decade = numbers(year.key)[0] // 10
        before = runs[-1] if runs else None
        if before and before[0].is_leaf and year.is_leaf and numbers(before[-1].key)[0] // 10 == decade:
            before.append(year)
        else:
            runs.append([year])
    joined: list[list[Period]] = []
    for run in runs:
        last = joined[-1] if joined else run
        is_near = run[0].begin - last[-1].end <= silent and len(last) + len(run) <= _ROW_YEARS
        if joined and last[0].is_leaf and run[0].is_leaf and is_near:
            last += run
        else:
            joined.append(run)
    return joined


def _decade(run: Sequence[Period]) -> str:
    first, last = numbers(run[0].key)[0], numbers(run[-1].key)[0]
    return say_year(first) if first == last else f"{say_year(first)} – {say_year(last)}"


def _overview(overview: Overview) -> dict[str, object]:
    drawn = overview.axes.get("event")
    found = {
        "total": overview.total,
        "complete": overview.is_complete,
        "key": overview.key,
        "kinds": dict(overview.kinds),
        "axes": {
            clock: {
                "unit": a.unit,
                "bins": a.bins,
                "segments": [(s.begin, s.end, s.weight) for s in a.segments],
                "focus": a.focus,
            }
            for clock, a in overview.axes.items()
            if a is not None
        },
    }
    return {
        "start": json.dumps(found, separators=(",", ":")).replace("<", "\\u003c"),
        "bars": bars(drawn) if drawn else (),
        "edges": axis_edges(drawn) if drawn else (),
        "span": axis_span(drawn) if drawn else (),
        "source": overview.source,
        "total": overview.total,
    }


def axis_edges(drawn: Axis) -> tuple[str, str]:
    """Both ends of an axis in words."""
    first, last = drawn.segments[0].begin, drawn.segments[-1].end - 1
    return say_edge(first, last - first), say_edge(last, last - first)


def axis_span(drawn: Axis) -> tuple[str, str]:
    """The first and the last of what stands on an axis, which may reach farther."""
    first, last = drawn.bins[0][0], bin_end(drawn.bins[-1][0], drawn.unit) - 1
    return say_edge(first, last - first), say_edge(last, last - first)


def say_edge(seconds: int, span: int) -> str:
    """An end of the axis in words, no finer than what lies between its ends deserves."""
    unit = "year" if span > _YEARS_ONLY * 366 * DAY else "month" if span > _MONTHS_ONLY * DAY else "day"
    return say_instant(seconds, unit)


def _crumbs(period: Period, root: str) -> list[Link]:
    """The larger periods a period lies in."""
    year, *rest = numbers(period.key)
    found = []
    if rest:
        year_key = period.key[: period.key.index("-", 1)]
        found.append(Link(say_year(year), root + period_href(year_key)))
    if len(rest) > 1:
        month_key = period.key.rpartition("-")[0]
        found.append(Link(MONTHS[rest[0] - 1], root + period_href(month_key)))
    return found


def _short(period: Period) -> str:
    _, *rest = numbers(period.key)
    return MONTHS[rest[0] - 1] if len(rest) == 1 else str(rest[1])


def _shading(counts: Sequence[int]) -> "_Shading":
    return _Shading(max(counts, default=1))


@dataclass(frozen=True, slots=True)
class _Shading:
    """Counts → 1…5 by their square root: a crowded month must not make the others look empty."""

    highest: int

    def __call__(self, count: int) -> int:
        return 1 + min(_SHADES - 1, int(_SHADES * math.sqrt(count / (self.highest + 1))))
