"""The whole story on one screen: read, find and resolve, compose."""

from dataclasses import replace

from timeline.events import compose
from timeline.model import DctSource, Document, Extraction, Hints
from timeline.reading import UNDATED, read
from timeline.temporal import engine_version, extract


def ingest(
    data: bytes,
    name: str,
    hints: Hints = Hints(),  # noqa: B008 - frozen
    member: tuple[str, ...] = (),
    *,
    max_text_chars: int = 20_000_000,
) -> Extraction:
    """A document's bytes → its text, mentions and events. Raises UnreadableError with the reason and the mend.

    `member` addresses a document within the bytes: the path of an archive's member or a mail's attachment.
    """
    return _extract(read(data, name, hints, member, max_text_chars=max_text_chars), hints)


def reingest(document: Document, hints: Hints = Hints()) -> Extraction:  # noqa: B008 - frozen
    """The same from stored text: after a correction or with better rules, because the file may be gone."""
    if hints.correction is not None:
        document = replace(document, dct=hints.correction, dct_source=DctSource.CORRECTION)
    elif document.dct_source is DctSource.CORRECTION:  # taken back: what spoke for its date before does again
        found = next((one for one in document.evidence if one.source is not DctSource.CORRECTION), None)
        own = (found.value, found.source) if found else (UNDATED, DctSource.UNKNOWN)
        document = replace(document, dct=own[0], dct_source=own[1])
    return _extract(document, hints)


def _extract(document: Document, hints: Hints) -> Extraction:
    mentions = extract(
        document.text,
        None if document.dct_source is DctSource.UNKNOWN else document.dct,
        document.language,
        segments=document.segments,
        date_order=hints.date_order,
    )
    return Extraction(document, tuple(mentions), compose(document, mentions), engine_version())
