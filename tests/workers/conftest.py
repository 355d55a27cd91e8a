"""A private Redis for the tests of the roles, emptied for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from timeline.store import Store
from workers import keys
from workers.broker import EmbeddedRedis


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = EmbeddedRedis(tmp_path_factory.mktemp("redis"))
    yield server.start()
    server.stop()


@pytest.fixture
def redis(redis_url: str) -> Iterator[keys.Redis]:
    client = keys.connect(redis_url)
    client.flushall()
    yield client
    client.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "timeline.db") as opened:
        yield opened
