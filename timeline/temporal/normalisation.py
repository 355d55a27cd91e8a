"""What a meaning may ask: anchors, what was mentioned before, tense. One Context a text."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from timeline.model import AnchorSource, Segment, TimexType
from timeline.temporal.packs import Pack, Scalar
from timeline.temporal.tokens import Tokens
from timeline.temporal.values import Cal, civil, spell, within

_AUXILIARY_REACH = 3  # tokens from "will" to its participle
_TENSE_WINDOW = 25  # tokens looked at on each side of a mention for its verb
_FINENESS = {
    "century": 0,
    "decade": 1,
    "year": 2,
    "half": 3,
    "season": 4,
    "quarter": 4,
    "month": 5,
    "week": 6,
    "weekend": 7,
    "day": 8,
}
_NUMERIC_DATE = re.compile(r"(?<![\d./-])(\d{1,2})([./-])(\d{1,2})\2(?:\d{4}|\d{2})(?![\d/-])")
_YEAR = re.compile(r"(?<![\d.,$€£#/-])(1\d{3}|20\d\d)(?![\d,.:/-]?\d)")
_CHATTY = re.compile(  # what only stands in tweets and chat lines, in any language
    r"(?<!\w)[@#]\w|https?://|!!|\?\?|\.\.\.|…|(?<!\w)[:;=]-?[()DPp](?!\w)|[\U0001F300-\U0001FAFF]|<3|\^\^|\*\w+\*|(?<!\S)[:~]+(?!\S)"
)
_SHORTEST_STORY = 150
_SHORT = 320  # characters: beyond this a text is no single message


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a relative expression is counted from."""

    cal: Cal
    source: AnchorSource
    seconds: int | None = None  # of the day, when the anchor is known to the second
    span: tuple[int, int] | None = None

    @property
    def value(self) -> str:
        """Its TIMEX3 value."""
        if self.seconds is None:
            return spell(self.cal)
        return f"{spell(self.cal)}T{self.seconds // 3600:02d}:{self.seconds // 60 % 60:02d}"


@dataclass(slots=True)
class Reading:
    """What a meaning makes of a match."""

    type: TimexType
    value: str
    cal: Cal | None = None  # the calendar unit, when it is one
    mod: str | None = None
    quant: str | None = None
    freq: str | None = None
    steps: tuple[str, ...] = ()
    anchor: Anchor | None = None
    clock: str | None = None  # "T10:30", "TMO": the time of day within the value
    has_day: bool = True  # a time of day whose day was said, not filled in
    is_vague: bool = False
    is_ambiguous: bool = False
    is_impossible: bool = False
    is_comparison: bool = False  # "a year earlier": said to compare with, the text does not go on from there
    unit: str = ""  # the unit of a duration, or the granularity of a date


