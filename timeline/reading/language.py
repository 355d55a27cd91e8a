"""The language of a text, told with a prior: a short text is not called Breton for one word."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from types import MappingProxyType

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
OWN_WORDS = 3  # different small words of a language in a paragraph: it is in that language
SURE_WORDS, STRAY_WORDS = 6, 1  # in a sample: so many of one language, and of any other no more than these

_COMMON = "en de fr es it pt nl sv da no fi pl cs hu ro el tr ru uk ar he fa hi zh ja ko vi id".split()
_RARE = (
    "nn et lv lt sk sl hr sr bg mk be ur bn ta te mr gu pa th ms tl sw ca eu gl cy ga is hy ka az kk "
    "sq af mn ne km my lo"
).split()
_SAME = {"nn": "no", "nb": "no"}
_LETTERS = re.compile(r"[^\W\d_]")
_THREE_LETTERS = re.compile(r"(?:[^\W\d_][\W\d_]*){3}")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
# Small words that nearly every paragraph has some of, and that its neighbours among languages do not share. They spare
# the model most paragraphs of most documents; a language without a line here is simply left to the model.
_SMALL_WORDS = MappingProxyType(
    {
        code: frozenset(words.split())
        for code, words in {
            "en": "the of and that which with from they been were this their would his not are it has by",
            "de": "und das ist nicht ein eine auch sich auf für dem wurde wird zum zur im wie einer werden nach aus",
            "fr": "les des est une dans qui pour pas sur avec aux ce cette été ses ont leur du et elle",
            "es": "los las fue más pero y lo hasta el también había cuando muy este sido años",
            "it": "il che di della gli per non sono nel dei più alla delle anche stato è dal ha",
            "pt": "não uma os em dos das ao pelo pela são foi também mas seu sua com ou",
            "nl": "het een van niet dat zijn werd voor met aan ook door naar bij deze wordt heeft hij",
            "sv": "och att är för inte till ett från eller när många också hade",
            "pl": "nie się jest że przez oraz został był która który w dla jego było także roku",
            "ru": "что это из был его было также году они были чтобы ещё после очень он",
            "uk": "що був його це також було й він вони після із під від між щоб",
        }.items()
    }
)


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
    if not _THREE_LETTERS.search(sample):
        return declared or DEFAULT
    glance = _glance(sample)
    if glance is not None and declared in {None, glance}:
        return glance
    scores: dict[str, float] = dict(_identifier().rank(sample))
    best = max(scores, key=lambda code: scores[code])
    if declared in scores and scores[best] - scores[declared] < DECLARED_MARGIN:
        return _SAME.get(declared, declared)
    if _is_latin(sample) and scores[best] - scores[DEFAULT] < ENGLISH_MARGIN:
        return DEFAULT
    if best not in _COMMON:
        common = max((code for code in _COMMON if code in scores), key=lambda code: scores[code])
        if scores[best] - scores[common] < COMMON_MARGIN:
            best = common
    return _SAME.get(best, best)


def _glance(sample: str) -> str | None:
    """The language of a sample whose small words leave no doubt."""
    words = set(sample.split())
    counts = sorted(((len(own & words), code) for code, own in _SMALL_WORDS.items()), reverse=True)
    (best, code), (stray, _) = counts[:2]
    return code if best >= SURE_WORDS and stray <= STRAY_WORDS else None


def _is_latin(sample: str) -> bool:
    return sample.isascii() or len(_LATIN.findall(sample)) > len(_LETTERS.findall(sample)) // 2


def mixed(text: str, language: str) -> tuple[Segment, ...]:
    """Paragraphs in another language than the document's, when there are any: each a segment that says so."""
    pieces = text.split("\n\n")
    long = [piece for piece in pieces if len(piece) >= PARAGRAPH_CHARS]
    if len(long) < 2 or all(_other(piece, language) is None for piece in long[:: max(1, len(long) // PROBES)]):
        return ()
    found: list[Segment] = []
    for start, end in islice(_paragraphs(pieces), MAX_PARAGRAPHS):
        other = _other(text[start:end], language)
        if other is None:
            continue
        if found and found[-1].language == other and not text[found[-1].end : start].strip():
            found[-1] = Segment(found[-1].start, end, None, other)
        else:
            found.append(Segment(start, end, None, other))
    return tuple(found)


def _paragraphs(pieces: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where the long ones of the stretches between blank lines lie."""
    at = 0
    for piece in pieces:
        if len(piece) >= PARAGRAPH_CHARS:
            start, end = at + len(piece) - len(piece.lstrip()), at + len(piece.rstrip())
            if end - start >= PARAGRAPH_CHARS:
                yield start, end
        at += len(piece) + 2


def _other(paragraph: str, language: str) -> str | None:
    """The language of a paragraph when it is surely not the document's."""
    sample = paragraph[:PARAGRAPH_SAMPLE]
    own_words = _SMALL_WORDS.get(language)
    if own_words and len(own_words.intersection(sample.split())) >= OWN_WORDS:
        return None
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
