"""Events → JSON, CSV, iCalendar, TimelineJS, TimeML and one HTML file: each with its quote and its source."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from html import escape
from typing import IO
from xml.sax.saxutils import escape as xml_escape
from xml.sax.saxutils import quoteattr

import icalendar
from typing_extensions import TypedDict

from timeline.errors import UsageError
from timeline.model import Document, Mention, Timex
from timeline.rendering.onefile import one_file
from timeline.store import EventRow, State, Store
from timeline.temporal.bounds import DAY, civil, format_instant
from timeline.wording import SOURCE_WORDS, say_placement

_PAGE = 2000  # rows read at once: an export of a million events takes no memory
MOST_IN_ONE_FILE = 20_000  # a browser lays out no more in reasonable time
_CLOCK_UNITS = frozenset(["hour", "minute", "second"])
_XML_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# A spreadsheet runs a cell that begins so as a formula; the apostrophe makes it text (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Form(StrEnum):
    """What can be exported."""

    JSON = "json"
    CSV = "csv"
    ICS = "ics"
    TIMELINEJS = "timelinejs"
    TIMEML = "timeml"
    HTML = "html"


class DocumentItem(TypedDict):
    """The document of an event."""

    id: str
    title: str
    path: str
    dct: str | None
    dct_source: str
    language: str


class EventItem(TypedDict):
    """An event as scripts read it; `begin` and `end` are ISO dates (EDTF years), `end` exclusive, None when open."""

    id: str
    type: str
    value: str
    mod: str | None
    edtf: str
    begin: str | None
    end: str | None
    granularity: str
    shape: str
    when: str
    expression: str
    statement: str
    explanation: str
    rule: str
    page: int | None
    document: DocumentItem


@dataclass(frozen=True, slots=True)
class Kind:
    """What a form is called outside."""

    suffix: str
    media_type: str


KINDS = {
    Form.JSON: Kind(".json", "application/json"),
    Form.CSV: Kind(".csv", "text/csv; charset=utf-8"),
    Form.ICS: Kind(".ics", "text/calendar; charset=utf-8"),
    Form.TIMELINEJS: Kind(".timelinejs.json", "application/json"),
    Form.TIMEML: Kind(".timeml.zip", "application/zip"),
    Form.HTML: Kind(".html", "text/html; charset=utf-8"),
}


def event_item(row: EventRow) -> EventItem:
    """The stable, documented form of one event."""
    event, place, document = row.event, row.event.placement, row.document
    return EventItem(
        id=event.id,
        type=event.timex.type.value,
        value=event.timex.value,
        mod=event.timex.mod,
        edtf=place.edtf,
        begin=None if place.begin is None else format_instant(place.begin),
        end=None if place.end is None else format_instant(place.end),
        granularity=place.granularity,
        shape=place.shape.value,
        when=say_placement(place, event.timex),
        expression=event.expression,
        statement=event.statement,
        explanation=event.explanation,
        rule=event.rule,
        page=event.page,
        document=DocumentItem(
            id=document.id,
            title=document.title,
            path=document.path,
            dct=document.dct,
            dct_source=document.dct_source.value,
            language=document.language,
        ),
    )


def write(store: Store, form: Form, out: IO[bytes], rows: Iterable[EventRow] | None = None) -> None:
    """Writes all events, or those given, in one form. TimeML is a zip with one file a document of the store.

    Raises UsageError when there are more than one HTML file can hold.
    """
    chosen = every_event(store) if rows is None else rows
    match form:
        case Form.JSON:
            _write_json(chosen, out)
        case Form.CSV:
            _write_csv(chosen, out)
        case Form.ICS:
            _write_ics(chosen, out)
        case Form.TIMELINEJS:
            _write_timelinejs(chosen, out)
        case Form.TIMEML:
            wanted = None if rows is None else {row.document.id for row in rows}
            _write_timeml(store, out, wanted)
        case Form.HTML:
            _write_html(store, chosen, out)


def every_event(store: Store) -> Iterator[EventRow]:
    """All events in time order, read in pieces."""
    after: str | None = None
    while rows := store.events(after=after, limit=_PAGE):
        yield from rows
        after = rows[-1].cursor


def _write_json(rows: Iterable[EventRow], out: IO[bytes]) -> None:
    out.write(b"[")
    for number, row in enumerate(rows):
        out.write(b",\n" if number else b"\n")
        out.write(json.dumps(event_item(row), ensure_ascii=False).encode("utf-8", "replace"))
    out.write(b"\n]\n")


_COLUMNS = (
    "id when begin end edtf granularity shape type value mod expression statement explanation "
    "document title path dct dct_source language page"
).split()


def _write_csv(rows: Iterable[EventRow], out: IO[bytes]) -> None:
    text = io.TextIOWrapper(out, "utf-8", errors="replace", newline="", write_through=True)
    text.write("\ufeff")  # without it Excel reads UTF-8 as Windows-1252
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for row in rows:
        item = event_item(row)
        document = item["document"]
        cells: dict[str, object] = {**item, **document, "id": item["id"], "document": document["id"]}
        writer.writerow([_cell(cells[name]) for name in _COLUMNS])
    text.detach()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) and not re.fullmatch(r"-?\d[\dT:-]*", text) else text


def _write_ics(rows: Iterable[EventRow], out: IO[bytes]) -> None:
    """One VEVENT an event. iCalendar knows the years 1 to 9999 only; what lies outside is counted, not bent."""
    head = icalendar.Calendar()
    head.add("prodid", "-//timeline-builder//EN")
    head.add("version", "2.0")
    lines = head.to_ical().decode().splitlines(keepends=True)
    out.write("".join(lines[:-1]).encode())
    left_out = 0
    for row in rows:
        event = _calendar_event(row)
        if event is None:
            left_out += 1
        else:
            out.write(event.to_ical())
    if left_out:
        note = icalendar.Calendar()
        note.add("x-wr-caldesc", f"{left_out} events outside the years 1 to 9999 are not in this calendar")
        out.write("".join(note.to_ical().decode().splitlines(keepends=True)[1:-1]).encode())
    out.write(lines[-1].encode())


def _calendar_event(row: EventRow) -> icalendar.Event | None:
    event, place, document = row.event, row.event.placement, row.document
    begin = place.begin if place.begin is not None else (place.end or 0) - DAY
    end = place.end if place.end is not None and place.begin is not None else begin + DAY
    if not (civil(begin // DAY)[0] >= 1 and civil(end // DAY)[0] <= 9999):
        return None
    made = icalendar.Event()
    made.add("uid", f"{event.id}-{document.id}@timeline-builder")
    stamp = date.fromisoformat(document.dct) if document.dct else date(1970, 1, 1)
    made.add("dtstamp", datetime(stamp.year, stamp.month, stamp.day, tzinfo=UTC))
    if place.granularity in _CLOCK_UNITS:
        made.add("dtstart", _moment(begin))
        made.add("dtend", _moment(end))
    else:
        made.add("dtstart", _moment(begin).date())
        made.add("dtend", max(_moment(end).date(), _moment(begin).date() + timedelta(days=1)))
    when = say_placement(place, event.timex)
    made.add("summary", _XML_FORBIDDEN.sub("\ufffd", event.statement[event.clause_start : event.clause_end]))
    said = f"{event.statement}\n\n{when} (“{event.expression}”)\n{event.explanation}\n\n{_source(row)}"
    made.add("description", _XML_FORBIDDEN.sub("\ufffd", said))
    made.add("transp", "TRANSPARENT")
    made.add("categories", [place.shape.value, place.granularity])
    return made


def _moment(seconds: int) -> datetime:
    return datetime(1, 1, 1) + timedelta(seconds=seconds)  # noqa: DTZ001 - floating time: the text names no zone


def _source(row: EventRow) -> str:
    document = row.document
    dated = f"{document.dct} ({SOURCE_WORDS[document.dct_source]})" if document.dct else "undated"
    return f"{document.title}, {document.path}, {dated}"


def _write_timelinejs(rows: Iterable[EventRow], out: IO[bytes]) -> None:
    """https://timeline.knightlab.com/docs/json-format.html; its texts are HTML, so ours are escaped."""
    out.write(b'{"scale": "human", "events": [')
    for number, row in enumerate(rows):
        out.write(b",\n" if number else b"\n")
        out.write(json.dumps(_slide(row), ensure_ascii=False).encode("utf-8", "replace"))
    out.write(b"\n]}\n")