class Slots:
    """What a rule captured, and its constants."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Scalar]) -> None:
        self._values = values

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def integer(self, name: str) -> int | None:
        """A whole number, or None."""
        value = self._values.get(name)
        if isinstance(value, (int, float)):
            return int(value)
        return int(value) if value is not None and value.isdecimal() else None

    def amount(self, name: str) -> float | str | None:
        """A number or "X"."""
        value = self._values.get(name)
        if isinstance(value, (int, float)):
            return value
        if isinstance(value, str) and value.isdecimal():
            return int(value)
        return "X" if value is not None else None

    def text(self, name: str, default: str = "") -> str:
        """A text; numbers are spelled."""
        value = self._values.get(name)
        return default if value is None else str(value)

    def under(self, prefix: str) -> "Slots":
        """The slots whose name begins with a prefix, without it."""
        return Slots({k.removeprefix(prefix): v for k, v in self._values.items() if k.startswith(prefix)})


@dataclass
class Context:
    """Everything around the matches of one text."""

    text: str
    tokens: Tokens
    symbols: Sequence[int]
    pack: Pack
    dct: date | datetime | None
    segments: Sequence[Segment] = ()
    order: str | None = None
    narrative: bool | None = None
    settled: int = 0  # token up to which everything is settled
    position: int = 0  # token where the match under consideration begins
    stop: int = 0  # token after it
    offset: int = 0  # character where it begins
    _mentioned: dict[int, tuple[Cal, tuple[int, int]]] = field(default_factory=dict)
    _years_of_days: dict[tuple[int, int], tuple[int, tuple[int, int]]] = field(default_factory=dict)
    _by_unit: dict[str, tuple[Cal, tuple[int, int]]] = field(default_factory=dict)

    # anchors ------------------------------------------------------------------------------------------------------

    @cached_property
    def _segment_starts(self) -> list[int]:
        return [segment.start for segment in self.segments]

    def document(self) -> Anchor | None:
        """The document's creation time, or that of the segment the match stands in."""
        if self.segments:
            at = bisect_right(self._segment_starts, self.offset) - 1
            if at >= 0 and self.segments[at].dct is not None and self.offset < self.segments[at].end:
                return _anchor(self.segments[at].dct, AnchorSource.SEGMENT)
        return _anchor(self.dct, AnchorSource.DOCUMENT)

    def mentioned(self, unit: str = "century") -> Anchor | None:
        """The last dated mention at least as fine as `unit`."""
        fineness = _FINENESS[unit]
        found = max((self._mentioned[f] for f in self._mentioned if f >= fineness), key=lambda m: m[1], default=None)
        return Anchor(found[0], AnchorSource.MENTION, span=found[1]) if found else None

    def latest(self, *units: str, within_chars: int = 1_000_000) -> Anchor | None:
        """The last mention of exactly one of these units, if it stands near."""
        found = max((m for m in self._by_unit.values() if m[0].unit in units), key=lambda m: m[1], default=None)
        if found is None or self.offset - found[1][1] > within_chars:
            return None
        return Anchor(found[0], AnchorSource.MENTION, span=found[1])

    def year_told(self, month: int, day: int) -> int | None:
        """The year with which this day was mentioned before: "25 June" in a text that spoke of 25 June 2009."""
        found = self._years_of_days.get((month, day))
        return found[0] if found else None

    def base(self, unit: str = "year", *, prefers_mention: bool = False) -> Anchor | None:
        """What to count from: the document in news, the last dated mention in a narrative or when asked for."""
        if prefers_mention or self.is_narrative:
            found = self.mentioned(unit)
            if found:
                return found
        return None if self.is_narrative else self.document()

    def note(self, cal: Cal, span: tuple[int, int], *, is_complete: bool) -> None:
        """Remember a dated mention; `is_complete` when it stood by itself, with its year."""
        self._mentioned[_FINENESS[cal.unit]] = (cal, span)
        self._by_unit[cal.unit] = (cal, span)
        if is_complete and cal.unit == "day" and not self.is_narrative:
            year, month, day = civil(cal.index)
            self._years_of_days[month, day] = (year, span)

    # the document as a whole --------------------------------------------------------------------------------------

    @cached_property
    def is_narrative(self) -> bool:
        """Whether the creation time is no anchor: told, or seen from the years the text speaks of."""
        if self.narrative is not None:
            return self.narrative
        years = [int(found[1]) for found in _YEAR.finditer(self.text)] + self._ancient_years
        if not years or len(self.text) < _SHORTEST_STORY:
            return False
        if self.dct is None:
            return len(years) >= 6
        far = sum(abs(year - self.dct.year) > 2 for year in years)
        if len(years) < 6 or len(self.text) < 600:
            return far == len(years) and not self._deictic and not self._pointing and self.lean == "past"
        return (
            far >= 0.75 * len(years)
            and len(years) * 1500 >= len(self.text)
            and (self._deictic + self._pointing) * 6 <= len(years)
        )

    @cached_property
    def _ancient_years(self) -> list[int]:
        """Numbers before an era word, which is all that tells an ancient history."""
        eras = self.pack.classes.get("era", {})
        firsts = {key.partition(" ")[0] for key in eras}
        if firsts.isdisjoint(map(self.pack.tokeniser.key, set(self.tokens.texts))):
            return []
        years = []
        for index, token in enumerate(self.tokens.texts):
            if self.pack.tokeniser.key(token) not in firsts:
                continue
            number = next((key for back in (1, 2) if (key := self.key(index - back)).isdecimal() and len(key) < 5), "")
            if number and (said := self._era_at(index)):
                years.append(-int(number) if said == "BC" else int(number))
        return years

    def _era_at(self, index: int) -> str:
        """The era told by the words from a token on: "bc", "до н. е."."""
        eras = self.pack.classes.get("era", {})
        longest = max(key.count(" ") for key in eras) + 1
        words = (" ".join(self.keys_after(index, size)) for size in range(longest, 0, -1))
        return next((str(eras[word]) for word in words if word in eras), "")

    @cached_property
    def _pointing(self) -> int:
        """How often something is told from the day of writing: "ago", "last year", "this week"."""
        tense, units = self.pack.tense, self.pack.classes.get("unit", {})
        alone, with_unit = tense.get("deictic", frozenset()), tense.get("deictic_unit", frozenset())
        keys = [*map(self.pack.tokeniser.key, self.tokens.texts), ""]
        return sum(key in alone or (key in with_unit and keys[index + 1] in units) for index, key in enumerate(keys))

    @cached_property
    def _deictic(self) -> int:
        """How many words of the text point from its own day: weekdays, today, yesterday."""
        classes = self.pack.classes
        words = {*classes.get("days", ()), *classes.get("plain_weekday", classes.get("weekday", ()))}
        return sum(self.pack.tokeniser.key(token) in words for token in self.tokens.texts)

    @cached_property
    def register(self) -> str:
        """ "informal" (a tweet, a chat line), "command" (a request to an assistant), "narrative", or "" for news."""
        if len(self.text) > _SHORT:
            return "narrative" if self.is_narrative else ""
        slang = self.pack.classes.get("slang", {})
        if _CHATTY.search(self.text) or any(self.pack.tokeniser.key(token) in slang for token in self.tokens.texts):
            return "informal"
        return "command" if len(self.text) < _SHORT / 2 and not self._cues[1].count("past") else ""

    @cached_property
    def date_order(self) -> tuple[str, bool]:
        """The order of numeric dates, and whether something decides it."""
        votes = {"DMY": 0, "MDY": 0}
        for found in _NUMERIC_DATE.finditer(self.text):
            first, second = int(found[1]), int(found[3])
            if first > 12 >= second:
                votes["DMY"] += 1
            elif second > 12 >= first:
                votes["MDY"] += 1
        if votes["DMY"] != votes["MDY"]:
            return max(votes, key=lambda order: votes[order]), True
        if self.order:
            return self.order, True
        return self.pack.date_order, self.pack.is_order_sure

    # words around -------------------------------------------------------------------------------------------------

    def key(self, index: int) -> str:
        """The key of a token; empty outside the text."""
        return self.pack.tokeniser.key(self.tokens.texts[index]) if 0 <= index < len(self.tokens.texts) else ""

    def keys_before(self, index: int, count: int) -> list[str]:
        """Keys of up to `count` tokens that end just before token `index`."""
        return [self.key(i) for i in range(max(0, index - count), index)]

    def keys_after(self, index: int, count: int) -> list[str]:
        """Keys of up to `count` tokens from token `index` on."""
        return [self.key(i) for i in range(index, min(len(self.tokens.texts), index + count))]

    def is_led_by(self, kind: str) -> bool:
        """Whether the one or two words before the match are of a kind of `[tense]`: "since", "ahead of"."""
        words, before = self.pack.tense.get(kind, frozenset()), self.key(self.position - 1)
        return before in words or f"{self.key(self.position - 2)} {before}" in words

    @cached_property
    def _cues(self) -> tuple[list[int], list[str]]:
        """Where the words stand that tell tense, and which; one pass, only when the first mention asks."""
        told = list(map(self.pack.cues.__getitem__, self.tokens.texts))
        positions = [index for index, kind in enumerate(told) if kind]
        return positions, [told[index] for index in positions]

    @cached_property
    def lean(self) -> str:
        """The tense of the whole text, for mentions without a verb of their own."""
        values = self._cues[1]
        past, future = values.count("past"), values.count("future")
        return "past" if past >= 2 * future and past else "future" if future > past else ""

    def tense(self) -> str:
        """The tense of the verb nearest to the match within its sentence: past, present, future or empty."""
        positions, values = self._cues
        before = bisect_left(positions, self.position) - 1
        after = bisect_left(positions, self.stop)
        best, distance = "", _TENSE_WINDOW + 1
        if before >= 0 and values[before] != "stop" and self.position - positions[before] < distance:
            best, distance = values[before], self.position - positions[before]
            if best == "past" and before and self._is_auxiliary(positions[before - 1], positions[before]):
                best = "future"  # "will be held"
            elif self._is_intent(positions[before]):
                best = "future"  # "planned to leave"
        if after < len(positions) and values[after] != "stop" and positions[after] - self.stop + 1 < distance:
            best = values[after]
        return best

    def _is_intent(self, index: int) -> bool:
        tense = self.pack.tense
        if self.key(index) not in tense.get("intent", ()) or self.key(index + 1) not in tense.get("infinitive", ()):
            return False
        return tense.get("pluperfect", frozenset()).isdisjoint(self.keys_before(index, _AUXILIARY_REACH))

    def _is_auxiliary(self, index: int, verb: int) -> bool:
        return verb - index <= _AUXILIARY_REACH and self.key(index) in self.pack.tense.get("auxiliary", ())


def _anchor(moment: date | datetime | None, source: AnchorSource) -> Anchor | None:
    if moment is None:
        return None
    seconds = None
    if isinstance(moment, datetime) and (moment.hour or moment.minute or moment.second):
        seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return Anchor(Cal("day", moment.toordinal() - 1), source, seconds)


def year_at(anchor: Anchor) -> int:
    """The year of an anchor."""
    return within(anchor.cal, "year").index


def month_at(anchor: Anchor) -> tuple[int, int]:
    """Year and month of an anchor."""
    index = within(anchor.cal, "month").index
    return index // 12, index % 12 + 1


def day_at(anchor: Anchor) -> tuple[int, int, int]:
    """Year, month and day of an anchor's first day."""
    return civil(within(anchor.cal, "day").index)
