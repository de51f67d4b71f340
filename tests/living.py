"""Which processes live, and which of them belong to these tests."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from jupyter_notebook_sched.host import processes

SESSION = "NOTEBOOK_SCHED_TEST_SESSION"


def lives(pid: int) -> bool:
    """Whether the process runs; one that has ended and waits for its parent does not."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def descendants_named(root: int, prefix: str) -> list[int]:
    """The living processes below ``root`` whose name, as ``ps`` shows it, begins so."""
    found = []
    for pid in processes.descendants(root):
        with contextlib.suppress(OSError):
            if (Path("/proc") / str(pid) / "comm").read_text().startswith(prefix):
                found.append(pid)
    return found


def marked(patience: float = 0.0) -> dict[int, str]:
    """Pid → command line of every living process that these tests started, once they had ``patience`` to leave."""
    until = time.monotonic() + patience
    while True:
        found = {pid: _command(pid) for pid in _pids() if pid != os.getpid() and _carries_mark(pid) and lives(pid)}
        if not found or time.monotonic() > until:
            return found
        time.sleep(0.1)


def end_marked() -> None:
    for pid in marked():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def wait_until(condition: Callable[[], object], seconds: float = 30.0, what: str = "") -> None:
    """Until the condition holds; fails with ``what`` (or its last value) where it does not in time."""
    until = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < until, f"{what or condition} did not come true within {seconds} s: {found!r}"
        time.sleep(0.01)


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _carries_mark(pid: int) -> bool:
    mark = f"{SESSION}={os.environ[SESSION]}".encode()
    try:
        return mark in (Path("/proc") / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return False


def _command(pid: int) -> str:
    with contextlib.suppress(OSError):
        return (Path("/proc") / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return "?"
