"""One host of the soak: keeps a Jupyter server on it, as a process supervisor would, and takes in every orphan.

    python keeper.py NAME COMMAND…

Stands alone (no import of ours): it is the first process of a PID namespace, or else a subreaper. SIGTERM ends the
server; the exit code is then 0 where everything left by itself, 1 where something stayed.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
LOOK_SECONDS = 0.05
RESTART_SECONDS = (0.05, 1.5)
SERVER_LEAVES_SECONDS = 60.0
ALL_LEAVE_SECONDS = 60.0


def main(name: str, command: list[str]) -> int:
    if os.getpid() == 1:
        socket.sethostname(name)
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    asked: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: asked.append(number))
    server = _start(command)
    while not asked:
        if server in _collected():
            time.sleep(random.uniform(*RESTART_SECONDS))
            server = _start(command)
        time.sleep(LOOK_SECONDS)
    with contextlib.suppress(ProcessLookupError):
        os.kill(server, signal.SIGTERM)
    _wait(lambda: server not in _below(os.getpid()), SERVER_LEAVES_SECONDS)
    _wait(lambda: not _below(os.getpid()), ALL_LEAVE_SECONDS)
    left = {pid: _command(pid) for pid in _below(os.getpid())}
    if left:
        print(f"processes that stayed on {name}: {left}", file=sys.stderr)
    return 1 if left else 0


def _start(command: list[str]) -> int:
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    process.returncode = 0  # collected here, with all others
    return process.pid


def _collected() -> set[int]:
    """The children that have ended since the last look."""
    found = set()
    with contextlib.suppress(ChildProcessError):
        while (pid := os.waitpid(-1, os.WNOHANG)[0]) != 0:
            found.add(pid)
    return found


def _wait(condition: object, seconds: float) -> None:
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:  # type: ignore[operator]
        _collected()
        time.sleep(LOOK_SECONDS)


def _below(root: int) -> list[int]:
    """The living descendants of a process."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
                if state not in "ZX":
                    parents[int(entry.name)] = int(parent)
    found = [root]
    for one in found:
        found.extend(pid for pid, parent in parents.items() if parent == one)
    return found[1:]


def _command(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    return "?"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
