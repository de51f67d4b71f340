"""What processes cost: processor time and memory, from proc_pid_stat(5) and proc_pid_smaps_rollup."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from jupyter_notebook_sched.host import processes

TICKS = os.sysconf("SC_CLK_TCK")


def with_children(pid: int) -> list[int]:
    """The process and all below it."""
    return [pid, *processes.descendants(pid)]


def processor_seconds(pids: Iterable[int], collected: bool = True) -> float:
    """User and system time of those processes, with that of the children that they have ``collected``."""
    return sum(_ticks(pid, collected) for pid in pids) / TICKS


def megabytes(pids: Iterable[int]) -> float:
    """Memory of those processes; what several share counts in parts (PSS)."""
    return sum(_pss(pid) for pid in pids) / 1024


def peak_megabytes(pid: int) -> float:
    """What the process has used at its height (VmHWM); 0 where it is gone."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


def _ticks(pid: int, collected: bool) -> int:
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11 : 15 if collected else 13]))
    return 0


def _pss(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
