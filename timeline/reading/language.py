"""The language of a text, told with a prior: a short text is not called Breton for one word."""

import re
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

SAMPLE = 2048  # characters: more changes nothing and costs time
DEFAULT = "en"
# Scores are natural logarithms, so these are odds: a wrong guess silences a whole document, and short texts give
# small margins (one or two words: below 5; a short sentence: 20 and more).
ENGLISH_MARGIN = 10.0  # a language in Latin script must beat English by this
COMMON_MARGIN = 6.0  # a rarer language must beat the best common one by this
DECLARED_MARGIN = 15.0  # what the document declares of itself holds unless beaten by this

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


def _two_letters(tag: str | None) -> str | None:
    """ "de-AT" → "de"; None for what is no such tag."""
    primary = re.split(r"[-_]", tag.strip().lower())[0] if tag else ""
    return _SAME.get(primary, primary) if re.fullmatch(r"[a-z]{2}", primary) else None
