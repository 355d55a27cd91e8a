"""What becomes of documents whose process dies, and of tasks that are taken back."""

from stored_documents import arrive

from timeline.facts import Died, Started
from timeline.store import Arrival, Store


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
