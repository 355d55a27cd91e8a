"""Pictures of text: read by tesseract where it is there, and said to be pictures where it is not."""

from timeline.errors import UnreadableError
from timeline.reading.content import Content, Source
from timeline.reading.mending import mend
from timeline.reading.parsing import parse

_TYPES = {
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"II*\0": "image/tiff",
    b"MM\0*": "image/tiff",
    b"RIFF": "image/webp",
    b"\0\0\0\x0cjP": "image/jp2",
    b"BM": "image/bmp",
}


def read(source: Source) -> Content:
    """The text tesseract sees in a picture."""
    media_type = next(kind for mark, kind in _TYPES.items() if source.data.startswith(mark))
    parsed = parse(source.data, media_type, source.name, ocr=True, language=source.language or "en")
    text, starts = mend(parsed.pages or (parsed.text,))
    if not text.strip():
        raise UnreadableError(f"{source.name}: a picture in which no text was found")
    return Content(
        text=text,
        media_type=media_type,
        evidence=parsed.taken(),
        pages=starts,
        notes=("OCR: read as a picture",),
    )
