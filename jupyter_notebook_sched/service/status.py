"""How it stands: the worker, the queue, the jobs, the store."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import msgspec
from sqlite_utils import Database

from .._version import __version__
from ..archive import sources
from ..domain import zones
from ..domain.times import from_text
from ..host.capacity import places
from ..host.identity import Identity, lives, own_identity
from ..store import claims, counts, jobs, kept, leases
from .context import Context

SIZE_KEPT_SECONDS = 60.0
_sizes: dict[Path, tuple[float, int]] = {}


class ForkServerStatus(msgspec.Struct, frozen=True):
    """What Python kernels of one interpreter are forked from. ``why``: what makes it unfit, or why it has not preloaded
    what it should have. ``pid``: null where none runs now. ``since``: when it got into this state. ``forked`` and
    ``refused``: how many kernels were, and ``last_refusal`` why the last of these was started the ordinary way."""

    interpreter: str
    options: list[str]
    preload: list[str]
    state: Literal["warming", "ready", "unfit", "ended"]
    why: str | None
    pid: int | None
    since: datetime
    forked: int
    refused: int
    last_refusal: str | None


class WorkerStatus(msgspec.Struct, frozen=True):
    """``elsewhere``: another host has the lease and no worker is here. ``scheduling``: this host's worker leads.
    ``fork_servers``: of this host's worker. ``problem``: why none could start here."""

    state: str
    pid: int | None
    host: str | None
    heartbeat_at: datetime | None
    executor: str
    capacity: int
    busy: int
    scheduling: bool
    kept_kernels: int
    fork_servers: list[ForkServerStatus] = []
    problem: str | None = None


class QueueStatus(msgspec.Struct, frozen=True):
    queued: int
    running: int


class JobsStatus(msgspec.Struct, frozen=True):
    total: int
    paused: int
    next_run_at: datetime | None


class StoreStatus(msgspec.Struct, frozen=True):
    path: str
    journal_mode: str
    network_filesystem: bool
    archive_bytes: int


class Status(msgspec.Struct, frozen=True):
    version: str
    worker: WorkerStatus
    queue: QueueStatus
    jobs: JobsStatus
    store: StoreStatus
    tzdata: str


def status(context: Context, starting: bool = False) -> Status:
    """``starting``: this server has started a worker that has not spoken yet."""
    with context.store.read() as db:
        by_state = counts.by_state(db, "all")
        total, paused = jobs.totals(db)
        due = jobs.next_due(db)
        worker = _worker(context, db, starting)
        archived = counts.archived_bytes(db)
    return Status(
        __version__,
        worker,
        QueueStatus(by_state["queued"], by_state["running"]),
        JobsStatus(total, paused, from_text(due) if due else None),
        StoreStatus(
            str(context.store.path),
            context.store.journal_mode,
            context.store.network,
            archived + _size_of_sources(context),
        ),
        zones.tzdata_version(),
    )


def _worker(context: Context, db: Database, starting: bool) -> WorkerStatus:
    here: dict[str, Any] | None = context.meeting.published()
    lease = leases.holder(db)
    rows = {worker.identity: worker for worker in leases.workers(db)}
    now = context.clock()
    if here is not None:
        return _here(context, db, here, rows.get(here["identity"]), lease, now)
    if starting:
        return _nobody(context, "starting", kept.number_on(db, context.host, now))
    other = rows.get(lease.owner or "") if lease is not None else None
    if (
        other is not None
        and other.facts.state == "running"
        and other.is_heard(now, context.settings.lease_seconds)
        and not _ended_here(other.identity)
    ):
        running = claims.running_on(db, other.facts.host)
        pid, beat = Identity.parse(other.identity).pid, other.heartbeat_at
        capacity = other.facts.capacity
        executor = context.settings.executor
        kernels = kept.number_on(db, other.facts.host, now)
        return WorkerStatus("elsewhere", pid, other.facts.host, beat, executor, capacity, running, False, kernels)
    return _nobody(context, "stopped", kept.number_on(db, context.host, now))


def _here(
    context: Context,
    db: Database,
    here: dict[str, Any],
    row: leases.WorkerRow | None,
    lease: leases.Lease | None,
    now: datetime,
) -> WorkerStatus:
    """The worker of this host; one that has not been heard of for a lease time hangs, whatever it said last."""
    heartbeat = row.heartbeat_at if row else from_text(here["at"])
    hangs = row is not None and (now - heartbeat).total_seconds() > context.settings.lease_seconds
    # Without a store there is nothing to schedule yet: the worker is there and waits for the first job.
    leads = lease is not None and lease.owner == here["identity"]
    return WorkerStatus(
        "stopped" if hangs else here["state"],
        here["pid"],
        here["host"],
        heartbeat,
        here.get("executor", context.settings.executor),
        here["capacity"],
        claims.running_on(db, here["host"]),
        (leads or not context.store.exists()) and not hangs,
        kept.number_on(db, here["host"], now),
        _fork_servers(context, here["pid"]),
    )


def _fork_servers(context: Context, worker: int) -> list[ForkServerStatus]:
    """Nothing where a worker of another version says it otherwise."""
    try:
        return msgspec.convert(context.meeting.fork_servers(worker), list[ForkServerStatus])
    except msgspec.ValidationError:
        return []


def _nobody(context: Context, state: str, kept_kernels: int = 0) -> WorkerStatus:
    executor, capacity = context.settings.executor, places(context.settings.capacity)
    problem = context.meeting.problem()
    return WorkerStatus(state, None, None, None, executor, capacity, 0, False, kept_kernels, problem=problem)


def _ended_here(identity: str) -> bool:
    """A worker of this very host that nobody meets any more was ended without a word."""
    other = Identity.parse(identity)
    return own_identity().same_place(other) and not lives(other)


def _size_of_sources(context: Context) -> int:
    """Bytes of all versions; counted again at most once a minute. Those of runs are counted where runs end."""
    counted_at, size = _sizes.get(context.archive.root, (float("-inf"), 0))
    if time.monotonic() - counted_at > SIZE_KEPT_SECONDS:
        size = sources.total_size(context.archive)
        _sizes[context.archive.root] = (time.monotonic(), size)
    return size
