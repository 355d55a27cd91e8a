"""What the verbs of a text say of its mentions: the tense beside each, and that of the whole."""

import re
from bisect import bisect_left
from collections.abc import Container, Mapping
from functools import cached_property
from itertools import takewhile

from timeline.temporal.tense import Cues
from timeline.temporal.tokens import Tokens

_AUXILIARY_REACH = 3  # tokens from "will" to its participle
_BRACKET_REACH = 12  # the same where the participle closes the sentence: "is op 12 mei in Gent overleden"
_WORDLIKE = re.compile(r"[^,;:.!?]")
_LINK_REACH = 2  # tokens from "agreed" to its "to": "agreed Tuesday to step down"
_COPULA_REACH = 2  # tokens from "is" to the day it names
_SHORTEST_PARTICIPLE = 4
_SHORTEST_STEM = 3  # letters before a hyphen that make the participle behind it an adjective
_WINDOW = 25  # tokens looked at on each side of a mention for its verb, and verbs back to its sentence's beginning


class Verbs:
    """The words of one text that tell tense; `words` are the pack's `[tense]`, `days` its names of days."""

    def __init__(
        self,
        tokens: Tokens,
        cues: Cues,
        words: Mapping[str, frozenset[str]],
        participles: tuple[str, ...],
        days: Container[str] = (),
    ) -> None:
        self._tokens = tokens
        self._words = words
        self._days = days
        told = list(map(cues.__getitem__, tokens.texts))
        self._tell_compounds(told, participles)
        for index in [i for i, kind in enumerate(told) if kind == "past" and self._is_adjective(i)]:
            told[index] = ""
        positions = [index for index, kind in enumerate(told) if kind]
        self._positions = [index for index in positions if told[index] != "stop" or self._ends_sentence(index)]
        self.told = [told[index] for index in self._positions]  # past, future, present or stop, one after the other

    @cached_property
    def lean(self) -> str:
        """The tense of the whole text, for mentions without a verb of their own."""
        past, future = self.told.count("past"), self.told.count("future")
        return "past" if past >= 2 * future and past else "future" if future > past else ""

    def sentence_start(self, position: int) -> int:
        """The character where the sentence around a token begins."""
        at = bisect_left(self._positions, position) - 1
        for cue in range(at, max(-1, at - _WINDOW), -1):
            if self.told[cue] == "stop":
                return self._tokens.starts[self._positions[cue] + 1]
        return 0 if at < _WINDOW else self._tokens.starts[self._positions[at - _WINDOW]]

    def tense(self, position: int, stop: int) -> str:
        """The tense of the verb nearest to tokens `position` to `stop` within their sentence, or empty."""
        best, distance = self._before(position)
        if best and self._tokens.key(stop) in self._words.get("clause", ()):
            return best  # the next verb is another clause's: "began on Friday and will resume"
        after = bisect_left(self._positions, stop)
        if after == len(self._positions) or self.told[after] == "stop":
            return best
        index = self._positions[after]
        if index - stop + 1 >= distance or (best and self._is_another(best, stop, index, self.told[after])):
            return best
        if best == "future" and self.told[after] == "past" and self._is_bracket(position - distance, position):
            return best
        return self.told[after]

    def _before(self, position: int) -> tuple[str, int]:
        """What the last verb before a token tells, and how far off it is."""
        cue = bisect_left(self._positions, position) - 1
        if cue < 0 or self.told[cue] == "stop" or position - self._positions[cue] > _WINDOW:
            return "", _WINDOW + 1
        index, told = self._positions[cue], self.told[cue]
        last = self._positions[cue - 1] if cue else -1
        if told == "past" and last >= 0 and self._is_auxiliary(last, index):
            told = "future"  # "will be held"
        elif self._is_intent(index) or (told == "past" and last >= 0 and self._is_intent(last)):
            told = "future"  # "planned to leave", "was to be presented"
        elif told == "past" and self._is_awaited(index):
            told = "future"  # "the report, to be released Tuesday"
        elif told == "past" and last >= 0 and self._is_progressive(last, index):
            told = "present"  # "are getting married"
        elif told == "present" and position - index <= _COPULA_REACH:
            told = "future"  # "the hearing is on Thursday"
        return told, position - index

    def _is_another(self, best: str, stop: int, verb: int, told: str) -> bool:
        """Whether a verb behind a comma is not the mention's: "arrives Monday, officials said", "took office in
        January, will leave"."""
        if self._tokens.key(stop) != ",":
            return False
        return (best == "past" and told == "future") or self._tokens.key(verb) in self._words.get("reporting", ())

    def _is_bracket(self, verb: int, position: int) -> bool:
        """Whether a verb's participle stands behind the mention: "wird am Montag unterzeichnet"."""
        is_one = self._tokens.key(verb) in self._words.get("bracket", ())
        return is_one and "," not in self._tokens.keys_before(position, position - verb)

    def _is_auxiliary(self, index: int, verb: int) -> bool:
        return verb - index <= _AUXILIARY_REACH and self._tokens.key(index) in self._words.get("auxiliary", ())

    def _is_progressive(self, index: int, verb: int) -> bool:
        if not 1 < verb - index <= _AUXILIARY_REACH or self._tokens.key(index) not in self._words.get("present", ()):
            return False
        between = self._tokens.keys_after(index + 1, verb - index - 1)
        return not self._words.get("progressive", frozenset()).isdisjoint(between)

    def _is_intent(self, index: int) -> bool:
        if self._tokens.key(index) not in self._words.get("intent", ()):
            return False
        if self._words.get("infinitive", frozenset()).isdisjoint(self._tokens.keys_after(index + 1, _LINK_REACH)):
            return False
        before = self._tokens.keys_before(index, _AUXILIARY_REACH)
        return self._words.get("pluperfect", frozenset()).isdisjoint(before)

    def _is_awaited(self, index: int) -> bool:
        if f"{self._tokens.key(index - 2)} {self._tokens.key(index - 1)}" not in self._words.get("awaited", ()):
            return False
        return self._tokens.key(index - 3) not in self._words.get("perfect", ())  # "had to be closed on Monday"

    def _tell_compounds(self, told: list[str], participles: tuple[str, ...]) -> None:
        """ "est arrivé", "si è spento": a present auxiliary with a participle close behind tells the past."""
        words, states = self._words.get("compound", frozenset()), self._words.get("neutral", frozenset())
        begins = tuple(self._words.get("participle_beginnings", ()))
        reach = _BRACKET_REACH if begins else _AUXILIARY_REACH
        for index in [i for i, kind in enumerate(told) if kind == "present"] if words and participles else ():
            if self._tokens.key(index) in words:
                behind = [*takewhile(_WORDLIKE.match, self._tokens.keys_after(index + 1, reach))]
                behind = [key for key in behind if len(key) >= _SHORTEST_PARTICIPLE and key not in states]
                if any(key.endswith(participles) and key.startswith(begins or "") for key in behind):
                    told[index] = "past"

    def _is_adjective(self, index: int) -> bool:
        """ "state-owned", "highly rated": participles that tell no tense; "re-elected" does."""
        texts = self._tokens.texts
        if index > 1 and texts[index - 1] == "-":
            return texts[index - 2].isalpha() and len(texts[index - 2]) >= _SHORTEST_STEM
        return index > 0 and self._tokens.key(index - 1) in self._words.get("graded", ())

    def _ends_sentence(self, index: int) -> bool:
        """Whether a stop is one: not within "3.5", "Corp. said", "Mr. Jones", "10 a.m. Friday"."""
        after = self._tokens.texts[index + 1 : index + 2] or ["."]
        if after[0][0].islower() or after[0][0].isdigit():
            return False
        before = self._tokens.key(index - 1)
        if before in self._words.get("titles", ()):
            return False
        return not (len(before) == 1 and before.isalpha() and self._tokens.key(index + 1) in self._days)
