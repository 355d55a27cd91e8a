"""Events and documents are found: in order, by text, by what is known of them."""

from datetime import date

import pytest
from stored_documents import DAY, NOVEMBER_6, arrive, made, made_event, read

from timeline.errors import UsageError
from timeline.model import (
    Event,
    Placement,
    Shape,
)
from timeline.store import Store
from timeline.store.calendar import begin_of, civil, days_of, key_of


def test_events_come_in_time_order_page_by_page(store: Store) -> None:
    document = arrive(store)
    times = [NOVEMBER_6 + DAY * offset for offset in (5, -700_000, 0, 0, 40, -900_000)]
    read(store, document, made("x", *(made_event(n, when, f"Number {n}.") for n, when in enumerate(times))))
    seen = []
    after = None
    while page := store.events(after=after, limit=2):
        seen += [row.sort for row in page]
        after = page[-1].cursor
    assert seen == sorted(times)
    month = store.events(begin=NOVEMBER_6, end=NOVEMBER_6 + 30 * DAY)
    assert [row.sort for row in month] == [NOVEMBER_6, NOVEMBER_6, NOVEMBER_6 + 5 * DAY]
    assert [bin_.key for bin_ in store.months()] == ["-0439-09", "0109-04", "2025-11", "2025-12"]
    assert sum(bin_.count for bin_ in store.histogram(unit="year")) == 6
    assert sum(bin_.count for bin_ in store.histogram(unit="day", source="x.txt")) == 6
    with pytest.raises(UsageError):
        store.events(after="nonsense")


def test_an_event_without_a_beginning_stands_before_its_end(store: Store) -> None:
    document = arrive(store)
    open_ended = made_event(1, 0, "Until then.", shape=Shape.OPEN, end=NOVEMBER_6)
    event = Event(
        **{name: getattr(open_ended, name) for name in Event.__slots__}
        | {"placement": Placement(None, NOVEMBER_6, "../2025-11-05", "day", Shape.OPEN)}
    )
    read(store, document, made("x", event))
    assert store.events()[0].sort == NOVEMBER_6 - 1


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("war", [1, 2, 3]),
        ("WAR began", [1]),
        ('"the war"', [1, 3]),
        ("pok*", [2]),
        ("cafe", [4]),
        ("北京", [3]),
        ("war 北京", [3]),
        ("nothing", []),
        ('"', []),
        ("100%", []),
    ],
)
def test_text_is_found_by_word_phrase_beginning_and_script(store: Store, sought: str, found: list[int]) -> None:
    said = {1: "Then the war began.", 2: "Pokrovsk at war.", 3: "In 北京的 street the war ended.", 4: "A cafe."}
    document = arrive(store)
    read(store, document, made("x", *(made_event(n, NOVEMBER_6 + n * DAY, text) for n, text in said.items())))
    for by in ("event", "reported"):
        rows = store.events(text=sought, by=by)  # type: ignore[arg-type]
        assert sorted(int(row.event.id, 16) for row in rows) == found
    assert sum(bin_.count for bin_ in store.histogram(text=sought)) == len(found)


def test_events_are_filtered_by_what_is_known_of_them(store: Store) -> None:
    first, second = arrive(store, "press/a.txt", "aa"), arrive(store, "diary/b.txt", "bb")
    read(store, first, made("x", made_event(1, NOVEMBER_6, "One.")))
    read(store, second, made("x", made_event(2, NOVEMBER_6, "Two.", shape=Shape.VAGUE)), task="t2")
    assert [row.document.collection for row in store.events(collection="press")] == ["press"]
    assert [row.document.id for row in store.events(source="diary/")] == [second]
    assert [row.document.id for row in store.events(document=first)] == [first]
    assert len(store.events(shapes=[Shape.VAGUE])) == 1
    assert len(store.events(language="en", granularities=["day"])) == 2
    assert store.events(language="de") == []


def test_pages_are_marked_with_what_changed_and_stay_marked_if_it_changes_again(store: Store) -> None:
    document = arrive(store)
    read(store, document, made("x", made_event(1, NOVEMBER_6, "One.")))
    assert set(store.dirty_pages(10)) == {"index", f"document:{document}", "day:2025-11-06"}
    store.hide(f"{1:016x}")
    store.clean_pages(["index", f"document:{document}", "day:2025-11-06"])
    assert set(store.dirty_pages(10)) == {"index", f"document:{document}", "day:2025-11-06"}
    store.clean_pages(store.dirty_pages(10))
    assert store.dirty_pages(10) == []
    store.mark_all()
    assert f"document:{document}" in store.dirty_pages(10)


def test_months_agree_with_the_calendar_and_repeat_every_400_years() -> None:
    for days in range(0, 3_650_000, 9973):
        wanted = date.fromordinal(days + 1)
        assert civil(days) == (wanted.year, wanted.month, wanted.day)
        assert civil(days - 146_097 * 30) == (wanted.year - 12_000, wanted.month, wanted.day)
        assert days_of(*civil(days - 146_097 * 30)) == days - 146_097 * 30
    assert key_of(-1, "day") == "0000-12-31"
    assert begin_of("-0043-03") == days_of(-43, 3) * DAY


def test_a_document_is_found_by_id_head_path_or_name_and_never_guessed(store: Store) -> None:
    first, second = arrive(store, "a/x.txt", "ab"), arrive(store, "b/x.txt", "cd")
    read(store, first, made())
    read(store, second, made())
    assert [store.document_called(called) for called in (first, first[:6].upper(), "a/x.txt")] == [first] * 3
    with pytest.raises(UsageError, match=r"x.txt may be .*a/x.txt.*b/x.txt.*by its id"):
        store.document_called("x.txt")
    store.gone(["b/x.txt"], 9.0)
    assert store.document_called("x.txt") == first
    for nobody in ("y.txt", first[:3], "%", ""):
        with pytest.raises(UsageError, match="there is no document"):
            store.document_called(nobody)
    assert arrive(store, "a/x.txt", "ef") == store.document_called("x.txt"), "the file as it is now"
