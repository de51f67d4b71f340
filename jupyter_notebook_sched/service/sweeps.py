"""One notebook with many sets of values: all of them are checked before any is run, and all begin together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec
from sqlite_utils import Database

from ..domain import ids, sweep
from ..domain.batch import NewBatch
from ..domain.run import Run
from ..domain.sweep import Point, Sweep
from ..errors import FieldError, Invalid, Together
from ..scheduler import versions
from ..scheduler.making_runs import insert
from ..store import batches, idempotency, runs
from ..store.runs import NewRun
from . import starting, waiting
from .context import Context
from .forms import CreateRun
from .notebooks import KnowsSecret, Opened, checked_values, looked_at, opened
from .resolving import where_on
from .starting import Request

MOST_TOLD = 50
MIB = 1024 * 1024
MOST_BYTES = 16 * MIB


class StartedSweep(msgspec.Struct, frozen=True):
    """``runs`` in the order of the sweep."""

    batch_id: str
    runs: list[Run]


class Begun(msgspec.Struct, frozen=True):
    """``again``: a repeated request, answered with what it started the first time."""

    started: Run | StartedSweep
    again: bool


@dataclass(frozen=True)
class Checked:
    """``values``: of each run, as they will be injected, in the order of the sweep."""

    notebook: Opened
    sweep: Sweep
    values: list[dict[str, Any]]


def start(context: Context, form: CreateRun) -> Begun:
    """Runs a notebook as it is now: once, or once for each set of values of a sweep."""
    if form.sweep is None:
        started = starting.start(context, form)
        return Begun(started.run, started.again)
    request = starting.request_of(form)
    if request is not None:
        with context.store.read() as db:
            if (known := _remembered(db, context, request)) is not None:
                return Begun(known, again=True)
    return _begin(context, form, _checked(context, form), request)


def check(context: Context, form: CreateRun) -> object:
    """Invalid names everything that does not fit: of the notebook, of the values, of the sweep."""
    return starting.check(context, form) if form.sweep is None else _checked(context, form)


def _begin(context: Context, form: CreateRun, checked: Checked, request: Request | None) -> Begun:
    """The source, then all rows that mention it in one transaction."""
    new, batch = _new_rows(context, form, checked)
    snapshot = checked.notebook.snapshot
    context.store.make()
    versions.keep(context.archive, snapshot)
    with context.store.write() as db:
        if request is not None:
            if (known := _remembered(db, context, request)) is not None:
                return Begun(known, again=True)
            idempotency.remember(db, request.key, request.digest, [run.id for run in new], batch.created_at)
        versions.keep_again(context.archive, snapshot)
        batches.insert(db, batch)
        for run in new:
            insert(db, run)
        started = _seen(context, db, batch.id, [run.id for run in new])
    context.committed()
    return Begun(started, again=False)


def _new_rows(context: Context, form: CreateRun, checked: Checked) -> tuple[list[NewRun], NewBatch]:
    now = context.clock()
    made = []
    for index, (point, values) in enumerate(zip(checked.sweep.points, checked.values, strict=True)):
        run = starting.new_run(_of_point(form, point), checked.notebook, values, now)
        varied = {name: run.parameters[name] for name in point.values}
        made.append(
            msgspec.structs.replace(run, batch_index=index, label=sweep.label(varied), asked_on=context.host),
        )
    batch = NewBatch(
        id=ids.new_id(now),
        name=made[0].name,
        mode=checked.sweep.mode,
        varied=checked.sweep.varied,
        created_at=now,
    )
    return [msgspec.structs.replace(run, batch_id=batch.id) for run in made], batch


def _of_point(form: CreateRun, point: Point) -> CreateRun:
    """The request for one run of it: what the sweep varies takes the place of what is in ``parameters``."""
    return msgspec.structs.replace(form, parameters=form.parameters | point.values, sweep=None)


def _checked(context: Context, form: CreateRun) -> Checked:
    assert form.sweep is not None
    found, notebook, points, values = Together(), None, None, list[dict[str, Any]]()
    with found.hear("sweep"):
        points = sweep.expanded(form.sweep.mode, form.sweep.values)
    with found.hear("notebook"):
        notebook = _opened(context, form, found)
    if points is not None and notebook is not None:
        with found.hear(sweep.FIELD):
            _check_size(form, points)
            knows_secret = where_on(context, form.templates)
            values = _values_of_runs(form, notebook, points, knows_secret and cache(knows_secret))
    found.tell()
    assert points is not None
    assert notebook is not None
    return Checked(notebook, points, values)


def _opened(context: Context, form: CreateRun, found: Together) -> Opened:
    """The notebook with its kernel: values are checked even where that is not to be had."""
    snapshot = looked_at(context, form.notebook)
    with found.hear("kernel"):
        context.known_kernel(form.kernel, snapshot.kernel)
    return opened(context, snapshot, form.kernel or snapshot.kernel or context.settings.default_kernel)


def _check_size(form: CreateRun, points: Sweep) -> None:
    """Each run has all its values; a sweep must not make gigabytes of one large one."""
    size = len(points.points) * len(msgspec.json.encode(form.parameters))
    for point in points.points:
        size += len(msgspec.json.encode(point.values))
        if size > MOST_BYTES:
            message = f"makes more than {MOST_BYTES // MIB} MiB of values in all; put large ones into a file"
            raise Invalid.fields([FieldError(sweep.FIELD, message)], "too_large")


def _values_of_runs(
    form: CreateRun, notebook: Opened, points: Sweep, knows_secret: KnowsSecret | None
) -> list[dict[str, Any]]:
    """Those of each run, as ``checked_values`` gives them. Invalid names what does not fit: MOST_TOLD at most."""
    errors: dict[str, FieldError] = {}
    reason = "invalid"
    fitting = []
    for point in points.points:
        one = _of_point(form, point)
        try:
            fitting.append(checked_values(notebook, one.parameters, knows_secret))
        except Invalid as error:
            reason = error.reason
            told = error.errors or [FieldError(sweep.FIELD, error.message)]
            errors |= {one.field: one for one in (_where_it_stands(each, point, points, notebook) for each in told)}
        if len(errors) >= MOST_TOLD:
            break
    if errors:
        raise Invalid.fields(list(errors.values())[:MOST_TOLD], reason)
    return fitting


def _where_it_stands(error: FieldError, point: Point, points: Sweep, notebook: Opened) -> FieldError:
    """The field of a value that a run would have, in the request for the sweep."""
    field = f"{error.field}."
    name = max((name for name in points.varied if field.startswith(f"parameters.{name}.")), key=len, default=None)
    if name is None:
        return error
    known = any(parameter.name == name for parameter in notebook.read.parameters)
    place = point.fields[name] if known and name in point.fields else f"{point.field}.{name}"
    return FieldError(place + error.field[len(f"parameters.{name}") :], error.message)


def _remembered(db: Database, context: Context, request: Request) -> StartedSweep | None:
    """What the first such request started, as far as it has not been deleted."""
    found = _seen(context, db, "", starting.first_answer(db, context, request))
    if not found.runs or (batch_id := found.runs[0].batch_id) is None:
        return None
    return msgspec.structs.replace(found, batch_id=batch_id)


def _seen(context: Context, db: Database, batch_id: str, run_ids: list[str]) -> StartedSweep:
    return StartedSweep(batch_id, waiting.seen(context, db, [runs.get(db, run_id) for run_id in run_ids]))
