"""Runs that go on with the kept kernel of another one, as long as they wait or run."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from .rows import column, select, text_or_none, value

UNDER_WAY = "cause = 'resume' and state in ('queued', 'running') and resumption is not null"
OF = "json_extract(resumption, '$.run_id')"
WANTED = f"select {OF} from runs where {UNDER_WAY}"


def goes_on_with(db: Database, run_id: str) -> str | None:
    """The id of the run that goes on with the kernel of that one, or waits to; None where there is none."""
    found: str | None = value(db, f"select id from runs where {UNDER_WAY} and {OF} = ? limit 1", [run_id])
    return found


def went_on_with(db: Database, run_id: str) -> str | None:
    """The id of the last run that has begun to go on from that one; None where there is none."""
    of_it = "cause = 'resume' and parent_run_id = ? and id > ? and started_at is not null"
    sql = f"select id from runs where {of_it} order by id desc limit 1"
    found: str | None = value(db, sql, [run_id, run_id])
    return found


def wanted(db: Database) -> set[str]:
    """The ids of the runs whose kernels others go on with, or wait for: those are not to end now."""
    return set(column(db, WANTED))


def only_on(db: Database, run_id: str) -> str | None:
    """The host that alone may start the run; None: any may."""
    found: str | None = value(db, "select only_on from runs where id = ?", [run_id])
    return found


def in_vain(db: Database, now: datetime) -> list[tuple[str, str]]:
    """(id, host) of the runs that wait for a kernel which is not kept any more."""
    sql = f"""select id, only_on from runs as waiting where {UNDER_WAY} and state = 'queued' and not exists (
        select 1 from runs as kept where kept.id = json_extract(waiting.resumption, '$.run_id')
        and kept.kept_until > ?)"""
    return [(row["id"], row["only_on"]) for row in select(db, sql, [text_or_none(now)])]
