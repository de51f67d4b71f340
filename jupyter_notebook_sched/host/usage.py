"""What a whole tree of processes uses, as Linux tells it in /proc (proc(5)); elsewhere nothing is known of it."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from .process_stat import ProcessStat, everybody, stat_of

GPU = "/dev/nvidia"
ROLLUP = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


class Usage(NamedTuple):
    """``cpu_seconds``: processor time, of those that have ended, too."""

    bytes: int
    cpu_seconds: float


def usage_below(root: int, enough: int = 0) -> Usage:
    """What all descendants of ``root`` use, itself left out.

    Memory is counted by PSS, a page that several share in parts. Asking for that costs time that grows with the memory,
    so the plain sum is given where it is not above ``enough`` bytes: what they really use is no more.
    """
    found = _below(root)
    resident = sum(map(_resident, found))
    used = resident if resident <= enough else sum(_pss(process) for process in found)
    own = stat_of(root)
    collected = own.ended if own is not None else 0
    ticks = collected + sum(process.own + process.ended for process in found)
    return Usage(used, ticks / _a_second())


def has_gpu_below(root: int) -> bool:
    """Whether a descendant of ``root`` has a device of NVIDIA's open."""
    return any(_has_gpu(process.pid) for process in _below(root))


def parent_of(pid: int) -> int | None:
    """None where there is no such process (any more)."""
    found = stat_of(pid)
    return None if found is None else found.parent


def limit_tree(pid: int, limits: dict[str, tuple[int, int]]) -> None:
    """Sets those limits (name as in ``resource`` → soft, hard) on a process of ours and on all below it (prlimit(2));
    what they start later inherits them."""
    if sys.platform != "linux":
        return
    import resource

    done: set[int] = set()
    while left := {pid, *(process.pid for process in _below(pid))} - done:
        for each in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                for name, limit in limits.items():
                    resource.prlimit(each, getattr(resource, name), limit)
        done |= left


def raise_oom_score(score: int) -> None:
    """Makes this process, and what it starts, one that the system ends rather than others when it is out of memory; it
    is never made one that it would spare."""
    file = Path("/proc/self/oom_score_adj")
    with contextlib.suppress(OSError, ValueError):
        if int(file.read_text()) < score:
            file.write_text(str(min(score, 1000)))


def _below(root: int) -> list[ProcessStat]:
    children = defaultdict(list)
    for process in everybody():
        children[process.parent].append(process)
    found = list(children[root])
    for process in found:
        found.extend(children[process.pid])
    return found


def _has_gpu(pid: int) -> bool:
    with contextlib.suppress(OSError):  # it has ended, or is somebody else's
        for descriptor in os.scandir(f"/proc/{pid}/fd"):
            with contextlib.suppress(OSError):
                if os.readlink(descriptor.path).startswith(GPU):
                    return True
    return False


def _resident(process: ProcessStat) -> int:
    return process.pages * (os.sysconf("SC_PAGE_SIZE") if sys.platform != "win32" else 0)


def _a_second() -> int:
    """Clock ticks."""
    return os.sysconf("SC_CLK_TCK") if sys.platform != "win32" else 1


def _pss(process: ProcessStat) -> int:
    """Its resident memory where we may not look closer (it is somebody else's by now)."""
    try:
        found = ROLLUP.search(Path(f"/proc/{process.pid}/smaps_rollup").read_text())
    except OSError:
        return _resident(process)
    return int(found[1]) * 1024 if found else 0
