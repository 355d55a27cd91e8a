"""Files sent by a browser go into the inbox: bounded, streamed, under a safe name, there all at once."""

import errno
import os
import re
import unicodedata
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

from timeline.errors import TimelineError

_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]')
_LONGEST_NAME = 180  # bytes: file systems hold 255, and ".part" and " (2)" must fit
_MOST_COPIES = 1000


class TooLargeError(TimelineError):
    """An upload is larger than a document may be."""


class DiskFullError(TimelineError):
    """There is no room for an upload."""


def safe_name(given: str) -> str:
    """A file name that stays in its folder, is no hidden file, and is what the sender called it otherwise."""
    name = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    name = _UNSAFE.sub("_", name).strip().lstrip(".").rstrip(". ")
    stem, dot, suffix = name.rpartition(".")
    if not dot:
        stem, suffix = name, ""
    suffix = suffix.encode("utf-8", "ignore")[:20].decode("utf-8", "ignore")
    room = _LONGEST_NAME - len(suffix.encode()) - 1
    stem = stem.encode("utf-8", "ignore")[:room].decode("utf-8", "ignore").rstrip(". ")
    return f"{stem or 'document'}{dot}{suffix}"


async def receive(
    stream: AsyncIterator[bytes], name: str, inbox: Path, most: int, *, modified: float | None = None
) -> str:
    """Writes an upload beside its place and moves it there when it is whole; returns the name it got.

    `modified` is the time of the original, in seconds since 1970: a file may have no better date.
    Raises TooLargeError past `most` bytes and DiskFullError; nothing is left then.
    """
    inbox.mkdir(parents=True, exist_ok=True)
    wanted = safe_name(name)
    # Hidden and .part: what watches the folder passes it over.
    temporary = inbox / f".{uuid.uuid4().hex}.part"
    size = 0
    try:
        with temporary.open("xb") as out:
            async for piece in stream:
                size += len(piece)
                if size > most:
                    raise TooLargeError(f"{wanted} is larger than {most:,} bytes; copy it into the folder instead")
                out.write(piece)
        if modified is not None:
            os.utime(temporary, (modified, modified))
        return _settle(temporary, inbox, wanted)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError(f"no room for {wanted} on the disk of the watched folder; make some") from error
        raise
    finally:
        temporary.unlink(missing_ok=True)


def _settle(temporary: Path, inbox: Path, wanted: str) -> str:
    """Moves a file to the first free name; an existing one is never replaced."""
    stem, dot, suffix = wanted.rpartition(".")
    if not dot:
        stem, suffix = wanted, ""
    for number in range(1, _MOST_COPIES):
        name = wanted if number == 1 else f"{stem} ({number}){dot}{suffix}"
        try:
            os.link(temporary, inbox / name)
        except FileExistsError:
            continue
        except OSError:  # a file system without links
            if (inbox / name).exists():
                continue
            temporary.replace(inbox / name)
        return name
    raise DiskFullError(f"there are {_MOST_COPIES} files called {wanted} already; send it under another name")
