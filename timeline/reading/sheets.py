"""Spreadsheets and CSV: one row a paragraph, so that each stands as a statement of its own."""

import csv
from collections.abc import Sequence
from io import StringIO

from timeline.reading import compound
from timeline.reading.content import Content, Source
from timeline.reading.decoding import decode
from timeline.reading.parsing import parse

_MIDNIGHT = " 00:00:00"  # what a cell that holds a day and no time is given
_BLANKS = tuple(letter for letter in map(chr, range(0x3001)) if letter.isspace() and letter not in " \n")
_UNEVEN = ("  ", "\n ", " \n", *_BLANKS)  # what no row has whose cells are trimmed and on one line
_SNIFFED = 4096
_FIELD_LIMIT = 1_000_000  # characters in one cell: the default of the library stops at 131,072


def read(source: Source) -> Content:
    """The rows of a workbook; its sheets are its pages."""
    compound.refuse_unfit(source.data, source.name)
    parsed = parse(source.data, source.media_type, source.name)
    pages = [rows(table) for table in parsed.tables]
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
        evidence=parsed.dates(source.zone) or compound.dates(source.data),
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
        text = rows(list(csv.reader(StringIO(decoded.text), dialect)))
    except csv.Error:
        text, notes = decoded.text, (*notes, "not told apart into cells: read as text")
    return Content(text=text, media_type="text/csv", notes=notes, is_prose=False)


def rows(table: Sequence[Sequence[str]]) -> str:
    """Rows as paragraphs, cells parted by bars; what is blank is left out, what is folded in a cell is straightened."""
    lines = [line for row in table if (line := " | ".join(filter(None, row)))]
    text = "\n\n".join(lines)
    # Looked for in all rows at once: one by one it would take as long as reading the workbook does.
    if any(odd in text for odd in _UNEVEN) or text.count("\n") > 2 * max(len(lines) - 1, 0) or text != text.strip():
        cells = ([" ".join(cell.split()) for cell in row] for row in table)
        text = "\n\n".join(line for row in cells if (line := " | ".join(filter(None, row))))
    return text.replace(f"{_MIDNIGHT} | ", " | ").replace(f"{_MIDNIGHT}\n", "\n").removesuffix(_MIDNIGHT)