def _slide(row: EventRow) -> dict[str, object]:
    event, place = row.event, row.event.placement
    begin = place.begin if place.begin is not None else (place.end or 0) - DAY
    when = say_placement(place, event.timex)
    quote = (
        escape(event.statement[: event.expression_start])
        + f"<mark>{escape(event.statement[event.expression_start : event.expression_end])}</mark>"
        + escape(event.statement[event.expression_end :])
    )
    slide: dict[str, object] = {
        "start_date": {**_slide_date(begin, place.granularity), "display_date": when},
        "text": {
            "headline": escape(event.statement[event.clause_start : event.clause_end][:140]),
            "text": f"<blockquote>{quote}</blockquote><p>{escape(_source(row))}</p><p>{escape(event.explanation)}</p>",
        },
        "unique_id": f"e-{event.id}-{row.document.id}",
        "group": escape(row.document.title),
    }
    if place.end is not None and place.begin is not None and place.end - place.begin > DAY:
        slide["end_date"] = {**_slide_date(place.end - 1, place.granularity), "display_date": " "}
    return slide


def _slide_date(seconds: int, granularity: str) -> dict[str, int]:
    days, rest = divmod(seconds, DAY)
    year, month, day = civil(days)
    found = {"year": year, "month": month, "day": day}
    if granularity in _CLOCK_UNITS:
        found |= {"hour": rest // 3600, "minute": rest % 3600 // 60}
    return found


def timeml(document: Document, mentions: Sequence[Mention], document_id: str = "") -> str:
    """A document as TimeML 1.2.1 with its TIMEX3; an impossible date stays unmarked, for it has no value."""
    pieces = []
    at = 0
    for number, mention in enumerate((m for m in mentions if m.timex is not None), 1):
        if mention.start < at or mention.timex is None:
            continue
        pieces.append(_xml(document.text[at : mention.start]))
        pieces.append(f"<TIMEX3 {_attributes(mention.timex, number)}>{_xml(mention.text)}</TIMEX3>")
        at = mention.end
    pieces.append(_xml(document.text[at:]))
    dct = document.dct.isoformat() if document.is_dated else "XXXX-XX-XX"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<TimeML xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xsi:noNamespaceSchemaLocation="http://timeml.org/timeMLdocs/TimeML_1.2.1.xsd">\n'
        f"<DOCID>{_xml(document_id or document.name)}</DOCID>\n"
        f'<DCT><TIMEX3 tid="t0" type="DATE" value="{dct}" temporalFunction="false"'
        f' functionInDocument="CREATION_TIME">{dct}</TIMEX3></DCT>\n'
        f"<TITLE>{_xml(document.title)}</TITLE>\n<TEXT>{''.join(pieces)}</TEXT>\n</TimeML>\n"
    )


