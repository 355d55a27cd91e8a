"""The store, on SQLite and on PostgreSQL: documents come, are read, change, vanish and come back."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest
from private_postgres import private_postgres, programs

from timeline.errors import StoreError, UsageError
from timeline.facts import Died, Done, Failed, Missing, Started
from timeline.model import (
    DctSource,
    Document,
    Event,
    Extraction,
    Hints,
    Mention,
    Part,
    Placement,
    Shape,
    Timex,
    TimexType,
)
from timeline.model import Explanation as Why
from timeline.store import Arrival, Need, State, Store, UndatedRow, Verdict, opening
from timeline.store.calendar import begin_of, civil, days_of, key_of

DAY = 86_400
NOVEMBER_6 = (date(2025, 11, 6).toordinal() - 1) * DAY


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that holds nothing: copied, for making one costs more than most tests."""
    made_ = tmp_path_factory.mktemp("empty") / "timeline.db"
    Store.open(made_).close()
    return made_


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL that holds an empty store: the one named by TEST_POSTGRES, else a private one."""
    if server := os.environ.get("TEST_POSTGRES"):
        yield _with_schema(server)
        return
    home = programs()
    if home is None:
        pytest.skip("no PostgreSQL on this machine: apt install postgresql, or set TEST_POSTGRES")
    with private_postgres(home) as server:
        yield _with_schema(server)


def _with_schema(server: str) -> str:
    """A schema of our own, migrated."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS timeline_test CASCADE")
        connection.execute("CREATE SCHEMA timeline_test")
    url = f"{server}{'&' if '?' in server else '?'}options=-csearch_path%3Dtimeline_test"
    Store.open(url).close()
    return url


def _emptied(url: str) -> str:
    tables = "documents, paths, contents, events, bins, hidden, dirty, notices, meta"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"TRUNCATE {tables}")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path, empty: Path) -> Iterator[Store]:
    if request.param == "postgresql":
        target = _emptied(request.getfixturevalue("postgres"))
    else:
        target = str(shutil.copy(empty, tmp_path / "timeline.db"))
    with Store.open(target) as opened:
        yield opened


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


def test_what_hangs_on_a_date_nobody_knows_is_listed_until_there_is_one(store: Store) -> None:
    document = arrive(store, "b.txt")
    adrift = Mention(0, 2, "It", Timex(TimexType.DATE, "XXXX-XX-XX"), Why("rule", ("a step",)))
    undated = replace(made().document, dct=date.min, dct_source=DctSource.UNKNOWN)
    event = made_event(1, 0, "It fell.")
    read(store, document, Extraction(undated, (adrift, adrift), (event,), "1"))
    assert store.undated() == [UndatedRow(document, "b.txt", 2)]
    row = store.document(document)
    assert row is not None
    assert (store.counts().undated, row.dct) == (1, None)
    assert store.histogram(by="reported", unit="year") == []  # not in the year 1
    store.redate(document, date(2025, 11, 6))
    (work,) = store.next_work(5, 4.0)
    assert work.need is Need.TEXT
    read(store, document, made("It fell.", event), revision=1)
    assert (store.undated(), store.counts().undated) == ([], 0)
    assert [one.count for one in store.histogram(by="reported", unit="year")] == [1]


def test_a_file_beside_is_heard_and_what_it_says_anew(store: Store) -> None:
    document = arrive(store, title="The flood", origin="town archive", language="de")
    (work,) = store.next_work(5, 1.0)
    assert (work.hints.title, work.hints.origin, work.hints.language) == ("The flood", "town archive", "de")
    read(store, document, made())
    assert arrive(store, title="The flood", origin="town archive", language="de") == document
    assert store.next_work(5, 4.0) == []
    arrive(store, path="copy.txt")  # nothing is said of the copy
    assert store.next_work(5, 4.0) == []
    arrive(store, title="The great flood")
    (work,) = store.next_work(5, 4.0)
    assert (work.need, work.revision, work.hints.title) == (Need.BYTES, 1, "The great flood")


