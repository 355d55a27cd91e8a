"""The wire: what was packed comes out the same; what nobody of ours packed is refused."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from timeline.facts import Died, Done, Failed, Missing, Started
from timeline.model import DctSource, Document, Explanation, Extraction, Hints, Mention
from workers.messages import (
    Alive,
    Item,
    MessageError,
    pack_alive,
    pack_document,
    pack_fact,
    pack_items,
    unpack_alive,
    unpack_document,
    unpack_fact,
    unpack_items,
)

ID = "0123456789abcdef"
DOCUMENT = Document("x.txt", "X", "It fell on Monday. 北京", "en", date(2025, 11, 6), DctSource.HEADER, "text/plain")
MENTION = Mention(11, 17, "Monday", None, Explanation("weekday", ("the last one",)))
EXTRACTION = Extraction(DOCUMENT, (MENTION,), (), "1.0")
HINTS = Hints(named_date=date(2025, 1, 2), file_time=datetime(2025, 1, 2, 3, tzinfo=UTC), correction=date(1066, 10, 14))
ITEM = Item(ID, 3, "bytes", "x.txt", ID, ("mail.eml", "a.txt"), HINTS)
FACTS = (
    Started(ID, "task-1", "host-1"),
    Done(ID, 0, "task-1", 3.5, EXTRACTION),
    Failed(ID, 0, "task-1", "encrypted: remove the password"),
    Missing(ID, "task-1"),
    Died("task-1", "signal 11, SIGSEGV"),
)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.kind)
def test_a_fact_comes_out_as_it_went_in(fact: Started | Done | Failed | Missing | Died) -> None:
    assert unpack_fact(pack_fact(fact)) == fact


def test_work_comes_out_as_it_went_in_through_json() -> None:
    assert unpack_items(json.loads(json.dumps(pack_items((ITEM, ITEM))))) == (ITEM, ITEM)


def test_a_document_comes_out_as_it_went_in() -> None:
    assert unpack_document(pack_document(DOCUMENT)) == DOCUMENT


def test_a_sign_of_life_comes_out_as_it_went_in() -> None:
    alive = Alive("host", 12, 1.5, ("a-b",))
    assert unpack_alive(pack_alive(alive)) == alive
    assert unpack_alive(b"alive!") is None


@pytest.mark.parametrize(
    "forged",
    [
        {"id": "../../etc/passwd"},
        {"id": "0123456789ABCDEF"},
        {"blob": "timeline:results"},
        {"revision": -1},
        {"need": "path"},
        {"name": ""},
        {"member": ["x"] * 40},
        {"hints": {"named_date": "yesterday"}},
    ],
    ids=str,
)
def test_forged_work_is_refused(forged: dict[str, object]) -> None:
    packed = json.loads(json.dumps(pack_items((ITEM,))))
    with pytest.raises(MessageError, match="none of ours"):
        unpack_items([packed[0] | forged])


@pytest.mark.parametrize("data", [None, [], {}, "x", [[]], [None], [{}] * 600])
def test_what_is_no_work_at_all_is_refused(data: object) -> None:
    with pytest.raises(MessageError):
        unpack_items(data)


@pytest.mark.parametrize(
    "change",
    [
        lambda fact: fact | {"id": "x"},
        lambda fact: fact | {"kind": "exec"},
        lambda fact: fact | {"ms": -1},
        lambda fact: fact | {"task": "a" * 100},
        lambda fact: {key: value for key, value in fact.items() if key != "extraction"},
        lambda fact: fact | {"extraction": fact["extraction"] | {"mentions": [{"start": 0}]}},
        lambda fact: fact | {"extraction": _stretched(fact["extraction"], "end", 10_000)},
        lambda fact: fact | {"extraction": _stretched(fact["extraction"], "start", -1)},
    ],
)
def test_forged_facts_are_refused(change) -> None:  # type: ignore[no-untyped-def]
    told = json.loads(pack_fact(FACTS[1]))
    with pytest.raises(MessageError, match="none of ours"):
        unpack_fact(json.dumps(change(told)).encode())


def _stretched(extraction: dict[str, object], name: str, value: int) -> dict[str, object]:
    mentions = extraction["mentions"]
    assert isinstance(mentions, list)
    return extraction | {"mentions": [mentions[0] | {name: value}]}


@given(some.binary(max_size=200))
def test_any_bytes_are_a_fact_or_refused(data: bytes) -> None:
    with pytest.raises(MessageError):
        unpack_fact(data)
