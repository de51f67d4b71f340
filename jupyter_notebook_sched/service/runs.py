"""Runs: started, found, cancelled, repeated, deleted."""

from __future__ import annotations

import msgspec

from ..archive import outputs
from ..domain.run import Run, RunDetail
from ..errors import Conflict, NotFound
from ..store import finding_runs, runs
from ..store.finding_runs import RunFilter
from .context import Context
from .cursors import cursor_of, position_of
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
    kind = f"runs.{query.by}"
    position = position_of(kind, query.cursor, parts=1 if query.by == "created_at" else 2)
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
