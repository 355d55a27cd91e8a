"""What Prometheus reads: the store's figures and the supervisor's, at the moment they are asked for."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from timeline.store import STAGE_BOUNDS, Stage, State, Store, Tally, Timings

# Seconds: a note takes 5 ms, an article 20, a book seconds, the hard limit ends it at 180.
READING_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 180.0)

_STAGES = (
    (Stage.STORE, "timeline_store_seconds", "Storing results, a transaction."),
    (Stage.RENDER, "timeline_render_seconds", "Making pages, a page."),
)


class Figures(Collector):
    """One answer to one question of Prometheus."""

    def __init__(self, store: Store, now: float, listeners: int, state_file: Path | None) -> None:
        self._store, self._now, self._listeners, self._state_file = store, now, listeners, state_file

    def collect(self) -> Iterator[Metric]:
        """Every family."""
        yield from self._documents()
        yield _histogram(
            "timeline_read_seconds", "Reading and extraction, a document.", self._store.timings(READING_BOUNDS)
        )
        for stage, name, said in _STAGES:
            yield _histogram(name, said, Tally(STAGE_BOUNDS, self._store.recall(stage)).timings)
        yield from _roles(self._state_file)
        yield GaugeMetricFamily("timeline_listeners", "Open event streams.", value=self._listeners)

    def _documents(self) -> Iterator[Metric]:
        counts, progress = self._store.counts(), self._store.progress(self._now)
        documents = GaugeMetricFamily("timeline_documents", "Documents by state.", labels=["state"])
        for state in State:
            documents.add_metric([state.value], getattr(counts, state.value))
        yield documents
        yield GaugeMetricFamily("timeline_events", "Events on the timeline.", value=counts.events)
        yield GaugeMetricFamily("timeline_waiting_documents", "Documents queued or working.", value=progress.waiting)
        yield GaugeMetricFamily(
            "timeline_again_documents", "Documents to read again by newer rules.", value=progress.again
        )
        flight = self._store.in_flight()
        yield GaugeMetricFamily(
            "timeline_queue_documents",
            "Documents on the queue that no worker has begun.",
            value=max(0, flight.documents - counts.working),
        )
        yield GaugeMetricFamily("timeline_queue_bytes", "Bytes of the documents that are out.", value=flight.bytes)
        yield GaugeMetricFamily(
            "timeline_oldest_waiting_seconds",
            "Age of the document that waits longest.",
            value=progress.oldest_waiting or 0,
        )
        yield GaugeMetricFamily(
            "timeline_documents_per_second", "Documents finished a second, over the last minute.", value=progress.rate
        )
        yield GaugeMetricFamily(
            "timeline_notices", "Notices that everybody should see (a full disk…).", value=len(self._store.notices())
        )


def _histogram(name: str, said: str, took: Timings) -> Metric:
    buckets = [(str(bound), float(count)) for bound, count in zip(took.bounds, took.counts, strict=True)]
    buckets.append(("+Inf", float(took.count)))
    family = HistogramMetricFamily(name, said)
    family.add_metric([], buckets, took.seconds)
    return family


def _roles(state_file: Path | None) -> Iterator[Metric]:
    """The roles of `timeline up`; none where they run one by one."""
    up = GaugeMetricFamily("timeline_role_up", "1: the supervisor has it running.", labels=["role"])
    restarts = GaugeMetricFamily("timeline_role_restarts", "Times it died since `timeline up`.", labels=["role"])
    for role in _read_roles(state_file):
        up.add_metric([str(role["role"])], 1 if role["pid"] else 0)
        restarts.add_metric([str(role["role"])], float(str(role["restarts"])))
    yield up
    yield restarts


def _read_roles(state_file: Path | None) -> Sequence[dict[str, object]]:
    if state_file is None:
        return []
    try:
        roles = json.loads(state_file.read_text(encoding="utf-8"))["roles"]
        return [role for role in roles if {"role", "pid", "restarts"} <= set(role)]
    except (OSError, ValueError, KeyError, TypeError):
        return []
