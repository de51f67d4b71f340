"""Versions of jobs: one row for each time that another source became a job's own. A version keeps its source in the
archive (``counts.uses_of_source``)."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlite_utils import Database

from ..domain.job import Job
from ..domain.version import NOBODY, Signature, Version
from .rows import EPOCH, UNREADABLE, Row, change, select, text_or_none, value

LISTED = 1000
ADD = """insert into versions (job_id, n, source_version, source_kernel, made_at, made_by, message)
    select :job, coalesce((select max(n) from versions where job_id = :job), 0) + 1,
        :version, :kernel, :now, :by, :message"""
OF_LIVE = " from jobs where id = :job and json_valid(spec) and json_extract(spec, '$.source') = 'live'"
OF_SOURCE = "from versions where source_version = ? and job_id = ?"


def note(db: Database, job: Job, now: datetime, signed: Signature) -> None:
    """Another source has become the job's own. One that a live job has had already stands where it was first used."""
    if job.source == "pinned" or not is_of_job(db, job.id, job.source_version):
        change(db, ADD, _columns(job.id, job.source_version, job.source_kernel, now, signed))


def note_use(db: Database, job_id: str, version: str, kernel: str, now: datetime) -> None:
    """A run of the job has been made of that version: the first of it counts where the job is live."""
    if not value(db, f"select 1 {OF_SOURCE}", [version, job_id]):
        change(db, ADD + OF_LIVE, _columns(job_id, version, kernel, now, NOBODY))


def is_of_job(db: Database, job_id: str, version: str) -> bool:
    """Whether it is, or was, the job's own."""
    return value(db, f"select 1 {OF_SOURCE}", [version, job_id]) is not None


USED = """select 1 from runs where job_id = :job and source_version = :version and {state}
    union all select 1 from runs where cause in ('rerun', 'resume') and parent_run_id = :parent
        and source_version = :version and {state} limit 1"""


def was_run(db: Database, version: str, job_id: str | None, parent: str | None = None) -> bool:
    """Whether a run of the job used it, or a run that repeats ``parent``."""
    return _is_used(db, "true", version, job_id, parent)


def has_succeeded(db: Database, version: str, job_id: str | None, parent: str | None = None) -> bool:
    """Whether one of these runs has succeeded with it."""
    return _is_used(db, "state = 'succeeded'", version, job_id, parent)


def _is_used(db: Database, state: str, version: str, job_id: str | None, parent: str | None) -> bool:
    if not value(db, "select n from run_counts where kind = 'source' and key = ?", [version]):
        return False
    values = {"job": job_id, "version": version, "parent": parent}
    return value(db, USED.format(state=state), values) is not None


def of_job(db: Database, job_id: str, own: str | None) -> list[Version]:
    """The job's versions, the newest first, at most LISTED; ``own``: the one that its runs use, where that is known."""
    rows = select(db, f"select * from versions where job_id = ? order by n desc limit {LISTED}", [job_id])
    used = runs_by_version(db, job_id)
    current = next((row["n"] for row in rows if row["source_version"] == own), None)
    return [_version_of(row, row["n"] == current, used.get(row["source_version"], 0)) for row in rows]


def newest_used(db: Database, job_id: str) -> str | None:
    """What the job's newest run was made of; runs that repeat another one do not say what the job uses."""
    sql = """select source_version from runs where job_id = ? and state <> 'skipped'
        and cause not in ('rerun', 'resume') order by seq desc limit 1"""
    found: str | None = value(db, sql, [job_id])
    return found


def newest_of_source(db: Database, job_id: str, version: str) -> Version | None:
    """The last time that the source became the job's own; None where it never did."""
    rows = select(db, f"select * {OF_SOURCE} order by n desc limit 1", [version, job_id])
    return _version_of(rows[0], False, 0) if rows else None


def runs_by_version(db: Database, job_id: str) -> dict[str, int]:
    """How many runs of the job used each version; due times that did not run used none."""
    sql = """select source_version, count(*) as n from runs where job_id = ? and state <> 'skipped'
        group by source_version"""
    return {row["source_version"]: row["n"] for row in select(db, sql, [job_id])}


def forget(db: Database, job_id: str) -> None:
    change(db, "delete from versions where job_id = ?", [job_id])


def _columns(job_id: str, version: str, kernel: str | None, now: datetime, signed: Signature) -> Row:
    return {
        "job": job_id,
        "version": version,
        "kernel": kernel,
        "now": text_or_none(now),
        "by": signed.by,
        "message": signed.message,
    }


def _version_of(row: Row, current: bool, used: int) -> Version:
    fields = {"by": row["made_by"], "current": current, "runs": used}
    try:
        return msgspec.convert(row | fields | {"created_at": row["made_at"]}, Version)
    except UNREADABLE:  # edited by hand
        return msgspec.convert(row | fields | {"created_at": EPOCH}, Version)
