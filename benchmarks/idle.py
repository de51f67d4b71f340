"""What it costs while nothing is to be done: 1,000 jobs scheduled, none of them due. A server with the extension and
one without stand side by side, so that what processes share is shared alike.

    python -m benchmarks.idle [jobs [seconds]]
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from jupyter_notebook_sched.domain.times import utc_now
from jupyter_notebook_sched.store.connection import Store
from tests.serving import Served

from .asking import Asker
from .costs import megabytes, processor_seconds, with_children
from .figures import Figure, told
from .live_server import bare_server, live_server
from .made_jobs import add_jobs, all_daily_at, new_ids

SETTLING_SECONDS = 12.0
USED = ("runs?limit=50", "jobs?limit=50", "status")
TIMES_USED = 20


def main() -> list[Figure]:
    jobs = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 60.0

    def prepare(workspace: Path, store: Store) -> None:
        first = utc_now().replace(second=0, microsecond=0) + timedelta(hours=12)
        add_jobs(workspace, store, new_ids(jobs), all_daily_at(first))

    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        bare_server(Path(folder)) as bare,
        live_server(prepare) as (server, _),
    ):
        time.sleep(SETTLING_SECONDS)
        processor = _processor(server, bare, seconds)
        memory = _memory(server, bare, "never asked", None)
        _use(server)
        memory += _memory(server, bare, "its lists used", 15.0)
    return told(f"{jobs} jobs scheduled, none due, {seconds:g} s:", processor + memory)


def _processor(server: Served, bare: Served, seconds: float) -> list[Figure]:
    """In percent of one processor."""
    pids = {"worker": with_children(server.worker()["pid"]), "server": [server.process.pid], "bare": [bare.process.pid]}
    before = {name: processor_seconds(found) for name, found in pids.items()}
    time.sleep(seconds)
    spent = {name: (processor_seconds(found) - before[name]) / seconds * 100 for name, found in pids.items()}
    return [
        Figure(
            "idle: processor, worker and what the server spends more than a bare one", _added(spent), "% of one", 0.3
        ),
        Figure("  worker with its children", spent["worker"], "% of one"),
        Figure("  server", spent["server"], "% of one"),
        Figure("  server without the extension", spent["bare"], "% of one"),
    ]


def _added(spent: dict[str, float]) -> float:
    return spent["worker"] + max(spent["server"] - spent["bare"], 0.0)


def _memory(server: Served, bare: Served, when: str, to_reach: float | None) -> list[Figure]:
    worker = server.worker()["pid"]
    with_it, without = megabytes([server.process.pid]), megabytes([bare.process.pid])
    children = [pid for pid in with_children(worker) if pid != worker]
    return [
        Figure(
            f"idle, {when}: memory added to the server ({with_it:.0f} against {without:.0f} MB)",
            with_it - without,
            "MB",
            to_reach,
        ),
        Figure(f"idle, {when}: memory of the worker", megabytes([worker]), "MB", 80.0),
        Figure(f"  its children ({len(children)}: the warm runner server)", megabytes(children), "MB"),
    ]


def _use(server: Served) -> None:
    asker = Asker(server)
    for _ in range(TIMES_USED):
        for path in USED:
            asker.seconds(path)
    asker.close()


if __name__ == "__main__":
    main()