def _attributes(timex: Timex, number: int) -> str:
    found = {"tid": f"t{number}", "type": timex.type.value, "value": timex.value}
    found |= {name: value for name in ("mod", "quant", "freq") if (value := getattr(timex, name))}
    return " ".join(f"{name}={quoteattr(_XML_FORBIDDEN.sub('', value))}" for name, value in found.items())


def _xml(text: str) -> str:
    return xml_escape(_XML_FORBIDDEN.sub("\ufffd", text))


def _write_timeml(store: Store, out: IO[bytes], wanted: set[str] | None) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        after: str | None = None
        while documents := store.documents(state=State.DONE, after=after, limit=200):
            after = documents[-1].id
            for summary in documents:
                if wanted is not None and summary.id not in wanted:
                    continue
                row = store.document(summary.id)
                if row is not None and row.document is not None:
                    said = timeml(row.document, row.mentions, row.id)
                    # A fixed time: the same store gives the same file.
                    archive.writestr(zipfile.ZipInfo(f"{row.id}.tml"), said.encode("utf-8", "replace"))


def _write_html(store: Store, rows: Iterable[EventRow], out: IO[bytes]) -> None:
    chosen: list[EventRow] = []
    for row in rows:
        chosen.append(row)
        if len(chosen) > MOST_IN_ONE_FILE:
            raise UsageError(
                f"one HTML file holds at most {MOST_IN_ONE_FILE:,} events: export a part of them, or hand over the site"
            )
    hashes: dict[str, str] = {}
    for identity in {row.document.id for row in chosen}:
        document = store.document(identity, with_text=False)
        if document is not None and document.sha256:
            hashes[identity] = document.sha256
    items = json.dumps([event_item(row) for row in chosen], ensure_ascii=True, separators=(",", ":"))
    out.write(one_file(chosen, hashes, items).encode("utf-8", "replace"))
