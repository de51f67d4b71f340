"""Jobs: stored whole as JSON, with the columns that finding and scheduling need beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlite_utils import Database

from ..domain.job import Job, JobSpec
from . import outbox
from .rows import Row, change, select, text_or_none, to_json


@dataclass(frozen=True)
class Broken:
    """A row that cannot be read (edited by hand, or damaged): which, and what is wrong with it."""

    id: str
    name: str
    message: str


def insert(db: Database, job: Job) -> None:
    change(
        db,
        """insert into jobs (id, name, notebook, spec, paused, source_version, next_run_at, last_slot, problem,
               created_at, updated_at, revision)
           values (:id, :name, :notebook, :spec, :paused, :source_version, :next_run_at, :last_slot, :problem,
               :created_at, :updated_at, 1)""",
        _columns(job),
    )
    outbox.tell_job(db, job.id, "created", job.created_at)


def update(db: Database, job: Job, told: str, now: datetime, reschedules: bool = False) -> bool:
    """Writes the job if its row still has ``job.revision``, which then grows by one; ``told`` is the event's change.

    How far the scheduler has come is the scheduler's alone; ``reschedules``: but the next due time is ``job``'s.
    """
    changed = change(
        db,
        """update jobs set name = :name, notebook = :notebook, spec = :spec, paused = :paused,
               source_version = :source_version, problem = :problem, updated_at = :updated_at, revision = revision + 1,
               next_run_at = case when :reschedules then :next_run_at else next_run_at end
           where id = :id and revision = :revision""",
        _columns(job) | {"revision": job.revision, "updated_at": text_or_none(now), "reschedules": reschedules},
    )
    if changed:
        outbox.tell_job(db, job.id, told, now)
    return bool(changed)


def record_slot(db: Database, job_id: str, last_slot: datetime | None, next_run_at: datetime | None) -> None:
    """How far the scheduler has come with this job."""
    change(
        db,
        "update jobs set last_slot = ?, next_run_at = ?, problem = null where id = ?",
        [text_or_none(last_slot), text_or_none(next_run_at), job_id],
    )


def record_problem(db: Database, job_id: str, message: str, now: datetime) -> None:
    """Takes a job that cannot be scheduled out of the queue of due ones, and says why on the job."""
    change(db, "update jobs set problem = ?, next_run_at = null where id = ?", [message, job_id])
    outbox.tell_job(db, job_id, "updated", now)


def get(db: Database, job_id: str) -> Job | Broken | None:
    rows = select(db, "select * from jobs where id = ?", [job_id])
    return job_of(rows[0]) if rows else None


def due(db: Database, now: datetime, limit: int = 500) -> list[Job | Broken]:
    """Jobs whose next run is due, the longest due first."""
    rows = select(
        db,
        "select * from jobs where next_run_at <= ? and not paused order by next_run_at limit ?",
        [text_or_none(now), limit],
    )
    return [job_of(row) for row in rows]


def next_due(db: Database) -> str | None:
    """The earliest next run of all jobs (text, UTC); a moment that is none (edited by hand) does not count."""
    rows = select(
        db,
        """select next_run_at from jobs where next_run_at is not null and not paused
           and strftime('%Y-%m-%dT%H:%M:%fZ', next_run_at) = next_run_at order by next_run_at limit 1""",
    )
    return rows[0]["next_run_at"] if rows else None


def page(
    db: Database, notebook: str | None, paused: bool | None, words: tuple[str, ...], limit: int, after: str | None
) -> list[Job | Broken]:
    """Up to ``limit`` jobs, newest first, behind the id ``after``."""
    conditions, values = ["true"], []
    for condition, value in (("notebook = ?", notebook), ("paused = ?", paused), ("id < ?", after)):
        if value is not None:
            conditions.append(condition)
            values.append(value)
    for word in words:
        pattern = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        conditions.append("(' ' || name || ' ' || replace(notebook, '/', ' ')) like ? escape '\\'")
        values.append(f"% {pattern}%")
    sql = f"select * from jobs where {' and '.join(conditions)} order by id desc limit ?"
    return [job_of(row) for row in select(db, sql, [*values, limit])]


def delete(db: Database, job_id: str, now: datetime) -> bool:
    if not change(db, "delete from jobs where id = ?", [job_id]):
        return False
    outbox.tell_job(db, job_id, "deleted", now)
    return True


def totals(db: Database) -> tuple[int, int]:
    """How many jobs there are, and how many of them are paused."""
    row = db.conn.execute("select count(*), coalesce(sum(paused), 0) from jobs").fetchone()
    return int(row[0]), int(row[1])


def job_of(row: Row) -> Job | Broken:
    try:
        fields = msgspec.json.decode(row["spec"], type=dict)
        own = {name: row[name] for name in row if name != "spec"} | {"paused": bool(row["paused"])}
        return msgspec.convert(fields | own, Job)
    except (msgspec.MsgspecError, TypeError) as error:
        return Broken(row["id"], str(row["name"]), f"the stored job cannot be read: {error}")


def _columns(job: Job) -> Row:
    spec = {name: getattr(job, name) for name in JobSpec.__struct_fields__}
    return {
        "id": job.id,
        "name": job.name,
        "notebook": job.notebook,
        "spec": to_json(spec),
        "paused": int(job.paused),
        "source_version": job.source_version,
        "next_run_at": text_or_none(job.next_run_at),
        "last_slot": text_or_none(job.last_slot),
        "problem": job.problem,
        "created_at": text_or_none(job.created_at),
        "updated_at": text_or_none(job.updated_at),
    }
