"""What a meaning may ask of its text: anchors, what was mentioned before, tense. One Context a text."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from timeline.model import AnchorSource, Segment
from timeline.temporal.packs import Pack
from timeline.temporal.readings import Anchor, anchor_of, year_at
from timeline.temporal.reckonings import RECKONINGS
from timeline.temporal.tokens import Tokens
from timeline.temporal.values import Cal, civil, duration, within, year_of
from timeline.temporal.verbs import Verbs

_BRACKET = 200  # characters a bracket's dates may stand from the year before it
_SAME_DAY = 600  # characters after "17 July" in which "the 17th" is still that day
_BACKGROUND = 6  # tokens between "had" and the date of what had been before
_FAR = 20  # years from the time spoken of beyond which a year in mid-sentence is told in passing
_OPENING = 15  # characters within which a mention opens its sentence
_HEAD = 300  # characters within which a date on a line of its own is that of the text
_FINENESS = {
    "millennium": -1,
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
# A year's first digit leads: a pattern that begins with what must not stand before it is tried at every character.
_YEAR = re.compile(r"[12](?<![\d.,$€£#/-].)(?:(?<=1)\d|(?<=2)0)\d\d(?![\d,.:/-]?\d)")
_CHATTY = re.compile(  # what only stands in tweets and chat lines, in any language
    r"(?<!\w)[@#]\w|https?://|!!|\?\?|\.\.\.|…|(?<!\w)[:;=]-?[()DPp](?!\w)|[\U0001F300-\U0001FAFF]|<3|\^\^|\*\w+\*|(?<!\S)[:~]+(?!\S)"
)
_OWN_YEARS = range(1300, 1500)  # of the Persian and the Islamic calendar: our 1883 to 2121
_ASIDE = 4  # tokens from "born" to its date
_STORY = 400  # characters after a full date within which a bare day goes on from it
_NEWS = 2000  # characters after a mention counted from the document's day within which a bare day is near it
_YEAR_DIGITS = 5  # a number of so many digits is no year
_SHORTEST_STORY = 150
_SHORTEST_ESSAY = 1000
_DAILY = 1500  # characters: news of the day names a day at least so often
_MARGIN = 12  # characters that may stand beside a heading, before and after
_SHORT = 320  # characters: beyond this a text is no single message


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
    clock: tuple[int, int] = (-1, -1)  # tokens of the last time of day settled
    months_told: int = -1  # character where the last length of some months ended, other than a quarter's
    position: int = 0  # token where the match under consideration begins
    stop: int = 0  # token after it
    offset: int = 0  # character where it begins
    key: Callable[[int], str] = field(init=False)  # of a token; empty outside the text
    keys_before: Callable[[int, int], list[str]] = field(init=False)  # of so many tokens that end before a token
    keys_after: Callable[[int, int], list[str]] = field(init=False)  # of so many from a token on
    heading: Anchor | None = None  # the day that has the last line of its own
    _mentioned: dict[int, tuple[Cal, tuple[int, int]]] = field(default_factory=dict)
    _years_of_days: dict[tuple[int, int], tuple[int, tuple[int, int]]] = field(default_factory=dict)
    _numbered: dict[int, tuple[Cal, tuple[int, int]]] = field(default_factory=dict)  # day of the month → the last such
    _by_unit: dict[str, tuple[Cal, tuple[int, int]]] = field(default_factory=dict)
    _passed: int | None = None  # the last far year that was told in passing
    _stamp: Anchor | None = None  # the date standing alone at the head of a text nobody dated
    _story: tuple[Cal, tuple[int, int]] | None = None  # the last day or month told with its year, or counted from one
    _pointed: int = -10_000  # the character where the document's own day was last counted from

    def __post_init__(self) -> None:
        self.key, self.keys_before, self.keys_after = self.tokens.key, self.tokens.keys_before, self.tokens.keys_after

    # anchors ------------------------------------------------------------------------------------------------------

    @cached_property
    def _segment_starts(self) -> list[int]:
        return [segment.start for segment in self.segments]

    def document(self) -> Anchor | None:
        """The document's creation time, or that of the segment the match stands in."""
        if self.segments:
            at = bisect_right(self._segment_starts, self.offset) - 1
            if at >= 0 and self.segments[at].dct is not None and self.offset < self.segments[at].end:
                return anchor_of(self.segments[at].dct, AnchorSource.SEGMENT)
        return anchor_of(self.dct, AnchorSource.DOCUMENT) or self._stamp

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

    def day_told(self, day: int) -> Anchor | None:
        """The day of that number mentioned a little before: "the 17th" in a text that spoke of 17 July."""
        found = self._numbered.get(day)
        if found is None or self.offset - found[1][1] > _SAME_DAY:
            return None
        return Anchor(found[0], AnchorSource.MENTION, span=found[1])

    def bracketed_year(self) -> Anchor | None:
        """The year before an open bracket the match stands in: "three in 1997 (in January and in October)"."""
        found = self._by_unit.get("year")
        between = self.text[found[1][1] : self.offset] if found else ""
        if found is None or len(between) > _BRACKET or between.count("(") <= between.count(")"):
            return None
        return Anchor(found[0], AnchorSource.MENTION, span=found[1])

    def year_told(self, month: int, day: int) -> int | None:
        """The year with which this day was mentioned before: "25 June" in a text that spoke of 25 June 2009."""
        found = self._years_of_days.get((month, day))
        return found[0] if found else None

    def story(self) -> Anchor | None:
        """The day or month just told with a year well before the document's, where nothing near points to its own."""
        if self.is_narrative or self.dct is None or self._story is None:
            return None
        cal, span = self._story
        year, _, _ = civil(within(cal, "day").index)
        is_near = self.offset - span[1] <= _STORY and self.offset - self._pointed > _NEWS
        return Anchor(cal, AnchorSource.MENTION, span=span) if is_near and year + 1 < self.dct.year else None

    def base(self, unit: str = "year", *, prefers_mention: bool = False) -> Anchor | None:
        """What to count from: the document in news, the last dated mention in a narrative or when asked for."""
        if prefers_mention or self.is_narrative:
            found = self.mentioned(unit)
            if found:
                return found
        return None if self.is_narrative else self.document()

    def note(self, cal: Cal, span: tuple[int, int], first: int, anchor: Anchor | None) -> None:
        """Remember a dated mention that begins at token `first`; without an anchor its year was said."""
        self.position = first
        is_complete = anchor is None
        if anchor is not None and anchor.span is None:
            self._pointed = span[1]  # "yesterday": told from the document's own day
        elif cal.unit in ("day", "month") and (anchor is None or (self._story and anchor.span == self._story[1])):
            is_aside = not self.pack.tense.get("aside", frozenset()).isdisjoint(self.keys_before(first, _ASIDE))
            self._story = None if is_aside else (cal, span)
        if self.is_narrative and self._mentioned and self._is_background(cal):
            return
        if cal.unit == "day":
            self._numbered[civil(cal.index)[2]] = (cal, span)
        self._mentioned[_FINENESS[cal.unit]] = (cal, span)
        self._by_unit[cal.unit] = (cal, span)
        if cal.unit == "day" and self._is_alone(span):
            self.heading = Anchor(cal, AnchorSource.MENTION, span=span)
        if is_complete and cal.unit == "day" and self.dct is None and not self._stamp and self._stands_alone(span):
            self._stamp = Anchor(cal, AnchorSource.MENTION, span=span)
        if is_complete and cal.unit == "day" and not self.is_narrative:
            year, month, day = civil(cal.index)
            self._years_of_days[month, day] = (year, span)

    def is_pluperfect(self) -> bool:
        """Whether a "had" stands shortly before the match in its sentence."""
        begin = self.sentence_start()
        reach = sum(start >= begin for start in self.tokens.starts[max(0, self.position - _BACKGROUND) : self.position])
        words = self.pack.tense.get("pluperfect", frozenset())
        return not words.isdisjoint(self.keys_before(self.position, reach))

    def _is_background(self, cal: Cal) -> bool:
        """Whether the story does not go on at a date: what had been before, "which had been signed in May 1839", or a
        far year in passing, "the treaty of 1839"."""
        if self.is_pluperfect():
            return True
        last, year = self.mentioned(), year_of(cal)
        if cal.unit != "year" or last is None or abs(year - year_at(last)) <= _FAR:
            return False
        passed, self._passed = self._passed, year
        if passed is not None and abs(year - passed) <= _FAR:
            return False  # the second such year: the story has moved there
        return self.tokens.starts[self.position] - self.sentence_start() > _OPENING

    def _stands_alone(self, span: tuple[int, int]) -> bool:
        """Whether a mention is a line of its own at the head of the text."""
        return span[0] < _HEAD + _MARGIN and self._is_alone(span)

    def _is_alone(self, span: tuple[int, int]) -> bool:
        """Whether a mention has a line of its own, as the day above the entries of a log has."""
        start, stop = span
        before = self.text[max(0, start - _MARGIN) : start].rpartition("\n")
        after = self.text[stop : stop + _MARGIN].partition("\n")
        return bool((before[1] or start < _MARGIN) and after[1]) and not (before[2] + after[0]).strip(" \t#*=:.,-")

    # the document as a whole --------------------------------------------------------------------------------------

    @cached_property
    def is_narrative(self) -> bool:
        """Whether the creation time is no anchor: told, or seen from the years the text speaks of."""
        if self.narrative is not None:
            return self.narrative
        years = [*map(self._in_our_years, map(int, _YEAR.findall(self.text))), *self._ancient_years]
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

    def _in_our_years(self, year: int) -> int:
        """1403 is 2024 where years are counted in the pack's own calendar."""
        name = self.pack.defaults.get("calendar")
        days = RECKONINGS[str(name)].year(year) if name and year in _OWN_YEARS else None
        return civil(days[1])[0] if days else year

    @cached_property
    def _ancient_years(self) -> list[int]:
        """Numbers before an era word, which is all that tells an ancient history."""
        eras = self.pack.classes.get("era", {})
        firsts = {key.partition(" ")[0] for key in eras}
        places = self._places(firsts)
        years = []
        for index in sorted({at - back for at in places for back in (1, 2)}):
            number = self.key(index)
            if not "0" <= number[:1] <= "9":
                continue
            era = next((at for at in (index + 1, index + 2) if self.key(at) in firsts), 0)
            if era and len(number) < _YEAR_DIGITS and (said := self._era_at(era)):
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
        """How often something is told from the day of writing: "ago", "last year", "this week"; not "the last days"."""
        tense, units = self.pack.tense, self.pack.classes.get("unit", {})
        alone, with_unit = tense.get("deictic", frozenset()), tense.get("deictic_unit", frozenset())
        following = [at + 1 for at in self._places(with_unit - alone)]
        pointing = sum(units.get(self.key(at), "day") != "day" for at in following)
        return pointing + sum(self._counts[word] for word in alone)

    @cached_property
    def _deictic(self) -> int:
        """How many words of the text point from its own day: weekdays without a date beside them, today, yesterday."""
        classes = self.pack.classes
        weekdays = classes.get("plain_weekday", classes.get("weekday", {}))
        near, months, days = classes.get("near_shift", {}), classes.get("month", {}), classes.get("days", {})
        keys = self.tokens.keys
        told = sum(self._counts[word] for word in days)

        def is_dated(index: int) -> bool:
            beside = [*keys[max(0, index - 1) : index], *keys[index + 1 : index + 3]]
            return any(key in months or key in near or key.isdecimal() for key in beside)

        return told + sum(not is_dated(at) for at in self._places(weekdays.keys() - days.keys()))

    @cached_property
    def _counts(self) -> Counter[str]:
        """How often each key stands in the text."""
        return Counter(self.tokens.keys)

    def _places(self, words: Collection[str]) -> list[int]:
        """The tokens that are one of these words."""
        sought = {word for word in words if word in self._counts}
        return [at for at, key in enumerate(self.tokens.keys) if key in sought] if sought else []

    @cached_property
    def is_daily(self) -> bool:
        """Whether the text tells what happened about its own day, as news of the day does: weekdays, "yesterday"."""
        days = self.pack.classes.get("days", {})
        words = {*self.pack.classes.get("plain_weekday", ()), *(word for word in days if str(days[word])[0] == "-")}
        told = sum(self._counts[word] for word in words)
        return len(self.text) < _SHORTEST_ESSAY or told * _DAILY >= len(self.text)

    @cached_property
    def register(self) -> str:
        """ "informal" (a tweet, a chat line), "command" (a request to an assistant), "narrative", or "" for news."""
        if len(self.text) > _SHORT:
            return "narrative" if self.is_narrative else ""
        slang = self.pack.classes.get("slang", {})
        if _CHATTY.search(self.text) or any(word in self._counts for word in slang):
            return "informal"
        return "command" if len(self.text) < _SHORT / 2 and "past" not in self.verbs.told else ""

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

    def is_led_by(self, kind: str) -> bool:
        """Whether the one or two words before the match are of a kind of `[tense]`: "since", "ahead of" (mid-)."""
        words, passed, at = self.pack.tense.get(kind, frozenset()), self.pack.tense.get("passed", ()), self.position - 1
        first, last = self.clock
        if last == self.position or (last == at and self.key(at) in self.pack.joins.get("time_date", ())):
            at = first - 1  # "until 5 p.m. Friday"
        while self.key(at) in passed:
            at -= 1
        return self.key(at) in words or f"{self.key(at - 1)} {self.key(at)}" in words

    @cached_property
    def verbs(self) -> Verbs:
        """The words of the text that tell tense; read only when the first mention asks."""
        return Verbs(
            self.tokens, self.pack.cues, self.pack.tense, self.pack.participles, self.pack.classes.get("weekday", {})
        )

    def length(self, amount: float | str, unit: str) -> str:
        """A length of time, its halves spelled as the pack has them: PT1.5H or PT1H30M."""
        if isinstance(amount, str):
            return duration(amount, unit, decades=str(self.pack.defaults.get("decades", "")))
        is_decimal = self.pack.defaults.get("halves") == "decimal" and (amount > 1 or unit == "hour")
        return duration(amount, unit, is_decimal=is_decimal)

    def sentence_start(self) -> int:
        """The character where the sentence of the match begins."""
        return self.verbs.sentence_start(self.position)

    @property
    def lean(self) -> str:
        """The tense of the whole text, for mentions without a verb of their own."""
        return self.verbs.lean

    def tense(self) -> str:
        """The tense of the verb nearest to the match within its sentence: past, present, future or empty."""
        if self.is_led_by("appointed"):  # "postponed to Thursday", whatever the verb's own tense
            return "future"
        return self.verbs.tense(self.position, self.stop)
