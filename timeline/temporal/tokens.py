"""Text → tokens that cover it: words, digit runs, single marks, each with the blanks that follow it."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

# Combining marks that \w leaves out although they belong to words (accents, Arabic and Indic vowel signs, …).
_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670"  # Latin and Cyrillic, Hebrew, Arabic
    "\u0900-\u0903\u093a-\u094f\u0981-\u0983\u09bc-\u09d7\u0a01-\u0a03\u0a3c-\u0a51\u0a70\u0a71"  # to Gurmukhi
    "\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b57\u0b82\u0bbe-\u0bd7"  # Gujarati, Oriya, Tamil
    "\u0c00-\u0c04\u0c3c-\u0c56\u0c81-\u0c83\u0cbc-\u0cd6\u0d00-\u0d03\u0d3b-\u0d57"  # Telugu, Kannada, Malayalam
    "\u0d81-\u0d83\u0dca-\u0ddf\u0e31-\u0e4e\u0f71-\u0f87\u135d-\u135f\u200c\u200d"  # Sinhala, Thai, Tibetan, Ethiopic
)
_WORD = rf"[^\W\d_]+(?:[{_MARKS}]+[^\W\d_]*)*"
_REST = r"\d+\s*|[^\w\s]\s*|_+\s*|\s+"
_SPACED = re.compile(rf"{_WORD}\s*|{_REST}")
# Scripts written without spaces, where a run of letters is many words.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"  # Japanese, Chinese, Korean
)
# Spellings of one character that packs should not have to repeat; all of one character, so that offsets stay.
_FOLDED = {
    "\u2018": "'",
    "\u2019": "'",
    "\u02bc": "'",
    "\u2010": "-",
    "\u2011": "-",
    "\u2212": "-",
    "\u2012": "–",
    "\u2014": "–",
    "\u2015": "–",
    "\u2024": ".",
    "\u00a0": " ",
    "\u202f": " ",
}
# Digits of other scripts and full-width marks: ٢٠٢٤, ۲۰۲۴, २०२४, ২০২৪, ๒๐๒๔, １０：３０; each script by its zero.
_OTHER = "٠۰०০੦૦୦௦౦೦൦๐໐༠၀០᠐０"
_DIGITS = {ord(zero) + digit: str(digit) for zero in _OTHER for digit in range(10)}
_DIGITS |= {ord("："): ":", ord("／"): "/", ord("．"): ".", ord("－"): "-", ord("\u3000"): " ", ord("％"): "%"}
_OTHER_DIGITS = re.compile(f"[{''.join(map(chr, _DIGITS))}]")
# Arabic letters with more than one spelling, and what writers leave out: vowel signs, the stretching line, joiners.
_LETTERS = str.maketrans(
    "أإآٱىیېک", "اااا" + "يييك", "\u0640\u0670\u200c\u200d" + "".join(map(chr, range(0x64B, 0x660)))
)
_BROKEN_WORD = re.compile(r"[^\W\d_]+(?:-|\u00ad)[^\S\n]*\n[^\S\n]*[^\W\d_]+")
_MOST_KEYS = 100_000  # tokens whose key is remembered: memory stays flat
_LONG = 60  # longer tokens are no words; they are not remembered
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")  # "todayyyy", "weeeek"
_ROMAN = re.compile("[ivxlcdm]+")  # XXIII is no stretched XXI
_BREAK = re.compile(r"(?:-|\u00ad)\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text; `starts` has one more entry, the length of the text."""

    texts: list[str]
    starts: list[int]
    keys: list[str]  # the forms the tokens are looked up under

    def end(self, index: int) -> int:
        """Where token `index` ends, its trailing blanks left out."""
        return self.starts[index] + len(self.texts[index].rstrip())

    def key(self, index: int) -> str:
        """The key of a token; empty outside the text."""
        return self.keys[index] if 0 <= index < len(self.keys) else ""

    def keys_before(self, index: int, count: int) -> list[str]:
        """Keys of up to `count` tokens that end just before token `index`."""
        return self.keys[max(0, index - count) : max(0, index)]

    def keys_after(self, index: int, count: int) -> list[str]:
        """Keys of up to `count` tokens from token `index` on."""
        return self.keys[max(0, index) : max(0, index + count)]


def fold(text: str) -> str:
    """One spelling for quotes, dashes, blanks and digits; the length stays."""
    if not text.isascii():
        for old, new in _FOLDED.items():
            text = text.replace(old, new)
        if _OTHER_DIGITS.search(text):
            text = text.translate(_DIGITS)
    return text


