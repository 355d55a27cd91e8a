"""What kind of document some bytes are: by content first, by name second."""

import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO

from timeline.errors import UnreadableError


class Kind(StrEnum):
    """Kinds that are read differently."""

    TEXT = "text"
    MARKDOWN = "Markdown"
    HTML = "web page"
    MHTML = "saved web page"
    PDF = "PDF"
    OFFICE = "office document"  # whatever kreuzberg reads that has no more particular reader
    SHEET = "spreadsheet"
    CSV = "CSV"
    OPENDOCUMENT = "OpenDocument"
    OPENDOCUMENT_SHEET = "OpenDocument spreadsheet"
    LATEX = "LaTeX"
    RST = "reStructuredText"
    XML = "XML"
    MAIL = "e-mail"
    MAILBOX = "mailbox"
    OUTLOOK = "Outlook message"
    SUBTITLES = "subtitles"
    JSON = "JSON"
    ARCHIVE = "archive"
    IMAGE = "picture"


@dataclass(frozen=True, slots=True)
class Recognised:
    """A kind and the media type that belongs to it."""

    kind: Kind
    media_type: str


# What opening a damaged or hostile zip raises; RuntimeError is its "encrypted" and "not implemented".
ZIP_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    RuntimeError,
    struct.error,
)
MAX_UNPACKED = 512 * 1024 * 1024  # bytes of an office document; archives have bounds of their own
HEAD = 4096  # bytes looked at
_ZIP64 = 0xFFFFFFFF  # stands for a size that is written elsewhere

_IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"\0\0\0\x0cjP")
_PACKED = {b"\x1f\x8b": "application/gzip", b"BZh": "application/x-bzip2", b"\xfd7zXZ\0": "application/x-xz"}
_REFUSED = {
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive: unpack it, or pack it again as .zip",
    b"Rar!": "a RAR archive: unpack it, or pack it again as .zip",
    b"\x7fELF": "a program, not a document",
    b"MZ\x90": "a program, not a document",
    b"SQLite format 3\0": "a database: export what you need as CSV",
    b"ID3": "a sound recording: drop its transcript instead",
    b"OggS": "a recording: drop its transcript or subtitles instead",
    b"\x1aE\xdf\xa3": "a video: drop its transcript or subtitles instead",
    b"fLaC": "a sound recording: drop its transcript instead",
    b"\0\0\x01\0": "an icon, not a document",
}
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_POWERPOINT = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_ODF = "application/vnd.oasis.opendocument."
_BY_NAME = {
    ".md": Recognised(Kind.MARKDOWN, "text/markdown"),
    ".markdown": Recognised(Kind.MARKDOWN, "text/markdown"),
    ".mkd": Recognised(Kind.MARKDOWN, "text/markdown"),
    ".html": Recognised(Kind.HTML, "text/html"),
    ".htm": Recognised(Kind.HTML, "text/html"),
    ".xhtml": Recognised(Kind.HTML, "text/html"),
    ".tex": Recognised(Kind.LATEX, "application/x-latex"),
    ".latex": Recognised(Kind.LATEX, "application/x-latex"),
    ".rst": Recognised(Kind.RST, "text/x-rst"),
    ".csv": Recognised(Kind.CSV, "text/csv"),
    ".tsv": Recognised(Kind.CSV, "text/csv"),
    ".eml": Recognised(Kind.MAIL, "message/rfc822"),
    ".mbox": Recognised(Kind.MAILBOX, "application/mbox"),
    ".srt": Recognised(Kind.SUBTITLES, "application/x-subrip"),
    ".vtt": Recognised(Kind.SUBTITLES, "text/vtt"),
    ".fb2": Recognised(Kind.XML, "application/x-fictionbook+xml"),
    ".ipynb": Recognised(Kind.OFFICE, "application/x-ipynb+json"),
    ".org": Recognised(Kind.OFFICE, "text/x-org"),
}
_BINARY_NAMES = {
    ".pdf": "PDF",
    ".docx": "Word document",
    ".xlsx": "Excel workbook",
    ".pptx": "PowerPoint file",
    ".odt": "OpenDocument file",
}
_HTML = re.compile(
    rb"\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_SRT = re.compile(rb"\A\s*\d+\s*\r?\n\s*\d+:\d{2}:\d{2}[,.]\d{2,3} +--> ")
_HEADER = re.compile(rb"^([A-Za-z][A-Za-z-]{1,40}):[ \t]", re.MULTILINE)
_MAIL_HEADERS = {
    b"from", b"to", b"date", b"subject", b"message-id", b"mime-version", b"received", b"return-path", b"content-type",
    b"delivered-to", b"reply-to", b"dkim-signature", b"content-transfer-encoding", b"cc", b"x-mailer",
}  # fmt: skip
# Any one of these and a line of prose do not meet by chance, while "From:", "To:", "Date:", "Subject:" head many memos.
_CERTAIN = {b"message-id", b"mime-version", b"received", b"return-path", b"delivered-to", b"dkim-signature"}


def kind_of(data: bytes, name: str) -> Recognised:
    """The kind of `data`; raises UnreadableError for what no reader here can make text of."""
    head = data[:HEAD]
    for signature, what in _REFUSED.items():
        if head.startswith(signature):
            raise UnreadableError(f"{name}: this is {what}")
    if head[4:8] == b"ftyp":
        raise UnreadableError(
            f"{name}: this is a video, or a picture from a phone: drop its subtitles, or save it as JPEG"
        )
    return _binary(data, name) or _textual(head.removeprefix(b"\xef\xbb\xbf"), name)


def suffix(name: str) -> str:
    """The ending of a name, lower case: ".txt"; "" without one."""
    stem, dot, ending = name.rsplit("/", 1)[-1].rpartition(".")
    return f".{ending}".lower() if stem and dot and ending else ""


def _binary(data: bytes, name: str) -> Recognised | None:
    head = data[:HEAD]
    if b"%PDF-" in head[:1024]:
        return Recognised(Kind.PDF, "application/pdf")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(data, name)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _compound(data, name)
    if head.startswith(b"{\\rtf"):
        return Recognised(Kind.OFFICE, "application/rtf")
    if head.startswith(_IMAGES) or (head.startswith(b"RIFF") and head[8:12] == b"WEBP"):
        return Recognised(Kind.IMAGE, "image/*")
    for signature, media_type in _PACKED.items():
        if head.startswith(signature):
            return Recognised(Kind.ARCHIVE, media_type)
    if head[257:262] == b"ustar":
        return Recognised(Kind.ARCHIVE, "application/x-tar")
    return None


def _zipped(data: bytes, name: str) -> Recognised:
    try:
        names, unpacked = _directory(data)
        inner = _inner(data) if "mimetype" in names else ""
        manifest = _inner(data, "META-INF/manifest.xml", 1 << 20) if inner.startswith(_ODF) else ""
    except ZIP_DAMAGED as error:
        raise UnreadableError(
            f"{name}: cut off or damaged; copy it again, or save it again from its program"
        ) from error
    recognised = _packaged(names, inner)
    if recognised.kind is not Kind.ARCHIVE and unpacked > MAX_UNPACKED:
        raise UnreadableError(f"{name}: unpacks to more than {MAX_UNPACKED >> 20} MB: too large, or a zip bomb")
    if "encryption-data" in manifest:
        raise UnreadableError(f"{name}: encrypted: remove the password and drop it again")
    return recognised


_ENTRY = struct.Struct("<4s20xIHHH12x")  # of a zip's directory: signature, unpacked size, lengths of what follows
_END = struct.Struct("<4s4x2xHII")  # signature, number of entries, size and place of the directory


def _directory(data: bytes) -> tuple[set[str], int]:
    """Names in a zip and their unpacked size in all: a fifth of the time zipfile takes, which reads the odd ones."""
    end = data.rfind(b"PK\x05\x06", -(1 << 16))
    if end >= 0 and end + _END.size <= len(data):
        _, count, _, at = _END.unpack_from(data, end)
        names: list[bytes] = []
        unpacked = 0
        while at + _ENTRY.size <= end:
            signature, size, length, extra, comment = _ENTRY.unpack_from(data, at)
            if signature != b"PK\x01\x02":
                break
            start = at + _ENTRY.size
            names.append(data[start : start + length])
            at = start + length + extra + comment
            unpacked += size
        if at == end and len(names) == count and unpacked < _ZIP64:
            return set(b"\0".join(names).decode("utf-8", "replace").split("\0")), unpacked
    with zipfile.ZipFile(BytesIO(data)) as package:
        return set(package.namelist()), sum(info.file_size for info in package.infolist())


def _inner(data: bytes, name: str = "mimetype", count: int = 200) -> str:
    with zipfile.ZipFile(BytesIO(data)) as package, package.open(name) as stream:
        return stream.read(count).decode("utf-8", errors="replace").strip()


def _packaged(names: set[str], kind: str) -> Recognised:
    if kind in {_ODF + "text", _ODF + "text-template"}:
        return Recognised(Kind.OFFICE, _ODF + "text")
    if kind == _ODF + "spreadsheet":
        return Recognised(Kind.OPENDOCUMENT_SHEET, kind)
    if kind.startswith(_ODF):
        return Recognised(Kind.OPENDOCUMENT, kind)
    if kind == "application/epub+zip":
        return Recognised(Kind.OFFICE, kind)
    if "word/document.xml" in names:
        return Recognised(Kind.OFFICE, _WORD)
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return Recognised(Kind.SHEET, _EXCEL)
    if "ppt/presentation.xml" in names:
        return Recognised(Kind.OFFICE, _POWERPOINT)
    return Recognised(Kind.ARCHIVE, "application/zip")


# Names of streams stand in a compound file as UTF-16; the first that is there tells the program.
_STREAMS = {
    "EncryptedPackage": None,
    "__properties_version1.0": Recognised(Kind.OUTLOOK, "application/vnd.ms-outlook"),
    "WordDocument": Recognised(Kind.OFFICE, "application/msword"),
    "PowerPoint Document": Recognised(Kind.OFFICE, "application/vnd.ms-powerpoint"),
    "Workbook": Recognised(Kind.SHEET, "application/vnd.ms-excel"),
    "Book": Recognised(Kind.SHEET, "application/vnd.ms-excel"),
}


def _compound(data: bytes, name: str) -> Recognised:
    for stream, recognised in _STREAMS.items():
        if stream.encode("utf-16-le") + b"\0\0" in data:
            if recognised is None:
                raise UnreadableError(f"{name}: encrypted: remove the password and drop it again")
            return recognised
    if suffix(name) in {".doc", ".xls", ".ppt", ".msg"}:
        raise UnreadableError(f"{name}: cut off or damaged; copy it again, or save it again from its program")
    raise UnreadableError(f"{name}: a file of an old Office program that is not read; save it as PDF")


def _textual(head: bytes, name: str) -> Recognised:
    ending = suffix(name)
    if _HTML.match(head):
        return Recognised(Kind.HTML, "text/html")
    if head.lstrip().startswith(b"WEBVTT"):
        return _BY_NAME[".vtt"]
    if _SRT.match(head):
        return _BY_NAME[".srt"]
    if b"\\documentclass" in head and ending not in {".md", ".html"}:
        return _BY_NAME[".tex"]
    if recognised := _mail(head, ending):
        return recognised
    if head.startswith(b"<?xml"):
        return _BY_NAME.get(ending) or Recognised(Kind.XML, "text/xml")
    if head.lstrip()[:1] in {b"{", b"["} and ending == ".json":
        return Recognised(Kind.JSON, "application/json")
    if ending in _BINARY_NAMES and (b"\0" in head or not head.isascii()):
        raise UnreadableError(
            f"{name}: not a {_BINARY_NAMES[ending]}, or a damaged one; save it again from its program"
        )
    return _BY_NAME.get(ending, Recognised(Kind.TEXT, "text/plain"))


def _mail(head: bytes, ending: str) -> Recognised | None:
    if re.match(rb"From \S+.*\d{4}\r?\n", head) and _HEADER.search(head):
        return _BY_NAME[".mbox"]
    block = re.split(rb"\r?\n\r?\n", head.lstrip(), maxsplit=1)[0]
    known = set(_headers(block)) & _MAIL_HEADERS
    if not known or not _HEADER.match(block):
        return None
    if b"multipart/related" in head.lower() and (
        b"snapshot-content-location" in head.lower() or ending in {".mht", ".mhtml"}
    ):
        return Recognised(Kind.MHTML, "multipart/related")
    is_mail = ending == ".eml" or (len(known) >= 3 and known & _CERTAIN)
    return _BY_NAME[".eml"] if is_mail else None


def _headers(block: bytes) -> Iterator[bytes]:
    for match in _HEADER.finditer(block):
        yield match[1].lower()
