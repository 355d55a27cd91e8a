"""Stores for the tests of pages: documents of our own making, placed by the real composer, put in by the real store."""

import hashlib
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice

from timeline.events import compose
from timeline.facts import Done
from timeline.model import (
    AnchorSource,
    DctSource,
    Document,
    Explanation,
    Extraction,
    Mention,
    Signal,
    Timex,
    TimexType,
)
from timeline.store import Arrival, Store

# Written as ‹TYPE VALUE|signal phrase|extent›, so that a text carries its own mentions and needs no tagger.
_MARK = re.compile(r"‹(?P<type>[A-Z]+) (?P<value>[^|]*)\|(?P<phrase>[^|›]*)(?:\|(?P<extent>[^›]*))?›")
_SIGNALS = {word.value: word for word in Signal if word.value}


def extraction(
    marked: str,
    *,
    name: str = "story.txt",
    title: str = "",
    dct: date = date(2025, 11, 6),
    source: DctSource = DctSource.FILE_NAME,
    language: str = "en",
) -> Extraction:
    """What a worker would make of a marked text."""
    text, mentions = "", []
    at = 0
    for found in _MARK.finditer(marked):
        text += marked[at : found.start()]
        mentions.append(_mention(found, len(text)))
        text += found["phrase"]
        at = found.end()
    text += marked[at:]
    document = Document(name, title or name, text, language, dct, source, "text/plain")
    return Extraction(document, tuple(mentions), compose(document, mentions), "test-1")


def _mention(found: re.Match[str], at: int) -> Mention:
    phrase = found["phrase"]
    extent = found["extent"] or phrase
    start = at + phrase.index(extent)
    kind, value = TimexType(found["type"]), found["value"]
    is_vague = value == "PAST_REF"
    is_clipped = phrase.startswith("earlier this")
    anchored = is_vague or is_clipped or kind is TimexType.DURATION
    why = Explanation(
        "a-rule",
        ("as written",),
        "2025-11-06" if anchored else None,
        AnchorSource.DOCUMENT if anchored else AnchorSource.NONE,
    )
    return Mention(
        start,
        start + len(extent),
        extent,
        Timex(kind, value),
        why,
        signal=_SIGNALS.get(phrase.split()[0].lower(), Signal.NONE) if extent != phrase else Signal.NONE,
        phrase_start=at,
        phrase_end=at + len(phrase),
        perfect=kind is TimexType.DURATION and phrase.lower().startswith(("after", "for")),
        vague="day" if is_vague else "",
        clip="to-anchor" if is_clipped else "",
    )


def put(store: Store, path: str, made: Extraction, now: float = 1_000.0, *, fresh: bool = False) -> str:
    """Registers a document and applies its result; returns its id. A fresh one is one that somebody waits for."""
    return put_all(store, [(path, made)], now, fresh=fresh)[0]


def put_all(
    store: Store, made: Sequence[tuple[str, Extraction]], now: float = 1_000.0, *, fresh: bool = False
) -> list[str]:
    """The same for many, in one transaction."""
    arrivals = [Arrival(path, _hash(path, one), len(one.document.text), fresh=fresh) for path, one in made]
    known = [registered.document_id for registered in store.register(arrivals, now)]
    facts = [Done(document, 0, "t", 12.0, one) for document, (_, one) in zip(known, made, strict=True)]
    store.apply(facts, now)
    return known


def _hash(path: str, made: Extraction) -> str:
    return hashlib.sha256(f"{made.document.text}{path}".encode("utf-8", "replace")).hexdigest()


STORY = """‹DURATION P21M|After 21 months|21 months› of work the new harbour bridge at Ostrand stands. \
Engineers told the council ‹DATE 2025-W45|earlier this week› that the last span was welded on \
‹DATE 2025-11-04|Tuesday›, and that the deck may be opened to walkers before the cars come.

The old crossing has been shut ‹DATE 2023|since 2023|2023›, when a barge struck its third pier; \
it was first opened in ‹DATE 1868|1868› and widened in ‹DATE 192|the 1920s›. Traffic has been sent round by the \
ring road ‹DATE 2025-SU|throughout the summer|the summer›, and ‹DATE PAST_REF|in recent days|recent days› queues \
have reached the hospital gates. A full closure of the ring road is planned for ‹DATE 2026-03|March 2026›.

“We lost three piers ‹DURATION P1D|in a single day|a single day›,” the harbour master said. Work began on \
‹TIME 2024-02-05T09:30|5 February 2024 at 9:30 a.m.›"""