def test_a_file_time_of_its_arrival_is_known_for_it(store: Store) -> None:
    arrive(store, file_time=datetime.fromtimestamp(31, UTC))
    assert store.next_work(5, 1.0)[0].hints.is_arrival_time
    arrive(store, path="older.txt", digest="cd", file_time=datetime.fromtimestamp(-9999, UTC))
    assert [work.hints.is_arrival_time for work in store.next_work(5, 1.0) if work.path == "older.txt"] == [False]


def test_a_document_is_queued_then_working_then_done(store: Store) -> None:
    document = arrive(store)
    assert store.counts().queued == 1
    store.hand_out("t", [document], 2.0)
    store.apply([Started(document, "t", "w")], 2.5)
    assert store.counts().working == 1
    assert store.apply([Done(document, 0, "t", 3.0, made())], 3.0) == [Verdict.STORED]
    assert store.counts().done == 1
    assert store.balance().holds
    row = store.document(document)
    assert row is not None
    assert row.document == made().document
    assert row.mentions == made().mentions
    assert (row.title, row.dct, row.collection, row.attempts) == ("A title", "2025-11-06", "a", 1)


def test_a_result_that_comes_twice_changes_nothing(store: Store) -> None:
    document = arrive(store)
    first = made("It fell.", made_event(1, NOVEMBER_6, "It fell."))
    read(store, document, first)
    store.clean_pages(store.dirty_pages(100))
    done = Done(document, 0, "task-1", 3.0, made("Other.", made_event(2, NOVEMBER_6, "Other.")))
    assert store.apply([done, Failed(document, 0, "t", "no")], 4.0) == [Verdict.REPEATED, Verdict.REPEATED]
    assert [row.event.statement for row in store.events()] == ["It fell."]
    assert store.dirty_pages(100) == []


def test_a_result_of_an_older_correction_or_an_older_engine_is_refused(store: Store) -> None:
    document = arrive(store)
    store.want_engine("1")
    read(store, document, made())
    store.redate(document, date(2020, 1, 1))
    assert store.next_work(10, 5.0)[0].hints == Hints(correction=date(2020, 1, 1))
    assert store.apply([Done(document, 0, "t", 1.0, made())], 5.0) == [Verdict.STALE]
    assert read(store, document, made("It fell."), revision=1) is Verdict.STORED
    assert store.want_engine("2") == 1
    assert store.apply([Done(document, 1, "late", 1.0, made())], 6.0) == [Verdict.STALE]
    assert store.counts().done == 1, "a document that is only read again stays done"
    assert read(store, document, made(engine="2"), revision=1, task="t9") is Verdict.STORED
    assert store.want_engine("2") == 0


def test_facts_about_unknown_documents_are_refused(store: Store) -> None:
    assert store.apply([Done("0" * 16, 0, "t", 1.0, made()), Missing("0" * 16, "t")], 1.0) == [Verdict.UNKNOWN] * 2


def test_the_same_bytes_at_two_paths_are_one_document_until_both_are_gone(store: Store) -> None:
    first = arrive(store, "a.txt")
    assert arrive(store, "b.txt") == first
    read(store, first, made("x", made_event(1, NOVEMBER_6, "It fell.")))
    row = store.document(first)
    assert row is not None
    assert row.paths == ("a.txt", "b.txt")
    assert store.gone(["a.txt"], 5.0) == []
    assert store.gone(["b.txt"], 5.0) == [first]
    assert (store.counts().withdrawn, store.events()) == (1, [])
    arrive(store, "c.txt")
    assert (store.counts().done, len(store.events())) == (1, 1)
    assert store.next_work(10, 9.0) == []


def test_the_same_bytes_with_two_dates_are_two_documents_that_share_a_text(store: Store) -> None:
    first = arrive(store, "2009-05-07.txt", named_date=date(2009, 5, 7))
    second = arrive(store, "2009-06-11.txt", named_date=date(2009, 6, 11))
    assert first != second
    row = store.document(first)
    assert row is not None
    assert row.same_text == (second,)


def test_a_changed_file_supersedes_its_former_self(store: Store) -> None:
    before = arrive(store, "x.txt", "ab")
    read(store, before, made("x", made_event(1, NOVEMBER_6, "Old.")))
    store.redate(before, date(2020, 1, 1))
    after = arrive(store, "x.txt", "cd")
    row, heir = store.document(before), store.document(after)
    assert row is not None
    assert heir is not None
    assert (row.state, row.superseded_by) == (State.WITHDRAWN, after)
    assert heir.correction == "2020-01-01", "what a person said goes over to the heir"
    assert store.events() == []


