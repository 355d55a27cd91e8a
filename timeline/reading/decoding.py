"""Bytes to text: byte order mark, then declaration, then UTF-8, then a guess that is always told."""

import codecs
import re
from collections import Counter
from dataclasses import dataclass

from charset_normalizer import from_bytes

from timeline.errors import UnreadableError

_BOMS = (  # UTF-32 first: its little-endian mark begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 65536  # bytes a guess looks at
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_WORD_BROKEN = re.compile(r"(?<=[a-z])[^\W\d_]?[¡-¿×÷€‚ƒ„…†‡‰‹•™›](?=[a-z])")
_HIGH = re.compile(rb"[\x80-\xff]")
# What text files are really written in; the guess among all of Python's codecs favours exotic ones on short texts.
_CODES = (
    "cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 koi8_r koi8_u cp866 iso8859_2 iso8859_5 iso8859_7 "
    "cp932 euc_jp iso2022_jp cp949 gb18030 big5 cp874 mac_roman cp437 cp850"
).split()
_NAMES = {"cp1252": "Windows-1252", "cp1250": "Windows-1250", "cp1251": "Windows-1251"}


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with "\\n" line ends, and what a reader should know of how it came about."""

    text: str
    notes: tuple[str, ...] = ()


def decode(data: bytes, name: str, declared: str | None = None) -> Decoded:
    """Decode `data`; raises UnreadableError when it is no text in any encoding."""
    text, notes = _decode(data, declared)
    text = text.rstrip("\x00")  # what a file system leaves at the end of a file cut off while it was written
    controls = len(CONTROLS.findall(text[:_SAMPLE]))
    if controls > max(8, len(text[:_SAMPLE]) // 20):
        raise UnreadableError(f"{name}: binary data, not text; if it is a document, give it the ending of its kind")
    if "\x00" in text:
        text = text.replace("\x00", "")
        notes = (*notes, "NUL characters removed")
    return Decoded(straighten(text), notes)


def straighten(text: str) -> str:
    """Line ends as "\\n", whatever system wrote them."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _decode(data: bytes, declared: str | None) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _forgiving(data[len(mark) :], encoding)
    if wide := _wide(data[:_SAMPLE]):
        text, notes = _forgiving(data, wide)
        return text, (f"decoded as {wide.upper()}, without a byte order mark", *notes)
    for candidate in ("utf-8", declared):
        decoded = _strict(data, candidate) if candidate else None
        if decoded is not None:
            return decoded, ()
    return _guess(data)


def _strict(data: bytes, encoding: str) -> str | None:
    # What web pages call Latin-1 is Windows-1252 (the HTML standard says so); its C1 range is never meant.
    if encoding.lower().replace("_", "-") in {"iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"}:
        encoding = "cp1252"
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _forgiving(data: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    try:
        return data.decode(encoding), ()
    except UnicodeDecodeError:
        text = data.decode(encoding, errors="replace")
        return text, (f"damaged {encoding.upper()}: {text.count('�')} unreadable characters shown as �",)


def _wide(sample: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: every other byte is then one of two, zero and that of the script."""
    if len(sample) < 4 or b"\x00" not in sample:
        return None
    quarter = len(sample) // 4
    if min(sample[2::4].count(0), sample[3::4].count(0)) > 0.9 * quarter:
        return "utf-32-le"
    if min(sample[0::4].count(0), sample[1::4].count(0)) > 0.9 * quarter:
        return "utf-32-be"
    even, odd = _monotony(sample[::2]), _monotony(sample[1::2])
    if max(even, odd) < 0.9 or abs(even - odd) < 0.2:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _monotony(half: bytes) -> float:
    """How much of some bytes zero and the commonest other value make up, when zero is among them."""
    zeros = half.count(0)
    others = Counter(half.replace(b"\0", b"")).most_common(1)
    return (zeros + (others[0][1] if others else 0)) / len(half) if zeros else 0.0


def _guess(data: bytes) -> tuple[str, tuple[str, ...]]:
    high = len(_HIGH.findall(data[:_SAMPLE]))
    torn = data.decode("utf-8", errors="replace")
    wide = sum(1 for character in torn[:_SAMPLE] if character > "\x7f" and character != "�")
    broken = torn[:_SAMPLE].count("�")
    if wide >= max(1, broken):  # bytes of another encoding hardly ever make up a valid sequence
        return torn, (f"damaged UTF-8: {torn.count('�')} unreadable characters shown as �",)
    letters = len(re.findall(rb"[A-Za-z]", data[:_SAMPLE])) + high
    western = _strict(data, "cp1252")
    # In a Western language accents are rare among letters, and never leave a sign in the middle of a word.
    if western is not None and high < 0.25 * letters and len(_WORD_BROKEN.findall(western[:_SAMPLE])) <= high // 20:
        return western, ("decoded as Windows-1252",)
    best = from_bytes(data[:_SAMPLE], cp_isolation=_CODES).best()
    guessed = _strict(data, best.encoding) if best is not None else None
    if best is not None and guessed is not None:
        return guessed, (f"decoded as {_NAMES.get(best.encoding, best.encoding)}, by guess",)
    return data.decode("cp1252", errors="replace"), ("decoded as Windows-1252, by guess",)