HOSTILE = (
    """<script>document.title='owned'</script> On ‹DATE 2024-03-01|1 March <b>2024</b>› “><img src=x onerror=alert(1)> \
the ‮evil‬ plan {{ 7*7 }} was signed. """
    + "A" * 10_000
    + """ and in ‹DATE BC0044|44 BC› Caesar fell. In ‹DATE 9999|the year 9999› \
nothing happens. مرحبا ‹DATE 2024-03-02|2 مارس 2024› بالعالم. 👩‍👩‍👧‍👦 Z̷̡̢a̶l̵g̸o̴ on ‹DATE 2024-03-01|the same day›."""
)


def small(store: Store) -> None:
    """A handful of events, one of each kind."""
    put(
        store,
        "2025-11-06-bridge.txt",
        extraction(STORY, name="2025-11-06-bridge.txt", title="The bridge at Ostrand stands"),
    )


_SUBJECTS = (
    "The council",
    "A court in Ostrand",
    "The harbour authority",
    "Her predecessor",
    "The commission",
    "A second inspector",
)
_VERBS = (
    "approved the budget",
    "closed the northern quay",
    "ordered a new survey",
    "withdrew its complaint",
    "published the full report",
    "signed the contract with the builders",
    "refused to name the buyer",
)
_TAILS = (
    "",
    ", against the advice of its own lawyers",
    ", two people present at the meeting said",
    "; the minutes were never released",
    ", although the deadline had passed and nobody had asked for more time",
)


def _sentence(chance: random.Random, day: date) -> str:
    who, did, tail = chance.choice(_SUBJECTS), chance.choice(_VERBS), chance.choice(_TAILS)
    style = chance.random()
    if style < 0.6:
        return f"{who} {did} on ‹DATE {day.isoformat()}|{day.day} {day:%B} {day.year}›{tail}. "
    if style < 0.75:
        return f"In ‹DATE {day:%Y-%m}|{day:%B} {day.year}› {who.lower()} {did}{tail}. "
    if style < 0.85:
        return f"{who} has refused to answer ‹DATE {day.year}|since {day.year}|{day.year}›{tail}. "
    if style < 0.93:
        return f"‹DATE {day.year}-SU|Throughout the summer|the summer› {who.lower()} {did}{tail}. "
    return f"{who} {did} ‹DATE PAST_REF|in recent days|recent days›{tail}. "


def documents(
    count: int, events: int, *, years: int = 12, seed: int = 7, last: date = date(2025, 11, 6)
) -> Iterator[tuple[str, Extraction]]:
    """Documents with about `events` events between them, denser towards the end."""
    chance = random.Random(seed)  # noqa: S311 - the same every time
    for number in range(count):
        dct = last - timedelta(days=int(365 * years * chance.random() ** 2))
        text = ""
        for _ in range(max(1, events // count)):
            day = dct - timedelta(days=int(400 * chance.random() ** 3))
            text += _sentence(chance, day)
            if chance.random() < 0.3:
                text += "\n\n"
        folder = chance.choice(["", "court/", "letters/", "press/2024/"])
        path = f"{folder}{dct.isoformat()}-{number:06d}.txt"
        source = DctSource.FILE_TIME if chance.random() < 0.05 else DctSource.FILE_NAME
        kind = chance.choice(["Minutes of", "Report on", "Letter about", "Notes from"])
        about = chance.choice(["the harbour", "the bridge", "pier three", "the ring road", "the tender"])
        title = f"{kind} {about}, no. {number}"
        yield path, extraction(text, name=path, title=title, dct=dct, source=source)


def fill(store: Store, made: Iterable[tuple[str, Extraction]]) -> None:
    """Puts many documents in."""
    waiting = iter(made)
    while some := list(islice(waiting, 100)):
        put_all(store, some)
