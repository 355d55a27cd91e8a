"""The language of a text, told with a prior: a short text is not called Breton for one word."""

import re
from collections.abc import Iterator
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from timeline.model import Segment

SAMPLE = 2048  # characters: more changes nothing and costs time
DEFAULT = "en"
# Scores are natural logarithms, so these are odds: a wrong guess silences a whole document, and short texts give
# small margins (one or two words: below 5; a short sentence: 20 and more).
ENGLISH_MARGIN = 10.0  # a language in Latin script must beat English by this
COMMON_MARGIN = 6.0  # a rarer language must beat the best common one by this
DECLARED_MARGIN = 15.0  # what the document declares of itself holds unless beaten by this

PARAGRAPH_CHARS = 80  # a shorter paragraph is left in the document's language: names and titles mislead
PARAGRAPH_SAMPLE = 240  # characters looked at of each
MIXED_MARGIN = 40.0
PROBES = 12  # paragraphs tried before a document is looked through
MAX_PARAGRAPHS = 5000

_COMMON = "en de fr es it pt nl sv da no fi pl cs hu ro el tr ru uk ar he fa hi zh ja ko vi id".split()
_RARE = (
    "nn et lv lt sk sl hr sr bg mk be ur bn ta te mr gu pa th ms tl sw ca eu gl cy ga is hy ka az kk "
    "sq af mn ne km my lo"
).split()
_SAME = {"nn": "no", "nb": "no"}
_LETTERS = re.compile(r"[^\W\d_]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")


@cache
def _identifier() -> LanguageIdentifier:
    """The model, loaded once (0.8 s) and cut down to languages documents are likely to be in."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    known = set(identifier.nb_classes)
    identifier.set_languages([code for code in (*_COMMON, *_RARE) if code in known])
    return identifier


def warm_up() -> None:
    """Load the model now rather than with the first document."""
    _identifier()


def language_of(text: str, declared: str | None = None) -> str:
    """ISO 639-1 code of the language `text` is in; `declared` is what the document says of itself."""
    sample = text[:SAMPLE].strip()
    declared = _two_letters(declared)
    letters = _LETTERS.findall(sample)
    if len(letters) < 3:
        return declared or DEFAULT
    scores: dict[str, float] = dict(_identifier().rank(sample))
    best = max(scores, key=lambda code: scores[code])
    if declared in scores and scores[best] - scores[declared] < DECLARED_MARGIN:
        return _SAME.get(declared, declared)
    if len(_LATIN.findall(sample)) > len(letters) // 2 and scores[best] - scores[DEFAULT] < ENGLISH_MARGIN:
        return DEFAULT
    if best not in _COMMON:
        common = max((code for code in _COMMON if code in scores), key=lambda code: scores[code])
        if scores[best] - scores[common] < COMMON_MARGIN:
            best = common
    return _SAME.get(best, best)


def mixed(text: str, language: str) -> tuple[Segment, ...]:
    """Paragraphs in another language than the document's, when there are any: each a segment that says so."""
    blocks = [(start, end) for start, end in _paragraphs(text) if end - start >= PARAGRAPH_CHARS]
    if len(blocks) < 2:
        return ()
    probes = blocks[:: max(1, len(blocks) // PROBES)]
    if all(_other(text[start:end], language) is None for start, end in probes):
        return ()
    found: list[Segment] = []
    for start, end in blocks[:MAX_PARAGRAPHS]:
        other = _other(text[start:end], language)
        if other is None:
            continue
        if found and found[-1].language == other and not text[found[-1].end : start].strip():
            found[-1] = Segment(found[-1].start, end, None, other)
        else:
            found.append(Segment(start, end, None, other))
    return tuple(found)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Where the stretches between blank lines lie."""
    at = 0
    for piece in text.split("\n\n"):
        start = at + len(piece) - len(piece.lstrip())
        yield start, max(start, at + len(piece.rstrip()))
        at += len(piece) + 2


def _other(paragraph: str, language: str) -> str | None:
    """The language of a paragraph when it is surely not the document's."""
    sample = paragraph[:PARAGRAPH_SAMPLE]
    first = _identifier().classify(sample)[0]
    if _SAME.get(first, first) == language:
        return None
    scores: dict[str, float] = dict(_identifier().rank(sample))
    best = max(_COMMON, key=lambda code: scores.get(code, float("-inf")))
    own = max(scores.get(code, float("-inf")) for code in (language, "nn" if language == "no" else language))
    return best if best != language and scores[best] - own > MIXED_MARGIN else None


def _two_letters(tag: str | None) -> str | None:
    """ "de-AT" → "de"; None for what is no such tag."""
    primary = re.split(r"[-_]", tag.strip().lower())[0] if tag else ""
    return _SAME.get(primary, primary) if re.fullmatch(r"[a-z]{2}", primary) else None
