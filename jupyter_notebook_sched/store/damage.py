"""A store that is damaged or gone is stopped and told, never written on and never silently made anew.

A mark beside the file stops every process of the workspace; ``restore`` puts the newest backup in its place.
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

from ..errors import Unavailable

BACKUPS = "backups"


def quarantine(path: Path, error: str) -> Unavailable:
    """Marks the store as damaged; the error to raise."""
    mark = _mark(path)
    with contextlib.suppress(OSError):
        if not mark.exists():
            mark.write_text(json.dumps({"error": error}))
    return _damaged(path, error)


def refuse_damaged(path: Path) -> None:
    """Unavailable (``damaged``) where the store was found damaged before."""
    mark = _mark(path)
    if mark.exists():
        try:
            error = str(json.loads(mark.read_text())["error"])
        except (OSError, ValueError, KeyError, TypeError):
            error = "found damaged before"
        raise _damaged(path, error)


def refuse_lost(path: Path) -> None:
    """Unavailable (``damaged``) where there is no store although there was one: its archive or its backups are here."""
    refuse_damaged(path)
    if (path.parent / "archive" / "runs").exists() or backups(path):
        raise _damaged(path, "its file is missing, though its archive is here")


def backups(path: Path) -> list[Path]:
    """The backups of the store at ``path``, the newest first."""
    folder = path.parent / BACKUPS
    try:
        found = [folder / name for name in os.listdir(folder) if name.endswith(".db")]
    except OSError:
        return []
    return sorted(found, reverse=True)


def restore(path: Path, at: str) -> Path:
    """Puts the newest backup in the place of the store, which is kept beside it with ``at`` in its name; the backup
    used. Unavailable where there is none. Nobody may have the store open."""
    found = backups(path)
    if not found:
        raise Unavailable(f"there is no backup of {path}", "no_backup")
    fresh = path.with_name(f".{path.name}.restoring")
    fresh.write_bytes(found[0].read_bytes())
    fresh.chmod(0o600)
    for suffix in ("", "-wal", "-shm", "-journal"):
        old = path.with_name(path.name + suffix)
        if old.exists():
            old.rename(path.with_name(f"{path.stem}-damaged-{at}{path.suffix}{suffix}"))
    fresh.rename(path)
    _mark(path).unlink(missing_ok=True)
    return found[0]


def _mark(path: Path) -> Path:
    return path.with_name(f"{path.name}.damaged")


def _damaged(path: Path, error: str) -> Unavailable:
    newest = next(iter(backups(path)), None)
    remedy = (
        f"stop Jupyter and run 'jupyter notebook-sched restore' to put back the backup {newest.stem}"
        if newest is not None
        else f"there is no backup; stop Jupyter and move {path.parent} away to begin anew"
    )
    return Unavailable(f"the store {path} is damaged ({error}): nothing is scheduled or run; {remedy}", "damaged")
