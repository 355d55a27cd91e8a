"""Documents come, are read, change, vanish and come back."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from stored_documents import NOVEMBER_6, arrive, made, made_event, read

from timeline.errors import UsageError
from timeline.facts import Done, Failed, Missing, Started
from timeline.model import (
    DctSource,
    Extraction,
    Hints,
    Mention,
    Part,
    Timex,
    TimexType,
)
from timeline.model import Explanation as Why
from timeline.store import Arrival, Need, State, Store, UndatedRow, Verdict


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


def test_corrections_say_what_to_do_when_they_cannot(store: Store) -> None:
    with pytest.raises(UsageError, match="no document"):
        store.redate("0" * 16, date(2020, 1, 1))
    with pytest.raises(UsageError, match="no document"):
        store.retry(["0" * 16])


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
