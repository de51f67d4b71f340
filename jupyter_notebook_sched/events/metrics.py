"""Metrics in Jupyter Server's own ``/metrics`` (Prometheus): what the events tell while this server runs.

Every server of a workspace counts every run, so add up over one server only.
"""

from __future__ import annotations

from collections.abc import Sequence

from prometheus_client import Counter, Gauge, Histogram

from ..domain.states import ENDED
from ..store import counts, timings
from ..store.connection import Store
from ..store.outbox import Event

LATENESS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0, 7200.0)
DURATION = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 14400.0, 86400.0)

RUNS = Counter("notebook_sched_runs", "Runs that ended, by state and reason.", ["state", "reason"])
QUEUE = Gauge("notebook_sched_queue_depth", "Runs that have not ended, by state.", ["state"])
LATE = Histogram("notebook_sched_start_lateness_seconds", "From when a run might start to its start.", buckets=LATENESS)
TOOK = Histogram("notebook_sched_run_duration_seconds", "The last attempt of a run.", buckets=DURATION)


class Metrics:
    def __init__(self, store: Store) -> None:
        self.store = store

    def observe(self, events: Sequence[Event]) -> None:
        """To be called in a thread, with events in the order in which they were told, each once."""
        ended = [event.fields["run_id"] for event in events if event.kind == "run" and event.fields["state"] in ENDED]
        with self.store.read() as db:
            found = timings.timings(db, ended)
            open_ones = counts.by_state(db, "all")
        for state in ("queued", "running"):
            QUEUE.labels(state).set(open_ones[state])
        for timing in found:
            RUNS.labels(timing.state, timing.reason or "").inc()
            if timing.lateness is not None:
                LATE.observe(max(timing.lateness, 0.0))
            if timing.duration is not None:
                TOOK.observe(max(timing.duration, 0.0))
