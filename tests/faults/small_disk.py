"""A disk of a few megabytes: a tmpfs(5) that only the server and its worker see, in a mount namespace of theirs."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

MOUNT = 'mount -t tmpfs -o size="$1",mode=0700 small "$0" && shift && exec "$@"'
AS_ROOT = os.geteuid() == 0


def on_small_disk(folder: Path, size: str) -> list[str]:
    """The command that runs its further arguments with so small a disk at ``folder`` (``4m``)."""
    folder.mkdir(mode=0o700)
    mapped = [] if AS_ROOT else ["--map-root-user"]
    return ["unshare", "--mount", *mapped, "sh", "-c", MOUNT, str(folder), size]


def resize(pid: int, folder: Path, size: str) -> None:
    """Another size for the disk that the process ``pid`` sees there."""
    into = ["--mount"] if AS_ROOT else ["--user", "--preserve-credentials", "--mount"]
    command = ["nsenter", f"--target={pid}", *into, "mount", "-o", f"remount,size={size}", str(folder)]
    subprocess.run(command, check=True, timeout=20)


def as_seen_by(pid: int, path: Path) -> Path:
    """The same path in that process's own mounts (proc(5), /proc/PID/root)."""
    return Path(f"/proc/{pid}/root{path}")
