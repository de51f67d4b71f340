"""What a whole tree of processes uses, as Linux tells it in /proc (proc(5)); elsewhere nothing is known of it."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

ROLLUP = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


class Usage(NamedTuple):
    """``cpu_seconds``: processor time, of those that have ended, too."""

    bytes: int
    cpu_seconds: float


class _Process(NamedTuple):
    pid: int
    parent: int
    seconds: float
    seconds_of_ended: float
    resident: int


def usage_below(root: int, enough: int = 0) -> Usage:
    """What all descendants of ``root`` use, itself left out.

    Memory is counted by PSS, a page that several share in parts. Asking for that costs time that grows with the memory,
    so the plain sum is given where it is not above ``enough`` bytes: what they really use is no more.
    """
    everybody = _everybody()
    found = _below(root, everybody)
    resident = sum(process.resident for process in found)
    used = resident if resident <= enough else sum(_pss(process) for process in found)
    own = everybody.get(root)
    collected = own.seconds_of_ended if own is not None else 0.0
    return Usage(used, collected + sum(process.seconds + process.seconds_of_ended for process in found))


def parent_of(pid: int) -> int | None:
    """None where there is no such process (any more)."""
    found = _look_at(pid)
    return None if found is None else found.parent


def limit_tree(pid: int, limits: dict[str, tuple[int, int]]) -> None:
    """Sets those limits (name as in ``resource`` → soft, hard) on a process of ours and on all below it (prlimit(2));
    what they start later inherits them."""
    if sys.platform != "linux":
        return
    import resource

    done: set[int] = set()
    while left := {pid, *(process.pid for process in _below(pid, _everybody()))} - done:
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


def _everybody() -> dict[int, _Process]:
    if sys.platform != "linux":
        return {}
    looked_at = (_look_at(int(name)) for name in os.listdir("/proc") if name.isdigit())
    return {process.pid: process for process in looked_at if process is not None}


def _below(root: int, everybody: dict[int, _Process]) -> list[_Process]:
    children = defaultdict(list)
    for process in everybody.values():
        children[process.parent].append(process)
    found = list(children[root])
    for process in found:
        found.extend(children[process.pid])
    return found


def _look_at(pid: int) -> _Process | None:
    if sys.platform != "linux":
        return None
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    tick = os.sysconf("SC_CLK_TCK")
    own, ended = int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14])
    return _Process(pid, int(fields[1]), own / tick, ended / tick, int(fields[21]) * os.sysconf("SC_PAGE_SIZE"))


def _pss(process: _Process) -> int:
    """Its resident memory where we may not look closer (it is somebody else's by now)."""
    try:
        found = ROLLUP.search(Path(f"/proc/{process.pid}/smaps_rollup").read_text())
    except OSError:
        return process.resident
    return int(found[1]) * 1024 if found else 0
