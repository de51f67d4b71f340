"""How it stands: the worker, the queue, the jobs, the store."""

from __future__ import annotations

import os
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlite_utils import Database

from .._version import __version__
from ..domain import zones
from ..domain.times import from_text
from ..host.capacity import places
from ..host.identity import Identity, lives, own_identity
from ..store import finding_runs, jobs, leases
from ..store.finding_runs import RunFilter
from .context import Context

SIZE_KEPT_SECONDS = 60.0
_sizes: dict[Path, tuple[float, int]] = {}


class WorkerStatus(msgspec.Struct, frozen=True):
    """``elsewhere``: another host has the lease and no worker is here. ``scheduling``: this host's worker leads."""

    state: str
    pid: int | None
    host: str | None
    heartbeat_at: datetime | None
    executor: str
    capacity: int
    busy: int
    scheduling: bool
    kept_kernels: int


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
        counts, _ = finding_runs.counts(db, RunFilter())
        total, paused = jobs.totals(db)
        due = jobs.next_due(db)
        worker = _worker(context, db, counts["running"], starting)
    return Status(
        __version__,
        worker,
        QueueStatus(counts["queued"], counts["running"]),
        JobsStatus(total, paused, from_text(due) if due else None),
        StoreStatus(str(context.store.path), context.store.journal_mode, context.store.network, _size(context)),
        zones.tzdata_version(),
    )


def _worker(context: Context, db: Database, running: int, starting: bool) -> WorkerStatus:
    here: dict[str, Any] | None = context.meeting.published()
    lease = leases.holder(db)
    rows = {worker.identity: worker for worker in leases.workers(db)}
    if here is not None:
        row = rows.get(here["identity"])
        leads = lease is not None and lease.owner == here["identity"]
        # Without a store there is nothing to schedule yet: the worker is there and waits for the first job.
        heartbeat = from_text(row.heartbeat_at if row else here["at"])
        scheduling = leads or not context.store.exists()
        return WorkerStatus(
            here["state"], here["pid"], here["host"], heartbeat, "local", here["capacity"], running, scheduling, 0
        )
    if starting:
        return WorkerStatus("starting", None, None, None, "local", places(context.settings.capacity), running, False, 0)
    other = rows.get(lease.owner or "") if lease is not None else None
    if other is not None and not _ended_here(context, other.identity):
        identity = Identity.parse(other.identity)
        return WorkerStatus(
            "elsewhere",
            identity.pid,
            identity.host,
            from_text(other.heartbeat_at),
            "local",
            other.capacity,
            running,
            False,
            0,
        )
    return WorkerStatus("stopped", None, None, None, "local", places(context.settings.capacity), running, False, 0)


def _ended_here(context: Context, identity: str) -> bool:
    """A worker of this very host that nobody meets any more was ended without a word."""
    other = Identity.parse(identity)
    return own_identity().same_place(other) and not lives(other)


def _size(context: Context) -> int:
    """Bytes in the archive, links not followed; counted again at most once a minute."""
    counted_at, size = _sizes.get(context.archive.root, (float("-inf"), 0))
    if time.monotonic() - counted_at > SIZE_KEPT_SECONDS:
        size = _count_size(context.archive.root)
        _sizes[context.archive.root] = (time.monotonic(), size)
    return size


def _count_size(root: Path) -> int:
    return sum(os.lstat(os.path.join(folder, name)).st_size for folder, _, names in os.walk(root) for name in names)
