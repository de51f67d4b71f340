"""Bringing a store up to date: all or nothing, after a backup, and never under a living worker of another version."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from ..errors import Unavailable
from .copying import copy_whole
from .schema.m001_first import m001_the_first_schema
from .schema.m002_carried_over import m002_the_ledger
from .schema.m003_batches import m003_batches
from .schema.m004_reopening import m004_reopening

migrations = Migrations("notebook_sched")
for step in (m001_the_first_schema, m002_the_ledger, m003_batches, m004_reopening):
    migrations()(step)

Lives = Callable[[str, int], bool]
"""(worker's identity, its beat) → whether it lives, as far as can be seen from here."""


def bring_up_to_date(db: Database, path: Path | None, lives: Lives = lambda identity, beat: False) -> None:
    """Applies what is missing, after a backup beside the file.

    Unavailable: ``newer_store`` where a newer version has been here (nothing is touched), ``upgrading`` while a worker
    of the older version lives and drains.
    """
    if is_current(db):
        return
    db.execute("begin immediate")
    try:
        if not is_current(db):  # nobody else was first
            if applied := _applied(db):
                _wait_for_workers(db, lives)
                if path is not None:
                    _back_up(path, max(applied))
            migrations.apply(db)
        db.execute("commit")
    except BaseException:
        db.execute("rollback")
        raise


def is_current(db: Database) -> bool:
    """Whether the schema is this version's; Unavailable (``newer_store``) where it is a newer one's."""
    applied = _applied(db)
    if applied - KNOWN:
        raise Unavailable(
            "this store was written by a newer version of jupyter_notebook_sched; install that version to use it",
            "newer_store",
        )
    return applied == KNOWN


def schema_version(db: Database) -> str:
    """The name of the newest step applied."""
    return max(_applied(db))


def _applied(db: Database) -> set[str]:
    return {step.name for step in migrations.applied(db)}


def _wait_for_workers(db: Database, lives: Lives) -> None:
    workers = db.execute("select identity, beat, code_version from workers").fetchall()
    for identity, beat, version in workers:
        if lives(identity, beat):
            host = identity.partition("/")[0]
            raise Unavailable(
                f"the store is upgraded once the scheduler of version {version} on {host} has ended its runs; where no "
                "server asks it to, stop it there",
                "upgrading",
            )


def _back_up(path: Path, version: str) -> None:
    """Under the write lock of somebody else's connection, beside which this one may read."""
    backup = path.with_name(f"{path.stem}-before-migration-of-{version}{path.suffix}")
    if not backup.exists():
        copy_whole(path, backup)


KNOWN = {step.name for step in migrations._migrations}
NEWEST = max(KNOWN)
