"""What kind of document some bytes are: by content first, by name second."""

import re
from enum import StrEnum
from pathlib import PurePosixPath

from timeline.errors import UnreadableError


class Kind(StrEnum):
    """Kinds that are read differently."""

    TEXT = "text"
    MARKDOWN = "Markdown"
    HTML = "web page"
    MHTML = "saved web page"
    PDF = "PDF"
    OFFICE = "office document"  # anything kreuzberg reads that has no more particular reader
    TABLE = "table"
    MAIL = "e-mail"
    MAILBOX = "mailbox"
    OUTLOOK = "Outlook message"
    SUBTITLES = "subtitles"
    CHAT = "chat"
    ARCHIVE = "archive"
    IMAGE = "image"


HEAD = 4096  # bytes looked at

_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"BM", b"\0\0\0\x0cjP")
_ARCHIVES = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0")
_REFUSED = {
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive: unpack it, or pack it again as .zip",
    b"Rar!": "a RAR archive: unpack it, or pack it again as .zip",
    b"\x7fELF": "a program, not a document",
    b"MZ": "a program, not a document",
    b"SQLite format 3\0": "a database: export what you need as CSV",
    b"ID3": "a sound recording: drop its transcript instead",
    b"OggS": "a recording: drop its transcript or subtitles instead",
    b"\x1aE\xdf\xa3": "a video: drop its transcript or subtitles instead",
    b"fLaC": "a sound recording: drop its transcript instead",
}
_BY_NAME = {
    ".md": Kind.MARKDOWN,
    ".markdown": Kind.MARKDOWN,
    ".mkd": Kind.MARKDOWN,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".xhtml": Kind.HTML,
}
_HTML = re.compile(
    rb"\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)


def kind_of(data: bytes, name: str) -> Kind:
    """The kind of `data`; raises UnreadableError for what no reader here can make text of."""
    head = data[:HEAD]
    for signature, what in _REFUSED.items():
        if head.startswith(signature):
            raise UnreadableError(f"{name}: this is {what}")
    text = head.removeprefix(b"\xef\xbb\xbf")
    if _HTML.match(text):
        return Kind.HTML
    return _BY_NAME.get(suffix(name), Kind.TEXT)


def suffix(name: str) -> str:
    """The ending of a name, lower case: ".txt"; "" without one."""
    return PurePosixPath(name.rsplit("/", 1)[-1]).suffix.lower()
