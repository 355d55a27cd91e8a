"""Office files from before 2007: whether they are locked, and the dates among their properties."""

import struct
from io import BytesIO

import olefile

from timeline.errors import UnreadableError
from timeline.model import DctSource, Evidence
from timeline.reading.dates import stamped

_BROKEN = (OSError, ValueError, IndexError, TypeError, AttributeError, struct.error)
_WORD_ENCRYPTED = 0x0100  # bit of the flags at offset 10 of a Word stream
_EXCEL_PASSWORD = 0x002F  # record that follows the first when a workbook is locked
_RECORDS = 8  # of a workbook looked at


def refuse_locked(data: bytes, name: str) -> None:
    """Raise UnreadableError when a password keeps the text."""
    if not data.startswith(olefile.MAGIC):
        return
    try:
        with olefile.OleFileIO(BytesIO(data)) as compound:
            locked = _is_locked(compound)
    except _BROKEN as error:
        raise UnreadableError(
            f"{name}: damaged or cut off; copy it again, or save it again from its program"
        ) from error
    if locked:
        raise UnreadableError(f"{name}: encrypted: remove the password and drop it again")


def dates(data: bytes) -> tuple[Evidence, ...]:
    """The created (else saved) property, which kreuzberg leaves out."""
    if not data.startswith(olefile.MAGIC):
        return ()
    try:
        with olefile.OleFileIO(BytesIO(data)) as compound:
            properties = compound.get_metadata()
    except _BROKEN:
        return ()
    for value, note in ((properties.create_time, "created"), (properties.last_saved_time, "modified")):
        day = stamped(value) if value else None
        if day:
            return (Evidence(DctSource.METADATA, day, f"“{note}” property"),)
    return ()


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
