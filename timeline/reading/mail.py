"""E-mail: headers, the body a person reads, attachments as parts; a mailbox as one document with a time a mail."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.utils import parsedate_to_datetime
from hashlib import sha256

import lxml.html
from lxml import etree

from timeline.errors import UnreadableError
from timeline.model import DctSource, Evidence, Part, Segment
from timeline.reading.content import Content, Opened, Source
from timeline.reading.decoding import CONTROLS, Decoded, decode
from timeline.reading.quotes import unquote

MEDIA_TYPE = "message/rfc822"
MAX_ATTACHMENTS = 1000
_SEPARATOR = re.compile(rb"^From [^\r\n]{1,200}?\d{4}[^\r\n]{0,40}\r?\n", re.MULTILINE)
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)
_BLOCKS = {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "blockquote", "table", "ul", "ol", "pre", "hr"}
_HIDDEN = {"script", "style", "head", "title"}


def read(source: Source) -> Content:
    """One mail."""
    message = parsed(source.data, source.name)
    text, notes = body(message, source.name)
    text, segments = unquote(text, source.date_order)
    parts = list(_parts("", message))
    if not text.strip() and not parts:
        raise UnreadableError(f"{source.name}: a mail without text")
    if len(parts) > MAX_ATTACHMENTS:
        notes = (*notes, f"only {MAX_ATTACHMENTS} of {len(parts)} attachments are opened")
    return Content(
        text=text,
        media_type=MEDIA_TYPE,
        titles=(_header(message, "subject"),),
        evidence=tuple(_sent(message)),
        segments=segments,
        parts=tuple(parts[:MAX_ATTACHMENTS]),
        notes=notes,
        metadata={key: value for key in ("from", "to", "cc") if (value := _header(message, key))},
    )


def attachment(data: bytes, name: str, path: str) -> Opened:
    """One attachment of a mail, as old as the mail at the most."""
    message = parsed(data, name)
    for known, content in _attachments(message):
        if known == path:
            return Opened(content, sent_at(message), "day of the mail it came with")
    raise UnreadableError(f"{name}: no attachment {path} in it any more; drop the mail again")


def read_mailbox(source: Source) -> Content:
    """All mails of an mbox as one text, each with its own time; one that cannot be read is noted and passed over."""
    pieces: list[str] = []
    segments: list[Segment] = []
    days: list[date] = []
    parts: list[Part] = []
    offset = count = broken = 0
    for raw in messages(source.data):
        if offset > source.max_text_chars:
            break
        count += 1
        try:
            piece, own, sent = _mail(raw, source)
        except (UnreadableError, MessageError, ValueError, LookupError):
            broken += 1
            continue
        if sent:
            days.append(sent.date())
        if b"attachment" in raw and len(parts) < MAX_ATTACHMENTS:
            parts.extend(_parts(f"{count}/", parsed(raw, source.name)))
        pieces.append(piece + "\n\n")
        segments.extend(_shifted(own, offset, offset + len(piece), sent))
        offset += len(piece) + 2
    if not pieces:
        raise UnreadableError(f"{source.name}: a mailbox without a readable mail")
    latest = [Evidence(DctSource.HEADER, max(days), f"latest of {count} mails")] if days else []
    return Content(
        text="".join(pieces)[:-2],
        media_type="application/mbox",
        evidence=tuple(latest),
        segments=tuple(segments),
        parts=tuple(parts[:MAX_ATTACHMENTS]),
        notes=(f"{broken} of {count} mails could not be read",) if broken else (),
        metadata={"mails": str(count)},
        is_prose=False,
    )


def mailbox_attachment(data: bytes, name: str, path: str) -> Opened:
    """One attachment in a mailbox: "12/notes.txt" is notes.txt of the twelfth mail."""
    number, _, leaf = path.partition("/")
    for count, raw in enumerate(messages(data), start=1):
        if str(count) == number:
            return attachment(raw, name, leaf)
    raise UnreadableError(f"{name}: no mail {number} in it any more; drop the mailbox again")


def messages(data: bytes) -> Iterator[bytes]:
    """The mails of an mbox, "From " lines taken off."""
    starts = [(match.start(), match.end()) for match in _SEPARATOR.finditer(data)]
    if not starts:
        yield data
        return
    for (_, begin), (end, _) in zip(starts, [*starts[1:], (len(data), 0)], strict=True):
        yield _ESCAPED.sub(rb"\1", data[begin:end])


def parsed(data: bytes, name: str) -> EmailMessage:
    """The mail, headers decoded."""
    try:
        message = message_from_bytes(data, policy=policy.default)
    except (MessageError, ValueError, RecursionError) as error:
        raise UnreadableError(f"{name}: a damaged mail; export it again from the mail program") from error
    if not isinstance(message, EmailMessage):
        raise UnreadableError(f"{name}: not a mail")
    return message


def body(message: EmailMessage, name: str) -> tuple[str, tuple[str, ...]]:
    """What a person reads: the plain part, else the HTML part as text."""
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return "", ()
    decoded = _decoded(part, name)
    if part.get_content_type() == "text/html":
        return html_text(decoded.text), decoded.notes
    text = decoded.text
    if part.get_param("format") == "flowed":
        text = re.sub(r"(?m)(?<=\S) \n(?=[^\s>])", " ", text)
    return text, decoded.notes


def html_text(markup: str) -> str:
    """The text of an HTML mail, blocks on lines of their own (all of it: a mail has no menus)."""
    if not markup.strip():
        return ""
    try:
        tree = lxml.html.document_fromstring(CONTROLS.sub("", markup))
    except (etree.ParserError, ValueError):
        return ""
    pieces: list[str] = []
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if tag in _BLOCKS:
                pieces.append("\n\n" if tag in {"p", "blockquote", "table"} else "\n")
            if tag not in _HIDDEN and tag:
                pieces.append(re.sub(r"\s+", " ", element.text or ""))
        else:
            if tag in _BLOCKS and tag != "br":
                pieces.append("\n\n" if tag in {"p", "blockquote", "table"} else "\n")
            pieces.append(re.sub(r"\s+", " ", element.tail or ""))
    text = "\n".join(line.strip() for line in "".join(pieces).replace("\xa0", " ").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def sent_at(message: Message) -> datetime | None:
    """The moment of the Date header, in its writer's own zone."""
    try:
        return parsedate_to_datetime(_raw(message, "date")).replace(tzinfo=None)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def _sent(message: EmailMessage) -> Iterator[Evidence]:
    if moment := sent_at(message):
        yield Evidence(DctSource.HEADER, moment.date(), "Date header")
    received = _raw(message, "received", last=True)  # the last one is the first server's
    with suppress(TypeError, ValueError, IndexError, OverflowError):
        day = parsedate_to_datetime(received.rpartition(";")[2].strip()).date()
        yield Evidence(DctSource.HEADER, day, "Received header")


