"""Ending a whole process tree: whoever is the subreaper of a tree (prctl(2), PR_SET_CHILD_SUBREAPER) becomes the
parent of every orphan in it, so that walking down from it finds all, daemons with a cleared environment included."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections import defaultdict

from .process_stat import everybody, newest_pid, stat_of

PR_SET_NAME = 15
PR_SET_CHILD_SUBREAPER = 36


def become_subreaper() -> None:
    """From now on orphans among this process's descendants become its children (Linux; elsewhere nothing happens)."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def name_process(name: str) -> None:
    """The name that ``ps`` and /proc/PID/comm show (at most 15 bytes)."""
    if sys.platform == "linux":
        _libc().prctl(PR_SET_NAME, ctypes.c_char_p(name.encode()[:15]), 0, 0, 0)


def descendants(root: int, keep: frozenset[int] = frozenset(), spared: str | None = None) -> list[int]:
    """Every living descendant of ``root``, parents first, but those in ``keep`` or of the name ``spared`` and theirs
    (Linux; elsewhere none).

    One look at /proc and one walk down that never enters ``keep``: what a kept process forks meanwhile cannot be
    reached by another way, so it is never mistaken for somebody else's.
    """
    children = defaultdict(list)
    for process in everybody():
        if process.pid not in keep and not process.is_over and process.name != spared:
            children[process.parent].append(process.pid)
    found = list(children[root])
    for pid in found:
        found.extend(children[pid])
    return found


def end_descendants(
    root: int, keep: frozenset[int] = frozenset(), patience: float = 5.0, spared: str | None = None
) -> list[int]:
    """SIGKILLs every descendant of ``root`` but those in ``keep`` or of the name ``spared`` and theirs, until none is
    left.

    Returns the pids that are still there after ``patience`` seconds (stuck in the kernel, on a dead network mount).
    """
    if root == os.getpid() and not _has_children():
        return []
    until = time.monotonic() + patience
    while True:
        newest = newest_pid()
        left = descendants(root, keep, spared)
        # One that forks all the time is seen as ended before its child is seen at all. A child can only vanish by our
        # own wait: where neither a living descendant is found nor one to wait for, there is none.
        if (not left and not set(_own_zombies()) - keep) or time.monotonic() > until:
            return left
        for pid in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        reap(keep)
        _chase({root, *left}, newest, keep)


def _chase(family: set[int], newest: int, keep: frozenset[int], seconds: float = 0.005) -> None:
    """For a moment, ends who is born into ``family`` after the process ``newest``.

    A process that forks and exits all the time can be gone each time that a walk through /proc has ended, the longer
    the more processes there are; those born since are few.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        last, newest = newest, newest_pid()
        for pid in range(last + 1, newest + 1):
            born = stat_of(pid)
            if born is not None and born.parent in family and pid not in keep and not born.is_over:
                family.add(pid)
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
        time.sleep(0.0005)


def reap(spared: frozenset[int] = frozenset()) -> None:
    """Collects those children that have ended and that nobody else waits for."""
    for pid in _own_zombies():
        if pid not in spared:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)


def _has_children() -> bool:
    """Whether this process has any, ended ones included: as a subreaper it has every orphan of its tree."""
    if sys.platform != "linux":
        return True
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def _own_zombies() -> list[int]:
    own = os.getpid()
    return [process.pid for process in everybody() if process.state == "Z" and process.parent == own]


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        _libc().prctl(option, value, 0, 0, 0)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def peak_memory_of_children() -> int | None:
    """Bytes that the largest of the children that have ended used at its height (getrusage(2), ru_maxrss)."""
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak * (1 if sys.platform == "darwin" else 1024) or None
