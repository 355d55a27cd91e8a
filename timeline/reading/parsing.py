"""The door to kreuzberg: bytes and a media type in, text by page and properties out, its errors said plainly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import kreuzberg

from timeline.errors import UnreadableError
from timeline.model import DctSource, Evidence
from timeline.reading.dates import stamped
from timeline.reading.decoding import straighten

_WHOLE = 0.9  # of the text must stand in the pages for them to be trusted
# Where tesseract fails, kreuzberg would fetch another engine's models from the network: nothing may leave the machine.
for _backend in set(kreuzberg.list_ocr_backends()) - {"tesseract"}:
    kreuzberg.unregister_ocr_backend(_backend)

_MARK = "\n\n\x1epage {page_num}\x1e\n\n"  # record separators never stand in a document's own text
_OCR_LANGUAGES = {
    "en": "eng", "de": "deu", "fr": "fra", "es": "spa", "it": "ita", "pt": "por", "nl": "nld", "sv": "swe", "da": "dan",
    "no": "nor", "fi": "fin", "pl": "pol", "cs": "ces", "ru": "rus", "uk": "ukr", "tr": "tur", "el": "ell", "ro": "ron",
    "hu": "hun", "zh": "chi_sim", "ja": "jpn", "ko": "kor", "ar": "ara", "he": "heb", "hi": "hin",
}  # fmt: skip
_AUTHORLESS = {"python-docx", "openpyxl", "anonymous", "unknown", "user", "admin", "microsoft office user", "un-named"}
_TITLELESS = {"untitled", "title", "document", "powerpoint presentation", "word document", "presentation", "slide 1"}


@dataclass(frozen=True, slots=True)
class Parsed:
    """What kreuzberg read."""

    text: str
    pages: tuple[str, ...]  # text page by page, where the format has pages
    tables: Sequence[Sequence[Sequence[str]]]  # rows of cells, of each table or sheet
    properties: Mapping[str, object]

    def titles(self) -> tuple[str, ...]:
        """The title among the properties, unless software put it there for want of one."""
        told = self.properties.get("title") or self.properties.get("directive_title") or ""
        title = " ".join(str(told).split()).removeprefix("Microsoft Word - ")
        return (title,) if title and title.strip("()").lower() not in _TITLELESS else ()

    def dates(self, zone: str | None = None) -> tuple[Evidence, ...]:
        """When it was made, by its own properties; when it was changed only if nothing says more."""
        for key, note in (("created_at", "created"), ("modified_at", "modified"), ("directive_date", "date")):
            day = _day(self.properties.get(key), zone)
            if day:
                return (Evidence(DctSource.METADATA, day, f"“{note}” property"),)
        return ()

    def taken(self) -> tuple[Evidence, ...]:
        """When a picture was taken, by its camera. What stands on it was written then or before: weak evidence."""
        told = self.properties.get("exif")
        exif = told if isinstance(told, Mapping) else {}
        for key in ("DateTimeOriginal", "DateTimeDigitized", "DateTime"):
            day = stamped(str(exif.get(key, "")).replace(":", "-", 2))
            if day:
                return (Evidence(DctSource.FILE_TIME, day, "taken then, says the camera"),)
        return ()

    def shown(self) -> dict[str, str]:
        """Properties worth displaying."""
        named_by = ("authors", "initial_creator", "directive_author")
        authors = next((told for key in named_by if (told := self.properties.get(key))), None)
        named = authors if isinstance(authors, Sequence) and not isinstance(authors, str) else [authors]
        author = ", ".join(str(one) for one in named if one and str(one).strip("() ").lower() not in _AUTHORLESS)
        subject = str(self.properties.get("subject") or "").strip()
        shown = {"author": author, "subject": "" if subject.strip("()") == "unspecified" else subject}
        return {key: value for key, value in shown.items() if value}


# Written by libraries into every file they make from their bundled template, or by software that knows no date.
_TEMPLATE_DAYS = {date(2013, 12, 23), date(2013, 1, 27), date(2006, 9, 16)}


def _day(value: object, zone: str | None) -> date | None:
    day = stamped(value, zone=zone) if value else None
    return None if day in _TEMPLATE_DAYS else day


def parse(
    data: bytes, media_type: str, name: str, *, ocr: Sequence[int] | bool = False, language: str = "en"
) -> Parsed:
    """Text and properties of `data`; `ocr` reads the pictures too, or only those on the pages given."""
    code = _OCR_LANGUAGES.get(language, "eng")
    tesseract = kreuzberg.TesseractConfig(language=code, use_cache=False)
    recognition = kreuzberg.OcrConfig(backend="tesseract", language=code, tesseract_config=tesseract) if ocr else None
    config = kreuzberg.ExtractionConfig(
        use_cache=False,  # it would write our documents into a folder of its own
        enable_quality_processing=False,  # it rewrites text; ours must stay as it was
        pages=kreuzberg.PageConfig(
            extract_pages=True, insert_page_markers=not _is_pdf(media_type) or bool(ocr), marker_format=_MARK
        ),
        ocr=recognition,
        force_ocr_pages=list(ocr) if ocr and not isinstance(ocr, bool) else None,
        output_format="plain",
    )
    try:
        result = kreuzberg.extract_bytes_sync(data, media_type, config)
    except (kreuzberg.KreuzbergError, OSError, RuntimeError, ValueError) as error:
        raise UnreadableError(f"{name}: {_reason(str(error), media_type)}") from error
    except BaseException as error:
        # A panic in Rust arrives as pyo3_runtime.PanicException, which no module lets us name.
        if type(error).__name__ != "PanicException":
            raise
        raise UnreadableError(f"{name}: {_reason('', media_type)}") from error
    # A page of a PDF may look like a table and be none.
    tables = () if _is_pdf(media_type) else [table.cells for table in result.tables]
    return Parsed(*_paged(result, marked=not _is_pdf(media_type) or bool(ocr)), tables, dict(result.metadata))


def _is_pdf(media_type: str) -> bool:
    return media_type == "application/pdf"


def _paged(result: kreuzberg.ExtractionResult, *, marked: bool) -> tuple[str, tuple[str, ...]]:
    if not marked:
        return "", tuple(straighten(page["content"]) for page in result.pages or ())
    text = straighten(result.content)
    before, *pieces = text.split("\x1epage ")
    if not pieces:
        pages = tuple(straighten(page["content"]).strip("\n") for page in result.pages or ())
        # Word marks its pages only here; a workbook's sheets have none of their text in them.
        is_whole = len(pages) > 1 and sum(map(len, pages)) >= _WHOLE * len(text)
        return ("", pages) if is_whole else (text, ())
    marked_pages = [before, *(piece.partition("\x1e")[2] for piece in pieces)]
    return "", tuple(page.strip("\n") for page in (marked_pages if before.strip() else marked_pages[1:]))


def _reason(message: str, media_type: str) -> str:
    lowered = message.lower()
    if "pdfium initialization failed" in lowered:
        return (
            "not read, through no fault of its own: the PDF library cannot be loaded from the temporary folder; set "
            "TMPDIR to one with room where programs may be run (not mounted noexec), then `timeline retry`"
        )
    if "password" in lowered or "encrypt" in lowered:
        return "encrypted: remove the password and drop it again"
    if "traineddata" in lowered or "tesseract initialization" in lowered:
        return "no text: scanned? install tesseract, with the data of its language, and drop it again"
    if "no page" in lowered:
        return "no pages in it; save it again from the program that made it"
    kind = "PDF" if _is_pdf(media_type) else "document"
    return f"damaged or cut off, or no {kind} at all; copy it again, or save it again from the program that made it"
