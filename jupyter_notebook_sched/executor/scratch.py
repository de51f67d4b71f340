"""The private directories of attempts, for the sockets of their kernels: in the meeting place of the workspace's
processes on this host, which is on local disk, ours alone, and has a path that is short enough for sockets."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from ..host.rendezvous import PRIVATE


def make(folder: Path) -> Path:
    """A directory (0700) of an attempt of this process."""
    return Path(tempfile.mkdtemp(prefix=_prefix(os.getpid()), dir=folder))


def remove_of(folder: Path, pid: int) -> None:
    """What a process that was killed has left there."""
    for left in folder.glob(f"{_prefix(pid)}*"):
        shutil.rmtree(left, ignore_errors=True)


def _prefix(pid: int) -> str:
    return f"{PRIVATE}{pid:x}-"
