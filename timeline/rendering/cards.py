"""An event as its card says it: everything a template needs, worked out, nothing to decide there."""

import re
from dataclasses import dataclass
from functools import cache

from timeline.model import DctSource, Event, Placement, Shape
from timeline.rendering.addresses import event_href
from timeline.rendering.phrases import plain, say
from timeline.rendering.saying import say_place
from timeline.store import EventRow
from timeline.temporal.bounds import DAY, civil, day_number, format_instant
from timeline.wording import SOURCE_WORDS, say_day

# Characters that do nothing good on a page and are not allowed in HTML: controls but tab and newline, surrogates.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_RIGHT_TO_LEFT = frozenset("ar fa he ur yi ps sd ug dv ckb".split())


def printable(text: str) -> str:
    """Text with what HTML forbids made visible as U+FFFD."""
    return _FORBIDDEN.sub("\ufffd", text)


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence or clause with the expression in its middle; `cut_*` says that more stands outside."""

    before: str
    mark: str
    after: str
    cut_before: bool = False
    cut_after: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One entry of the list."""

    id: str
    anchor: str  # id on this page: the event's, told apart where two documents share a text
    when: str
    datetime: str | None  # for <time>; None where HTML has no spelling for it
    expression: str
    says_more: bool  # the expression is not just the date again
    shape: str
    soft: str
    precision: str
    kind: str  # what it is and how exactly it is known, in words
    short: Quote
    whole: Quote | None  # None when the short one is all there is
    language: str
    direction: str
    title: str
    path: str
    href: str
    reported: str
    source: str
    is_weak: bool  # dated by the file's time only
    page: int | None
    explanation: str
    codes: str


def card(row: EventRow, root: str = "", anchor: str = "", href: str = "") -> Card:
    """The card of an event; `root` leads from the page to the top of the site."""
    event, document = row.event, row.document
    placement = event.placement
    when = say_place(placement, event.timex)
    short = _quote(event, event.clause_start, event.clause_end)
    is_cut = short.cut_before or short.cut_after
    return Card(
        id=event.id,
        anchor=anchor or f"e-{event.id}",
        when=when,
        datetime=_datetime(placement.begin),
        expression=printable(event.expression),
        says_more=event.expression.casefold() not in (when.casefold(), placement.edtf),
        shape=placement.shape.value,
        soft=("b" if placement.soft_begin else "") + ("e" if placement.soft_end else ""),
        precision=placement.granularity,
        kind=_kind(placement),
        short=short,
        whole=_quote(event, 0, len(event.statement)) if is_cut else None,
        language=document.language or "und",
        direction="rtl" if document.language in _RIGHT_TO_LEFT else "auto",
        title=printable(document.title or document.path),
        path=printable(document.path),
        href=href or root + event_href(document.id, event.id, event.span[0]),
        reported=say_iso(document.dct) if document.dct else plain()["no_date"],
        source=SOURCE_WORDS[document.dct_source],
        is_weak=document.dct_source in (DctSource.FILE_TIME, DctSource.UNKNOWN),
        page=event.page,
        explanation=printable(event.explanation),
        codes=_codes(event),
    )


def say_iso(date: str) -> str:
    """An ISO date in words."""
    year, month, day = (int(part) for part in date.split("-"))
    return say_day(day_number(year, month, day))


def _kind(placement: Placement) -> str:
    shape = placement.shape.value
    is_about = placement.shape is Shape.MOMENT and (placement.soft_begin or placement.soft_end)
    return _said_kind("about" if is_about else shape, placement.granularity)


@cache
def _said_kind(shape: str, granularity: str) -> str:
    return say(f"kind_{shape}", unit=plain()[f"unit_{granularity.replace(' ', '_')}"])


def _quote(event: Event, start: int, end: int) -> Quote:
    text = event.statement
    return Quote(
        before=printable(text[start : event.expression_start]),
        mark=printable(text[event.expression_start : event.expression_end]),
        after=printable(text[event.expression_end : end]),
        cut_before=bool(text[:start].strip()),
        cut_after=bool(text[end:].strip()),
    )


def _datetime(begin: int | None) -> str | None:
    if begin is None or not 1 <= civil(begin // DAY)[0] <= 9999:
        return None
    return format_instant(begin)


def _codes(event: Event) -> str:
    timex = event.timex
    parts = [f"TIMEX3 {timex.type.value} {timex.value}"]
    parts += [f"mod {timex.mod}"] if timex.mod else []
    parts += [f"EDTF {event.placement.edtf}", f"to the {event.placement.granularity}", f"rule {event.rule}"]
    return " · ".join(parts)
