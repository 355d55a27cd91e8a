"""Text → mentions: match all rules at once, read the matches in order, then refine the list."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from timeline.model import AnchorSource, Explanation, Mention, Segment, Signal, Timex, TimexType
from timeline.temporal.found import Found
from timeline.temporal.grammar import END
from timeline.temporal.meanings import MEANINGS, NOTHING
from timeline.temporal.normalisation import Context
from timeline.temporal.packs import Pack, Scalar
from timeline.temporal.patterns import EVALUATED
from timeline.temporal.readings import Reading, Slots
from timeline.temporal.refining import refine
from timeline.temporal.tokens import fold
from timeline.temporal.values import spell

_MOST_TRIED = 24  # readings tried where one match begins: a bound, no natural text comes near
_AFFIX = 5  # tokens of the longest modifier or signal phrase
_PERFECT_WINDOW = 14  # tokens between "has" and "for two years"
_UNSPACED_FROM = "\u0e00"  # scripts from here on are written without spaces: their letters may touch a mention
_NUMBER_MARKS = frozenset(".,:/")
_MONEY = frozenset("$€£¥#§№")
_PATH_MARKS = frozenset("/@_=\\~&")
_NO_TIME = Reading(TimexType.DATE, "")


@dataclass(slots=True)
class _Claims:
    """What is settled so far, and matches that begin a little further on."""

    settled: list[Found] = field(default_factory=list)
    pending: list[Found] = field(default_factory=list)
    upto: int = 0


def find(
    text: str,
    pack: Pack,
    dct: date | datetime | None,
    segments: Sequence[Segment] = (),
    order: str | None = None,
    narrative: bool | None = None,
) -> list[Mention]:
    """The mentions of a text in one language, sorted and free of overlaps."""
    folded = fold(text)
    tokens = pack.tokeniser.cut(folded)
    grammar = pack.grammar
    grammar.begin()
    symbols = [*map(grammar.memo.__getitem__, tokens.texts), END]
    ctx = Context(folded, tokens, symbols, pack, dct, segments, order, narrative)
    beginnings = pack.beginnings
    for symbol in set(symbols):
        if symbol not in beginnings:
            beginnings[symbol] = symbol != END and grammar.can_begin(symbol)
    pairs = grammar.pairs
    claims = _Claims()
    for at in [at for at, symbol in enumerate(symbols) if beginnings[symbol] and pairs[symbol, symbols[at + 1]]]:
        if at < claims.upto:
            continue
        if claims.pending and claims.pending[0].first < at:
            _settle(claims, ctx, at)
            if at < claims.upto:
                continue
        best = _best(ctx, at)
        if best:
            claims.pending += best
            claims.pending.sort(key=lambda f: (f.first, -f.last))
            _settle(claims, ctx, at + 1)
    _settle(claims, ctx, len(symbols) + 1)
    kept = [found for found in claims.settled if found.is_time]
    return [_mention(found, text, ctx) for found in refine(kept, ctx)]


def _settle(claims: _Claims, ctx: Context, before: int) -> None:
    """Settle the pending matches that begin before a token; of overlapping ones the first, then the longest."""
    while claims.pending and claims.pending[0].first < before:
        found = claims.pending.pop(0)
        if found.first < claims.upto:
            continue
        if found.is_time:
            _widen(found, ctx, claims.upto)
            if (
                found.reading.cal
                and not found.reading.is_comparison
                and found.reading.type in (TimexType.DATE, TimexType.TIME)
                and found.reading.has_day  # a day filled in must not be handed on from hour to hour
            ):
                ctx.note(found.reading.cal, (found.start, found.end), found.first, found.reading.anchor)
            if found.reading.type is TimexType.TIME and not found.reading.has_day:
                ctx.clock = (found.first, found.last)
            elif found.reading.unit == "month" and found.reading.value not in ("P1M", "P3M"):
                ctx.months_told = found.end if found.reading.type is TimexType.DURATION else ctx.months_told
        claims.upto = found.last
        ctx.settled = found.last if found.is_time else ctx.settled
        claims.settled.append(found)


def _best(ctx: Context, at: int) -> list[Found]:
    """The longest match that begins at a token and has a reading; when its mention only begins further on
    ("March 5-[7]"), also the longest whose mention begins here ("[March 5]")."""
    pack, tried = ctx.pack, 0
    out: list[Found] = []
    for end, patterns in reversed(pack.grammar.match(ctx.symbols, at)):
        if not _is_whole(ctx, at, end):
            continue
        for pattern in patterns:
            tried += 1
            if tried > _MOST_TRIED:
                return out
            found = _read(ctx, pattern, at, end)
            if found and (not out or (found.first == at and found.last <= out[0].first)):
                out.append(found)
                if found.first == at:
                    return out
    return out


def _read(ctx: Context, pattern: int, at: int, end: int) -> Found | None:
    pack = ctx.pack
    rule = pack.rules[pack.owners[pattern]]
    if rule.neighbours and not rule.neighbours.allow(ctx.key(at - 1), ctx.key(end)):
        return None
    register = rule.constants.get("register")
    if register and (ctx.register or "plain") not in str(register).split():
        return None
    longest = rule.constants.get("shorter_than")  # characters: in a note "today" is the day, in an essay the age
    if isinstance(longest, int) and len(ctx.text) >= longest:
        return None
    if rule.constants.get("daily") and not ctx.is_daily:  # news of the day, where "today" is the day
        return None
    spans, first, last = pack.grammar.capture(pattern, ctx.symbols, at, end)
    first, last = at + first, at + last
    if rule.meaning == NOTHING:
        return Found(first, last, rule, _NO_TIME, is_time=False)
    slots: dict[str, Scalar] = dict(rule.constants)
    for name, kind, begin, close in spans:
        if name[0] == "_":
            continue
        value = _value(ctx, kind, at + begin, at + close)
        if value is None:
            return None
        slots[name] = value
    ctx.position, ctx.stop, ctx.offset = first, last, ctx.tokens.starts[first]
    tenses = rule.constants.get("tense")
    if tenses and (ctx.tense() or "none") not in str(tenses).split():
        return None
    reading = MEANINGS[rule.meaning](Slots(slots), ctx)
    if reading is None:
        return None
    reading.mod = reading.mod or (str(slots["mod"]) if "mod" in slots else None)
    return Found(
        first,
        last,
        rule,
        reading,
        is_perfect=bool(slots.get("perfect")),
        start=ctx.offset,
        end=ctx.tokens.end(last - 1),
    )


def _value(ctx: Context, kind: str, begin: int, close: int) -> Scalar | None:
    keys = ctx.keys_after(begin, close - begin)
    if kind in EVALUATED:
        return ctx.pack.numerals.evaluate(keys) if kind == "number" else ctx.pack.numerals.year(keys)
    entries = ctx.pack.classes.get(kind)
    return " ".join(keys) if entries is None else entries.get(" ".join(keys))


def _is_whole(ctx: Context, at: int, end: int) -> bool:
    """Whether a match begins and ends where words do, and is no piece of a longer number, price or address."""
    return _begins_clean(ctx, at) and _ends_clean(ctx, end)


def _begins_clean(ctx: Context, at: int) -> bool:
    tokens, symbols, known = ctx.tokens.texts, ctx.symbols, ctx.pack.grammar.symbols
    if not at or not known[symbols[at - 1]].is_tight:
        return True
    before, first = tokens[at - 1][-1], tokens[at][0]
    if _is_one_word(before, first):
        return False
    is_about = before == "~" and (not ctx.pack.spaces or at < 2 or not known[symbols[at - 2]].is_tight)
    if before in _PATH_MARKS and not is_about and (first.isdecimal() or _is_address(ctx, at - 1)):
        return False
    if not first.isdecimal():
        return before != "#"  # "#friday" is a tag, whenever it was posted
    if before in _MONEY or (before in _NUMBER_MARKS and _is_digit_before(ctx, at)):
        return False
    if before == "(" and at > 1 and known[symbols[at - 2]].is_tight and tokens[at - 2].isalpha():
        return False  # a call in a program
    return before not in "-–" or at == ctx.settled + 1 or _may_follow_hyphen(ctx, at)


def _ends_clean(ctx: Context, end: int) -> bool:
    tokens, symbols, known = ctx.tokens.texts, ctx.symbols, ctx.pack.grammar.symbols
    if end >= len(tokens):
        return True
    last, after = tokens[end - 1].rstrip()[-1:], tokens[end][0]
    if not known[symbols[end - 1]].is_tight:
        return not (last.isdecimal() and after == "%")
    if _is_one_word(last, after) or (after in _PATH_MARKS and known[symbols[end]].is_tight and _is_address(ctx, end)):
        return False
    if not last.isdecimal():
        return True
    if after in "%°" or (after in _NUMBER_MARKS and _is_digit_after(ctx, end)):
        return False
    return after not in "-–" or not known[symbols[end]].is_tight or _may_precede_hyphen(ctx, end)


def _is_one_word(left: str, right: str) -> bool:
    if right.isdecimal() and "\u0600" < left < "\u0700":
        return False  # "and 7" is written together in Arabic
    return left.isalnum() and right.isalnum() and left < _UNSPACED_FROM and right < _UNSPACED_FROM


def _is_digit_before(ctx: Context, at: int) -> bool:
    symbol = ctx.pack.grammar.symbols
    return at > 1 and symbol[ctx.symbols[at - 2]].is_tight and ctx.tokens.texts[at - 2][-1].isdecimal()


def _is_digit_after(ctx: Context, end: int) -> bool:
    tokens = ctx.tokens.texts
    return (
        end + 1 < len(tokens) and ctx.pack.grammar.symbols[ctx.symbols[end]].is_tight and tokens[end + 1][0].isdecimal()
    )


def _may_follow_hyphen(ctx: Context, at: int) -> bool:
    """ "mid-1990", "post-1959" and a hyphen between blanks; not "LX-1750", "555-1984"."""
    known, tokens = ctx.pack.grammar.symbols, ctx.tokens.texts
    if at < 2 or not known[ctx.symbols[at - 2]].is_tight:
        return True
    return len(tokens[at - 2]) > 2 and tokens[at - 2].islower()


def _may_precede_hyphen(ctx: Context, end: int) -> bool:
    """ "1939-45", "2020-based"; not "2019-554", "2017-CV"."""
    following = ctx.tokens.texts[end + 1].rstrip() if end + 1 < len(ctx.tokens.texts) else ""
    if following.isdecimal():
        return len(following) in (1, 2) or (len(following) == 4 and following[0] in "12")
    return not (following.isupper() and len(following) < 4)


def _is_address(ctx: Context, at: int) -> bool:
    """Whether the unbroken run of characters around a token is a URL, a mail address or a path."""
    start = ctx.tokens.starts[at]
    begin = max(ctx.text.rfind(" ", max(0, start - 200), start), ctx.text.rfind("\n", max(0, start - 200), start)) + 1
    chunk = ctx.text[max(begin, start - 200) : start + 12]
    return "://" in chunk or "www." in chunk or "@" in chunk or chunk.count("/") > 2


def _widen(found: Found, ctx: Context, floor: int) -> None:
    """Take in the modifiers that stand beside a mention, then the signal word before or after it."""
    reading, pack = found.reading, ctx.pack
    kind = str(found.rule.constants.get("kind", ""))
    kinds = ("VAGUE" if reading.value.endswith("_REF") else reading.type.value, reading.unit, kind)
    before = _before(ctx, found.first, floor)
    if not reading.is_impossible:
        for _ in range(2):
            taken = pack.modifiers.find(before, kinds)
            if not taken:
                break
            found.first -= taken[0]
            before = _before(ctx, found.first, floor)
            reading.mod = reading.mod or (taken[1] if taken[1] != "none" else None)
        taken = pack.modifiers_after.find(_after(ctx, found.last), kinds)
        if taken:
            found.last += taken[0]
            reading.mod = reading.mod or (taken[1] if taken[1] != "none" else None)
    found.start, found.end = ctx.tokens.starts[found.first], ctx.tokens.end(found.last - 1)
    found.phrase_first, found.phrase_last = found.first, found.last
    told = found.rule.constants.get("signal")
    taken = pack.signals.find(before, kinds)
    if taken:
        found.phrase_first -= taken[0]
    else:
        taken = pack.signals_after.find(_after(ctx, found.last), kinds)
        if taken:
            found.phrase_last += taken[0]
    if taken and taken[1] != "in":
        found.signal = Signal(taken[1])
    if isinstance(told, str):
        found.signal = Signal(told)
    if reading.type is TimexType.DURATION and not found.is_perfect:
        found.is_perfect = _is_perfect(found, ctx)


def _before(ctx: Context, first: int, floor: int) -> list[str]:
    """Keys before a token, back to the mention or paragraph before it."""
    begin = first
    known = ctx.pack.grammar.symbols
    while begin > max(floor, first - _AFFIX) and not known[ctx.symbols[begin - 1]].is_break:
        begin -= 1
    return ctx.keys_after(begin, first - begin)


def _after(ctx: Context, last: int) -> list[str]:
    if ctx.pack.grammar.symbols[ctx.symbols[last - 1]].is_break:
        return []
    return ctx.keys_after(last, _AFFIX)


def _is_perfect(found: Found, ctx: Context) -> bool:
    """Whether a length of time ends at its anchor: "has sought for two years", "after 21 months of fighting"."""
    tense = ctx.pack.tense
    if found.signal is Signal.AFTER:
        return not ctx.is_narrative and ctx.key(found.last) in tense.get("perfect_after", ())
    if found.signal is Signal.SINCE:  # "seit zwei Jahren", "depuis deux ans"
        return True
    if found.signal is not Signal.FOR:
        return False
    perfect = tense.get("perfect", frozenset())
    before = ctx.keys_before(found.phrase_first, _PERFECT_WINDOW)
    for key in reversed(before):
        if key in perfect:
            return True
        if key in ".!?;":
            return False
    return False


def _mention(found: Found, text: str, ctx: Context) -> Mention:
    reading = found.reading
    anchor = reading.anchor
    timex = None
    if not reading.is_impossible:
        mod = reading.mod or ("APPROX" if reading.stretch and reading.unit != "season" else None)
        timex = Timex(reading.type, reading.value, mod, reading.quant, reading.freq)
    starts = ctx.tokens.starts
    return Mention(
        start=found.start,
        end=found.end,
        text=text[found.start : found.end],
        timex=timex,
        explanation=Explanation(
            rule=found.rule.name,
            steps=reading.steps,
            anchor=anchor.value if anchor else None,
            anchor_source=anchor.source if anchor else AnchorSource.NONE,
            anchor_span=anchor.span if anchor else None,
        ),
        signal=found.signal,
        phrase_start=starts[found.phrase_first],
        phrase_end=ctx.tokens.end(found.phrase_last - 1),
        perfect=found.is_perfect,
        ambiguous=reading.is_ambiguous,
        clip=str(found.rule.constants.get("clip", "")),
        vague=reading.unit if reading.is_vague else "",
        point=spell(reading.cal) if reading.cal and reading.type is TimexType.DURATION else reading.stretch,
    )
