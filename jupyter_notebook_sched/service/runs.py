"""Runs: started, found, cancelled, repeated, deleted."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
from sqlite_utils import Database

from ..archive import outputs
from ..domain import ids
from ..domain.retry import Retry
from ..domain.run import Run, RunDetail
from ..errors import Conflict, Invalid, NotFound
from ..scheduler import versions
from ..scheduler.versions import Snapshot
from ..store import finding_runs, idempotency, runs
from ..store.finding_runs import RunFilter
from ..store.runs import NewRun
from . import not_yet
from .context import Context
from .cursors import cursor_of, position_of
from .forms import CreateRun, Rerun, RunsQuery
from .notebooks import Opened, checked_values, open_for_running, opened


class RunPage(msgspec.Struct, frozen=True):
    """``counts``: runs by state under the same filter, whatever ``state`` it asked for."""

    runs: list[Run]
    next_cursor: str | None
    counts: dict[str, int]
    counts_capped: bool


class Started(msgspec.Struct, frozen=True):
    """``again``: a repeated request, answered with the run that it started the first time."""

    run: Run
    again: bool


def start(context: Context, form: CreateRun) -> Started:
    """Runs a notebook as it is now, as soon as there is a place."""
    if form.idempotency_key is not None:
        known = _answered_before(context, form.idempotency_key, form)
        if known is not None:
            return Started(known, again=True)
    not_yet.refuse_in_run(form)
    notebook = open_for_running(context, form.notebook, form.kernel)
    parameters = checked_values(notebook, form.parameters)
    now = context.clock()
    new = NewRun(
        id=ids.new_id(now),
        name=form.name or default_name(notebook.snapshot.notebook),
        notebook=notebook.snapshot.notebook,
        source_version=notebook.snapshot.version,
        kernel=notebook.kernel,
        cause=form.cause,
        created_at=now,
        parameters=parameters,
        parameters_template=form.parameters,
        retry=form.retry,
        timeout_seconds=form.timeout_seconds,
        cell_timeout_seconds=form.cell_timeout_seconds,
    )
    return start_new(context, new, notebook.snapshot, form.idempotency_key, form)


def start_new(
    context: Context, new: NewRun, snapshot: Snapshot | None, key: str | None = None, form: Any = None
) -> Started:
    """Keeps the source, then the row that mentions it, then wakes the worker."""
    context.store.make()
    if snapshot is not None:
        versions.keep(context.archive, snapshot)
    with context.store.write() as db:
        if key is not None:
            known = _remembered(db, context, key, form)
            if known is not None:
                return Started(known, again=True)
            idempotency.remember(db, key, _digest(form), [new.id], new.created_at)
        run = runs.insert(db, new)
    context.committed()
    return Started(run, again=False)


def find(context: Context, query: RunsQuery, parameters: dict[str, str]) -> RunPage:
    """One page, newest first; ``parameters`` are the ``parameter.NAME=VALUE`` filters."""
    wanted = RunFilter(
        states=tuple(query.state),
        job=query.job,
        notebook=query.notebook.removeprefix("RTC:") if query.notebook else query.notebook,
        batch=query.batch,
        cause=query.cause,
        tag=query.tag,
        parameters=parameters,
        words=tuple((query.q or "").split()),
        since=query.since,
        until=query.until,
        by=query.by,
    )
    kind = f"runs.{query.by}"
    position = position_of(kind, query.cursor)
    with context.store.read() as db:
        found = finding_runs.page(db, wanted, query.limit + 1, position)
        counts, capped = finding_runs.counts(db, wanted)
    page = found[: query.limit]
    cursor = cursor_of(kind, finding_runs.position(wanted, page[-1])) if len(found) > query.limit else None
    return RunPage(page, cursor, counts, capped)


def get(context: Context, run_id: str) -> RunDetail:
    with context.store.read() as db:
        run = runs.get_detail(db, run_id)
    if run is None:
        raise NotFound(f"there is no run {run_id!r}")
    return run


def delete(context: Context, run_id: str) -> None:
    """Removes an ended run with its files."""
    get(context, run_id)
    with context.store.write() as db:
        if not runs.delete(db, run_id):
            raise Conflict("this run has not ended; cancel it first", "not_ended")
    outputs.remove_run(context.archive, run_id)


def cancel(context: Context, run_id: str) -> Run:
    """Ends a run: at once where it waits, else as soon as its worker has ended every process of it."""
    now = context.clock()
    get(context, run_id)
    with context.store.write() as db:
        run = runs.cancel_queued(db, run_id, now) or runs.request_cancel(db, run_id, now)
    if run is None:
        raise Conflict("this run has ended already", "already_ended")
    context.committed()
    return run


def rerun(context: Context, run_id: str, form: Rerun) -> Started:
    """A new run like an earlier one, on the same version or on the notebook as it is now."""
    if form.idempotency_key is not None:
        known = _answered_before(context, form.idempotency_key, form)
        if known is not None:
            return Started(known, again=True)
    not_yet.refuse_in_rerun(form)
    with context.store.read() as db:
        row, parent = runs.get_row(db, run_id), runs.get(db, run_id)
    if row is None or parent is None:
        raise NotFound(f"there is no run {run_id!r}")
    notebook = _source_of_rerun(context, parent, form)
    values = parent.parameters | (form.parameters or {})
    now = context.clock()
    new = NewRun(
        id=ids.new_id(now),
        job_id=parent.job_id,
        parent_run_id=parent.id,
        name=parent.name,
        notebook=parent.notebook,
        source_version=notebook.snapshot.version,
        kernel=notebook.kernel,
        cause="rerun",
        created_at=now,
        parameters=checked_values(notebook, values),
        parameters_template=parent.parameters_template | (form.parameters or {}),
        scheduled_for=parent.scheduled_for,
        retry=msgspec.json.decode(row["retry"], type=Retry),
        timeout_seconds=row["timeout_seconds"],
        cell_timeout_seconds=row["cell_timeout_seconds"],
        tags=parent.tags,
    )
    return start_new(context, new, notebook.snapshot, form.idempotency_key, form)


def default_name(notebook: str) -> str:
    """The notebook's file name without its ending."""
    return notebook.rpartition("/")[2].removesuffix(".ipynb")


def _source_of_rerun(context: Context, parent: Run, form: Rerun) -> Opened:
    if form.notebook is not None:
        return open_for_running(context, form.notebook, parent.kernel)
    if form.source == "current":
        return open_for_running(context, parent.notebook, parent.kernel)
    return opened(
        context,
        kept_snapshot(context, parent.notebook, parent.source_version),
        context.known_kernel(parent.kernel, None),
    )


def kept_snapshot(context: Context, notebook: str, version: str) -> Snapshot:
    """A version from the archive. Invalid where it is gone or damaged."""
    try:
        return versions.load(context.archive, notebook, version)
    except (OSError, ValueError) as error:
        raise Invalid(
            f"the version {version[:12]} cannot be read from the archive: {error}", "source_unreadable"
        ) from None


def _answered_before(context: Context, key: str, form: Any) -> Run | None:
    with context.store.read() as db:
        return _remembered(db, context, key, form)


def _remembered(db: Database, context: Context, key: str, form: Any) -> Run | None:
    answered = idempotency.find(db, key, context.clock())
    if answered is None:
        return None
    if answered.digest != _digest(form):
        raise Invalid("this idempotency_key was used with another request; use a new key", "idempotency_mismatch")
    return runs.get(db, answered.run_ids[0])


def _digest(form: Any) -> str:
    return hashlib.sha256(type(form).__name__.encode() + msgspec.json.encode(form, order="deterministic")).hexdigest()