def test_a_result_for_a_file_that_is_gone_comes_back_with_the_file(store: Store) -> None:
    document = arrive(store)
    read(store, document, made())
    store.redate(document, date(2020, 1, 1))
    store.hand_out("t-9", [document], 3.5)
    store.gone(["a/x.txt"], 4.0)
    late = made("x", made_event(1, NOVEMBER_6, "It fell."))
    assert store.apply([Done(document, 1, "t-9", 1.0, late)], 5.0) == [Verdict.STORED]
    assert (store.counts().withdrawn, store.events()) == (1, [])
    arrive(store)
    assert (store.counts().done, len(store.events())) == (1, 1)


def test_a_file_that_vanishes_before_it_was_read_is_listed_as_ignored(store: Store) -> None:
    document = arrive(store)
    assert store.gone(["a/x.txt"], 2.0) == []
    assert store.document(document) is None
    assert store.ignored()[0].reason == "vanished before it was read"
    assert store.balance().holds


def test_a_file_nobody_could_open_fails_and_becomes_a_document_when_somebody_can(store: Store) -> None:
    unread = store.register([Arrival("x.txt", None, 5, failed="no permission")], 1.0)[0].document_id
    assert [failure.reason for failure in store.failures()] == ["no permission"]
    assert store.unread_paths() == ["x.txt"]
    assert store.retry() == 0, "there are no bytes to hand out"
    arrive(store, "x.txt")
    assert store.document(unread) is None
    assert (store.counts().failed, store.counts().queued, store.counts().documents) == (0, 1, 1)


def test_ignored_files_are_counted_and_listed(store: Store) -> None:
    store.ignore([("a.part", "unfinished"), (".x", "hidden")], 1.0)
    assert [(row.path, row.reason) for row in store.ignored()] == [(".x", "hidden"), ("a.part", "unfinished")]
    assert store.balance().holds
    store.forget_ignored([".x"])
    assert store.counts().documents == 1


def test_a_document_that_kills_its_process_in_company_is_tried_alone_and_uncounted(store: Store) -> None:
    guilty, innocent = arrive(store, "g.txt", "aa"), arrive(store, "i.txt", "bb")
    store.hand_out("t", [innocent, guilty], 2.0)
    store.apply([Started(guilty, "t", "w"), Died("t", "signal 11")], 3.0)
    work = {item.id: item for item in store.next_work(10, 4.0)}
    assert (work[guilty].alone, work[innocent].alone) == (True, False)
    for attempt in range(3):
        assert store.counts().failed == 0
        store.hand_out(f"alone-{attempt}", [guilty], 5.0)
        store.apply([Started(guilty, f"alone-{attempt}", "w"), Died(f"alone-{attempt}", "signal 11, SIGSEGV")], 6.0)
    assert "crashes the reader (signal 11, SIGSEGV)" in store.failures()[0].reason
    assert store.counts().queued == 1
    assert store.retry([guilty]) == 1
    assert store.next_work(10, 7.0)[0].id == guilty


def test_a_process_that_somebody_asked_to_end_is_no_documents_fault(store: Store) -> None:
    document = arrive(store)
    for attempt in range(5):
        store.hand_out(f"t-{attempt}", [document], 2.0)
        store.apply([Started(document, f"t-{attempt}", "w"), Died(f"t-{attempt}", "signal 15, SIGTERM")], 3.0)
        (work,) = store.next_work(10, 4.0)
        assert not work.alone
    assert store.counts().queued == 1


def test_a_death_told_twice_or_of_a_task_taken_back_counts_once(store: Store) -> None:
    document = arrive(store)
    store.hand_out("t", [document], 2.0)
    store.take_back(["t"])
    store.apply([Died("t", "signal 9"), Started(document, "t", "w")], 3.0)
    assert store.counts().queued == 1
    assert not store.next_work(10, 4.0)[0].alone


