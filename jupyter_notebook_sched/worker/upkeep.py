"""What a workspace needs now and then, in a thread of its own: retention, backups, runs that no host can ever start."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from ..archive.layout import Archive
from ..config import Settings
from ..errors import Unavailable
from ..retention import pruning
from ..store import backups, claims, counts, leases
from ..store.connection import Store

log = logging.getLogger(__name__)
EVERY_SECONDS = 60.0
PRUNE_EVERY_SECONDS = 600.0
PAUSE_SECONDS = 0.05


class Upkeep:
    def __init__(self, settings: Settings, store: Store, archive: Archive, clock: Callable[[], datetime]) -> None:
        self.settings = settings
        self.store = store
        self.archive = archive
        self.clock = clock
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
            patience = timedelta(seconds=self.settings.kernel_patience_seconds)
            fail_without_kernel(self.store, self.clock(), patience)
            if backups.is_due(self.store, self.clock()):
                log.info("backup: %s", backups.back_up(self.store, self.clock()))
            while prunes and pruning.prune_once(self.settings, self.store, self.archive, self.clock()):
                time.sleep(PAUSE_SECONDS)  # others want to write, too
            if prunes:
                with self.store.write() as db:
                    counts.drop_empty(db)
        except (Unavailable, OSError) as error:
            log.warning("upkeep is tried again later: %s", error)
        except Exception:
            log.exception("a fault of Notebook Sched itself")
        finally:
            self.store.close()


def fail_without_kernel(store: Store, now: datetime, patience: timedelta) -> int:
    """Runs that have waited for a while for a kernel that no live host has cannot start; how many there were."""
    with store.read() as db:
        known = frozenset(name for worker in leases.workers(db) for name in worker.facts.kernels)
        hopeless = claims.without_kernel(db, known, now - patience)
    if not hopeless:
        return 0
    with store.write() as db:
        for run_id, kernel in hopeless:
            message = f"the kernel {kernel!r} is installed on no host that runs notebooks of this workspace"
            claims.fail_unstarted(db, run_id, message, now)
    return len(hopeless)
