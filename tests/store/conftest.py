"""A store on SQLite and on PostgreSQL, for every test that takes it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from private_postgres import private_postgres, programs

from timeline.store import Store


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
