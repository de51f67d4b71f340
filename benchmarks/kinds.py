"""Processor time of a run by the kind of process that spent it, from proc_pid_stat(5).

Each process counts once: one that lives by its own times, one that has ended among the times of whoever collected it:
runners with the runner server, keepers (and with them their kernels) with the fork server.
"""

from __future__ import annotations

from pathlib import Path

from jupyter_notebook_sched.host import processes
from tests.living import descendants_named

from .costs import processor_seconds
from .ours import Ours

RUNNER_SERVER, FORK_SERVER, KEEPER, IDLE_RUNNER = "nbsched-forks", "nbsched-kernels", "nbsched-keeper", "nbsched-idle"


def spent(ours: Ours) -> dict[str, float]:
    """Seconds so far. A kernel that a runner has started itself counts with its runner."""
    found = {
        "server": processor_seconds([ours.server.process.pid], collected=False),
        "worker": processor_seconds([ours.worker], collected=False),
        "runner server": 0.0,
        "runners": 0.0,
        "fork servers": 0.0,
        "keepers and kernels": 0.0,
    }
    for name, own, below in (
        (RUNNER_SERVER, "runner server", "runners"),
        (FORK_SERVER, "fork servers", "keepers and kernels"),
    ):
        for pid in descendants_named(ours.worker, name):
            alone = processor_seconds([pid], collected=False)
            found[own] += alone
            living = processes.descendants(pid)
            found[below] += processor_seconds([pid]) - alone + processor_seconds(living)
    return found


def keepers(ours: Ours) -> list[float]:
    """Seconds that each living keeper has spent so far, to the nanosecond (sched-stats.rst)."""
    found = []
    for pid in descendants_named(ours.worker, KEEPER):
        found.append(int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9)
    return found
