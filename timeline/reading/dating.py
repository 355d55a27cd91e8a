"""The day a document was written: an ordered list of evidence, weighed; never the day of the run."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from timeline.model import DctSource, Evidence, Hints
from timeline.reading.naming import named_date

UNDATED = date.min  # Document.dct of a document nothing dates; its dct_source is UNKNOWN
EARLIEST = date(1450, 1, 1)  # no document is older than printing; what says so is a slip or a subject
EARLIEST_MAIL = date(1800, 1, 1)  # a letter typed off with its heading is old enough by then
CONFLICT_DAYS = 7  # evidence further apart than this is worth a person's eye
_FILE_TIME = "time of the file"
_ORDER = {source: rank for rank, source in enumerate(DctSource)}
_PERSON = {DctSource.CORRECTION, DctSource.SIDECAR}
# A person's word about a document outweighs its file time, which any copy may have set: only far beyond it is a slip.
_MEANT = {DctSource.FRONT_MATTER, DctSource.FILE_NAME}
# What software writes when it knows no date: epochs of Unix, DOS, Windows, NTFS, Macintosh, Excel.
_DEFAULTS = {
    date(1970, 1, 1),
    date(1980, 1, 1),
    date(1980, 2, 1),
    date(1601, 1, 1),
    date(1904, 1, 1),
    date(1899, 12, 30),
}
_DEFAULTS |= {
    date(1900, 1, 1),
    date(1969, 12, 31),
    date(1899, 12, 31),
    date(1979, 12, 31),
    date(1979, 11, 30),
    date.min,
}


@dataclass(frozen=True, slots=True)
class Dated:
    """The day decided on, what spoke for it (strongest first) and what a person should know."""

    dct: date
    source: DctSource
    evidence: tuple[Evidence, ...]
    notes: tuple[str, ...] = ()


def weigh(found: Iterable[Evidence], name: str, hints: Hints, *, member_note: str = "") -> Dated:
    """Decide the creation date of a document called `name` from what was found in it and the hints beside it.

    `member_note` says of a document within another what its file time is.
    """
    candidates = sorted([*found, *_outside(name, hints, member_note)], key=lambda item: _ORDER[item.source])
    kept: list[Evidence] = []
    notes: list[str] = []
    for item in candidates:
        doubt = _implausible(item, hints)
        if doubt:
            notes.append(f"{_called(item)} {item.value.isoformat()} set aside: {doubt}")
        elif (item.source, item.value) not in {(other.source, other.value) for other in kept}:
            kept.append(item)
    if not kept:
        return Dated(UNDATED, DctSource.UNKNOWN, (), (*notes, "no date found: set one with `timeline redate`"))
    best = kept[0]
    notes.extend(_conflicts(best, kept))
    if best.source is DctSource.FILE_TIME:
        doubt = ", which a copy may have changed" if best.note == _FILE_TIME else ""
        notes.append(f"nothing better to date it by: {best.note}{doubt}")
    return Dated(best.value, best.source, tuple(kept), tuple(notes))


def _outside(name: str, hints: Hints, member_note: str) -> Iterable[Evidence]:
    if hints.correction:
        yield Evidence(DctSource.CORRECTION, hints.correction, "set by hand")
    own = named_date(name)
    if hints.named_date and hints.named_source is not DctSource.FILE_NAME:
        yield Evidence(hints.named_source, hints.named_date, "file beside it")
    if own:
        yield Evidence(DctSource.FILE_NAME, own, name.rsplit("/", 1)[-1])
    if hints.named_date and hints.named_source is DctSource.FILE_NAME and hints.named_date != own:
        yield Evidence(DctSource.FILE_NAME, hints.named_date, "name of what it came in" if member_note else name)
    if hints.file_time:
        note = (
            f"{_FILE_TIME}, that of its arrival here: a copy may be much older" if hints.is_arrival_time else _FILE_TIME
        )
        yield Evidence(DctSource.FILE_TIME, hints.file_time.date(), member_note or note)


def _implausible(item: Evidence, hints: Hints) -> str:
    if item.source in _PERSON:
        return ""
    if item.value in _DEFAULTS and item.source in {DctSource.METADATA, DctSource.HEADER, DctSource.FILE_TIME}:
        return "software writes it when it knows none"
    if item.value < (EARLIEST_MAIL if item.source is DctSource.HEADER else EARLIEST):
        return "too early for a document"
    seen = hints.file_time.date() if hints.file_time else None
    if seen is None or seen in _DEFAULTS or item.source is DctSource.FILE_TIME:
        return ""
    slack = timedelta(days=3653) if item.source in _MEANT else timedelta(days=1)
    if item.value - seen > slack:
        return f"later than the file itself ({seen.isoformat()})"
    return ""


def _called(item: Evidence) -> str:
    return f"{item.source} ({item.note})" if item.note else str(item.source)


def _conflicts(best: Evidence, kept: Iterable[Evidence]) -> Iterable[str]:
    """File time is left out: a copy's time differs as a matter of course. A person's word settles the rest."""
    if best.source in _PERSON:
        return
    for other in kept:
        if other.source in {DctSource.FILE_TIME, best.source}:
            continue
        if abs(other.value - best.value) > timedelta(days=CONFLICT_DAYS):
            yield f"dates disagree: {_called(best)} {best.value}, {_called(other)} {other.value}"
