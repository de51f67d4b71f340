"""Backups: whole copies of the store, made while it is in use."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from ..domain.times import from_text, to_text
from . import facts
from .connection import Store
from .copying import copy_whole
from .damage import BACKUPS, backups

EVERY = timedelta(days=1)
KEPT = 3
_FACT = "backup_at"


def is_due(store: Store, now: datetime) -> bool:
    with store.read() as db:
        last = facts.get(db, _FACT)
    return last is None or now - from_text(last) >= EVERY


def back_up(store: Store, now: datetime) -> Path:
    """A copy in ``backups/``, durable; only the newest few are kept. To be called in a thread: it takes its time."""
    folder = store.path.parent / BACKUPS
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{store.path.stem}-{to_text(now)[:19].replace(':', '')}.db"
    copy_whole(store.path, path)
    for old in backups(store.path)[KEPT:]:
        old.unlink(missing_ok=True)
    with store.write() as db:
        facts.put(db, _FACT, to_text(now))
    return path
