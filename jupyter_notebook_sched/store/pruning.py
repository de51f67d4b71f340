"""What may go: runs that are kept no longer, files whose rows are gone, sources that nobody refers to."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from ..domain.job import Job
from .counts import archived_bytes, uses_of_source
from .resuming import WANTED
from .rows import Row, change, column, select, text_or_none, to_json
from .runs import ENDED_STATES, forget

BATCH = 500
KEPT_VERSIONS = 20
MOST_VERSIONS = 1000
# A job's last success and last failure stay whatever their age: they are what people look for.
NOT_A_LAST = """not (job_id is not null and state in ('succeeded', 'failed') and seq = (
    select max(seq) from runs as newer where newer.job_id = runs.job_id and newer.state = runs.state))"""

# The record of a due time that was skipped ahead is needed until that time has come.
NOT_AHEAD = "(scheduled_for is null or scheduled_for < {moment})"

# Nobody would find the kernel of a run without a record; it holds what the run held, and another run may wait for it.
WITHOUT_KERNEL = f"(kept_until is null or kept_until <= :now) and id not in ({WANTED})"


def older_than(db: Database, before: datetime, with_own: list[str], now: datetime) -> list[Row]:
    """Up to BATCH ended runs from before that moment, those of the jobs ``with_own`` retention left out."""
    return select(
        db,
        f"""select * from runs where finished_at < :before and {NOT_A_LAST} and {WITHOUT_KERNEL}
            and {NOT_AHEAD.format(moment=":before")}
            and (job_id is null or job_id not in (select value from json_each(:own)))
            order by finished_at limit {BATCH}""",
        {"before": text_or_none(before), "own": to_json(with_own), "now": text_or_none(now)},
    )


def beyond_own(db: Database, job: Job, before: datetime | None, now: datetime) -> list[Row]:
    """Up to BATCH ended runs of a job beyond its own ``keep_runs``, or from ``before`` its own ``keep_days``. Records
    of due times that did not run go with the runs around them."""
    return select(
        db,
        f"""select * from runs where job_id = :job and state in ({ENDED_STATES}) and {NOT_A_LAST} and {WITHOUT_KERNEL}
            and {NOT_AHEAD.format(moment=":now")}
            and ((finished_at < :before and {NOT_AHEAD.format(moment=":before")}) or seq < (
                    select seq from runs where job_id = :job and state in ('succeeded', 'failed', 'cancelled')
                    order by seq desc limit 1 offset :kept))
            order by seq limit {BATCH}""",
        {
            "job": job.id,
            "before": text_or_none(before),
            "now": text_or_none(now),
            "kept": (job.keep_runs or 1_000_000_000) - 1,
        },
    )


def oldest_with_files(db: Database, allowed_bytes: int, now: datetime) -> list[Row]:
    """Ended runs with files, the oldest first, that must go so that the archive fits into so many bytes; at most
    BATCH."""
    beyond = archived_bytes(db) - allowed_bytes
    found: list[Row] = []
    if beyond <= 0:
        return found
    sql = f"""select * from runs where finished_at is not null and bytes > 0 and {NOT_A_LAST}
        and {WITHOUT_KERNEL} order by finished_at limit {BATCH}"""
    for row in select(db, sql, {"now": text_or_none(now)}):
        if beyond <= 0:
            break
        found.append(row)
        beyond -= row["bytes"]
    return found


def remove(db: Database, rows: list[Row], folder_of: dict[str, str]) -> None:
    """Deletes the rows; their folders in the archive (run id → path) are on record as doomed with the same commit."""
    for row in rows:
        forget(db, row)
        doom(db, folder_of[row["id"]])


def doom(db: Database, path: str) -> None:
    change(db, "insert or ignore into doomed_files (path) values (?)", [path])


def doomed(db: Database, limit: int = BATCH) -> list[str]:
    """Paths in the archive whose rows are gone."""
    return column(db, "select path from doomed_files limit ?", [limit])


def gone(db: Database, paths: list[str]) -> None:
    change(db, "delete from doomed_files where path in (select value from json_each(?))", [to_json(paths)])


def old_versions(db: Database, before: datetime) -> list[Row]:
    """Up to BATCH versions of jobs that may go: beyond the newest MOST_VERSIONS of a job; beyond its newest
    KEPT_VERSIONS where they were made ``before`` and no run of them is left. What a job runs stays."""
    return select(
        db,
        f"""select v.job_id, v.n from versions as v left join jobs on jobs.id = v.job_id
            where jobs.id is null or (v.source_version <> jobs.source_version
                and v.n <= (select max(n) from versions where job_id = v.job_id) - case
                    when v.made_at >= :before then {MOST_VERSIONS}
                    when exists (select 1 from run_counts where kind = 'source' and key = v.source_version and n > 0)
                        then {MOST_VERSIONS}
                    else {KEPT_VERSIONS} end)
            limit {BATCH}""",
        {"before": text_or_none(before)},
    )


def remove_versions(db: Database, rows: list[Row]) -> None:
    """Their sources follow where nothing else refers to them."""
    db.conn.executemany("delete from versions where job_id = :job_id and n = :n", rows)


def is_unused(db: Database, version: str) -> bool:
    """Whether no run, no job and no version of one refers to a source."""
    return uses_of_source(db, version) == 0
