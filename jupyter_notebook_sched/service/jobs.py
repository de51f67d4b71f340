"""Jobs: made, found, changed, run by hand, deleted. How they are paused and their due times managed is in
``pausing`` and ``due_times``."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from ..domain import ids, trigger
from ..domain.job import Job, JobAnswer, JobSpec
from ..domain.run import Run
from ..domain.schedule import Schedule
from ..domain.version import Signature
from ..errors import FieldError, Invalid, NotFound, Together
from ..scheduler import versions
from ..scheduler.making_runs import rendered, rendering_of_job, run_of_job
from ..store import jobs, runs
from ..store.jobs import Broken
from . import delivery_paths, not_yet, waiting
from .changing import on_the_newest, restarted, save, sound, stale
from .context import Context
from .cursors import cursor_of, position_of
from .forms import CreateJob, JobsQuery, PatchJob, RunJob
from .job_answers import broken_answer, job_answer
from .notebooks import Opened, checked_values, current_source, fitted, kept_snapshot, looked_at, named_in_body, opened
from .patching import patched
from .resolving import where_on
from .starting import start_new
from .validating import told_with_the_rest

RESTARTING = ("trigger", "starts_at", "ends_at", "paused")
"""A change of one of these lets due times count from now (API.md, *What a change touches*)."""


class JobPage(msgspec.Struct, frozen=True):
    jobs: list[JobAnswer]
    next_cursor: str | None


def create(context: Context, form: CreateJob, by: str | None = None) -> JobAnswer:
    """Keeps the notebook as it is now as the job's first version, and schedules it. ``by``: the person."""
    now = context.clock()
    notebook, spec = _checked(context, form, None, now)
    job = msgspec.convert(
        msgspec.structs.asdict(spec)
        | {
            "id": ids.new_id(now),
            "source_version": notebook.snapshot.version,
            "source_kernel": notebook.snapshot.kernel,
            "next_run_at": None,
            "last_slot": None,
            "anchor": now,
            "restarted_at": now,
            "problem": None,
            "created_at": now,
            "updated_at": now,
            "revision": 1,
        },
        Job,
    )
    job = msgspec.structs.replace(job, next_run_at=job.next_slot(now))
    context.store.make()
    versions.keep(context.archive, notebook.snapshot)
    with context.store.write() as db:
        versions.keep_again(context.archive, notebook.snapshot)
        jobs.insert(db, job, Signature(by))
    context.committed()
    return get(context, job.id)


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


def patch(context: Context, job_id: str, sent: dict[str, Any], by: str | None = None) -> JobAnswer:
    """Changes the fields sent; a ``revision`` that is not the job's own any more is a Conflict."""
    if sent.get("revision") is None:
        on_the_newest(lambda: _patch(context, job_id, sent, by))
    else:
        _patch(context, job_id, sent, by)
    return get(context, job_id)


def _patch(context: Context, job_id: str, sent: dict[str, Any], by: str | None) -> None:
    now = context.clock()
    before = sound(context, job_id)
    form, revision = _patched(context, before, sent, now)
    if revision is not None and revision != before.revision:
        raise stale()
    notebook, spec = _checked(context, form, before, now)
    after = msgspec.structs.replace(
        before,
        **msgspec.structs.asdict(spec),
        source_version=notebook.snapshot.version,
        source_kernel=notebook.snapshot.kernel,
        problem=None,
        paused_until=before.paused_until if spec.paused else None,
        anchor=before.anchor if spec.trigger == before.trigger else now,
    )
    restarts = before.problem is not None or any(getattr(after, name) != getattr(before, name) for name in RESTARTING)
    # One that had made all its runs and may make more begins again, too: its schedule had ended.
    restarts = restarts or (before.is_exhausted and not after.is_exhausted)
    if restarts or after.is_exhausted:
        after = _rescheduled(context, after, now)
    if notebook.snapshot.version != before.source_version:
        versions.keep(context.archive, notebook.snapshot)
    save(context, after, _told(before, after), now, restarts or after.is_exhausted, Signature(by))


def run(context: Context, job_id: str, form: RunJob) -> Run:
    """A run by hand, with the job's version and policies."""
    job, now = sound(context, job_id), context.clock()
    notebook = current_source(context, job)
    values = checked_values(notebook, job.parameters | form.parameters, where_on(context, job.templates))
    new = run_of_job(job, "manual", notebook.snapshot.version, notebook.kernel, now, values)
    if job.templates:
        new = rendered(new, notebook.read.parameters, rendering_of_job(job, now))
    return start_new(context, new, notebook.snapshot).run


def delete(context: Context, job_id: str) -> None:
    """Waiting runs are cancelled, running ones finish, history stays."""
    now = context.clock()
    get(context, job_id)
    with context.store.write() as db:
        jobs.delete(db, job_id, now)
        runs.cancel_waiting_of_job(db, job_id, now)
    context.committed()


def check(context: Context, form: JobSpec) -> None:
    """Invalid names everything that keeps a job from being made."""
    _checked(context, form, None, context.clock())


