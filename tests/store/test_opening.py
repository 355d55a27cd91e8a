"""Who may open a store, who may write, and what all of them see."""

import sqlite3
from datetime import date
from pathlib import Path

import psycopg
import pytest
from stored_documents import arrive, made, read

from timeline.errors import StoreError, UsageError
from timeline.store import Store, opening


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
