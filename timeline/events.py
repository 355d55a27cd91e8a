"""Timex + sentence → event, and the sentence that says why."""

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date, datetime

from timeline.model import AnchorSource, DctSource, Document, Event, Mention, Signal
from timeline.temporal.placing import place
from timeline.wording import SOURCE_WORDS, say_date, say_placement, say_value

# A statement longer than this is cut around its expression: a table without full stops is one "sentence".
_STATEMENT_CHARS = 600
_CLAUSE_CHARS = 220

_SENTENCE_END = re.compile(
    r"[.!?…]+[\"'”’»)\]*_]*(?=\s)|[。！？]+[」』”]*|\n[ \t]*\n|\n(?=[ \t]*(?:[-*•#>]|\d+[.)])[ \t])"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Sgt|Capt|Sen|Rep|Gov|St|Jr|Sr|vs|No|Nos|Inc|Ltd|Co|Corp|etc|approx|ca|c|cf|ed|vol|pp?"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun|e\.g|i\.e|z\.B|Nr|bzw|usw|Abs)"
    r"|\b[A-Z])\.$"
)
_CLOCK_STOP = re.compile(r"\b[ap]\.m\.$", re.IGNORECASE)  # ends a sentence when a capital follows
_ORDINAL = re.compile(r"\b\d{1,2}\.$")
_ORDINAL_DOTS = frozenset("de da nb no fi et lv hu cs sk sl hr sr bs is tr eu".split())  # "6. November"
_CLAUSE_BREAK = re.compile(r"[;:—–]\s|,\s(?=(?:and|but|which|who|while|although|where|because|when)\b)| — ")
_SPACE = re.compile(r"\s+")


def compose(document: Document, mentions: Sequence[Mention]) -> tuple[Event, ...]:
    """The events of a document: one for each mention that has a place on the line, in text order.

    A from–to is one event; mentions without a place (a bare duration, "now") are none.
    """
    text_hash = hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()
    sentences = _Sentences(document.text, document.language)
    times = _Times(document)
    events = []
    for index, mention in enumerate(mentions):
        following = mentions[index + 1] if index + 1 < len(mentions) else None
        if mention.signal is Signal.TO and index and _is_pair(mentions[index - 1], mention):
            continue  # its opening partner carries the event
        partner = following if following is not None and _is_pair(mention, following) else None
        placement = place(mention, times.at(mention.start), partner)
        if placement is None or mention.timex is None:
            continue
        start, end = _phrase(mention)
        if partner is not None:
            end = _phrase(partner)[1]
        statement, at, to, clause = sentences.around(start, end)
        identity = f"{text_hash}:{start}:{end}:{mention.timex.type}"
        events.append(
            Event(
                id=hashlib.sha256(identity.encode()).hexdigest()[:16],
                placement=placement,
                timex=mention.timex,
                expression=_SPACE.sub(" ", document.text[start:end]),
                statement=statement,
                expression_start=at,
                expression_end=to,
                clause_start=clause[0],
                clause_end=clause[1],
                span=(start, end),
                page=bisect_right(document.pages, start) or None if document.pages else None,
                explanation=_explain(document, mention, partner, times),
                rule=mention.explanation.rule,
            )
        )
    return tuple(events)


def explain(document: Document, mention: Mention, partner: Mention | None = None) -> str:
    """The sentence that leads from the expression to its date: expression → steps → anchor → value."""
    return _explain(document, mention, partner, _Times(document))


def _explain(document: Document, mention: Mention, partner: Mention | None, times: "_Times") -> str:
    start, end = _phrase(mention)
    if partner is not None:
        end = _phrase(partner)[1]
    phrase = _SPACE.sub(" ", document.text[start:end])
    why = mention.explanation
    parts = list(why.steps)
    dct = times.at(mention.start)
    parts.extend(_say_anchor(document, mention, dct))
    placement = place(mention, dct, partner)
    if mention.timex is None:
        outcome = "no such date exists, so it has no value"
    elif placement is not None:
        outcome = say_placement(placement, mention.timex if partner is None else None)
    else:
        outcome = _say_placeless(document, mention)
    if mention.ambiguous:
        outcome += " (day and month could be read the other way round: nothing in the document decides)"
    return f"“{phrase}” → {'; '.join(parts) or 'as written'} → {outcome}"


