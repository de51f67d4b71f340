"""Rows as tests need them: valid, and the same each time but for what a test names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlite_utils import Database

from jupyter_notebook_sched.domain import ids
from jupyter_notebook_sched.domain.job import Job
from jupyter_notebook_sched.domain.run import Run
from jupyter_notebook_sched.domain.trigger import Cron
from jupyter_notebook_sched.store import claims, runs
from jupyter_notebook_sched.store.attempts import Claimed, Owner
from jupyter_notebook_sched.store.claims import Place
from jupyter_notebook_sched.store.connection import Store
from jupyter_notebook_sched.store.runs import NewRun


class Interrupted(Exception):
    """What a test's own write raises half-way."""


NOON = datetime(2026, 5, 1, 12, tzinfo=timezone.utc)
SECOND = timedelta(seconds=1)
ME, OTHER = Owner("here/boot/1/10/100", 1), Owner("there/boot/1/20/200", 2)
HERE = Place("here", 1_000_000, frozenset({"python3"}))


def new_run(now: datetime = NOON, **fields: Any) -> NewRun:
    standard = {"name": "report", "notebook": "report.ipynb", "source_version": "0" * 64, "kernel": "python3"}
    return NewRun(**{"id": ids.new_id(now), "cause": "api", "created_at": now, **standard, **fields})


def new_job(now: datetime = NOON, **fields: Any) -> Job:
    standard = {
        "id": ids.new_id(now),
        "name": "Daily report",
        "notebook": "report.ipynb",
        "source_version": "0" * 64,
        "source_kernel": "python3",
        "anchor": now,
        "restarted_at": now,
        "trigger": Cron("0 7 * * *", "UTC"),
        "next_run_at": None,
        "last_slot": None,
        "problem": None,
        "created_at": now,
        "updated_at": now,
        "revision": 1,
    }
    return Job(**(standard | fields))


def write_half(store: Store, change: Callable[[Database], object]) -> None:
    """A transaction that fails after ``change``: Interrupted."""
    with store.write() as db:
        change(db)
        raise Interrupted


def queued(store: Store, now: datetime = NOON, **fields: Any) -> Run:
    new = new_run(now, **fields)
    with store.write() as db:
        runs.insert(db, new)
    return stored(store, new.id)


def claim(
    store: Store, owner: Owner = ME, now: datetime = NOON, place: Place = HERE, by_hand_next: bool = True
) -> Claimed | None:
    with store.write() as db:
        return claims.claim(db, owner, place, now, lambda run: f"runs/{run.id}/{run.attempt}/a.ipynb", by_hand_next)


def running(store: Store, owner: Owner = ME, now: datetime = NOON, **fields: Any) -> Claimed:
    """A run that was just made and claimed; nothing else waits."""
    queued(store, now, **fields)
    claimed = claim(store, owner, now)
    assert claimed is not None
    return claimed


def stored(store: Store, run_id: str) -> Run:
    with store.read() as db:
        run = runs.get(db, run_id)
    assert run is not None
    return run
