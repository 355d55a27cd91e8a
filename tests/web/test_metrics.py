"""What Prometheus is told."""

import json
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest

from timeline.facts import Done, Failed
from timeline.metrics import Figures
from timeline.pipeline import ingest
from timeline.store import Arrival, Store

NOW = 1_710_500_000.0


def told(store: Store, state_file: Path | None = None) -> str:
    """The text of /metrics."""
    registry = CollectorRegistry()
    registry.register(Figures(store, NOW, 3, state_file))
    return generate_latest(registry).decode()


def test_documents_and_their_reading_times_are_counted(tmp_path: Path) -> None:
    with Store.open(tmp_path / "timeline.db") as store:
        arrivals = [Arrival(f"{name}.txt", sha256=name * 64, size=9) for name in "abcd"]
        ids = [one.document_id for one in store.register(arrivals, NOW)]
        store.hand_out("task", ids[:3], NOW)
        extraction = ingest(b"It rained on 6 November 2023.", "a.txt")
        store.apply(
            [
                Done(ids[0], 0, "task", 4.0, extraction),
                Done(ids[1], 0, "task", 300.0, extraction),
                Failed(ids[2], 0, "task", "it is encrypted"),
            ],
            NOW,
        )
        said = told(store)
    for line in (
        'timeline_documents{state="done"} 2.0',
        'timeline_documents{state="failed"} 1.0',
        'timeline_documents{state="queued"} 1.0',
        "timeline_waiting_documents 1.0",
        'timeline_read_seconds_bucket{le="0.005"} 1.0',
        'timeline_read_seconds_bucket{le="0.25"} 1.0',
        'timeline_read_seconds_bucket{le="0.5"} 2.0',
        'timeline_read_seconds_bucket{le="+Inf"} 2.0',
        "timeline_read_seconds_count 2.0",
        "timeline_read_seconds_sum 0.304",
        "timeline_listeners 3.0",
    ):
        assert f"{line}\n" in said


def test_roles_are_told_where_a_supervisor_keeps_account_of_them(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    roles = [{"role": "worker", "pid": 4711, "restarts": 2}, {"role": "watch", "pid": 0, "restarts": 0}]
    state.write_text(json.dumps({"roles": roles}))
    with Store.open(tmp_path / "timeline.db") as store:
        said = told(store, state)
        assert 'timeline_role_up{role="worker"} 1.0\n' in said
        assert 'timeline_role_restarts{role="worker"} 2.0\n' in said
        assert 'timeline_role_up{role="watch"} 0.0\n' in said
        for junk in ("", "{", '{"roles": [1]}', '{"roles": [{}]}'):
            state.write_text(junk)
            assert "timeline_role_up{" not in told(store, state)
        assert "timeline_role_up{" not in told(store, tmp_path / "missing.json")