def _say_placeless(document: Document, mention: Mention) -> str:
    if mention.is_adrift and not document.is_dated:
        return "unanchored: it stands on no timeline until the document gets a date"
    return (
        f"{say_value(mention.timex)}; the text ties it to no date, so it stands on no timeline" if mention.timex else ""
    )


def _say_anchor(document: Document, mention: Mention, dct: date | datetime | None) -> list[str]:
    why = mention.explanation
    if why.anchor_source is AnchorSource.NONE and not (mention.perfect or mention.vague):
        return []
    if why.anchor_source is AnchorSource.MENTION and why.anchor_span is not None:
        start, end = why.anchor_span
        return [f"counted from “{_SPACE.sub(' ', document.text[start:end])}” earlier in the text"]
    if dct is None:
        return ["unanchored: counted from the document’s date, which is not known"]
    if why.anchor_source is AnchorSource.SEGMENT:
        return [f"counted from the time of the message it stands in, {say_date(dct)}"]
    return [f"counted from the document’s date, {say_date(document.dct)} ({SOURCE_WORDS[document.dct_source]})"]


def _phrase(mention: Mention) -> tuple[int, int]:
    """Extent with the signal word, where there is one."""
    start = mention.phrase_start if mention.phrase_start >= 0 else mention.start
    return min(start, mention.start), max(mention.phrase_end, mention.end)


def _is_pair(first: Mention, second: Mention) -> bool:
    """Whether two neighbours are the two ends of one from–to."""
    return (
        first.signal is Signal.FROM
        and second.signal is Signal.TO
        and first.timex is not None
        and second.timex is not None
        and second.start - first.end <= 40
    )


class _Times:
    """The anchor of each place in a document: the innermost segment with a time of its own, else the document's."""

    _NESTING = 16  # quoted mails nest; deeper ones than this keep the time of what is around them

    def __init__(self, document: Document) -> None:
        self._dct = None if document.dct_source is DctSource.UNKNOWN else document.dct
        self._segments = sorted((s for s in document.segments if s.dct is not None), key=lambda s: s.start)
        self._starts = [segment.start for segment in self._segments]

    def at(self, offset: int) -> date | datetime | None:
        last = bisect_right(self._starts, offset)
        for segment in reversed(self._segments[max(last - self._NESTING, 0) : last]):
            if offset < segment.end and segment.dct is not None:
                return segment.dct
        return self._dct


class _Sentences:
    """The sentences of a text, found once, looked up by offset."""

    def __init__(self, text: str, language: str) -> None:
        self._text = text
        self._starts = [0]
        for match in _SENTENCE_END.finditer(text):
            dot = match.start()
            if text[dot] == "." and _ABBREVIATION.search(text, max(0, dot - 12), dot + 1):
                continue
            if (
                _CLOCK_STOP.search(text, max(0, dot - 3), dot + 1)
                and not text[match.end() : match.end() + 3].strip().istitle()
            ):
                continue
            if language in _ORDINAL_DOTS and _ORDINAL.search(text, max(0, dot - 3), dot + 1):
                continue
            self._starts.append(match.end())
        self._starts.append(len(text))

    def around(self, start: int, end: int) -> tuple[str, int, int, tuple[int, int]]:
        """The folded sentence around [start, end), the phrase's offsets in it, and its clause's."""
        left = self._starts[max(bisect_right(self._starts, start) - 1, 0)]
        right = self._starts[min(bisect_left(self._starts, end), len(self._starts) - 1)]
        left, right = max(left, start - _STATEMENT_CHARS // 2), min(right, end + _STATEMENT_CHARS // 2)
        before = _SPACE.sub(" ", self._text[left:start]).lstrip(" #>*•-")
        phrase = _SPACE.sub(" ", self._text[start:end])
        after = _SPACE.sub(" ", self._text[end:right]).rstrip()
        statement = before + phrase + after
        at = len(before)
        return statement, at, at + len(phrase), _clause(statement, at, at + len(phrase))


def _clause(statement: str, start: int, end: int) -> tuple[int, int]:
    """The clause worth showing first: the whole sentence when it is short, else what stands between its breaks."""
    if len(statement) <= _CLAUSE_CHARS:
        return 0, len(statement)
    left, right = 0, len(statement)
    for match in _CLAUSE_BREAK.finditer(statement):
        if match.end() <= start and start - match.end() > 60:
            left = match.end()
        elif match.start() >= end and match.start() - end > 60:
            right = match.start()
            break
    return left, right
