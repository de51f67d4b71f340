"""Why a queued run waits: told when it is read, by the rules by which the workers claim, so that it is never stale."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import TypeVar

import msgspec
from sqlite_utils import Database

from ..domain.queueing import SHORT
from ..domain.run import Run
from ..domain.states import RunState
from ..host.memory import free_disk, free_memory
from ..store import claims, leases, resuming
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
    waits = Waits(context, db, now)
    return [
        _told(run, waits.why(run)) if run.state is RunState.QUEUED and run.available_at <= now else run for run in runs
    ]


def _told(run: Seen, why: Why | None) -> Seen:
    if why is None:
        return msgspec.structs.replace(run, reason=None, message=None)
    return msgspec.structs.replace(run, reason=why[0], message=why[1])


class Waits:
    """What all runs of one answer wait for alike is looked up once."""

    def __init__(self, context: Context, db: Database, now: datetime) -> None:
        self.context = context
        self.db = db
        self.now = now
        self._busy: dict[str, int] = {}
        self._of_sweeps: dict[tuple[str, str, str, datetime], Why | None] = {}

    @cached_property
    def working(self) -> list[WorkerRow]:
        return leases.working_now(self.db, self.now, self.context.settings.lease_seconds)

    @cached_property
    def free_memory(self) -> int | None:
        return free_memory()

    @cached_property
    def free_disk(self) -> int | None:
        return free_disk(self.context.settings.state_dir)

    @cached_property
    def a_worker_comes(self) -> bool:
        return (self.context.meeting.published() or {}).get("state") == "running"

    def why(self, run: Run) -> Why | None:
        """The reason and the message; None where it starts at any moment. What one run of a sweep waits for, all do."""
        if run.batch_id is None or run.cause == "resume":
            return self._why(run)
        alike = (run.batch_id, run.kernel, run.cause, run.available_at)
        if alike not in self._of_sweeps:
            self._of_sweeps[alike] = self._why(run)
        return self._of_sweeps[alike]

    def _why(self, run: Run) -> Why | None:
        if not self.working and self.a_worker_comes:
            return None  # it has only just come up, and is not on record yet
        if not self.working:
            return "scheduler_stopped", "waits for the scheduler, which does not run now"
        place = resuming.only_on(self.db, run.id) if run.cause == "resume" else None
        working = [row for row in self.working if place is None or row.facts.host == place]
        if not working:
            return "needs_kernel", f"waits for the scheduler on {place}, where the kernel that it goes on with is kept"
        able = [row for row in working if run.kernel in row.facts.kernels]
        if not able:
            hosts = ", ".join(sorted({row.facts.host for row in working}))
            return "needs_kernel", f"waits for a host with the kernel {run.kernel!r}, which is not installed on {hosts}"
        reasons = [self._on_host(run, row) for row in able]
        return None if None in reasons else reasons[0]

    def _on_host(self, run: Run, worker: WorkerRow) -> Why | None:
        here = worker.facts.host == self.context.host
        free = self.free_memory if here else None
        place = Place(worker.facts.host, worker.facts.capacity, frozenset(worker.facts.kernels), free)
        rule = claims.why_it_waits(self.db, run.id, place, self.now)
        if rule == "overlap":
            before = ", ".join(claims.active_of_job(self.db, run.id)[:3])
            return "overlap", f"waits for the run of this job before it ({before})"
        if rule == "low_memory":
            needs = claims.memory_of(self.db, run.id) // MIB
            return rule, f"waits for {needs} MB of free memory, as its last run used; {(free or 0) // MIB} MB are free"
        disk = self.free_disk if here else None
        if disk is not None and disk < self.context.settings.disk_reserve:
            return "capacity", f"waits for free disk space; only {disk // MIB} MB are left"
        if rule == "in_turn":
            return "capacity", "waits for its turn: what is caught up starts one at a time"
        busy = self._busy_on(place.host)
        if busy >= place.capacity:
            rest = "; what is started by itself goes first" if run.batch_id is not None else ""
            return "capacity", f"waits for a free place ({busy} of {place.capacity} in use){rest}"
        if rule == "short":
            minutes = int(SHORT.total_seconds() // 60)
            return "capacity", f"waits for a place: the last one is kept for runs shorter than {minutes} minutes"
        return None

    def _busy_on(self, host: str) -> int:
        if host not in self._busy:
            self._busy[host] = claims.running_on(self.db, host)
        return self._busy[host]
