"""Jobs: made, found, changed, paused, run by hand, deleted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from ..domain import ids, trigger
from ..domain.job import Job, JobAnswer, JobSpec
from ..domain.run import Run
from ..domain.trigger import Cron
from ..errors import Conflict, FieldError, Invalid, NotAvailableYet, NotFound, SchedError
from ..scheduler import versions
from ..scheduler.making_runs import run_of_job
from ..store import jobs, runs
from ..store.jobs import Broken
from . import not_yet
from .context import Context
from .cursors import cursor_of, position_of
from .forms import CreateJob, JobsQuery, Pause, RunJob
from .job_answers import broken_answer, job_answer
from .notebooks import Opened, checked_values, kept_snapshot, open_for_running, opened
from .patching import patched
from .starting import start_new

TRIES = 20
STALE = "stale_revision"


class JobPage(msgspec.Struct, frozen=True):
    jobs: list[JobAnswer]
    next_cursor: str | None


def create(context: Context, form: CreateJob) -> JobAnswer:
    """Keeps the notebook as it is now as the job's version, and schedules it."""
    now = context.clock()
    notebook, spec = _checked(context, form, None, now)
    job = msgspec.convert(
        msgspec.structs.asdict(spec)
        | {
            "id": ids.new_id(now),
            "source_version": notebook.snapshot.version,
            "next_run_at": _next_run(spec, now),
            "last_slot": None,
            "problem": None,
            "created_at": now,
            "updated_at": now,
            "revision": 1,
        },
        Job,
    )
    context.store.make()
    versions.keep(context.archive, notebook.snapshot)
    with context.store.write() as db:
        jobs.insert(db, job)
    context.committed()
    return job_answer(context, job, None)


def find(context: Context, query: JobsQuery) -> JobPage:
    """One page, newest first."""
    position = position_of("jobs", query.cursor)
    notebook = query.notebook.removeprefix("RTC:") if query.notebook else query.notebook
    after = position[0] if position else None
    with context.store.read() as db:
        found = jobs.page(db, notebook, query.paused, tuple((query.q or "").split()), query.limit + 1, after)
        page = found[: query.limit]
        answers = [_answer(context, db, job) for job in page]
    cursor = cursor_of("jobs", [page[-1].id]) if len(found) > query.limit else None
    return JobPage(answers, cursor)


def get(context: Context, job_id: str) -> JobAnswer:
    with context.store.read() as db:
        found = jobs.get(db, job_id)
        if found is None:
            raise NotFound(f"there is no job {job_id!r}")
        return _answer(context, db, found)


def patch(context: Context, job_id: str, sent: dict[str, Any]) -> JobAnswer:
    """Changes the fields sent; a ``revision`` that is not the job's own any more is a Conflict."""
    if sent.get("revision") is not None:
        return _patch(context, job_id, sent)
    return _on_the_newest(lambda: _patch(context, job_id, sent))


def _patch(context: Context, job_id: str, sent: dict[str, Any]) -> JobAnswer:
    now = context.clock()
    before = _sound(context, job_id)
    form, revision = patched(before, sent)
    if revision is not None and revision != before.revision:
        raise Conflict("this job was changed meanwhile; read it again and repeat your change", STALE)
    notebook, spec = _checked(context, form, before, now)
    restarts = spec.trigger != before.trigger or before.paused != spec.paused or before.problem is not None
    after = msgspec.structs.replace(
        before, **msgspec.structs.asdict(spec), source_version=notebook.snapshot.version, problem=None
    )
    if restarts:
        after = _rescheduled(after, now)
    if notebook.snapshot.version != before.source_version:
        versions.keep(context.archive, notebook.snapshot)
    return _save(context, after, _told(before, after), now, restarts)


def pause(context: Context, job_id: str, form: Pause) -> JobAnswer:
    """No new due times from now on; queued runs still run."""
    if form.until is not None:
        raise NotAvailableYet(
            "until: is not available in this version yet; leave it out", errors=[FieldError("until", not_yet.MESSAGE)]
        )
    return _on_the_newest(lambda: _pause(context, job_id))


def _pause(context: Context, job_id: str) -> JobAnswer:
    job, now = _sound(context, job_id), context.clock()
    if job.paused:
        return get(context, job_id)
    return _save(context, _rescheduled(msgspec.structs.replace(job, paused=True), now), "paused", now, True)


def resume(context: Context, job_id: str) -> JobAnswer:
    """Due times count from now, without catching up."""
    return _on_the_newest(lambda: _resume(context, job_id))


def _resume(context: Context, job_id: str) -> JobAnswer:
    job, now = _sound(context, job_id), context.clock()
    if not job.paused:
        return get(context, job_id)
    resumed = msgspec.structs.replace(job, paused=False, problem=None)
    return _save(context, _rescheduled(resumed, now), "resumed", now, True)


