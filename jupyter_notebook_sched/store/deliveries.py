"""Outputs that are still to be put into the workspace, and the files there that are ours."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlite_utils import Database

from ..domain.delivery import Delivered, Delivery
from ..domain.run import RunPolicies
from . import outbox
from .rows import UNREADABLE, add, change, column, select, text_or_none, to_json, value

PENDING = "{}"
"""In ``runs.delivery``: asked for, the run has succeeded, and nothing has come of it yet. Written with its success."""


class Ours(msgspec.Struct, frozen=True):
    """A file that was delivered: for which job and run, and what its bytes were."""

    job_id: str
    run_id: str
    sha256: str


def pending(db: Database, host: str, any_before: datetime | None) -> list[str]:
    """Ids of runs whose output is to be delivered, the oldest first: those that ran on that host, and those of any host
    that ended before that moment (None: no others)."""
    return column(
        db,
        f"""select id from runs indexed by runs_to_deliver where delivery = '{PENDING}' and state = 'succeeded'
            and (host = :host or finished_at < :before) order by seq limit 100""",
        {"host": host, "before": text_or_none(any_before)},
    )


def asked_of(db: Database, run_id: str) -> Delivery | None:
    """What is to be delivered of the run; None where nothing is (any more), or it cannot be read."""
    policies = value(db, f"select policies from runs where id = ? and delivery = '{PENDING}'", [run_id])
    try:
        return None if policies is None else msgspec.json.decode(policies, type=RunPolicies).deliver
    except UNREADABLE:
        return None


def settle(db: Database, run_id: str, delivered: Delivered, now: datetime) -> bool:
    """What became of it. False where somebody else was first."""
    sql = f"update runs set delivery = ? where id = ? and delivery = '{PENDING}'"
    settled = change(db, sql, [to_json(delivered), run_id]) == 1
    if settled:
        outbox.tell_run(db, run_id, now)
    return settled


def ours(db: Database, path: str) -> Ours | None:
    """The file of that path in the workspace, as it was written last."""
    rows = select(db, "select job_id, run_id, sha256 from deliveries where path = ?", [path])
    return Ours(**rows[0]) if rows else None


def note(db: Database, path: str, of: Ours, now: datetime) -> None:
    """The file is ours from now on."""
    change(db, "delete from deliveries where path = ?", [path])
    add(db, "deliveries", {"path": path, **msgspec.structs.asdict(of), "at": text_or_none(now)})


def is_notebook_of_a_job(db: Database, path: str) -> bool:
    return bool(value(db, "select 1 from jobs where notebook = ? limit 1", [path]))


def is_later(db: Database, run_id: str, than: str) -> bool:
    """Whether that run was due (or, without a due time, made) later than the other. False where it is not on record."""
    sql = """select coalesce(a.scheduled_for, a.created_at) > coalesce(b.scheduled_for, b.created_at)
        from runs as a, runs as b where a.id = ? and b.id = ?"""
    return bool(value(db, sql, [run_id, than]))
