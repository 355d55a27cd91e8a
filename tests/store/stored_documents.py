"""Documents and events for the tests of the store, made without reading anything."""

from datetime import date

from timeline.facts import Done, Started
from timeline.model import (
    DctSource,
    Document,
    Event,
    Extraction,
    Mention,
    Part,
    Placement,
    Shape,
    Timex,
    TimexType,
)
from timeline.model import Explanation as Why
from timeline.store import Arrival, Store, Verdict

DAY = 86_400
NOVEMBER_6 = (date(2025, 11, 6).toordinal() - 1) * DAY


def made_event(
    number: int, begin: int, statement: str, *, shape: Shape = Shape.MOMENT, end: int | None = None
) -> Event:
    return Event(
        id=f"{number:016x}",
        placement=Placement(begin, begin + DAY if end is None else end, "2025-11-06", "day", shape),
        timex=Timex(TimexType.DATE, "2025-11-06"),
        expression="6 November 2025",
        statement=statement,
        expression_start=0,
        expression_end=1,
        clause_start=0,
        clause_end=1,
        span=(0, 1),
        page=None,
        explanation="as written",
        rule="full-date",
    )


def made(text: str = "It fell.", *events: Event, engine: str = "1", parts: tuple[Part, ...] = ()) -> Extraction:
    mention = Mention(0, 2, text[:2], None, Why("rule", ("a step",)))
    read = Document("x.txt", "A title", text, "en", date(2025, 11, 6), DctSource.FILE_NAME, "text/plain", parts=parts)
    return Extraction(read, (mention,), events, engine)


def arrive(store: Store, path: str = "a/x.txt", digest: str = "ab", **more: object) -> str:
    arrival = Arrival(path, digest * 32, 10, **more)  # type: ignore[arg-type]
    return store.register([arrival], 1.0)[0].document_id


def read(store: Store, document: str, extraction: Extraction, *, revision: int = 0, task: str = "task-1") -> Verdict:
    store.hand_out(task, [document], 2.0)
    return store.apply([Started(document, task, "w"), Done(document, revision, task, 3.0, extraction)], 3.0)[-1]
