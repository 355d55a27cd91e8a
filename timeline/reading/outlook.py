"""Outlook messages (.msg): the properties of the message and its attachments, out of its compound file."""

import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from io import BytesIO

import olefile

from timeline.errors import UnreadableError
from timeline.model import DctSource, Evidence, Part
from timeline.reading.compound import BROKEN, filetime
from timeline.reading.content import Content, Opened, Source
from timeline.reading.decoding import decode
from timeline.reading.mail import html_text, unique
from timeline.reading.quotes import unquote

MEDIA_TYPE = "application/vnd.ms-outlook"
_SUBJECT, _BODY, _HTML, _SENDER, _SENDER_ADDRESS, _TO = "0037", "1000", "1013", "0C1A", "0C1F", "0E04"
_ATTACHED, _LONG_NAME, _SHORT_NAME = "3701", "3707", "3704"
_SUBMITTED, _DELIVERED, _CREATED = 0x0039, 0x0E06, 0x3007
_TIME = 0x0040  # the type of a time property


def read(source: Source) -> Content:
    """One message."""
    with _opened(source.data, source.name) as compound:
        text = _string(compound, _BODY)
        if not text.strip() and (markup := _binary(compound, _HTML)):
            text = html_text(decode(markup, source.name).text)
        attachments = list(_attachments(compound))
        titles = (_string(compound, _SUBJECT),)
        shown = {"from": _string(compound, _SENDER) or _string(compound, _SENDER_ADDRESS), "to": _string(compound, _TO)}
        sent = _sent(compound)
    text, segments = unquote(text.replace("\r\n", "\n").strip("\0\n"), source.date_order)
    if not text.strip() and not attachments:
        raise UnreadableError(f"{source.name}: a message without text that can be read; export it as .eml")
    return Content(
        text=text,
        media_type=MEDIA_TYPE,
        titles=titles,
        evidence=(Evidence(DctSource.HEADER, sent[0].date(), sent[1]),) if sent else (),
        segments=segments,
        parts=tuple(Part(path, sha256(data).hexdigest(), len(data)) for path, data in attachments),
        metadata={key: value for key, value in shown.items() if value},
    )


def attachment(data: bytes, name: str, path: str) -> Opened:
    """One attachment, as old as the message at the most."""
    with _opened(data, name) as compound:
        sent = _sent(compound)
        for known, content in _attachments(compound):
            if known == path:
                return Opened(content, sent[0] if sent else None, "day of the mail it came with")
    raise UnreadableError(f"{name}: no attachment {path} in it any more; drop the message again")


@contextmanager
def _opened(data: bytes, name: str) -> Iterator[olefile.OleFileIO]:
    try:
        with olefile.OleFileIO(BytesIO(data)) as compound:
            yield compound
    except BROKEN as error:
        raise UnreadableError(f"{name}: a damaged Outlook message; export it again") from error


def _stream(compound: olefile.OleFileIO, path: str) -> bytes:
    if not compound.exists(path):
        return b""
    with compound.openstream(path) as stream:
        data = stream.read()
    return data if isinstance(data, bytes) else b""


def _string(compound: olefile.OleFileIO, tag: str, folder: str = "") -> str:
    """A text property: in Unicode, else in the sender's code page."""
    wide = _stream(compound, f"{folder}__substg1.0_{tag}001F")
    if wide:
        return wide.decode("utf-16-le", errors="replace").rstrip("\0")
    narrow = _stream(compound, f"{folder}__substg1.0_{tag}001E")
    return decode(narrow, tag).text.rstrip("\0") if narrow.strip(b"\0 ") else ""


def _binary(compound: olefile.OleFileIO, tag: str) -> bytes:
    return _stream(compound, f"__substg1.0_{tag}0102")


def _sent(compound: olefile.OleFileIO) -> tuple[datetime, str] | None:
    """When it was sent, else delivered, else made: records of 16 bytes after a header of 32."""
    table = _stream(compound, "__properties_version1.0")[32:]
    times: dict[int, datetime] = {}
    for kind, tag, _, ticks in struct.iter_unpack("<HHIQ", table[: len(table) // 16 * 16]):
        moment = filetime(ticks) if kind == _TIME else None
        if moment:
            times[tag] = moment
    for tag, note in ((_SUBMITTED, "sent"), (_DELIVERED, "delivered"), (_CREATED, "created")):
        if tag in times:
            return times[tag], f"“{note}” property"
    return None


def _attachments(compound: olefile.OleFileIO) -> Iterator[tuple[str, bytes]]:
    taken: set[str] = set()
    folders = sorted({path[0] for path in compound.listdir() if path[0].startswith("__attach_version1.0_")})
    for number, folder in enumerate(folders, start=1):
        data = _stream(compound, f"{folder}/__substg1.0_{_ATTACHED}0102")
        name = _string(compound, _LONG_NAME, f"{folder}/") or _string(compound, _SHORT_NAME, f"{folder}/")
        if data:
            yield unique(re.sub(r"[\\/\x00-\x1f]", "_", name) or f"part-{number}", taken), data
