"""Runs begin: a notebook as it is now, a job by hand, an earlier run again. A repeated request starts nothing twice."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from ..domain import ids
from ..domain.job import Job
from ..domain.rendering import Rendering
from ..domain.run import Run, RunPolicies
from ..errors import Invalid, NotFound, Together
from ..scheduler import versions
from ..scheduler.making_runs import insert, rendered
from ..scheduler.versions import Snapshot
from ..store import batches, idempotency, jobs, runs
from ..store.jobs import Broken
from ..store.rows import UNREADABLE
from ..store.runs import NewRun
from . import resuming, waiting
from .batches import in_its_place
from .context import Context
from .forms import CreateRun, Rerun
from .notebooks import (
    Opened,
    checked_values,
    current_source,
    fitted,
    kept_snapshot,
    looked_at,
    open_for_running,
    opened,
)
from .resolving import rendering_of_rerun, where_on


@dataclass(frozen=True)
class Request:
    """An idempotency key, and the digest of what was asked under it."""

    key: str
    digest: str


class Started(msgspec.Struct, frozen=True):
    """``again``: a repeated request, answered with the run that it started the first time."""

    run: Run
    again: bool


def start(context: Context, form: CreateRun) -> Started:
    """Runs a notebook as it is now, as soon as there is a place."""
    request = request_of(form)
    if (known := _answered_before(context, request)) is not None:
        return Started(known, again=True)
    notebook, parameters = check(context, form)
    new = new_run(form, notebook, parameters, context.clock())
    return start_new(context, new, notebook.snapshot, request)


def new_run(form: CreateRun, notebook: Opened, parameters: dict[str, Any], now: datetime) -> NewRun:
    """A run of that notebook with values that were checked, those of one place of a sweep, too."""
    name = form.name or default_name(notebook.snapshot.notebook)
    new = NewRun(
        id=ids.new_id(now),
        name=name,
        notebook=notebook.snapshot.notebook,
        source_version=notebook.snapshot.version,
        kernel=notebook.kernel,
        cause=form.cause,
        created_at=now,
        parameters=parameters,
        parameters_template=form.parameters,
        policies=RunPolicies.of(form),
    )
    return rendered(new, notebook.read.parameters, Rendering(now, name)) if form.templates else new


def check(context: Context, form: CreateRun) -> tuple[Opened, dict[str, Any]]:
    """The notebook to run and its values; Invalid names everything that does not fit."""
    found = Together()
    with found.hear("notebook"):
        knows_secret = where_on(context, form.templates)
        fitting = fitted(context, looked_at(context, form.notebook), form.kernel, form.parameters, knows_secret)
    found.tell()
    return fitting


def start_new(context: Context, new: NewRun, snapshot: Snapshot, request: Request | None = None) -> Started:
    """Keeps the source, then the row that mentions it, then wakes the worker."""
    context.store.make()
    versions.keep(context.archive, snapshot)
    with context.store.write() as db:
        if request is not None:
            if (known := _remembered(db, context, request)) is not None:
                return Started(known, again=True)
            idempotency.remember(db, request.key, request.digest, [new.id], new.created_at)
        if new.resumption is not None:
            resuming.check_free(db, new.resumption.run_id)
        versions.keep_again(context.archive, snapshot)
        insert(db, msgspec.structs.replace(new, asked_on=context.host))
        run = waiting.seen(context, db, [runs.get(db, new.id)])[0]
    context.committed()
    return Started(run, again=False)


def rerun(context: Context, run_id: str, form: Rerun) -> Started:
    """A new run like an earlier one, on the same version or on the notebook as it is now; from its first cell, or from
    the one that failed."""
    request = request_of(form, run_id)
    if (known := _answered_before(context, request)) is not None:
        return Started(known, again=True)
    with context.store.read() as db:
        parent = runs.get_detail(db, run_id)
        if parent is None:
            raise NotFound(f"there is no run {run_id!r}")
        if form.from_failed_cell:
            resuming.check(context, db, parent, form)
        policies = _policies(db, run_id)
        place = batches.member(db, run_id)
        rendering = rendering_of_rerun(db, parent) if policies.templates else None
        before = runs.rendering(db, run_id)
        job = None if parent.job_id is None else jobs.get(db, parent.job_id)
    notebook = _source_of_rerun(context, parent, job, form)
    sent = parent.parameters_template | (form.parameters or {})
    values = sent if rendering is not None else parent.parameters | (form.parameters or {})
    now = context.clock()
    new = NewRun(
        id=ids.new_id(now),
        job_id=parent.job_id,
        parent_run_id=parent.id,
        name=parent.name,
        notebook=parent.notebook if form.notebook is not None else notebook.snapshot.notebook,
        source_version=notebook.snapshot.version,
        kernel=notebook.kernel,
        cause="rerun",
        created_at=now,
        parameters=checked_values(notebook, values, where_on(context, rendering is not None)),
        parameters_template=sent,
        scheduled_for=parent.scheduled_for,
        policies=policies,
        tags=parent.tags,
    )
    if rendering is not None:
        new = rendered(new, notebook.read.parameters, rendering)
    if form.from_failed_cell:
        new = resuming.going_on(context, new, parent, notebook.snapshot.canonical, before)
    return start_new(context, in_its_place(new, parent, place), notebook.snapshot, request)


def _policies(db: Database, run_id: str) -> RunPolicies:
    try:
        return runs.policies(db, run_id)
    except UNREADABLE as error:
        raise Invalid(f"the record of this run cannot be read: {error}", "broken_run") from None


def default_name(notebook: str) -> str:
    """The notebook's file name without its ending."""
    return notebook.rpartition("/")[2].removesuffix(".ipynb")


def _source_of_rerun(context: Context, parent: Run, job: Job | Broken | None, form: Rerun) -> Opened:
    """``current``: what a run of the job would use now; of a run without a job the file as it is now."""
    if form.notebook is not None:
        return open_for_running(context, form.notebook, parent.kernel)
    if form.source == "current" and isinstance(job, Job) and job.source == "pinned":
        return current_source(context, job)
    if form.source == "current":
        return open_for_running(context, parent.notebook, parent.kernel)
    return opened(
        context,
        kept_snapshot(context, parent.notebook, parent.source_version),
        context.known_kernel(parent.kernel, None),
    )


def request_of(form: CreateRun | Rerun, of: str = "") -> Request | None:
    """What identifies a request that may be repeated; ``of`` is the run that it repeats."""
    if form.idempotency_key is None:
        return None
    content = msgspec.json.encode([type(form).__name__, of, form], order="deterministic")
    return Request(form.idempotency_key, hashlib.sha256(content).hexdigest())


def _answered_before(context: Context, request: Request | None) -> Run | None:
    if request is None:
        return None
    with context.store.read() as db:
        return _remembered(db, context, request)


def _remembered(db: Database, context: Context, request: Request) -> Run | None:
    """The run of the first such request; None where there was none, or its run was deleted."""
    answered = first_answer(db, context, request)
    return next(iter(waiting.seen(context, db, [runs.get(db, run_id) for run_id in answered[:1]])), None)


def first_answer(db: Database, context: Context, request: Request) -> list[str]:
    """The ids of the runs that the first such request made; Invalid where its key came with another request."""
    answered = idempotency.find(db, request.key, context.clock())
    if answered is not None and answered.digest != request.digest:
        raise Invalid("this idempotency_key was used with another request; use a new key", "idempotency_mismatch")
    return [] if answered is None else answered.run_ids
