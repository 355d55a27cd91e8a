"""Words that tell tense: which token is a cue, remembered from text to text."""

from collections.abc import Callable, Mapping

_MOST = 100_000  # tokens remembered: memory stays flat
_SHORTEST = 5  # letters a word needs before its ending tells anything: not "need", "red"
_LONGEST = 60
_STOPS = frozenset(".!?。！？؟")


class Cues(dict[str, str]):
    """Token → "past", "future", "present", "stop" (a sentence ends) or "" (it tells nothing)."""

    def __init__(
        self,
        words: Mapping[str, frozenset[str]],
        endings: Mapping[str, tuple[str, ...]],
        key: Callable[[str], str],
        *,
        is_verb_first: bool = False,
    ) -> None:
        super().__init__()
        self._told: dict[str, str] = {}
        for kind in ("past", "future", "present"):
            self._told.update(dict.fromkeys(words.get(kind, ()), kind))
        self._told.update(dict.fromkeys(words.get("neutral", ()), ""))  # only their ending looks like a verb's
        self._endings = tuple(endings.items())
        self._key = key
        self._is_verb_first = is_verb_first  # sentences may begin with their verb: "Zmarł w maju"

    def __missing__(self, token: str) -> str:
        key = self._key(token)
        kind = self._told.get(key, "stop" if key in _STOPS else "")
        if not kind and key not in self._told and len(key) >= _SHORTEST:
            kind = next((kind for kind, ends in self._endings if key.endswith(ends)), "")
        if kind == "past" and token[0].isupper() and not token[1:2].isupper() and not self._is_verb_first:
            kind = ""  # Rose, Held, Reed: names
        if len(token) < _LONGEST:
            if len(self) > _MOST:
                self.clear()
            self[token] = kind
        return kind
