"""One batch of what is kept no longer. Rows go first, with their files on record as doomed in the same commit; then the
files; so that no row ever names a file that is gone, and no file outlives its row for long."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from ..archive import outputs, sources, writing
from ..archive.layout import Archive, run_folder
from ..config import Settings
from ..store import jobs, pruning
from ..store.connection import Store
from ..store.rows import Row

log = logging.getLogger(__name__)
SOURCE_GRACE = timedelta(hours=1)
"""A version is written before the row that names it: one that was touched within this time is not looked at."""
LEFT_HALF_WRITTEN = timedelta(days=1)


def prune_once(settings: Settings, store: Store, archive: Archive, now: datetime) -> bool:
    """Removes at most one batch of runs, the files of removed ones, and versions without a use; True when there may be
    more."""
    with store.read() as db:
        rows = _candidates(settings, db, now)
    if rows:
        with store.write() as db:
            pruning.remove(db, rows, {row["id"]: run_folder(row["id"]) for row in rows})
        log.info("%s runs are kept no longer", len(rows))
    removed = remove_doomed(store, archive)
    if not rows:
        removed += forget_old_versions(store, now - timedelta(days=settings.keep_days))
        remove_unused_sources(store, archive, now)
        sources.sweep(archive, now - LEFT_HALF_WRITTEN)
    return bool(rows) or removed > 0


def _candidates(settings: Settings, db: Database, now: datetime) -> list[Row]:
    own = jobs.with_own_retention(db)
    days_apart = [job.id for job in own if job.keep_days is not None]
    for job in own:
        before = now - timedelta(days=job.keep_days) if job.keep_days is not None else None
        if rows := pruning.beyond_own(db, job, before, now):
            return rows
    if rows := pruning.older_than(db, now - timedelta(days=settings.keep_days), days_apart, now):
        return rows
    return pruning.oldest_with_files(db, settings.keep_bytes, now)


def remove_doomed(store: Store, archive: Archive) -> int:
    """Removes the folders of runs whose rows are gone; one that cannot be removed now is tried again later."""
    with store.read() as db:
        doomed = pruning.doomed(db)
    gone = [path for path in doomed if _remove_folder(archive, path)]
    if gone:
        with store.write() as db:
            pruning.gone(db, gone)
    return len(gone)


def _remove_folder(archive: Archive, path: str) -> bool:
    try:
        outputs.remove_folder(archive, path)
    except OSError as error:
        log.warning("the files of a run that is kept no longer stay: %s", error)
        return False
    return True


def forget_old_versions(store: Store, before: datetime) -> int:
    """One batch of versions of jobs that nobody will go back to."""
    with store.read() as db:
        rows = pruning.old_versions(db, before)
    if rows:
        with store.write() as db:
            pruning.remove_versions(db, rows)
    return len(rows)


def remove_unused_sources(store: Store, archive: Archive, now: datetime) -> int:
    """Removes sources that no run and no job refers to, nor a version of one. Under the store's write lock: whoever
    writes a row that names a version looks under the same lock whether its file is there (``service.starting``)."""
    removed = 0
    for file in sources.untouched_since(archive, now - SOURCE_GRACE):
        with store.read() as db:
            unused = pruning.is_unused(db, file.stem)
        if unused:
            removed += _remove_source(store, file, now)
    return removed


def _remove_source(store: Store, file: Path, now: datetime) -> int:
    with store.write() as db:
        if not pruning.is_unused(db, file.stem) or not sources.is_untouched(file, now - SOURCE_GRACE):
            return 0
        file.unlink(missing_ok=True)
        writing.sync_folder(file.parent)
    return 1
