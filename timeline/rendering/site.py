"""The site: which pages are made, in which order, and how a browser learns of it."""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from timeline.rendering.addresses import year_of
from timeline.rendering.annotating import parts_of
from timeline.rendering.axis import Axis, axis
from timeline.rendering.files import Folder
from timeline.rendering.pages import Overview, document_page, failures_page, index_page, part_href
from timeline.rendering.periods import MOST_AT_ONCE, MOST_EVENTS, years
from timeline.rendering.shelving import Shelf
from timeline.rendering.sources import PACKAGE, folder, static
from timeline.store import Bin, EventRow, Progress, Store
from timeline.temporal.bounds import DAY

_BATCH = 40  # documents read, made and noted together; a crash repeats no more than these
_MOST_KEYS = 2000  # dirty pages looked at together
_DOCUMENT, _PERIODS, _DATA = "document:", ("month:", "day:"), "data"
_LATEST = 40  # events shown on the first page of a large timeline
_MOST_BINS = 2500  # of a clock on the first page; more and it is counted by the year
_MOST_FAILURES = 2000
_MOST_DAYS = 1500  # a timeline this short is counted by the day: those are walked, months are kept counted


def _never() -> bool:
    return False


class Site:
    """A folder of pages that says what a store holds. Plain files, each replaced atomically."""

    def __init__(self, store: Store, directory: Path, *, most_at_once: int = MOST_AT_ONCE) -> None:
        """`most_at_once` is how many events a browser is handed together; beyond, it asks for what it shows."""
        self._store = store
        self._most_at_once = most_at_once
        self._folder = Folder(directory)
        self._shelf = Shelf(store, self._folder)
        directory.mkdir(parents=True, exist_ok=True)
        self._changes = self._read_changes()
        made_by = _fingerprint()
        if self._changes.get("made_by") != made_by:
            self._copy_static()
            self._changes["made_by"] = made_by
            store.mark_all()
        if not self._folder.is_on_disk():
            store.mark_all()

    def refresh(self, *, is_over: Callable[[], bool] = _never, progress: Progress | None = None) -> int:
        """Makes the dirty pages, and says so in changes.json last; returns how many pages.

        What somebody waits for is made in any case; the rest, the oldest first, until `is_over`, which is asked
        between pages: they stay dirty, and the next refresh goes on with them.
        """
        made = self._make_all(self._store.dirty_pages(_MOST_KEYS, urgent=True), _never)
        while not is_over() and (keys := [key for key in self._store.dirty_pages(_MOST_KEYS) if key != _DATA]):
            made += self._make_all(keys, is_over)
        if data := self._store.dirty_among([_DATA]):
            self._make_data()
            self._store.clean_pages(data)
        self._tell(made, progress)
        return made

    def _make_all(self, keys: Sequence[str], is_over: Callable[[], bool]) -> int:
        """Some dirty pages: the periods, then what tells of them, then documents."""
        documents = [key for key in keys if key.startswith(_DOCUMENT)]
        periods = [key for key in keys if key.startswith(_PERIODS)]
        made = self._make_periods(periods, is_over) if periods else 0
        others = [key for key in keys if not key.startswith((_DOCUMENT, _DATA, *_PERIODS))]
        made += sum(self._make(key) for key in others)
        self._store.clean_pages(others)
        for start in range(0, len(documents), _BATCH):
            if is_over():
                break
            some = documents[start : start + _BATCH]
            made += self._make_documents([key.removeprefix(_DOCUMENT) for key in some])
            self._store.clean_pages(some)
        return made

    def _make_periods(self, keys: Sequence[str], is_over: Callable[[], bool]) -> int:
        """The pages of days and months. Many stand on one page: whatever stands on it is made together."""
        months = self._store.months()
        shelves: dict[str, dict[str, None]] = {}
        whole = {year.key: year.is_leaf for year in years(months)}
        for key in keys:
            period = key.partition(":")[2]
            year = year_of(period)
            shelves.setdefault(year if whole.get(year, True) else period[: len(year) + 3], {})[key] = None
        made = 0
        self._shelf.begin(months, set(shelves))
        cleaned: list[str] = []
        for name, dirty in shelves.items():
            if is_over():
                break
            together = list(dirty | dict.fromkeys(self._store.dirty_among(_neighbours(name))))
            made += self._shelf.update({key.partition(":")[2] for key in together})
            cleaned += together
        self._store.clean_pages(cleaned, outdated=_DATA)
        return made

    def render_all(self) -> int:
        """Makes every page anew; when it is broken off, the next refresh goes on."""
        self._store.mark_all()
        return self.refresh()

    def settle(self) -> None:
        """Puts every page on the disk for good, at the end of work: the next start trusts them, whatever happens."""
        self._folder.settle()

    def _make(self, key: str) -> int:
        if key == "index":
            self._folder.write("index.html", self._index())
        elif key == "failures":
            failures, undated = self._store.failures(_MOST_FAILURES), self._store.undated(_MOST_FAILURES)
            ignored, counts = self._store.ignored(_MOST_FAILURES), self._store.counts()
            self._folder.write("failures.html", failures_page(failures, undated, ignored, counts))
        else:
            return 0
        return 1

    def _index(self) -> str:
        store = self._store
        months = store.months()
        counts = store.counts()
        total = sum(month.count for month in months)
        reported = store.histogram(by="reported", unit="month")
        rows = store.events(limit=MOST_EVENTS) if total <= MOST_EVENTS else self._latest(months, reported)
        is_complete = total <= self._most_at_once
        overview = Overview(
            axes={
                "event": self._axis("event", months, reported[-1].begin + 31 * DAY if reported else None),
                "reported": self._axis("reported", reported, None),
            },
            total=total,
            is_complete=is_complete,
            source="data/all.js" if is_complete and total else None,
            kinds=_kinds(months),
        )
        return index_page(counts, overview, rows, months, store.notices())

    def _axis(self, by: Literal["event", "reported"], months: list[Bin], horizon: int | None) -> Axis | None:
        """Days when the timeline is short, else months, or years when even those are many."""
        found = axis(months, "month", horizon)
        if found is None:
            return None
        drawn = sum(segment.end - segment.begin for segment in found.segments)
        if drawn <= _MOST_DAYS * DAY and sum(month.count for month in months) <= self._most_at_once:
            days = self._store.histogram(by=by, unit="day")
            return axis(days, "day", horizon if by == "event" else None)
        if len(months) > _MOST_BINS:
            return axis(self._store.histogram(by=by, unit="year"), "year", horizon)
        return found

    def _latest(self, months: list[Bin], reported: list[Bin]) -> list[EventRow]:
        """The last events before the newest document: what is new to a reader, not what lies farthest ahead."""
        horizon = reported[-1].begin if reported else months[-1].begin
        month = next((m for m in reversed(months) if m.begin <= horizon), months[-1])
        days = self._store.histogram(unit="day", begin=month.begin, end=month.begin + 31 * DAY)
        held, begin = 0, month.begin
        for day in reversed(days):
            begin = day.begin
            held += day.count
            if held >= _LATEST:
                break
        return self._store.events(begin=begin, end=month.begin + 31 * DAY, limit=_LATEST)

    def _make_documents(self, ids: Sequence[str]) -> int:
        """The pages of some documents; one that is gone takes its page along."""
        missing = set(ids)
        for row, rows in self._store.whole_documents(ids):
            missing.discard(row.id)
            parts = parts_of(row.document) if row.document else 1
            for part in range(1, parts + 1):
                self._folder.write(part_href(row.id, part), document_page(row, rows, part))
            while self._folder.drop(part_href(row.id, parts + 1)):
                parts += 1
        for identity in missing:
            self._folder.drop(part_href(identity, 1))
        return len(ids) - len(missing)

    def _make_data(self) -> None:
        """All events in one script, while they are few enough for a browser to hold."""
        total = sum(month.count for month in self._store.months())
        if not total or total > self._most_at_once:
            self._folder.drop("data/all.js")
            return
        chunks = sorted(p for p in (self._folder.root / "data").rglob("*.js") if p.name != "all.js")
        self._folder.join("data/all.js", chunks)

    def _tell(self, made: int, progress: Progress | None) -> None:
        counts = self._store.counts()
        said: dict[str, object] = {
            "made_by": self._changes["made_by"],
            "events": counts.events,
            "documents": {
                "queued": counts.queued,
                "working": counts.working,
                "done": counts.done,
                "failed": counts.failed,
                "withdrawn": counts.withdrawn,
                "ignored": counts.ignored,
            },
            "again": progress.again if progress else 0,
            "rate": round(progress.rate, 2) if progress and (progress.waiting or progress.again) else None,
            "seconds_left": round(progress.seconds_left) if progress and progress.seconds_left is not None else None,
            "notices": [notice.text for notice in self._store.notices()],
        }
        before = {key: value for key, value in self._changes.items() if key not in ("version", "pages")}
        if not made and said == before:
            return
        version = self._changes.get("version")
        number = version if isinstance(version, int) else 0
        pages = self._changes.get("pages")
        self._changes = {
            "version": number + 1,
            "pages": number + 1 if made else (pages if isinstance(pages, int) else 0),
            **said,
        }
        self._folder.write("changes.json", json.dumps(self._changes, indent=1) + "\n")

    def _read_changes(self) -> dict[str, object]:
        try:
            found = json.loads((self._folder.root / "changes.json").read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _copy_static(self) -> None:
        target = self._folder.root / "static"
        target.mkdir(exist_ok=True)
        for name, content in static().items():
            temporary = target / f".{name}.tmp"
            temporary.write_bytes(content)
            temporary.replace(target / name)


def _neighbours(name: str) -> list[str]:
    """Every period that may share a page with others of this year or this month."""
    months = [f"{name}-{number:02}" for number in range(1, 13)] if year_of(name) == name else [name]
    return [f"month:{month}" for month in months] + [f"day:{m}-{day:02}" for m in months for day in range(1, 32)]


def _kinds(months: list[Bin]) -> dict[str, int]:
    """Events by kind, out of what is kept counted."""
    found: dict[str, int] = {}
    for month in months:
        for shape, count in month.shapes:
            found[shape.value] = found.get(shape.value, 0) + count
    return found


def _fingerprint() -> str:
    """Changes when templates or the code that fills them change: then every page is made anew."""
    digest = hashlib.sha256()
    sources = [*folder().rglob("*.*"), *(PACKAGE / "rendering").glob("*.py"), PACKAGE / "wording.py"]
    for path in sorted(sources):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
