"""How many runs a second the store carries from the queue to their end, without kernels: enqueued in batches, then
claimed and finished each in a transaction of its own, by one process and by two.

    python -m benchmarks.claiming [runs]
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from jupyter_notebook_sched.domain import ids
from jupyter_notebook_sched.domain.states import RunState
from jupyter_notebook_sched.domain.times import utc_now
from jupyter_notebook_sched.store import attempts, claims, leases, runs
from jupyter_notebook_sched.store.attempts import Ending
from jupyter_notebook_sched.store.claims import Place
from jupyter_notebook_sched.store.connection import Store
from jupyter_notebook_sched.store.leases import WorkerFacts
from tests.made import new_run

from .figures import Figure, milliseconds, told
from .live_server import JOURNALS

A_TICK = 200
KERNEL = "python3"


@dataclass
class Carried:
    """What one process did: how many runs, between which moments (seconds of the wall clock), and how long each
    claim and each end took."""

    begin: float
    end: float
    claims: list[float]
    ends: list[float]


def main() -> list[Figure]:
    if sys.argv[1:2] == ["--carry"]:
        _carry_here(Path(sys.argv[2]), sys.argv[3], sys.argv[4])
        return []
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    figures = []
    for journal in JOURNALS:
        for processes in (1, 2):
            figures += _measure(journal, processes, count)
    return told(f"{count} runs through the store, each claimed and ended by itself:", figures)


def _measure(journal: str, processes: int, count: int) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        path = Path(folder) / "state" / "store.db"
        rate = _enqueue(Store(path, JOURNALS[journal]), count)
        carried = _carry(path, journal, processes)
        with_all = [len(one.claims) for one in carried]
        assert sum(with_all) == count, f"{with_all} of {count} runs were carried"
    took = max(one.end for one in carried) - min(one.begin for one in carried)
    name = f"{journal}, {processes} process{'es' if processes > 1 else ''}"
    return [
        *([Figure(f"{journal}: enqueued, {A_TICK} in a transaction", rate, "runs/s")] if processes == 1 else []),
        Figure(f"{name}: claimed and finished", count / took, "runs/s", 20.0, at_least=True),
        *milliseconds(f"  {name}: claim", [seconds for one in carried for seconds in one.claims]),
        *milliseconds(f"  {name}: end", [seconds for one in carried for seconds in one.ends]),
    ]


def _enqueue(store: Store, count: int) -> float:
    """Runs a second."""
    now = utc_now()
    started = time.perf_counter()
    for begin in range(0, count, A_TICK):
        with store.write() as db:
            for number in range(begin, min(begin + A_TICK, count)):
                runs.insert(db, new_run(now, id=ids.new_id(now), notebook=f"report_{number % 100}.ipynb"))
    took = time.perf_counter() - started
    store.close()
    return count / took


def _carry(path: Path, journal: str, processes: int) -> list[Carried]:
    command = [sys.executable, "-m", "benchmarks.claiming", "--carry", str(path), journal]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    started = [subprocess.Popen([*command, f"host{number}"], **pipes) for number in range(processes)]  # type: ignore[call-overload]
    for process in started:
        process.stdout.readline()  # it is ready
    for process in started:
        process.stdin.write("go\n")
        process.stdin.flush()
    return [Carried(**json.loads(process.communicate()[0])) for process in started]


def _carry_here(path: Path, journal: str, host: str) -> None:
    store = Store(path, JOURNALS[journal], patience=60.0)
    place = Place(host, 1_000_000, frozenset({KERNEL}))
    with store.write() as db:
        facts = WorkerFacts(host, "running", place.capacity, (KERNEL,))
        owner = leases.register(db, f"{host}/boot/1/{ids.new_id(utc_now())}/1", facts, utc_now())
    print("ready", flush=True)
    sys.stdin.readline()
    carried = Carried(time.time(), 0.0, [], [])
    while True:
        started = time.perf_counter()
        with store.write() as db:
            claimed = claims.claim(db, owner, place, utc_now(), lambda run: f"runs/{run.id}/1/a.ipynb")
        if claimed is None:
            break
        carried.claims.append(time.perf_counter() - started)
        started = time.perf_counter()
        with store.write() as db:
            assert attempts.finish(db, claimed, Ending(RunState.SUCCEEDED), utc_now())
        carried.ends.append(time.perf_counter() - started)
    carried.end = time.time()
    store.close()
    print(json.dumps(vars(carried)))


if __name__ == "__main__":
    main()
