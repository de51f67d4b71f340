"""Runs: started, found, cancelled, repeated, deleted."""

from __future__ import annotations

import msgspec

from ..archive import run_files
from ..archive.layout import run_folder
from ..domain.run import Run, RunDetail
from ..errors import Conflict, NotFound
from ..host.kept_kernels import KeptKernels
from ..retention.pruning import remove_doomed
from ..store import finding_runs, pruning, resuming, runs
from ..store.run_filter import RunFilter
from . import waiting
from .context import Context
from .cursors import broken_cursor, cursor_of, position_of
from .forms import RunsQuery


class RunPage(msgspec.Struct, frozen=True):
    """``counts``: runs by state under the same filter, whatever ``state`` it asked for."""

    runs: list[Run]
    next_cursor: str | None
    counts: dict[str, int]
    counts_capped: bool


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
    kind = f"runs.{wanted.order}"
    position = position_of(kind, query.cursor, parts=1 if wanted.order == "seq" else 2)
    if position is not None and not (position[-1].isdecimal() and len(position[-1]) < 19):
        raise broken_cursor()
    with context.store.read() as db:
        found = finding_runs.page(db, wanted, query.limit + 1, position)
        counts, capped = finding_runs.counts(db, wanted)
        page = waiting.seen(context, db, found[: query.limit])
        cursor = cursor_of(kind, finding_runs.position(db, wanted, page[-1])) if len(found) > query.limit else None
    return RunPage(page, cursor, counts, capped)


def get(context: Context, run_id: str) -> RunDetail:
    """A run with its cells, attempts and files."""
    run = _get(context, run_id)
    outputs = {attempt.output for attempt in run.attempts if attempt.output is not None}
    files, capped = run_files.listed(context.archive, run_id, outputs)
    return msgspec.structs.replace(run, files=files, files_capped=capped)


def _get(context: Context, run_id: str) -> RunDetail:
    with context.store.read() as db:
        run = runs.get_detail(db, run_id)
        if run is None:
            raise NotFound(f"there is no run {run_id!r}")
        return waiting.seen(context, db, [run])[0]


def delete(context: Context, run_id: str) -> None:
    """Removes an ended run with its files, and the kernel that it has left, unless somebody is connected to that: the
    worker ends it when nobody is any more. Conflict where another run is to go on with it."""
    if (due := _get(context, run_id).scheduled_for) is not None and due > context.clock():
        raise Conflict("this due time is still to come, and its record is needed until then", "still_to_come")
    with context.store.write() as db:
        if (other := resuming.goes_on_with(db, run_id)) is not None:
            told = f"the run {other} goes on with the kernel of this one; wait for its end, or cancel it first"
            raise Conflict(told, "resumed_already")
        if not runs.delete(db, run_id):
            raise Conflict("this run has not ended; cancel it first", "not_ended")
        pruning.doom(db, run_folder(run_id))
    KeptKernels(context.meeting.directory).end_unless_held(run_id)
    remove_doomed(context.store, context.archive)


def cancel(context: Context, run_id: str) -> Run:
    """Ends a run: at once where it waits, else as soon as its worker has ended every process of it."""
    now = context.clock()
    _get(context, run_id)
    with context.store.write() as db:
        if not (runs.cancel_queued(db, run_id, now) or runs.request_cancel(db, run_id, now)):
            raise Conflict("this run has ended already", "already_ended")
        run = runs.get(db, run_id)
    assert run is not None
    context.committed()
    return run
