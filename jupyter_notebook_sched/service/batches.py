"""Batches: the runs of a sweep seen side by side, cancelled together, and run again in their places."""

from __future__ import annotations

import msgspec

from ..domain.batch import Batch, BatchRun, Member
from ..domain.run import Run
from ..domain.states import RunState
from ..errors import NotFound
from ..store import batches, runs
from ..store.rows import to_json
from ..store.runs import NewRun
from . import waiting
from .context import Context


def get(context: Context, batch_id: str) -> Batch:
    """A sweep with its runs in its order, and what each of them has found out so far."""
    with context.store.read() as db:
        batch = batches.get(db, batch_id)
        if batch is None:
            raise NotFound(f"there is no batch {batch_id!r}")
        now = context.clock()
        first = next((run.id for run in batch.runs if _could_start(run)), None)
        # What one of them waits for, all do: they differ in their values only.
        why = next(iter(waiting.seen(context, db, [runs.get(db, first)])), None) if first is not None else None
    if why is None or why.available_at > now:
        return batch
    told = {"reason": why.reason, "message": why.message}
    members = [msgspec.structs.replace(run, **told) if _could_start(run) else run for run in batch.runs]
    return msgspec.structs.replace(batch, runs=members)


def _could_start(run: BatchRun) -> bool:
    """Of those that are queued for a further attempt the row says when that begins."""
    return run.state is RunState.QUEUED and run.reason != "retry_wait"


def cancel(context: Context, batch_id: str) -> Batch:
    """Ends those that wait at once, and those that run as soon as every process of theirs is gone."""
    now = context.clock()
    with context.store.write() as db:
        if not batches.exists(db, batch_id):
            raise NotFound(f"there is no batch {batch_id!r}")
        batches.cancel(db, batch_id, now)
    context.committed()
    return get(context, batch_id)


def in_its_place(new: NewRun, parent: Run, place: Member | None) -> NewRun:
    """A run that repeats one of a sweep takes its place there, unless it has other values where the sweep varies."""
    if place is None:
        return new
    plain = msgspec.structs.replace(new, name=place.plain_name)
    if any(_of(new.parameters_template, name) != _of(parent.parameters_template, name) for name in place.varied):
        return plain
    return msgspec.structs.replace(plain, batch_id=place.batch_id, batch_index=place.index, label=place.label)


def _of(values: dict[str, object], name: str) -> str | None:
    """As JSON has it: true is not 1."""
    return to_json(values[name]) if name in values else None
