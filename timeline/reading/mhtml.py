"""Pages a browser saved as one file (.mhtml): the page within, and what the envelope says of it."""

from dataclasses import replace
from email.message import EmailMessage

from timeline.errors import UnreadableError
from timeline.model import DctSource, Evidence
from timeline.reading import webpage
from timeline.reading.content import Content, Source
from timeline.reading.mail import parsed, sent_at


def read(source: Source) -> Content:
    """The page; the day it was saved is the weakest evidence, for it was written before."""
    envelope = parsed(source.data, source.name)
    page = _page(envelope)
    if page is None:
        raise UnreadableError(f"{source.name}: a saved page without the page; save it again")
    payload = page.get_payload(decode=True)
    charset = page.get_content_charset() or ""
    markup = payload if isinstance(payload, bytes) else b""
    if charset and charset.lower() not in {"utf-8", "utf8"}:
        markup = b"<meta charset='" + charset.encode("ascii", "ignore") + b"'>" + markup
    content = webpage.read(replace(source, data=markup))
    saved = sent_at(envelope)
    day = (Evidence(DctSource.FILE_TIME, saved.date(), "saved from the browser then"),) if saved else ()
    address = str(envelope.get("Snapshot-Content-Location", "") or page.get("Content-Location", ""))
    return replace(
        content,
        media_type="multipart/related",
        titles=(*content.titles, str(envelope.get("Subject", ""))),
        evidence=(*content.evidence, *day),
        metadata={"address": address, **content.metadata} if address else content.metadata,
    )


def _page(envelope: EmailMessage) -> EmailMessage | None:
    for part in envelope.walk():
        if isinstance(part, EmailMessage) and part.get_content_type() in {"text/html", "application/xhtml+xml"}:
            return part
    return None