def _checked(context: Context, form: JobSpec, before: Job | None, now: datetime) -> tuple[Opened, JobSpec]:
    """The notebook that the job runs and the spec with its values checked; every invalid part at once."""
    found = Together()
    with found.hear("parameters"):
        not_yet.refuse_in_job(form)
    with found.hear("trigger"):
        _refuse_times(form, before, now)
    with found.hear("deliver"):
        delivery_paths.refuse_misfits(context.workspace, form, now)
    with found.hear("notebook"):
        notebook, parameters = _fitted(context, form, before)
    found.tell()
    return notebook, msgspec.structs.replace(form, notebook=notebook.snapshot.notebook, parameters=parameters)


def _patched(context: Context, before: Job, sent: dict[str, Any], now: datetime) -> tuple[JobSpec, int | None]:
    try:
        return patched(before, sent)
    except Invalid as error:
        found = error
    raise told_with_the_rest(
        found, PatchJob, sent, lambda sound: _checked(context, patched(before, sound)[0], before, now)
    )


def _refuse_times(form: JobSpec, before: Job | None, now: datetime) -> None:
    """A trigger that has been accepted stays: a *once* that is over is no fault of a later edit."""
    errors = []
    unproven = before is None or before.problem is not None or form.trigger != before.trigger
    if form.trigger is not None and unproven:
        errors += [FieldError(f"trigger.{name}", text) for name, text in trigger.problems(form.trigger, now).items()]
    if form.starts_at is not None and form.ends_at is not None and form.ends_at <= form.starts_at:
        errors.append(FieldError("ends_at", "must be later than starts_at"))
    elif form.ends_at is not None and form.ends_at <= now and (before is None or form.ends_at != before.ends_at):
        errors.append(FieldError("ends_at", "lies in the past: the job would never run"))
    elif not errors and (before is None or _bounds(form) != _bounds(before)) and _ends_before_it_begins(form, now):
        errors.append(FieldError("ends_at", "lies before the first due time: the job would never run"))
    if errors:
        raise Invalid.fields(errors)


def _bounds(spec: JobSpec) -> tuple[object, ...]:
    return spec.trigger, spec.starts_at, spec.ends_at


def _ends_before_it_begins(spec: JobSpec, now: datetime) -> bool:
    """A trigger that is over anyway is no fault of the end."""
    if spec.trigger is None or spec.ends_at is None or spec.ends_at <= now:
        return False
    endless = Schedule(spec.trigger, now, spec.starts_at)
    bounded = Schedule(spec.trigger, now, spec.starts_at, spec.ends_at)
    return endless.next_after(now) is not None and bounded.next_after(now) is None


def _fitted(context: Context, form: JobSpec, before: Job | None) -> tuple[Opened, dict[str, Any]]:
    """A pinned job keeps the version it has as long as it stays on the same notebook; a live one whose notebook cannot
    be read keeps the last one, so that everything else about it can be changed."""
    knows_secret = where_on(context, form.templates)
    if before is not None and knows_secret is not None and _values(form) == _values(before):
        knows_secret = _takes_any  # one that went away since is told by the run that asks for it
    with named_in_body():
        stays = before is not None and context.workspace.name(form.notebook) == before.notebook
    if before is None or not stays or form.source != before.source:
        return fitted(context, looked_at(context, form.notebook), form.kernel, form.parameters, knows_secret)
    snapshot = None
    if form.source == "live":
        with suppress(Invalid):
            snapshot = looked_at(context, form.notebook)
        if snapshot is not None:
            return fitted(context, snapshot, form.kernel, form.parameters, knows_secret)
    snapshot = kept_snapshot(context, before.notebook, before.source_version)
    kernel = form.kernel or snapshot.kernel
    # A kernel that went away since, and values that a version published since does not take, are the job's problem, not
    # that of an edit of something else.
    if form.kernel == before.kernel and kernel is not None:
        notebook = opened(context, snapshot, kernel)
        if _values(form) == _values(before):
            return notebook, form.parameters
        return notebook, checked_values(notebook, form.parameters, knows_secret)
    return fitted(context, snapshot, form.kernel, form.parameters, knows_secret)


def _values(spec: JobSpec) -> tuple[object, ...]:
    return spec.parameters, spec.templates


def _takes_any(name: str) -> bool:
    return True


def _rescheduled(context: Context, job: Job, now: datetime) -> Job:
    if job.paused:
        return msgspec.structs.replace(job, next_run_at=None)
    with context.store.read() as db:
        return restarted(db, job, now)


def _told(before: Job, after: Job) -> str:
    if before.paused != after.paused:
        return "paused" if after.paused else "resumed"
    return "updated"


def _answer(context: Context, db: Database, found: Job | Broken) -> JobAnswer:
    if isinstance(found, Broken):
        return broken_answer(found, context.clock())
    last = runs.last_of_job(db, found.id)
    return job_answer(context, db, found, next(iter(waiting.seen(context, db, [last])), None))