def test_a_document_that_takes_its_whole_worker_with_it_stops_after_five(store: Store) -> None:
    document = arrive(store)
    for attempt in range(5):
        assert store.counts().failed == 0
        store.hand_out(f"t{attempt}", [document], 2.0)
        store.apply([Started(document, f"t{attempt}", f"w{attempt}")], 3.0)
        store.worker_died([f"t{attempt}"], 4.0)
    assert "its worker died 5 times" in store.failures()[0].reason


def test_tasks_taken_back_wait_again_and_the_freshest_goes_first(store: Store) -> None:
    old, new = arrive(store, "o.txt", "aa"), store.register([Arrival("n.txt", "bb" * 32, 1, fresh=True)], 9.0)[0]
    store.hand_out("t", [old], 2.0)
    assert [work.id for work in store.next_work(10, 10.0)] == [new.document_id]
    assert store.in_flight().documents == 1
    assert store.take_back(["t"]) == 1
    assert [work.id for work in store.next_work(10, 10.0)] == [new.document_id, old]


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


def test_a_hidden_event_stays_hidden_when_its_document_is_read_again(store: Store) -> None:
    document = arrive(store)
    extraction = made("x", made_event(1, NOVEMBER_6, "One."), made_event(2, NOVEMBER_6, "Two."))
    read(store, document, extraction)
    assert store.hide(f"{1:016x}") == 1
    assert [row.event.statement for row in store.events()] == ["Two."]
    assert (store.counts().events, store.hidden(document)) == (1, {f"{1:016x}"})
    store.redate(document, date(2020, 1, 1))
    read(store, document, extraction, revision=1)
    assert [row.event.statement for row in store.events()] == ["Two."]
    store.hide(f"{1:016x}", hide=False)
    assert len(store.events(text="one")) == 1
    with pytest.raises(UsageError):
        store.hide("f" * 16)


def test_a_document_that_only_fails_to_be_read_better_keeps_what_it_had(store: Store) -> None:
    document = arrive(store)
    store.want_engine("1")
    read(store, document, made("x", made_event(1, NOVEMBER_6, "One.")))
    store.want_engine("2")
    assert store.next_work(1, 5.0)[0].need is Need.TEXT
    store.apply([Failed(document, 0, "t", "stumbled")], 6.0)
    assert (store.counts().done, len(store.events())) == (1, 1)


def test_members_live_and_die_with_their_archive(store: Store) -> None:
    archive = arrive(store, "all.zip")
    parts = (Part("in/a.txt", "aa" * 32, 3), Part("in/b.txt", "bb" * 32, 4))
    read(store, archive, made("x", parts=parts))
    members = store.next_work(10, 5.0)
    assert sorted(work.member for work in members) == [("in/a.txt",), ("in/b.txt",)]
    assert {(work.blob, work.path, work.sha256) for work in members} == {(archive, "all.zip", "ab" * 32)}
    first = members[0].id
    read(store, first, made("y", made_event(1, NOVEMBER_6, "Inside.")), task="t2")
    assert store.events()[0].document.path.startswith("all.zip/in/")
    assert store.spent_blobs([first]) == {archive}
    store.gone(["all.zip"], 6.0)
    assert (store.counts().withdrawn, store.events()) == (3, [])
    arrive(store, "all.zip")
    assert (store.counts().withdrawn, len(store.events())) == (0, 1)


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


def test_corrections_say_what_to_do_when_they_cannot(store: Store) -> None:
    with pytest.raises(UsageError, match="no document"):
        store.redate("0" * 16, date(2020, 1, 1))
    with pytest.raises(UsageError, match="no document"):
        store.retry(["0" * 16])


def test_a_writer_elsewhere_is_noticed(store: Store) -> None:
    before = store.changes()
    arrive(store)
    assert store.changes() != before
    assert store.changes() == store.changes()


def test_notices_go_up_and_down(store: Store) -> None:
    assert store.notice("disk", "the disk is full", 1.0)
    assert not store.notice("disk", "the disk is full", 2.0)
    assert [(notice.key, notice.at) for notice in store.notices()] == [("disk", 1.0)]
    assert store.notice("disk", None, 3.0)
    assert store.notices() == []


