"""Why a queued run waits: told when it is read, by the rules by which the workers claim, so that it is never stale."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

import msgspec
from sqlite_utils import Database

from ..domain.queueing import SHORT
from ..domain.run import Run
from ..domain.states import RunState
from ..domain.times import from_text
from ..host.memory import free_disk, free_memory
from ..host.watching import LEASE_SECONDS
from ..store import claims, leases
from ..store.claims import Place
from ..store.leases import WorkerRow
from .context import Context

Seen = TypeVar("Seen", bound=Run)
Why = tuple[str, str]
MIB = 1024**2


def seen(context: Context, db: Database, found: Iterable[Seen | None]) -> list[Seen]:
    """The runs, those that could start by their time with the reason that keeps them waiting."""
    runs = [run for run in found if run is not None]
    now = context.clock()
    waiting = [run for run in runs if run.state is RunState.QUEUED and run.available_at <= now]
    if not waiting:
        return runs
    working = working_now(leases.workers(db), now)
    why = {run.id: _why(context, db, run, working, now) for run in waiting}
    return [_told(run, why[run.id]) if run.id in why else run for run in runs]


def working_now(workers: list[WorkerRow], now: datetime) -> list[WorkerRow]:
    """The workers that claim: not draining, and heard of within a lease time (hosts' clocks agree that far)."""
    return [
        row
        for row in workers
        if row.facts.state == "running" and (now - from_text(row.heartbeat_at)).total_seconds() < LEASE_SECONDS
    ]


def _told(run: Seen, why: Why | None) -> Seen:
    if why is None:
        return msgspec.structs.replace(run, reason=None, message=None)
    return msgspec.structs.replace(run, reason=why[0], message=why[1])


def _why(context: Context, db: Database, run: Run, working: list[WorkerRow], now: datetime) -> Why | None:
    if not working and context.meeting.published() is not None:
        return None  # it has only just come up, and is not on record yet
    if not working:
        return "scheduler_stopped", "waits for the scheduler, which does not run now"
    able = [row for row in working if run.kernel in row.facts.kernels]
    if not able:
        hosts = ", ".join(sorted({row.facts.host for row in working}))
        return "needs_kernel", f"waits for a host with the kernel {run.kernel!r}, which is not installed on {hosts}"
    reasons = [_on_host(context, db, run, row, now) for row in able]
    return None if None in reasons else reasons[0]


def _on_host(context: Context, db: Database, run: Run, worker: WorkerRow, now: datetime) -> Why | None:
    here = worker.facts.host == context.host
    free = free_memory() if here else None
    place = Place(worker.facts.host, worker.facts.capacity, frozenset(worker.facts.kernels), free)
    rule = claims.why_it_waits(db, run.id, place, now)
    busy = claims.running_on(db, place.host)
    if rule == "overlap":
        before = ", ".join(claims.active_of_job(db, run.id)[:3])
        return "overlap", f"waits for the run of this job before it ({before})"
    if rule == "low_memory":
        needs = claims.memory_of(db, run.id)
        return (
            rule,
            f"waits for {needs // MIB} MB of free memory, as its last run used; {(free or 0) // MIB} MB are free",
        )
    if here and (disk := free_disk(context.settings.state_dir)) is not None and disk < context.settings.disk_reserve:
        return "capacity", f"waits for free disk space; only {disk // MIB} MB are left"
    if rule == "in_turn":
        return "capacity", "waits for its turn: what is caught up runs one at a time"
    if busy >= place.capacity:
        return "capacity", f"waits for a free place ({busy} of {place.capacity} in use)"
    if rule == "short":
        minutes = int(SHORT.total_seconds() // 60)
        return "capacity", f"waits for a place: the last one is kept for runs shorter than {minutes} minutes"
    return None
