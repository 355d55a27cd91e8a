"""Archives: each member a document of its own, read in memory, bounded in number, depth and size."""

import bz2
import gzip
import lzma
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from hashlib import sha256
from io import BytesIO
from typing import IO

from timeline.errors import UnreadableError
from timeline.model import Part
from timeline.reading.content import Content, Opened, Source
from timeline.reading.kinds import ZIP_DAMAGED, suffix

MAX_MEMBERS = 10_000
MAX_TOTAL = 1024 * 1024 * 1024  # bytes unpacked, of all members
MAX_MEMBER = 100 * 1024 * 1024  # bytes unpacked, of one
MAX_DEPTH = 5  # archives within archives
_CHUNK = 1 << 20
_JUNK = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini", "@eaDir/", ".git/", ".svn/")
_DAMAGED = (*ZIP_DAMAGED, tarfile.TarError)


_Stream = IO[bytes] | bz2.BZ2File | lzma.LZMAFile | gzip.GzipFile


@dataclass(frozen=True, slots=True)
class _Entry:
    """A member that can be read now, and only now."""

    path: str
    stream: _Stream
    time: datetime | None


class _TooLargeError(Exception):
    """A member is larger than the bound, whatever the archive says of it."""


@dataclass(slots=True)
class _Listing:
    """What has been found in an archive so far."""

    parts: list[Part] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    total: int = 0
    left_out: int = 0


def read(source: Source) -> Content:
    """The members of an archive as parts; their text is read when each is opened."""
    listing = _Listing()
    try:
        _list(source, listing)
    except _DAMAGED as error:
        if not listing.parts:
            raise UnreadableError(f"{source.name}: {_reason(error)}") from error
        listing.notes.append(f"the archive is damaged after {listing.parts[-1].path}: the rest could not be read")
    size = f"{MAX_MEMBER >> 20} MB"
    if listing.left_out and not listing.parts:
        raise UnreadableError(f"{source.name}: unpacks to more than {size} a file: too large, or a zip bomb")
    if not listing.parts:
        raise UnreadableError(f"{source.name}: an archive with nothing to read in it")
    if listing.left_out:
        listing.notes.append(f"{listing.left_out} larger than {size} left out")
    return Content(
        text="", media_type=source.media_type, parts=tuple(listing.parts), notes=tuple(listing.notes), is_prose=False
    )


def _list(source: Source, listing: _Listing) -> None:
    for entry in _members(source.data, source.name):
        if _is_junk(entry.path):
            continue
        if len(listing.parts) >= MAX_MEMBERS:
            listing.notes.append(f"only the first {MAX_MEMBERS:,} files in it are opened")
            return
        try:
            digest, size = _measure(entry.stream, MAX_MEMBER)
        except _TooLargeError:
            listing.left_out += 1
            listing.total += MAX_MEMBER
        else:
            listing.total += size
            if size:
                listing.parts.append(Part(entry.path, digest, size))
        if listing.total > MAX_TOTAL:
            listing.notes.append(
                f"unpacks to more than {MAX_TOTAL >> 20:,} MB: the rest is left out; pack less into one"
            )
            return


def member(data: bytes, name: str, path: str) -> Opened:
    """One member, with its time in the archive."""
    try:
        for entry in _members(data, name, only=path):
            if entry.path == path:
                return Opened(_bytes(entry.stream), entry.time, "time within the archive")
    except _TooLargeError as error:
        raise UnreadableError(f"{path}: larger than {MAX_MEMBER >> 20} MB; unpack it and drop it by itself") from error
    except _DAMAGED as error:
        raise UnreadableError(f"{name}: {_reason(error)}") from error
    raise UnreadableError(f"{name}: no {path} in it any more; drop the archive again")


def _members(data: bytes, name: str, only: str | None = None) -> Iterator[_Entry]:
    if data.startswith(b"PK"):
        return _zipped(data, name, only)
    if _is_tar(data):
        return _tarred(data)
    return _single(data, name)


def _zipped(data: bytes, name: str, only: str | None) -> Iterator[_Entry]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        if infos and all(info.flag_bits & 1 for info in infos):
            raise UnreadableError(f"{name}: encrypted: remove the password and drop it again")
        for path, info in _numbered(infos):
            if info.flag_bits & 1 or _is_junk(path) or (only is not None and path != only):
                continue
            with archive.open(info) as stream:
                yield _Entry(path, stream, _zip_time(info))


def _zip_time(info: zipfile.ZipInfo) -> datetime | None:
    """Local time, as the format has it; its zero is 1980 and means nothing."""
    try:
        year, month, day, hour, minute, second = info.date_time
        return datetime.combine(date(year, month, day), time(hour, minute, min(second, 59))) if year > 1980 else None
    except ValueError:
        return None


def _numbered(infos: list[zipfile.ZipInfo]) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    seen: dict[str, int] = {}
    for info in infos:
        count = seen[info.filename] = seen.get(info.filename, 0) + 1
        yield (info.filename if count == 1 else f"{info.filename} ({count})"), info


def _tarred(data: bytes) -> Iterator[_Entry]:
    seen: dict[str, int] = {}
    # A stream: never goes back, so that a compressed archive is unpacked once and never held whole.
    with tarfile.open(fileobj=BytesIO(data), mode="r|*") as archive:
        for info in archive:
            stream = archive.extractfile(info) if info.isreg() else None
            if stream is not None:
                count = seen[info.name] = seen.get(info.name, 0) + 1
                yield _Entry(info.name if count == 1 else f"{info.name} ({count})", stream, _tar_time(info))


def _tar_time(info: tarfile.TarInfo) -> datetime | None:
    """In UTC: the format names no zone."""
    try:
        return datetime.fromtimestamp(info.mtime, UTC) if info.mtime > 0 else None
    except (OverflowError, OSError, ValueError):
        return None


def _single(data: bytes, name: str) -> Iterator[_Entry]:
    leaf = name.rsplit("/", 1)[-1]
    with _unpacking(data) as stream:
        yield _Entry(leaf.removesuffix(suffix(leaf)) or "content", stream, None)


def _unpacking(data: bytes) -> bz2.BZ2File | lzma.LZMAFile | gzip.GzipFile:
    if data.startswith(b"BZh"):
        return bz2.BZ2File(BytesIO(data))
    if data.startswith(b"\xfd7zXZ"):
        return lzma.LZMAFile(BytesIO(data))
    return gzip.GzipFile(fileobj=BytesIO(data))


def _is_tar(data: bytes) -> bool:
    if data[257:262] == b"ustar":
        return True
    try:
        with _unpacking(data) as stream:
            return stream.read(512)[257:262] == b"ustar"
    except _DAMAGED:
        return False


def _is_junk(path: str) -> bool:
    leaf = path.rsplit("/", 1)[-1]
    return any(junk in path for junk in _JUNK) or leaf.startswith(("._", "~$", ".~lock"))


def _measure(stream: _Stream, limit: int) -> tuple[str, int]:
    digest, size = sha256(), 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > limit:
            raise _TooLargeError
        digest.update(chunk)
    return digest.hexdigest(), size


def _bytes(stream: _Stream) -> bytes:
    data = stream.read(MAX_MEMBER + 1)
    if len(data) > MAX_MEMBER:
        raise _TooLargeError
    return data


def _reason(error: Exception) -> str:
    if isinstance(error, RuntimeError) and ("password" in str(error) or "encrypted" in str(error)):
        return "encrypted: remove the password and drop it again"
    if isinstance(error, NotImplementedError):
        return "packed in a way this Python cannot unpack; pack it again as an ordinary .zip"
    return "a damaged or cut-off archive; pack or copy it again"