def _mail(raw: bytes, source: Source) -> tuple[str, tuple[Segment, ...], datetime | None]:
    """One mail of a mailbox, by the old policy: it parses a header when asked, and so is five times as fast."""
    message = message_from_bytes(raw, policy=policy.compat32)
    text, segments = unquote(_first_text(message, source.name).strip(), source.date_order)
    head = "\n".join(line for line in (_header(message, "subject"), _header(message, "from")) if line)
    lead = f"{head}\n\n" if head else ""
    moved = tuple(Segment(part.start + len(lead), part.end + len(lead), part.dct) for part in segments)
    return lead + text, moved, sent_at(message)


def _first_text(message: Message, name: str) -> str:
    html: Message | None = None
    for part in message.walk():
        kind = part.get_content_type()
        if part.get_content_disposition() == "attachment":
            continue
        if kind == "text/plain":
            return _decoded(part, name).text
        if kind == "text/html" and html is None:
            html = part
    return html_text(_decoded(html, name).text) if html is not None else ""


def _header(message: Message, key: str) -> str:
    value = _raw(message, key)
    try:
        return " ".join(str(make_header(decode_header(value))).split())
    except (ValueError, LookupError, MessageError):
        return " ".join(value.split())


def _raw(message: Message, key: str, *, last: bool = False) -> str:
    """A header as it stands: the email package's own parser is slow, and trips over damaged ones."""
    values = [str(value) for name, value in message.raw_items() if name.lower() == key]
    return values[-1 if last else 0] if values else ""


def _shifted(own: Iterable[Segment], start: int, end: int, sent: datetime | None) -> Iterator[Segment]:
    """A mail's segments at their place in the mailbox, with the mail's own time between them."""
    at = start
    for part in own:
        if sent and part.start + start > at:
            yield Segment(at, part.start + start, sent)
        yield Segment(part.start + start, part.end + start, part.dct)
        at = part.end + start
    if sent and at < end:
        yield Segment(at, end, sent)


def _decoded(part: Message, name: str) -> Decoded:
    data = _payload(part)
    charset = part.get_content_charset()
    return decode(data, name, charset) if data.strip() else Decoded("")


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _parts(prefix: str, message: EmailMessage) -> Iterator[Part]:
    for path, data in _attachments(message):
        yield Part(prefix + path, sha256(data).hexdigest(), len(data))


def _attachments(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    """Attachments by a name that is theirs alone; pictures within the text are left where they are."""
    taken: set[str] = set()
    shown = message.get_body(preferencelist=("plain", "html"))
    for number, part in enumerate(_leaves(message), start=1):
        if part is shown or (part.get_content_maintype() in {"text", "multipart"} and not part.is_attachment()):
            continue
        if part.get_content_maintype() == "image" and not part.is_attachment():
            continue
        is_mail = part.get_content_type() == "message/rfc822"
        name = re.sub(r"[\\/\x00-\x1f]", "_", part.get_filename() or "") or (
            f"mail-{number}.eml" if is_mail else f"part-{number}"
        )
        data = _inner(part) if is_mail else _payload(part)
        if data:
            yield unique(name, taken), data


def unique(name: str, taken: set[str]) -> str:
    """`name`, numbered when it is taken already."""
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name} ({number})"
    taken.add(found)
    return found


def _leaves(message: EmailMessage) -> Iterator[EmailMessage]:
    """Parts that hold something, an attached mail whole."""
    pending = [message]
    while pending:
        part = pending.pop(0)
        if part.get_content_maintype() == "multipart":
            pending[:0] = [child for child in part.iter_parts() if isinstance(child, EmailMessage)]
        else:
            yield part


def _inner(part: EmailMessage) -> bytes:
    payload = part.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload else None
    return inner.as_bytes() if isinstance(inner, EmailMessage) else b""
