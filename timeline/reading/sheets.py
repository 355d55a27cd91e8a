"""Spreadsheets and CSV: one row a paragraph, so that each stands as a statement of its own."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from timeline.reading import compound
from timeline.reading.content import Content, Source
from timeline.reading.decoding import decode
from timeline.reading.parsing import parse

_MIDNIGHT = " 00:00:00"  # what a cell that holds a day and no time is given
_SNIFFED = 4096
_FIELD_LIMIT = 1_000_000  # characters in one cell: the default of the library stops at 131,072


def read(source: Source) -> Content:
    """The rows of a workbook; its sheets are its pages."""
    compound.refuse_unfit(source.data, source.name)
    parsed = parse(source.data, source.media_type, source.name)
    pages = ["\n\n".join(_rows(table)) for table in parsed.tables]
    names = parsed.properties.get("sheet_names")
    if not pages:
        pages = [parsed.text or "\n\n".join(parsed.pages)]
    starts: list[int] = []
    text = ""
    for page in pages:
        text += "\n\n" if text else ""
        starts.append(len(text))
        text += page
    return Content(
        text=text,
        media_type=source.media_type,
        titles=parsed.titles(),
        evidence=parsed.dates() or compound.dates(source.data),
        pages=tuple(starts),
        metadata={**parsed.shown(), **({"sheets": ", ".join(map(str, names))} if isinstance(names, list) else {})},
        is_prose=False,
    )


def read_csv(source: Source) -> Content:
    """The rows of a CSV or TSV file, whatever parts its cells."""
    decoded = decode(source.data, source.name)
    csv.field_size_limit(_FIELD_LIMIT)
    sample = decoded.text[:_SNIFFED]
    notes = decoded.notes
    try:
        dialect: type[csv.Dialect] | str = csv.Sniffer().sniff(sample, delimiters=",;\t|")
    except csv.Error:
        dialect = "excel-tab" if "\t" in sample.split("\n", 1)[0] else "excel"
    try:
        text = "\n\n".join(_rows(csv.reader(StringIO(decoded.text), dialect)))
    except csv.Error:
        text, notes = decoded.text, (*notes, "not told apart into cells: read as text")
    return Content(text=text, media_type="text/csv", notes=notes, is_prose=False)


def _rows(table: Iterable[Sequence[str]]) -> Iterator[str]:
    for row in table:
        cells = [" ".join(cell.split()).removesuffix(_MIDNIGHT) for cell in row]
        if any(cells):
            yield " | ".join(cell for cell in cells if cell)
