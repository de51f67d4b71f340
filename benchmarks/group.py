"""All processes that a command starts, and theirs: what they cost together, those that have ended included.

Counted by a control group of their own where one may be made (Linux' cgroup-v2.rst: ``cpu.stat`` of every group but the
root tells what all its processes have ever used, each once). Elsewhere by what /proc tells of this process's
descendants with the children that they have collected; then nobody else's processes may run below this one.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from jupyter_notebook_sched.host import processes

from .costs import TICKS, processor_seconds

QUIET_SECONDS = 0.5
QUIET_SHARE = 0.05
LEAVING_SECONDS = 10.0


class Group:
    """``within``: the command that a member is to be started by."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self.within: list[str] = []
        if folder is not None:
            self.within = ["sh", "-c", 'echo $$ > "$0" && exec "$@"', str(folder / "cgroup.procs")]

    @property
    def is_exact(self) -> bool:
        return self._folder is not None

    def seconds(self) -> float:
        """Processor time so far."""
        if self._folder is not None:
            told = dict(line.split() for line in (self._folder / "cpu.stat").read_text().splitlines())
            return int(told["usage_usec"]) / 1e6
        used = os.times()
        return used.children_user + used.children_system + processor_seconds(self.pids())

    def pids(self) -> list[int]:
        if self._folder is not None:
            return [int(pid) for pid in (self._folder / "cgroup.procs").read_text().split()]
        return processes.descendants(os.getpid())

    def settle(self, patience: float = 30.0) -> None:
        """Until they have nothing to do any more: what was started has ended, what warms up is warm."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            before = self.seconds()
            time.sleep(QUIET_SECONDS)
            if self.seconds() - before < QUIET_SHARE * QUIET_SECONDS + 2 / TICKS:
                return


@contextlib.contextmanager
def group() -> Iterator[Group]:
    folder = _new_control_group()
    try:
        yield Group(folder)
    finally:
        if folder is not None:
            _remove(folder)


def _new_control_group() -> Path | None:
    """None where there are none, or where this user may not make one."""
    place = _own_control_group()
    if place is None:
        return None
    folder = place / f"notebook-sched-bench-{os.getpid()}-{time.monotonic_ns()}"
    try:
        folder.mkdir()
    except OSError:
        return None
    if (folder / "cpu.stat").exists() and os.access(place / "cgroup.procs", os.W_OK):
        return folder
    folder.rmdir()
    return None


def _own_control_group() -> Path | None:
    """Of this process in the unified hierarchy, wherever that is mounted (proc_pid_mountinfo(5), cgroups(7))."""
    with contextlib.suppress(OSError):
        mounts = [line.split() for line in Path("/proc/self/mountinfo").read_text().splitlines()]
        points = [mount[4] for mount in mounts if mount[mount.index("-") + 1] == "cgroup2"]
        own = [line[3:] for line in Path("/proc/self/cgroup").read_text().splitlines() if line.startswith("0::")]
        if points and own:
            return Path(points[0], own[0].lstrip("/"))
    return None


def _remove(folder: Path) -> None:
    """An empty one only: a process that is left in it is worth knowing of."""
    until = time.monotonic() + LEAVING_SECONDS
    while True:
        try:
            folder.rmdir()
            return
        except OSError:
            if time.monotonic() > until:
                left = (folder / "cgroup.procs").read_text().split()
                print(f"processes that were left behind: {left}", flush=True)
                return
            time.sleep(0.05)
