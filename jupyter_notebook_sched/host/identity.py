"""Who a process is, among all hosts that may share one workspace.

Host name and pid are not enough: a pod recreated under the same name keeps host and boot id, and pids come round.
"""

from __future__ import annotations

import functools
import os
import platform
from dataclasses import dataclass
from pathlib import Path

from .process_stat import stat_of


@dataclass(frozen=True)
class Identity:
    """Host, boot, PID namespace, pid and start time (clock ticks since boot) of one process."""

    host: str
    boot_id: str
    pid_namespace: str
    pid: int
    started: int

    def __str__(self) -> str:
        return f"{self.host}/{self.boot_id}/{self.pid_namespace}/{self.pid}/{self.started}"

    @classmethod
    def parse(cls, text: str) -> Identity:
        host, boot_id, pid_namespace, pid, started = text.split("/")
        return cls(host, boot_id, pid_namespace, int(pid), int(started))

    def same_place(self, other: Identity) -> bool:
        """Whether each can look whether the other's process lives: same boot, same PID namespace."""
        mine, theirs = (self.host, self.boot_id, self.pid_namespace), (other.host, other.boot_id, other.pid_namespace)
        return mine == theirs


def own_identity() -> Identity:
    return _identity_of(os.getpid())


@functools.lru_cache(maxsize=1)
def _identity_of(pid: int) -> Identity:
    """Read once a process: a fork has another pid."""
    return Identity(platform.node().replace("/", "-"), _boot_id(), _pid_namespace(), pid, start_time(pid) or 0)


def lives(identity: Identity) -> bool:
    """Whether that very process runs; asked only of one in the same place (``same_place``)."""
    return start_time(identity.pid) == identity.started


def start_time(pid: int) -> int | None:
    """Start of a process in clock ticks since boot (proc(5), stat field 22); None where there is none.

    Where /proc does not exist (macOS), 0 for a living process: the pid alone must do.
    """
    if Path("/proc/self/stat").exists():
        stat = stat_of(pid)
        return None if stat is None or stat.is_over else stat.started
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass
    return 0


def _boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return "-"


def _pid_namespace() -> str:
    try:
        return os.readlink("/proc/self/ns/pid").removeprefix("pid:").strip("[]")
    except OSError:
        return "-"
