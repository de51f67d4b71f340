"""Runs of this worker: as many at a time as the host has places for, each in a task of its own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from ..domain.run import HAND_STARTED
from ..domain.times import from_text
from ..store import attempts, claims, leases
from ..store.attempts import Owner
from ..store.claims import Place
from ..store.connection import Store
from .attempt import AttemptKeeper
from .interface import Executor

log = logging.getLogger(__name__)


class Claims:
    """``place``: what this host has to offer now; None while nothing may start on it (no free disk)."""

    def __init__(
        self,
        store: Store,
        executor: Executor,
        keeper: AttemptKeeper,
        place: Callable[[], Place | None],
        clock: Callable[[], datetime],
    ) -> None:
        self.store = store
        self.executor = executor
        self.keeper = keeper
        self.place = place
        self.clock = clock
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._by_hand_next = True

    @property
    def busy(self) -> int:
        return len(self.tasks)

    def claim(self, owner: Owner, freed: Callable[[], None]) -> None:
        """Starts whatever may start now; ``freed`` is called when a place becomes free again."""
        while self._something_is_due() and (place := self.place()) is not None and self.busy < place.capacity:
            with self.store.write() as db:
                if not leases.is_registered(db, owner):  # given up since it last looked
                    return
                claimed = claims.claim(db, owner, place, self.clock(), self.keeper.output_of, self._by_hand_next)
            if claimed is None:
                return
            self._by_hand_next = claimed.run.cause not in HAND_STARTED
            task = asyncio.create_task(self.keeper.carry_out(claimed, self.executor))
            self.tasks[claimed.run.id] = task
            task.add_done_callback(lambda done, run_id=claimed.run.id: self._free(run_id, done, freed))  # type: ignore[misc]
            self.keeper.committed()

    def cancel_where_asked(self, owner: Owner) -> None:
        """Ends the attempts of runs that somebody cancelled."""
        if not self.tasks:
            return
        with self.store.read() as db:
            asked = attempts.to_cancel(db, owner)
        for run_id in asked:
            self._end(run_id)

    def abandon(self) -> None:
        """Ends every attempt at once, unwritten: this worker may not be the owner of its runs any more."""
        for run_id in list(self.tasks):
            if (handle := self.keeper.handles.pop(run_id, None)) is not None:
                self.executor.abandon(handle)

    def _end(self, run_id: str) -> None:
        handle = self.keeper.handles.pop(run_id, None)
        if handle is not None:
            task = asyncio.create_task(self.executor.cancel(handle))
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)

    def _something_is_due(self) -> bool:
        with self.store.read() as db:
            moment = claims.next_available(db)
        return moment is not None and from_text(moment) <= self.clock()

    def _free(self, run_id: str, done: asyncio.Task[None], freed: Callable[[], None]) -> None:
        self.tasks.pop(run_id, None)
        if not done.cancelled() and (error := done.exception()) is not None:
            log.error("the attempt of run %s ended without a record", run_id, exc_info=error)
        freed()
