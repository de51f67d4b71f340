"""What a workspace needs now and then, in a thread of its own: retention, backups, runs that no host can ever start."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from ..archive.layout import Archive
from ..config import Settings
from ..errors import Unavailable
from ..retention import pruning
from ..store import backups, claims, counts, leases, resuming, titles
from ..store.connection import Store

log = logging.getLogger(__name__)
EVERY_SECONDS = 60.0
PRUNE_EVERY_SECONDS = 600.0
PAUSE_SECONDS = 0.05
RECORD_LATE = timedelta(minutes=15)
"""By how much the end of a kept kernel's time may be later than its record says."""


class Upkeep:
    def __init__(self, settings: Settings, store: Store, archive: Archive, clock: Callable[[], datetime]) -> None:
        self.settings = settings
        self.store = store
        self.archive = archive
        self.clock = clock
        self._kernels = MissingKernels(store, timedelta(seconds=settings.kernel_patience_seconds))
        self._thread: threading.Thread | None = None
        self._started = self._pruned = float("-inf")

    def start_where_due(self, clock: float) -> None:
        """Every minute, unless the last one still goes on; ``clock`` in seconds."""
        if clock - self._started < EVERY_SECONDS or (self._thread is not None and self._thread.is_alive()):
            return
        self._started = clock
        prunes = clock - self._pruned >= PRUNE_EVERY_SECONDS
        if prunes:
            self._pruned = clock
        self._thread = threading.Thread(target=self._run, args=[prunes], name="notebook-sched-upkeep", daemon=True)
        self._thread.start()

    def _run(self, prunes: bool) -> None:
        try:
            self._kernels.fail_hopeless(self.clock())
            fail_in_vain(self.store, self.clock())
            if backups.is_due(self.store, self.clock()):
                log.info("backup: %s", backups.back_up(self.store, self.clock()))
            while prunes and pruning.prune_once(self.settings, self.store, self.archive, self.clock()):
                time.sleep(PAUSE_SECONDS)  # others want to write, too
            if prunes:
                with self.store.write() as db:
                    counts.drop_empty(db)
                    titles.drop_unused(db)
        except (Unavailable, OSError) as error:
            log.warning("upkeep is tried again later: %s", error)
        except Exception:
            log.exception("a fault of Notebook Sched itself")
        finally:
            self.store.close()


def fail_in_vain(store: Store, now: datetime) -> int:
    """Runs that wait for a kept kernel which ended meanwhile, on a host that may be gone itself; how many."""
    with store.read() as db:
        waiting = resuming.in_vain(db, now - RECORD_LATE)
    if not waiting:
        return 0
    with store.write() as db:
        for run_id, host in waiting:
            message = f"the kernel on {host} that it was to go on with ended; use Retry to run it from the start"
            claims.fail_unstarted(db, run_id, message, now)
    return len(waiting)


class MissingKernels:
    """Runs whose kernel no live host has had for a while cannot start. Since when that is so, each leader sees for
    itself: a host that is away for a moment, or comes up last, fails nothing."""

    def __init__(self, store: Store, patience: timedelta) -> None:
        self.store = store
        self.patience = patience
        self._missing: dict[str, datetime] = {}
        self._looked = datetime.min.replace(tzinfo=timezone.utc)

    def fail_hopeless(self, now: datetime) -> int:
        """How many runs were ended."""
        with self.store.read() as db:
            known = {name for worker in leases.workers(db) for name in worker.facts.kernels}
            wanted = [kernel for kernel in claims.kernels_wanted(db) if kernel not in known]
            if now - self._looked > self.patience + 3 * timedelta(seconds=EVERY_SECONDS):
                self._missing.clear()  # it may have come and gone while somebody else led
            self._looked = now
            self._missing = {kernel: self._missing.get(kernel, now) for kernel in wanted}
            gone = [kernel for kernel, since in self._missing.items() if now - since >= self.patience]
            hopeless = claims.waiting_for_kernel(db, gone, now - self.patience)
        if not hopeless:
            return 0
        with self.store.write() as db:
            for run_id, kernel in hopeless:
                message = f"the kernel {kernel!r} is installed on no host that runs notebooks of this workspace"
                claims.fail_unstarted(db, run_id, message, now)
        return len(hopeless)
