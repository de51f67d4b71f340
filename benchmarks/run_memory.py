"""What a run holds in memory while it goes on: four that sleep. Shared pages count in parts (PSS).

python -m benchmarks.run_memory
"""

from __future__ import annotations

import re
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from tests.living import wait_until
from tests.written import write_notebook

from .contender import Contender
from .costs import megabytes
from .figures import Figure, told
from .kinds import IDLE_RUNNER, KEEPER
from .ours import Ours, ours
from .peers.nbclient_process import Nbclient, nbclient
from .peers.papermill_process import papermill
from .peers.scheduler_server import scheduler

RUNS = 4
OF_A_RUN = re.compile("-[0-9a-z]{6}$")
WARMING = "warming.ipynb"
SLEEPING = "sleeping.ipynb"
MARKS = "import os, pathlib, time\nplace = pathlib.Path({!r})\n(place / f'sleeps-{{os.getpid()}}').touch()"
SLEEPS = "while not (place / 'awake').exists():\n    time.sleep(0.2)"


def main() -> list[Figure]:
    figures: list[Figure] = []
    for contending in (ours(RUNS), nbclient(RUNS), papermill(), scheduler()):
        with contending as contender:
            figures += _measure(contender)
    theirs = {figure.what: figure.measured for figure in figures}
    mine = [replace(figure, to_reach=theirs[figure.what.replace(Ours.name, Nbclient.name)]) for figure in figures[:2]]
    return told(f"memory of a run, mean of {RUNS} that sleep (to reach: nbclient's):", mine + figures[2:])


def _measure(contender: Contender) -> list[Figure]:
    """Of the processes that serve a run, and what all together grew by."""
    write_notebook(contender.folder / WARMING, "1")
    with ThreadPoolExecutor(RUNS) as asking:
        for _ in range(2):
            list(asking.map(contender.run, [WARMING] * RUNS))
            contender.group.settle()
        before = contender.group.pids()
        staying, held = {pid for pid in before if not _serves_one_run(contender, pid)}, megabytes(before)
        write_notebook(contender.folder / SLEEPING, MARKS.format(str(contender.folder)), SLEEPS)
        running = [asking.submit(contender.run, SLEEPING) for _ in range(RUNS)]
        wait_until(lambda: len(list(contender.folder.glob("sleeps-*"))) == RUNS, 120, "sleeping runs")
        time.sleep(1.0)
        now = contender.group.pids()
        serving = [pid for pid in now if pid not in staying]
        each, grown = megabytes(serving) / RUNS, (megabytes(now) - held) / RUNS
        print(f"  {contender.name:20s} {_by_name(serving)}", flush=True)
        (contender.folder / "awake").touch()
        for run in running:
            run.result()
    return [
        Figure(f"memory of a run, {contender.name}: the processes that serve it", each, "MB"),
        Figure(f"  memory of a run, {contender.name}: what everything grew by", grown, "MB"),
    ]


def _serves_one_run(contender: Contender, pid: int) -> bool:
    """Whether a process that is there between runs belongs to one while that goes on."""
    return isinstance(contender, Nbclient) or _name(pid) == IDLE_RUNNER


def _name(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text().strip()


def _by_name(pids: list[int]) -> str:
    """MB a run of the processes of each name, without the part of the run's id that names of ours end with."""
    found: defaultdict[str, float] = defaultdict(float)
    for pid in pids:
        name = _name(pid)
        found[name if name == KEEPER else OF_A_RUN.sub("-…", name)] += megabytes([pid])
    return ", ".join(f"{name} {amount / RUNS:.1f}" for name, amount in found.items())


if __name__ == "__main__":
    main()
