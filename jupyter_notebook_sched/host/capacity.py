"""How many runs at a time this host has places for."""

from __future__ import annotations

import math
import os
from pathlib import Path


def places(configured: int) -> int:
    """As configured, else one for each processor that this process may use: its affinity, and its cgroup's share."""
    if configured > 0:
        return configured
    affinity = getattr(os, "sched_getaffinity", None)
    processors = len(affinity(0)) if affinity is not None else os.cpu_count() or 1
    share = cgroup_share(Path("/sys/fs/cgroup/cpu.max"))
    return max(1, min(processors, math.ceil(share)) if share is not None else processors)


def cgroup_share(file: Path) -> float | None:
    """Processors that the cgroup may use ("quota period", kernel's cgroup-v2.rst, cpu.max); None without a limit."""
    try:
        quota, period = file.read_text().split()
        return None if quota == "max" else int(quota) / int(period)
    except (OSError, ValueError, ZeroDivisionError):
        return None
