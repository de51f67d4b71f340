"""Jobs: stored whole as JSON, with the columns that finding and scheduling need beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlite_utils import Database

from ..domain.job import Job, JobSpec
from ..domain.version import NOBODY, Signature
from . import outbox, versions
from .rows import UNREADABLE, Row, add, change, column, is_moment, select, text_or_none, to_json, value
from .titles import matching, title_of

PERSONS = ", ".join(
    f"{name} = :{name}"
    for name in ("name", "notebook", "spec", "paused", "paused_until", "source_version", "source_kernel", "problem")
)
SCHEDULERS = """next_run_at = case when slots_run >= :max_runs then null else :next_run_at end, anchor = :anchor,
    restarted_at = :restarted_at"""
MANY_TITLES = 500


@dataclass(frozen=True)
class Broken:
    """A row that cannot be read (edited by hand, or damaged): which, and what is wrong with it."""

    id: str
    name: str
    message: str
    revision: int


def insert(db: Database, job: Job, signed: Signature = NOBODY) -> None:
    """A new job and its first version, ``signed`` by whoever makes it."""
    add(db, "jobs", _columns(job) | {"revision": 1})
    versions.note(db, job, job.created_at, signed)
    title_of(db, job.name, job.notebook)  # made now, and not when thousands of jobs are due together
    outbox.tell_job(db, job.id, "created", job.created_at)


def update(
    db: Database, job: Job, told: str, now: datetime, reschedules: bool = False, signed: Signature = NOBODY
) -> bool:
    """Writes the job if its row still has ``job.revision``, which then grows by one; ``told`` is the event's change.

    How far the scheduler has come is the scheduler's alone; ``reschedules``: but from where due times count, and the
    next one, are ``job``'s. Another source is another version of it, ``signed``.
    """
    before = value(db, "select source_version from jobs where id = ?", [job.id])
    changed = change(
        db,
        f"""update jobs set {PERSONS}, updated_at = :updated_at, revision = revision + 1
           where id = :id and revision = :revision""",
        _columns(job) | {"revision": job.revision, "updated_at": text_or_none(now)},
    )
    if changed and reschedules:
        change(db, f"update jobs set {SCHEDULERS} where id = :id", _columns(job) | {"max_runs": job.max_runs})
    if changed:
        title_of(db, job.name, job.notebook)
        outbox.tell_job(db, job.id, told, now)
    if changed and job.source_version != before:
        versions.note(db, job, now, signed)
    return bool(changed)


def record_slots(
    db: Database, job: Job, version: str, last_slot: datetime | None, next_run_at: datetime | None, ran: int
) -> None:
    """How far the scheduler has come with this job; ``ran`` due times more became runs, of that ``version`` of its
    notebook. No other comes once it has made all that it may."""
    change(
        db,
        """update jobs set source_version = :version, last_slot = :last, slots_run = slots_run + :ran, problem = null,
               next_run_at = case when slots_run + :ran >= :most then null else :next end where id = :id""",
        {
            "version": version,
            "last": text_or_none(last_slot),
            "next": text_or_none(next_run_at),
            "ran": ran,
            "most": job.max_runs,
            "id": job.id,
        },
    )


def count_slot_back(db: Database, run_id: str) -> None:
    """A due time that had become a run will not run after all."""
    change(
        db,
        """update jobs set slots_run = slots_run - 1 where id = (
               select job_id from runs where id = ? and slot_key is not null)""",
        [run_id],
    )


def set_next(db: Database, job_id: str, next_run_at: datetime | None) -> None:
    change(db, "update jobs set next_run_at = ? where id = ?", [text_or_none(next_run_at), job_id])


def record_problem(db: Database, seen: Job | Broken, message: str, now: datetime) -> None:
    """Takes a job that cannot be scheduled out of the queue of due ones, and says why on the job; unless somebody has
    changed it since it was ``seen``."""
    sql = "update jobs set problem = ?, next_run_at = null, paused_until = null where id = ? and revision = ?"
    if change(db, sql, [message, seen.id, seen.revision]):
        outbox.tell_job(db, seen.id, "updated", now)


def get(db: Database, job_id: str) -> Job | Broken | None:
    rows = select(db, "select * from jobs where id = ?", [job_id])
    return job_of(rows[0]) if rows else None


def unchanged(db: Database, seen: list[Job]) -> set[str]:
    """The ids of those jobs that are still as they were seen."""
    ids = to_json([job.id for job in seen])
    rows = select(
        db,
        "select id, revision, next_run_at, slots_run from jobs where id in (select value from json_each(?))",
        [ids],
    )
    now = {row["id"]: (row["revision"], row["next_run_at"], row["slots_run"]) for row in rows}
    return {job.id for job in seen if now.get(job.id) == (job.revision, text_or_none(job.next_run_at), job.slots_run)}


def due(db: Database, now: datetime, limit: int) -> list[Job | Broken]:
    """Jobs whose next run is due, the longest due first."""
    rows = select(
        db,
        "select * from jobs where next_run_at <= ? and not paused order by next_run_at limit ?",
        [text_or_none(now), limit],
    )
    return [job_of(row) for row in rows]


def resuming(db: Database, now: datetime, limit: int) -> list[Job | Broken]:
    """Paused jobs whose pause is over."""
    sql = "select * from jobs where paused and paused_until <= ? limit ?"
    return [job_of(row) for row in select(db, sql, [text_or_none(now), limit])]


def scheduled(db: Database) -> list[Job | Broken]:
    """Every job that waits for a due time."""
    return [job_of(row) for row in select(db, "select * from jobs where next_run_at is not null and not paused")]


def with_own_retention(db: Database) -> list[Job]:
    """Jobs that say themselves how long their runs are kept."""
    rows = select(
        db,
        """select * from jobs where json_valid(spec)
           and coalesce(json_extract(spec, '$.keep_runs'), json_extract(spec, '$.keep_days')) is not null""",
    )
    return [job for job in map(job_of, rows) if isinstance(job, Job)]


def ids(db: Database, tag: str | None) -> list[str]:
    """All jobs, or those that carry a tag."""
    if tag is None:
        return column(db, "select id from jobs order by id")
    return column(
        db,
        """select id from jobs where json_valid(spec)
           and exists (select 1 from json_each(spec, '$.tags') as tag where tag.value = ?) order by id""",
        [tag],
    )


def on_notebook(db: Database, notebook: str, limit: int) -> list[Job]:
    """The jobs of a notebook, newest first; those that cannot be read left out."""
    rows = select(db, "select * from jobs where notebook = ? order by id desc limit ?", [notebook, limit])
    return [job for job in map(job_of, rows) if isinstance(job, Job)]


def next_due(db: Database) -> str | None:
    """The earliest next run of all jobs (text, UTC); a moment that is none (edited by hand) does not count."""
    found: str | None = value(
        db,
        f"""select next_run_at from jobs where next_run_at is not null and not paused
           and {is_moment("next_run_at")} order by next_run_at limit 1""",
    )
    return found


def next_resumption(db: Database) -> str | None:
    """When the next pause is over (text, UTC)."""
    found: str | None = value(
        db,
        f"""select paused_until from jobs where paused_until is not null and {is_moment("paused_until")}
           order by paused_until limit 1""",
    )
    return found


def page(
    db: Database, notebook: str | None, paused: bool | None, words: tuple[str, ...], limit: int, after: str | None
) -> list[Job | Broken]:
    """Up to ``limit`` jobs, newest first, behind the id ``after``."""
    conditions, values = ["true"], []
    for condition, wanted in (("notebook = ?", notebook), ("paused = ?", paused), ("id < ?", after)):
        if wanted is not None:
            conditions.append(condition)
            values.append(wanted)
    if found := matching(words):
        conditions.append(_of_titles(db, found))
        values.append(found)
    sql = f"select * from jobs where {' and '.join(conditions)} order by id desc limit ?"
    return [job_of(row) for row in select(db, sql, [*values, limit])]


def _of_titles(db: Database, words: str) -> str:
    """The condition that a job has a title with those words: from few titles to their jobs, or, where there are many,
    from each job to its title."""
    titles = "select rowid from titles_text where titles_text match ?"
    many = value(db, f"select count(*) from ({titles} limit {MANY_TITLES})", [words]) == MANY_TITLES
    if not many:
        return f"(name, notebook) in (select name, notebook from titles where id in ({titles}))"
    return f"""exists (select 1 from titles where titles.name = jobs.name and titles.notebook = jobs.notebook
        and titles.id in ({titles}))"""


def delete(db: Database, job_id: str, now: datetime) -> bool:
    if not change(db, "delete from jobs where id = ?", [job_id]):
        return False
    versions.forget(db, job_id)
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
    except UNREADABLE as error:
        return Broken(row["id"], str(row["name"]), f"the stored job cannot be read: {error}", row["revision"])


def _columns(job: Job) -> Row:
    spec = {name: getattr(job, name) for name in JobSpec.__struct_fields__}
    return {
        "id": job.id,
        "name": job.name,
        "notebook": job.notebook,
        "spec": to_json(spec),
        "paused": int(job.paused),
        "paused_until": text_or_none(job.paused_until),
        "source_version": job.source_version,
        "source_kernel": job.source_kernel,
        "next_run_at": text_or_none(job.next_run_at),
        "last_slot": text_or_none(job.last_slot),
        "anchor": text_or_none(job.anchor),
        "restarted_at": text_or_none(job.restarted_at),
        "slots_run": job.slots_run,
        "problem": job.problem,
        "created_at": text_or_none(job.created_at),
        "updated_at": text_or_none(job.updated_at),
    }
