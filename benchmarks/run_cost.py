"""What one trivial run costs (wall and processor time), where it goes, and what the server's loop sees meanwhile,
beside papermill as a process in the same minute.

    python -m benchmarks.run_cost [runs]
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from tests.serving import Served
from tests.written import write_notebook

from . import costs
from .figures import Figure, told
from .live_server import TRIVIAL, live_server


class Ratio(NamedTuple):
    """Papermill's cost in ours."""

    wall: float
    processor: float


def main() -> list[Figure]:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with live_server() as (server, workspace):
        write_notebook(workspace / "trivial.ipynb", *TRIVIAL)
        server.ended(server.start("trivial.ipynb"))  # the store is made and the runner server warms up
        ours, theirs, steps = [], [], []
        idle = loop_latency(server, 2.0)
        cpu_ours = cpu_theirs = 0.0
        for _ in range(runs):
            before, started = processor_seconds(server), time.perf_counter()
            run = server.ended(server.start("trivial.ipynb"))
            ours.append(time.perf_counter() - started)
            time.sleep(0.3)  # the runner is collected after the run's end is on record
            cpu_ours += processor_seconds(server) - before
            steps.append(where_it_goes(server, run))
            wall, cpu = papermill(workspace / "trivial.ipynb")
            theirs.append(wall)
            cpu_theirs += cpu
        busy = loop_latency_while_running(server)
    print(f"one trivial run of {len(TRIVIAL)} cells, median of {runs}, side by side:")
    print(f"  notebook sched   wall {statistics.median(ours):6.3f} s   processor {cpu_ours / runs:6.3f} s")
    print(f"  papermill        wall {statistics.median(theirs):6.3f} s   processor {cpu_theirs / runs:6.3f} s")
    ratio = Ratio(statistics.median(theirs) / statistics.median(ours), cpu_theirs / cpu_ours)
    print(f"  papermill / notebook sched: wall {ratio.wall:.1f} times, processor {ratio.processor:.1f} times")
    print("where the wall time goes (median, ms):")
    for name in steps[0]:
        print(f"  {name:28s} {statistics.median(step[name] for step in steps) * 1000:7.1f}")
    print("the server's event loop, GET /api (p50 / p99 / max, ms):")
    print(f"  idle {in_milliseconds(idle)}   while 10 runs go on {in_milliseconds(busy)}")
    return told(
        f"{runs} trivial runs:",
        [
            Figure("trivial run, from POST to its end, median", statistics.median(ours), "s", 0.15),
            Figure("  times faster than papermill as a process", ratio.wall, "times", 15.0, at_least=True),
            Figure("trivial run, processor of all that takes part", cpu_ours / runs, "s", 0.10),
        ],
    )


def where_it_goes(server: Served, run: dict[str, Any]) -> dict[str, float]:
    """The steps of a run in seconds, from its record and the times that the kernel's own messages carry."""
    notebook = server.call("GET", f"notebook-sched/runs/{run['id']}/output")
    times = [cell["metadata"]["execution"] for cell in notebook["cells"]]
    created, started, finished = (_moment(run[name]) for name in ("created_at", "started_at", "finished_at"))
    first, last = _moment(times[0]["iopub.status.busy"]), _moment(times[-1]["iopub.status.idle"])
    return {
        "POST to claim": started - created,
        "fork, kernel start, ready": first - started,
        "cells": last - first,
        "kernel end, output on disk": finished - last,
    }


def processor_seconds(server: Served) -> float:
    """Of server, worker and runner server, with the children that they have collected (runners, kernels)."""
    worker = server.worker()["pid"]
    children = Path(f"/proc/{worker}/task/{worker}/children").read_text().split()
    return costs.processor_seconds([server.process.pid, worker, *map(int, children)])


def papermill(notebook: Path) -> tuple[float, float]:
    """Wall and processor seconds of one run as a process."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "papermill", "--no-progress-bar", str(notebook), f"{folder}/out.ipynb"]
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def loop_latency(server: Served, seconds: float) -> list[float]:
    """How long the server takes for the smallest request, asked again and again."""
    found, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        started = time.perf_counter()
        server.call("GET", "api")
        found.append(time.perf_counter() - started)
        time.sleep(0.005)
    return found


def loop_latency_while_running(server: Served) -> list[float]:
    runs = threading.Thread(target=lambda: [server.ended(server.start("trivial.ipynb")) for _ in range(10)])
    runs.start()
    found: list[float] = []
    while runs.is_alive():
        found += loop_latency(server, 0.2)
    return found


def in_milliseconds(values: list[float]) -> str:
    ordered = sorted(values)
    p99 = ordered[int(len(ordered) * 0.99)]
    return " / ".join(f"{value * 1000:.1f}" for value in (statistics.median(ordered), p99, ordered[-1]))


def _moment(text: str) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


if __name__ == "__main__":
    main()