def key_of(token: str, casing: str = "") -> str:
    """The form under which a token is looked up: no trailing blanks, no line break inside, lower case."""
    token = token.rstrip()
    if "\n" in token or "\u00ad" in token:
        token = _BREAK.sub("", token)
    if casing == "turkish":
        token = token.replace("I", "ı").replace("İ", "i")
    if "\u0600" < token < "\u0700":
        token = token.translate(_LETTERS)
    return token.lower()


class _Keys(dict[str, str]):
    """Token → the key it is looked up under, remembered from text to text."""

    def __init__(self, casing: str) -> None:
        super().__init__()
        self._casing = casing
        self.known: frozenset[str] = frozenset()  # the pack's words

    def __missing__(self, token: str) -> str:
        key = key_of(token, self._casing)
        if key not in self.known and len(key) < _LONG and _STRETCHED.search(key) and not _ROMAN.fullmatch(key):
            shorter = (_STRETCHED.sub(r"\1\1", key), _STRETCHED.sub(r"\1", key))
            key = next((word for word in shorter if word in self.known), key)
        if len(token) < _LONG:
            if len(self) > _MOST_KEYS:
                self.clear()
            self[token] = key
        return key


class Tokeniser:
    """Cuts texts of one language; `vocabulary` is every word its pack knows, as keys of one token or more."""

    def __init__(self, *, spaces: bool, casing: str, compounds: dict[str, int]) -> None:
        self._keys = _Keys(casing)
        self.key: Callable[[str], str] = self._keys.__getitem__  # the form a token is looked up under
        self._spaces = spaces
        self._compounds = compounds  # word → how many characters its first part has
        self._pattern = _SPACED
        self._known: frozenset[str] = frozenset()

    def learn(self, vocabulary: Iterable[str]) -> None:
        """The pack's words: line breaks inside them are healed, and scripts without spaces are cut by them.

        In scripts without spaces a word is the longest the pack knows, else a single character.
        """
        self._known = self._keys.known = frozenset(vocabulary)
        if self._spaces:
            return
        parts = {part for word in self._known for part in word.split(" ")}
        known = sorted({w for w in parts if re.search(f"[{_UNSPACED}]", w)}, key=lambda w: (-len(w), w))
        by_first: dict[str, list[str]] = {}
        for word in known:
            by_first.setdefault(word[0], []).append(word[1:])
        trie = "|".join(
            re.escape(first) + "(?:" + "|".join(re.escape(rest) for rest in rests) + ")"
            for first, rests in by_first.items()
        )
        head = rf"(?:{trie})\s*|" if trie else ""
        self._pattern = re.compile(
            rf"{head}[{_UNSPACED}]\s*|[^\W\d_{_UNSPACED}]+(?:[{_MARKS}]+[^\W\d_{_UNSPACED}]*)*\s*|{_REST}"
        )

    def keys(self, phrase: str) -> list[str]:
        """The keys of a phrase of the pack."""
        return [self.key(token) for token in self._pattern.findall(fold(phrase)) if token.strip()]

    def cut(self, text: str) -> Tokens:
        """The tokens of a folded text."""
        texts = self._pattern.findall(text)
        if self._compounds:
            texts = self._split(texts)
        if "-\n" in text or "\u00ad" in text:
            texts = self._rejoin(text, texts)
        return Tokens(texts, list(accumulate(map(len, texts), initial=0)), list(map(self.key, texts)))

    def _split(self, texts: Sequence[str]) -> list[str]:
        """Compounds the pack can read, cut in two ("Montagabend" → "Montag", "abend")."""
        out: list[str] = []
        for token in texts:
            cut = self._compounds.get(self.key(token)) if len(token) > 4 else None
            out += (token[:cut], token[cut:]) if cut else (token,)
        return out

    def _rejoin(self, text: str, texts: list[str]) -> list[str]:
        """Words broken at the end of a line, made one token again ("Novem-\\nber")."""
        breaks = [(m.start(), m.end()) for m in _BROKEN_WORD.finditer(text) if self.key(m[0]) in self._known]
        out: list[str] = []
        position, at = 0, 0
        joining: list[str] = []
        for token in texts:
            while at < len(breaks) and breaks[at][1] <= position:
                at += 1
            if at < len(breaks) and breaks[at][0] <= position < breaks[at][1]:
                joining.append(token)
                if position + len(token) >= breaks[at][1]:
                    out.append("".join(joining))
                    joining = []
            else:
                out.append(token)
            position += len(token)
        return out + (["".join(joining)] if joining else [])
