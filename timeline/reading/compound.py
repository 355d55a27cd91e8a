"""Office files from before 2007: whether they are locked, and the dates among their properties."""

import struct
from datetime import date, datetime, time, timedelta
from io import BytesIO

import olefile

from timeline.errors import UnreadableError
from timeline.model import DctSource, Evidence

# What olefile raises on damaged files; MemoryError and OverflowError come of sizes no stream has.
BROKEN = (OSError, ValueError, IndexError, TypeError, AttributeError, struct.error, OverflowError, MemoryError)
_WORD_ENCRYPTED = 0x0100  # bit of the flags at offset 10 of a Word stream
_EXCEL_PASSWORD = 0x002F  # record that follows the first when a workbook is locked
_SECTOR, _FREE = 512, 0xFFFFFFFF
_SUMMARY = "\x05SummaryInformation"
_SUMMARY_BYTES = 1 << 20
_PROPERTIES = 100  # of a summary; there are some twenty
_CREATED, _SAVED, _TIME = 12, 13, 0x40
_EPOCH = datetime.combine(date(1601, 1, 1), time())
_LATEST = 2**61  # ticks: in the year 8900
_RECORDS = 8  # of a workbook looked at


def refuse_unfit(data: bytes, name: str) -> None:
    """Raise UnreadableError when a password keeps the text, or the file is too damaged to be handed on."""
    if not data.startswith(olefile.MAGIC):
        return
    damaged = f"{name}: damaged or cut off; copy it again, or save it again from its program"
    try:
        with olefile.OleFileIO(BytesIO(data)) as compound:
            sound, locked = _is_sound(compound, data), _is_locked(compound)
    except BROKEN as error:
        raise UnreadableError(damaged) from error
    if not sound:
        raise UnreadableError(damaged)
    if locked:
        raise UnreadableError(f"{name}: encrypted: remove the password and drop it again")


def dates(data: bytes) -> tuple[Evidence, ...]:
    """The created (else saved) property, which kreuzberg leaves out."""
    if not data.startswith(olefile.MAGIC):
        return ()
    try:
        with olefile.OleFileIO(BytesIO(data)) as compound:
            times = _times(compound.openstream(_SUMMARY).read(_SUMMARY_BYTES)) if compound.exists(_SUMMARY) else {}
    except BROKEN:
        return ()
    for number, note in ((_CREATED, "created"), (_SAVED, "modified")):
        if number in times:
            return (Evidence(DctSource.METADATA, times[number], f"“{note}” property"),)
    return ()


def filetime(ticks: int) -> datetime | None:
    """A time as Windows keeps it, in units of 100 ns since 1601; None outside the years a document can be of."""
    return _EPOCH + timedelta(microseconds=ticks // 10) if 0 < ticks < _LATEST else None


def _times(stream: bytes) -> dict[int, date]:
    """The times in a property set. olefile reads them too, but turns for hours in a damaged one."""
    start = struct.unpack_from("<I", stream, 44)[0]
    count = min(struct.unpack_from("<I", stream, start + 4)[0], _PROPERTIES)
    times: dict[int, date] = {}
    for number, offset in struct.iter_unpack("<II", stream[start + 8 : start + 8 + 8 * count]):
        kind, ticks = struct.unpack_from("<IQ", stream, start + offset)
        moment = filetime(ticks) if kind == _TIME else None
        if moment:
            times[number] = moment.date()
    return times


def _is_sound(compound: olefile.OleFileIO, data: bytes) -> bool:
    """Whether the file claims no more than it has: kreuzberg takes memory for what is claimed, and dies of it."""
    most = len(data) // _SECTOR + 1
    tables = struct.unpack_from("<I", data, 44)[0], *struct.unpack_from("<I4xI", data, 64)
    sectors = (number for number in struct.unpack_from("<109I", data, 76) if number != _FREE)
    streams = ["/".join(path) for path in compound.listdir()]
    return (
        bool(streams)
        and max(*tables, *sectors) <= most
        and all(compound.get_size(path) <= len(data) for path in streams)
    )


def _is_locked(compound: olefile.OleFileIO) -> bool:
    if compound.exists("EncryptedSummary"):  # PowerPoint
        return True
    if compound.exists("WordDocument"):
        head = compound.openstream("WordDocument").read(12)
        return len(head) == 12 and bool(struct.unpack_from("<H", head, 10)[0] & _WORD_ENCRYPTED)
    for stream in ("Workbook", "Book"):
        if compound.exists(stream):
            return _EXCEL_PASSWORD in _records(compound.openstream(stream).read(4096))
    return False


def _records(head: bytes) -> list[int]:
    found: list[int] = []
    at = 0
    while at + 4 <= len(head) and len(found) < _RECORDS:
        kind, size = struct.unpack_from("<HH", head, at)
        found.append(kind)
        at += 4 + size
    return found
