"""Which period pages are made when some months change: only theirs, and those whose neighbours came or went."""

from collections.abc import Sequence, Set
from itertools import islice

from timeline.rendering.addresses import chunk_href, period_href, year_of
from timeline.rendering.chunks import script
from timeline.rendering.files import Folder
from timeline.rendering.pages import Link, branch_page, leaf_page
from timeline.rendering.periods import MOST_EVENTS, Period, months_of, period, years
from timeline.rendering.phrases import say
from timeline.store import Bin, EventRow, Store


class Shelf:
    """The pages of the periods."""

    def __init__(self, store: Store, folder: Folder) -> None:
        self._store = store
        self._folder = folder
        self._months: Sequence[Bin] = ()
        self._making: Set[str] = frozenset()
        self._branches: set[str] = set()

    def begin(self, months: Sequence[Bin], making: Set[str]) -> None:
        """The months that hold events by now, and the years and months whose pages are about to be made, one after
        the other: none of these is made once more for the sake of its neighbours."""
        self._months, self._making, self._branches = months, making, set()

    def update(self, dirty: Set[str]) -> int:
        """Makes the pages that show these months ("2025-11") or days ("2025-11-06"); returns how many."""
        known = {year.key: year for year in years(self._months)}
        made = 0
        todo = {year_of(key) for key in dirty}
        moved: set[str] = set()
        for key in sorted(todo):
            existed = self._folder.holds(period_href(key))
            made += self._year(known[key], dirty) if key in known else self._drop_year(key)
            if existed != (key in known):
                moved.add(key)
        order = sorted({*known, *moved}, key=lambda key: period(key, 0).begin)
        for key in (_beside(moved, order) & set(known)) - todo - {year_of(key) for key in self._making}:
            made += self._year(known[key], set())
        return made

    def _drop_year(self, key: str) -> int:
        self._folder.drop(period_href(key))
        self._folder.drop(chunk_href(key))
        self._folder.drop_folder(f"periods/{key}")
        self._folder.drop_folder(f"data/{key}")
        return 0

    def _year(self, year: Period, dirty: Set[str]) -> int:
        siblings = years(self._months)
        if year.is_leaf:
            self._folder.drop_folder(f"periods/{year.key}")
            self._folder.drop_folder(f"data/{year.key}")
            return self._leaf(year, *_around(year, siblings))
        self._folder.drop(chunk_href(year.key))
        inner = months_of(year.key, self._months)
        made = 0
        if year.key not in self._branches:
            self._branches.add(year.key)
            self._write(period_href(year.key), branch_page(year, inner, *_around(year, siblings)))
            made = 1
        keys = {month.key for month in inner}
        gone = {name[:2] for name in self._folder.names(f"periods/{year.key}")} - {key[-2:] for key in keys}
        for name in gone:
            self._drop_month(f"{year.key}-{name}")
        fresh = {key for key in keys - self._making if not self._folder.holds(period_href(key))}
        moved = _beside(
            fresh | {f"{year.key}-{name}" for name in gone}, sorted(keys | {f"{year.key}-{n}" for n in gone})
        )
        moved -= self._making
        for month in inner:
            days = {key for key in dirty if key.startswith(f"{month.key}-")}
            if month.key in dirty or month.key in fresh or month.key in moved or days:
                made += self._month(month, inner, days if month.key not in dirty | fresh else None)
        return made

    def _drop_month(self, key: str) -> None:
        for folder, suffix in (("periods", ".html"), ("data", ".js")):
            year = year_of(key)
            for name in self._folder.names(f"{folder}/{year}"):
                if name.startswith(key[-2:]) and name.endswith(suffix):
                    self._folder.drop(f"{folder}/{year}/{name}")

    def _month(self, month: Period, siblings: Sequence[Period], dirty: Set[str] | None) -> int:
        """`dirty` are the days that changed; None means any may have."""
        if month.is_leaf:
            keep = {period_href(month.key), chunk_href(month.key)}
            self._drop_days(month.key, keep)
            return self._leaf(month, *_around(month, siblings))
        bins = self._store.histogram(unit="day", begin=month.begin, end=month.end)
        days = [period(b.key, b.count) for b in bins]
        self._write(period_href(month.key), branch_page(month, days, *_around(month, siblings)))
        keep = {period_href(month.key)}
        for day in days:
            parts = range(1, day.parts + 1)
            keep |= {period_href(day.key, n) for n in parts} | {chunk_href(day.key, n) for n in parts}
        fresh = {d.key for d in days if not self._folder.holds(period_href(d.key))}
        dropped = self._drop_days(month.key, keep)
        beside = _beside(fresh, [d.key for d in days]) if not dropped else {d.key for d in days}
        wanted = {d.key for d in days} if dirty is None else set(dirty) | fresh | beside
        return 1 + sum(self._leaf(day, *_around(day, days)) for day in days if day.key in wanted)

    def _drop_days(self, month: str, keep: Set[str]) -> bool:
        year = year_of(month)
        dropped = False
        for folder in ("periods", "data"):
            for name in self._folder.names(f"{folder}/{year}"):
                href = f"{folder}/{year}/{name}"
                if name.startswith(month[-2:]) and href not in keep:
                    dropped = self._folder.drop(href) or dropped
        return dropped

    def _leaf(self, leaf: Period, before: Link | None, after: Link | None) -> int:
        """A period's page, or its numbered ones; read in pieces, so that a day of 100,000 takes no memory."""
        made = 0
        cursor: str | None = None
        for part in range(1, leaf.parts + 1):
            rows = self._store.events(begin=leaf.begin, end=leaf.end, after=cursor, limit=MOST_EVENTS)
            cursor = rows[-1].cursor if rows else cursor
            first = before if part == 1 else _part(leaf, part - 1)
            last = after if part == leaf.parts else _part(leaf, part + 1)
            self._put(leaf, part, rows, first, last)
            made += 1
        return made

    def _put(self, leaf: Period, part: int, rows: Sequence[EventRow], before: Link | None, after: Link | None) -> None:
        self._write(chunk_href(leaf.key, part), script(rows))
        self._write(period_href(leaf.key, part), leaf_page(leaf, part, rows, before, after))

    def _write(self, href: str, text: str) -> None:
        self._folder.write(href, text)


def _part(leaf: Period, part: int) -> Link:
    return Link(str(say("part_named", name=leaf.name, part=part)), period_href(leaf.key, part))


def _around(one: Period, siblings: Sequence[Period]) -> tuple[Link | None, Link | None]:
    """The periods before and after, addressed from the top of the site."""
    keys = [p.key for p in siblings]
    at = keys.index(one.key)
    before = siblings[at - 1] if at else None
    after = next(islice(siblings, at + 1, None), None)
    return (
        Link(before.name, period_href(before.key)) if before else None,
        Link(after.name, period_href(after.key)) if after else None,
    )


def _beside(moved: Set[str], order: Sequence[str]) -> set[str]:
    """The keys next to those that came or went, in a given order."""
    found = set()
    for at, key in enumerate(order):
        if key in moved:
            found |= set(order[max(0, at - 1) : at]) | set(order[at + 1 : at + 2])
    return found