def run(context: Context, job_id: str, form: RunJob) -> Run:
    """A run by hand, with the job's version and policies."""
    job, now = _sound(context, job_id), context.clock()
    not_yet.refuse_in_job_run(job, form.parameters)
    notebook = _current_source(context, job)
    sent = job.parameters | form.parameters
    new = run_of_job(job, "manual", notebook.snapshot.version, notebook.kernel, now, checked_values(notebook, sent))
    return start_new(context, new, notebook.snapshot).run


def delete(context: Context, job_id: str) -> None:
    """Waiting runs are cancelled, running ones finish, history stays."""
    now = context.clock()
    get(context, job_id)
    with context.store.write() as db:
        jobs.delete(db, job_id, now)
        runs.cancel_waiting_of_job(db, job_id, now)
    context.committed()


def _checked(context: Context, form: JobSpec, before: Job | None, now: datetime) -> tuple[Opened, JobSpec]:
    """The notebook that the job runs and the spec with its values checked; every invalid part at once."""
    not_yet.refuse_in_job(form)
    errors = []
    unproven = before is None or before.problem is not None or form.trigger != before.trigger
    if isinstance(form.trigger, Cron) and unproven:
        errors += [FieldError(f"trigger.{name}", text) for name, text in trigger.problems(form.trigger, now).items()]
    notebook = None
    try:
        notebook = _notebook_of(context, form, before)
        parameters = checked_values(notebook, form.parameters)
    except SchedError as error:
        if not errors:
            raise
        errors += error.errors or [FieldError("notebook", error.message)]
    if errors or notebook is None:
        raise Invalid.fields(errors)
    return notebook, msgspec.structs.replace(form, notebook=notebook.snapshot.notebook, parameters=parameters)


def _notebook_of(context: Context, form: JobSpec, before: Job | None) -> Opened:
    """A pinned job keeps the version it has as long as it stays on the same notebook."""
    if before is not None and form.notebook == before.notebook and form.source == before.source == "pinned":
        snapshot = kept_snapshot(context, before.notebook, before.source_version)
        return opened(context, snapshot, context.known_kernel(form.kernel, snapshot.kernel))
    return open_for_running(context, form.notebook, form.kernel)


def _current_source(context: Context, job: Job) -> Opened:
    if job.source == "live":
        return open_for_running(context, job.notebook, job.kernel)
    snapshot = kept_snapshot(context, job.notebook, job.source_version)
    return opened(context, snapshot, context.known_kernel(job.kernel, snapshot.kernel))


def _rescheduled(job: Job, now: datetime) -> Job:
    """From now on, and never again a due time that is on record (the clock may have gone back)."""
    after = now if job.last_slot is None else max(now, job.last_slot)
    try:
        return msgspec.structs.replace(job, next_run_at=_next_run(job, after))
    except ValueError as error:
        raise Invalid.fields([FieldError("trigger", str(error))], "broken_job") from None


def _next_run(spec: JobSpec, after: datetime) -> datetime | None:
    if spec.paused or not isinstance(spec.trigger, Cron):
        return None
    return trigger.next_fire(spec.trigger, after).at


def _sound(context: Context, job_id: str) -> Job:
    """The job; NotFound, or Invalid where its row cannot be read."""
    with context.store.read() as db:
        found = jobs.get(db, job_id)
    if found is None:
        raise NotFound(f"there is no job {job_id!r}")
    if isinstance(found, Broken):
        raise Invalid(f"{found.message}; delete it and make it again", "broken_job")
    return found


def _on_the_newest(change: Callable[[], JobAnswer]) -> JobAnswer:
    """A change that names no revision is meant for the job as it is now: again, where somebody else was first."""
    for _ in range(TRIES):
        try:
            return change()
        except Conflict as error:
            if error.reason != STALE:
                raise
    return change()


def _save(context: Context, job: Job, told: str, now: datetime, reschedules: bool) -> JobAnswer:
    with context.store.write() as db:
        if not jobs.update(db, job, told, now, reschedules):
            raise Conflict("this job was changed meanwhile; read it again and repeat your change", STALE)
    context.committed()
    return get(context, job.id)


def _told(before: Job, after: Job) -> str:
    if before.paused != after.paused:
        return "paused" if after.paused else "resumed"
    return "updated"


def _answer(context: Context, db: Database, found: Job | Broken) -> JobAnswer:
    if isinstance(found, Broken):
        return broken_answer(found, context.clock())
    last = runs.get(db, found.last_run_id) if found.last_run_id else None
    return job_answer(context, found, last)