def test_progress_tells_rate_and_time_left(store: Store) -> None:
    document, _ = arrive(store, "a.txt", "aa"), arrive(store, "b.txt", "bb")
    read(store, document, made())
    progress = store.progress(13.0)
    assert (progress.waiting, progress.finished, progress.oldest_waiting) == (1, 1, 12.0)
    assert progress.seconds_left == pytest.approx(10.0)


def test_months_agree_with_the_calendar_and_repeat_every_400_years() -> None:
    for days in range(0, 3_650_000, 9973):
        wanted = date.fromordinal(days + 1)
        assert civil(days) == (wanted.year, wanted.month, wanted.day)
        assert civil(days - 146_097 * 30) == (wanted.year - 12_000, wanted.month, wanted.day)
        assert days_of(*civil(days - 146_097 * 30)) == days - 146_097 * 30
    assert key_of(-1, "day") == "0000-12-31"
    assert begin_of("-0043-03") == days_of(-43, 3) * DAY


def test_a_store_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no timeline"):
        Store.open(tmp_path / "timeline.db", create=False)
    with pytest.raises(StoreError, match="no database URL"):
        Store.open("nonsense://")
    (tmp_path / "other.db").write_text("this is no database, but it is long enough to be looked at" * 50)
    with pytest.raises(StoreError, match="damaged"):
        Store.open(tmp_path / "other.db")


def test_a_store_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    Store.open(tmp_path / "timeline.db").close()
    with sqlite3.connect(tmp_path / "timeline.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StoreError, match="newer version"):
        Store.open(tmp_path / "timeline.db")


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    Store.open(tmp_path / "timeline.db").close()
    with Store.open(tmp_path / "timeline.db", create=False, read_only=True) as store, pytest.raises(StoreError):
        store.notice("x", "y", 1.0)


def test_one_process_at_a_time_may_assemble_and_the_next_takes_over(store: Store, tmp_path: Path) -> None:
    with Store.open(store._engine.url.render_as_string(hide_password=False)) as other:  # as another process has it
        with store.sole() as first, other.sole() as second:
            assert first.take()
            assert first.holds()
            assert not second.take()
            first.release()
            assert second.take()
            assert not first.take()
        with store.sole() as third:
            assert third.take(), "given back at the end"


def test_who_loses_the_connection_loses_the_right(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("timeline.store.sole.LOOK_EVERY", 0.0)
    with Store.open(postgres) as store, store.sole() as first, store.sole() as second:
        assert first.take()
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
        assert not first.holds()
        assert second.take()
        assert not first.take()


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


def test_what_was_hidden_stays_hidden_in_the_changed_file_where_it_is_plainly_the_same(store: Store) -> None:
    before = arrive(store, "x.txt", "ab")
    said = ["Gone.", "Kept.", "Twice.", "Twice.", "Left out."]
    read(store, before, made("x", *(made_event(n, NOVEMBER_6, statement) for n, statement in enumerate(said))))
    for number in (0, 2, 4):
        store.hide(f"{number:016x}")
    after = arrive(store, "x.txt", "cd")
    read(store, after, made("y", *(made_event(n, NOVEMBER_6, said_) for n, said_ in enumerate(said[:4], 10))), task="b")
    assert sorted(row.event.statement for row in store.events()) == ["Kept.", "Twice.", "Twice."]
    assert store.hidden(after) == {f"{10:016x}"}
    store.hide(f"{10:016x}", hide=False)
    store.redate(after, date(2020, 1, 1))
    read(store, after, made("y", made_event(10, NOVEMBER_6, "Gone.")), revision=1, task="c")
    assert [row.event.statement for row in store.events()] == ["Gone."], "shown again is shown again"


def test_what_a_person_says_waits_for_the_disk_and_documents_do_not(tmp_path: Path) -> None:
    with Store.open(tmp_path / "timeline.db") as store:
        levels = []
        for for_good in (False, True, False):
            with opening.writing(store._engine, for_good=for_good) as connection:
                levels.append(connection.exec_driver_sql("PRAGMA synchronous").scalar())
        with pytest.raises(UsageError):
            store.redate("0" * 64, date(2024, 5, 3))
        with opening.writing(store._engine) as connection:
            levels.append(connection.exec_driver_sql("PRAGMA synchronous").scalar())
    assert levels == [1, 2, 1, 1]  # NORMAL, FULL
