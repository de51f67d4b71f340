"""What an output notebook says of its own making, in its metadata under ``notebook_sched``."""

from __future__ import annotations

import functools
import importlib.metadata
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

from ..document import RUN_METADATA

KEY = RUN_METADATA


def environment(python: str | None) -> dict[str, Any]:
    """Host, and the Python and package versions where ``python`` (the kernel's interpreter) is our own."""
    facts: dict[str, Any] = {"host": platform.node(), "system": _system()}
    if python is not None and _environment_of(python) == _environment_of(sys.executable):
        facts |= {"python": platform.python_version(), "packages": packages()}
    return facts


def _environment_of(python: str) -> str:
    """Where it stands, not where it leads: the interpreters of all virtual environments may be links to one."""
    return os.path.realpath(os.path.dirname(os.path.abspath(python)))


def packages() -> dict[str, str]:
    """Distribution → version in this environment, read again only after a folder of packages changed."""
    folders = tuple(folder for folder in sys.path if os.path.isdir(folder))
    return _packages_of(tuple((folder, os.stat(folder).st_mtime_ns) for folder in folders))


@functools.lru_cache(maxsize=1)
def _system() -> str:
    """Once for all: it starts a process to ask for the processor's name."""
    return platform.platform()


@functools.lru_cache(maxsize=1)
def _packages_of(_fingerprint: tuple[tuple[str, int], ...]) -> dict[str, str]:
    found = {entry.name: entry.version for entry in importlib.metadata.distributions() if entry.name}
    return dict(sorted(found.items(), key=lambda item: item[0].lower()))


def git_commit(folder: Path) -> str | None:
    """The commit that is checked out around ``folder``; None outside a repository or without git."""
    if not any((above / ".git").exists() for above in (folder, *folder.parents)):
        return None
    try:
        command = ["git", "-C", str(folder), "rev-parse", "HEAD"]
        return subprocess.run(command, capture_output=True, text=True, timeout=5, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return None
