"""Whether this process is what a container runs: when it ends, all other processes there are killed with it."""

from __future__ import annotations

import os
from pathlib import Path

SYSTEM_INITS = frozenset({"systemd", "init", "launchd", "runit", "openrc-init"})


def ends_with_us() -> bool:
    """Being the first process of a PID namespace, or the child of one that is no system's init (tini, a shell)."""
    if os.getpid() == 1:
        return True
    return os.getppid() == 1 and _name_of_first() not in SYSTEM_INITS | {""}


def _name_of_first() -> str:
    try:
        return Path("/proc/1/comm").read_text(errors="replace").strip()
    except OSError:
        return ""
