"""How much memory and disk is free: what a run may take before it endangers what else goes on."""

from __future__ import annotations

import os
import re
from pathlib import Path

MEMINFO = Path("/proc/meminfo")
CGROUP = Path("/sys/fs/cgroup")


def free_memory(meminfo: Path = MEMINFO, cgroup: Path = CGROUP) -> int | None:
    """Bytes that new processes can have: of the machine (proc(5), MemAvailable), and of the own cgroup where it has a
    limit (cgroup-v2.rst, memory.max; page cache that can be dropped counts as free). None where neither is known."""
    known = [free for free in (_of_machine(meminfo), _of_cgroup(cgroup)) if free is not None]
    return min(known, default=None)


def all_memory(meminfo: Path = MEMINFO, cgroup: Path = CGROUP) -> int | None:
    """Bytes that there are at all: of the machine, or of the own cgroup where its limit is lower. None where neither is
    known."""
    known = [found for found in (_total(meminfo), _limit(cgroup)) if found is not None]
    return min(known, default=None)


def free_disk(path: Path) -> int | None:
    """Bytes that this user can still write on the file system that holds the path; None where it does not exist."""
    try:
        facts = os.statvfs(path)
    except OSError:
        return None
    return facts.f_bavail * facts.f_frsize


def _of_machine(meminfo: Path) -> int | None:
    try:
        found = re.search(r"^MemAvailable:\s+(\d+) kB", meminfo.read_text(), re.MULTILINE)
    except OSError:
        return None
    return int(found[1]) * 1024 if found else None


def _total(meminfo: Path) -> int | None:
    try:
        found = re.search(r"^MemTotal:\s+(\d+) kB", meminfo.read_text(), re.MULTILINE)
    except OSError:
        return None
    return int(found[1]) * 1024 if found else None


def _limit(folder: Path) -> int | None:
    try:
        limit = (folder / "memory.max").read_text().strip()
        return None if limit == "max" else int(limit)
    except (OSError, ValueError):
        return None


def _of_cgroup(folder: Path) -> int | None:
    try:
        limit = (folder / "memory.max").read_text().strip()
        used = int((folder / "memory.current").read_text())
        reclaimable = re.search(r"^inactive_file (\d+)", (folder / "memory.stat").read_text(), re.MULTILINE)
    except (OSError, ValueError):
        return None
    return None if limit == "max" else max(int(limit) - used + (int(reclaimable[1]) if reclaimable else 0), 0)


def oom_kills(membership: Path = Path("/proc/self/cgroup"), cgroup: Path = CGROUP) -> int | None:
    """How many processes of the own cgroup the system has killed so far because memory ran out: ``oom_kill`` in
    memory.events (cgroup-v2.rst), or in memory.oom_control (cgroup-v1/memory.rst). None where nobody counts them."""
    try:
        lines = [line.split(":", 2) for line in membership.read_text(errors="surrogateescape").splitlines()]
    except OSError:
        return None
    for _, kinds, path in (line for line in lines if len(line) == 3):
        if "memory" not in kinds.split(",") and kinds:
            continue
        folder, name = (cgroup / "memory", "memory.oom_control") if kinds else (cgroup, "memory.events")
        # Inside of a container its path may be told as it is seen from outside.
        for file in (folder / path.lstrip("/") / name, folder / name):
            try:
                found = re.search(r"^oom_kill (\d+)", file.read_text(), re.MULTILINE)
            except OSError:
                continue
            if found:
                return int(found[1])
    return None
