"""A platform's day in ten minutes: 10,000 jobs, each on a notebook of its own, whose due times make 1.74 runs a second
(150,000 in 24 hours). What part of the machine that takes, and how late runs start.

    python -m benchmarks.platform_day [--minutes M] [--jobs N]
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from jupyter_notebook_sched.domain.times import to_text, utc_now
from jupyter_notebook_sched.domain.trigger import Interval, Trigger
from jupyter_notebook_sched.store.connection import Store

from .costs import processor_seconds
from .figures import Figure, quantile, told
from .group import group
from .live_server import live_server, store_of
from .made_jobs import add_jobs, new_ids
from .ours import moment

RUNS_A_SECOND = 150_000 / 86_400
TO_START = timedelta(seconds=20)
ENDING_SECONDS = 60.0


def main() -> list[Figure]:
    options = _options()
    every = options.jobs / RUNS_A_SECOND
    begin = utc_now() + TO_START
    until = begin + timedelta(minutes=options.minutes)

    def due(number: int) -> tuple[Trigger, datetime]:
        first = begin + timedelta(seconds=every * number / options.jobs)
        return Interval(every_seconds=round(every), start_at=first), first

    def prepare(workspace: Path, store: Store) -> None:
        add_jobs(workspace, store, new_ids(options.jobs), due)

    with group() as members, live_server(prepare, "--NotebookSched.capacity=2", within=members.within) as found:
        server, workspace = found
        assert utc_now() < begin, "the jobs were not ready in time"
        _sleep_until(begin)
        before, started = members.seconds(), time.monotonic()
        parts = {"server": [server.process.pid], "worker": [server.worker()["pid"]]}
        alone = {name: processor_seconds(pids, collected=False) for name, pids in parts.items()}
        _sleep_until(until)
        wall, used = time.monotonic() - started, members.seconds() - before
        alone = {name: processor_seconds(pids, collected=False) - alone[name] for name, pids in parts.items()}
        lateness = _lateness(store_of(workspace), until)
    return told(
        f"{options.jobs} jobs, {len(lateness)} runs in {wall:.0f} s ({len(lateness) / wall:.2f} a second):",
        _figures(used, wall, alone, lateness),
    )


def _figures(used: float, wall: float, alone: dict[str, float], lateness: list[float]) -> list[Figure]:
    processors = os.cpu_count() or 1
    return [
        Figure("a platform's day: share of this machine", used / (processors * wall) * 100, "%", 10.0),
        Figure("  processor, a run", used / len(lateness), "s"),
        *(Figure(f"  processor of the {name} itself, a run", own / len(lateness), "s") for name, own in alone.items()),
        Figure("a platform's day: lateness (due to started), p50", quantile(lateness, 0.5), "s"),
        Figure("a platform's day: lateness (due to started), p99", quantile(lateness, 0.99), "s", 1.0),
        Figure("  the latest", max(lateness), "s"),
    ]


def _lateness(store: Store, until: datetime) -> list[float]:
    """Seconds from due to started of every run that was due until then; each must have succeeded."""
    patience = time.monotonic() + ENDING_SECONDS
    sql = "select state, scheduled_for, started_at from runs where cause = 'schedule' and scheduled_for < ?"
    while True:
        with store.read() as db:
            rows = db.execute(sql, [to_text(until)]).fetchall()
        if all(state not in ("queued", "running") for state, _, _ in rows) or time.monotonic() > patience:
            break
        time.sleep(0.2)
    store.close()
    wrong = [state for state, _, _ in rows if state != "succeeded"]
    assert rows, "nothing was due"
    assert not wrong, f"{len(wrong)} of {len(rows)} runs did not succeed: {sorted(set(wrong))}"
    return [moment(started) - moment(due) for _, due, started in rows]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.platform_day")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--jobs", type=int, default=10_000)
    return parser.parse_args(sys.argv[1:])


def _sleep_until(at: datetime) -> None:
    time.sleep(max((at - utc_now()).total_seconds(), 0.0))


if __name__ == "__main__":
    main()
