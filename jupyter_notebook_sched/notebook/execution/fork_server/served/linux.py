"""What only the kernel of the operating system can tell or do. Written again, because nothing of ours is at hand."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from collections.abc import Collection

PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15
PR_SET_CHILD_SUBREAPER = 36  # prctl(2)

_libc = ctypes.CDLL(None, use_errno=True)


def become_subreaper() -> None:
    """From now on orphans among this process's descendants become its children."""
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with_parent(parent: int) -> None:
    """SIGKILL as soon as ``parent`` ends, at once where it has ended already."""
    _libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def name_process(name: str) -> None:
    """The name that ``ps`` and /proc/PID/comm show (at most 15 bytes); children that do not exec inherit it."""
    _libc.prctl(PR_SET_NAME, ctypes.c_char_p(name.encode()[:15]), 0, 0, 0)


def leave_standard_streams() -> None:
    """Who reads what this process was started with may wait for its end."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.close(nothing)


def raise_oom_score(score: int) -> None:
    """``oom_score_adj`` as in proc(5), for this process and what it starts; an inherited one is never lowered."""
    try:
        with open("/proc/self/oom_score_adj", encoding="ascii") as file:
            inherited = int(file.read())
        if inherited < score:
            with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
                file.write(str(score))
    except (OSError, ValueError):
        pass


def tasks() -> int:
    """Threads of this process, those of C libraries included."""
    return len(os.listdir("/proc/self/task"))


def end_descendants(keep: Collection[int] = (), patience: float = 5.0, spared: str | None = None) -> None:
    """SIGKILLs and collects every descendant of this process, but those in ``keep`` or of the name ``spared`` and
    theirs, until none is left or ``patience`` seconds have passed (a process can be stuck in the kernel, on a dead
    network mount)."""
    until = time.monotonic() + patience
    while True:
        newest = _newest_pid()
        left = _descendants(keep, spared)
        if not left or time.monotonic() > until:
            return
        for pid in left:
            _kill(pid)
        for pid in left:
            try:
                os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:
                pass
        _chase({os.getpid(), *left}, newest, keep)


def _chase(family: set[int], newest: int, keep: Collection[int], seconds: float = 0.002) -> None:
    """For a moment, ends who is born into ``family`` after the process ``newest``: one that forks and exits all the
    time can be gone whenever a walk through /proc has ended; those born since are few."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        last, newest = newest, _newest_pid()
        for pid in range(last + 1, newest + 1):
            fields = _stat(pid)
            if pid not in keep and fields and int(fields[1]) in family and fields[0] not in "ZX":
                family.add(pid)
                _kill(pid)
        time.sleep(0.0005)


def _newest_pid() -> int:
    """The pid given last (proc(5), /proc/loadavg)."""
    try:
        with open("/proc/loadavg", encoding="ascii") as file:
            return int(file.read().split()[-1])
    except (OSError, ValueError, IndexError):
        return 0


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def _stat(pid: int | str) -> list[str]:
    """State, parent and what follows in /proc/PID/stat; nothing where there is no such process."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()
    except OSError:
        return []


def name_of(pid: int) -> str | None:
    """As ``name_process`` gave it; None where there is no such process."""
    try:
        with open(f"/proc/{pid}/comm", encoding="utf-8", errors="replace") as file:
            return file.read().rstrip("\n")
    except OSError:
        return None


def _descendants(keep: Collection[int], spared: str | None) -> list[int]:
    """Descendants, zombies of our own included (they still have to be collected), parents first."""
    children: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit() and int(entry) not in keep:
            fields = _stat(entry)
            if not fields or (fields[0] not in "ZX" and spared and name_of(int(entry)) == spared):
                continue
            if fields[0] not in "ZX" or int(fields[1]) == os.getpid():
                children.setdefault(int(fields[1]), []).append(int(entry))
    found = list(children.get(os.getpid(), ()))
    for pid in found:
        found.extend(children.get(pid, ()))
    return found
