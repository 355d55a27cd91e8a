"""A store of the release before: migrated at the start, read again by today's rules, what people said of it kept."""

import gzip
import json
import time
from datetime import date
from pathlib import Path

import pytest

from tests.cli.running import running, timeline, wait_until
from timeline.store import State, Store
from timeline.temporal import engine_version

pytestmark = [pytest.mark.redis, pytest.mark.slow]

# Made by `timeline up` of 0.1.0 from the files below: minutes.txt was redated and "three weeks ago" hidden by hand,
# bridge.eml was removed from the inbox, damaged.pdf could not be read.
BEFORE = Path(__file__).parents[1] / "store" / "files" / "store-0.1.0.db.gz"
INBOX = {
    "2024-03-15-ferry.txt": b"The ferry was late again on Monday. It had last been on time three weeks ago.\n",
    "minutes.txt": b"The council met on 6 November 2025. Nothing was decided for nearly two years.\n",
    "damaged.pdf": b"%PDF-1.7 and nothing more",
}
FERRY, MINUTES = "909012c22e30562c", "7f269813b394c5fa"
HIDDEN = "230111f739af8a6b"


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """A folder as the release before left it."""
    (tmp_path / "inbox").mkdir()
    (tmp_path / "data").mkdir()
    for name, data in INBOX.items():
        (tmp_path / "inbox" / name).write_bytes(data)
    (tmp_path / "data" / "timeline.db").write_bytes(gzip.decompress(BEFORE.read_bytes()))
    return tmp_path


def test_what_older_rules_read_is_counted_until_it_is_read_again(before: Path) -> None:
    with Store.open(before / "data") as store:
        assert store.want_engine(engine_version()) == 2
        assert store.progress(time.time()).again == 2
        assert store.progress(time.time()).waiting == 0
        assert store.balance().holds
        store.hand_out("task", [FERRY], time.time())
        assert store.progress(time.time()).again == 2
    said = timeline("status", "--data", str(before / "data")).stdout
    assert "2 to read again by newer rules" in said
    assert json.loads(timeline("status", "--json", "--data", str(before / "data")).stdout)["again"] == 2


def test_an_older_store_is_read_again_in_the_background_and_corrections_stay(before: Path) -> None:
    with running(before) as up:
        assert "engine.new" in up.said.read_text()
        with Store.open(up.data, create=False, read_only=True) as store:
            wait_until(lambda: store.progress(time.time()).again == 0, "everything read again", 60)
            rows = {row.name: row for row in store.documents()}
            assert rows["minutes.txt"].dct == date(2025, 11, 10).isoformat()
            assert {row.engine for row in rows.values() if row.state is State.DONE} == {engine_version()}
            assert {name: row.state.value for name, row in rows.items()} == {
                "2024-03-15-ferry.txt": "done",
                "minutes.txt": "done",
                "damaged.pdf": "failed",
                "bridge.eml": "withdrawn",
            }
            assert store.hidden(FERRY) == {HIDDEN}
            values = {row.event.expression: row.event.timex.value for row in store.events()}
            assert values["on Monday"] == "2024-03-11"
            assert values["on 6 November 2025"] == "2025-11-06"
            assert "three weeks ago" not in values
            assert store.balance().holds
        wait_until(lambda: "6 November 2025" in up.page(), "the page")
        log = (up.data / "logs" / "watch.log").read_text()
        assert '"documents": 2' in log
