"""Runs of this worker: as many at a time as the host has places for, each in a task of its own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

from ..domain.run import HAND_STARTED
from ..domain.times import from_text
from ..store import attempts, claims, leases, runs
from ..store.attempts import Claimed, Key, Owner
from ..store.claims import Place
from ..store.connection import Store
from .attempt import AttemptKeeper
from .interface import Executor
from .ordering import output_of

log = logging.getLogger(__name__)
TAKEN_OVER_SECONDS = 3600.0
"""For so long at least the kernel of a run is kept that somebody asked for, whatever its policy."""


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
        self.tasks: dict[Key, asyncio.Task[None]] = {}
        self._ending: dict[Key, asyncio.Task[None]] = {}
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
                claimed = claims.claim(db, owner, place, self.clock(), output_of, self._by_hand_next)
            if claimed is None:
                return
            self._by_hand_next = claimed.run.cause not in HAND_STARTED
            self._begin(claimed, self.keeper.carry_out(claimed, self.executor), freed)
            self.keeper.committed()

    def carry_on(self, claimed: Claimed, freed: Callable[[], None]) -> None:
        """Goes on with a run that this worker has taken over, whether a place is free or not."""
        self._begin(claimed, self.keeper.carry_on(claimed, self.executor), freed)

    def cancel_where_asked(self, owner: Owner) -> None:
        """Ends the attempts of runs that somebody cancelled."""
        if not self.tasks:
            return
        with self.store.read() as db:
            asked = attempts.to_cancel(db, owner)
            taken_over = [run_id for run_id in asked if runs.is_taken_over(db, run_id)]
        for key in self.tasks:
            if key[0] in asked and key[2] == owner.epoch and key not in self._ending:
                self._end(key, keeps=key[0] in taken_over)

    def abandon(self) -> None:
        """This worker may soon not be the owner of its runs any more: what ends with it is ended at once, unwritten."""
        if not self.executor.outlives_worker:
            for key in self.tasks:
                self.keeper.abandon(key, self.executor)

    def let_go(self) -> None:
        """The runs of this worker are somebody else's now, and attempts that outlive it are watched by others."""
        self.abandon()
        if self.executor.outlives_worker:
            for key, task in self.tasks.items():
                if key in self.keeper.beginning:  # nobody else can know of it
                    self.keeper.abandon(key, self.executor)
                else:
                    task.cancel()

    def _begin(self, claimed: Claimed, steps: Coroutine[Any, Any, None], freed: Callable[[], None]) -> None:
        task = self.tasks[claimed.key] = asyncio.create_task(steps)
        task.add_done_callback(lambda done: self._free(claimed.key, done, freed))

    def _end(self, key: Key, keeps: bool) -> None:
        handle = self.keeper.handles.get(key)
        if handle is not None:
            if keeps:
                self.executor.keep_kernel(handle, max(self.keeper.keep_seconds, TAKEN_OVER_SECONDS))
            task = self._ending[key] = asyncio.create_task(self.executor.cancel(handle))
            task.add_done_callback(lambda done: self._ended(key, done))

    def _ended(self, key: Key, done: asyncio.Task[None]) -> None:
        """A cancel that could not be passed on now is tried again."""
        error = None if done.cancelled() else done.exception()
        if error is not None:
            log.warning("run %s cannot be cancelled now: %s", key[0], error)
        if done.cancelled() or error is not None or key not in self.tasks:
            self._ending.pop(key, None)

    def waits_for_memory(self) -> bool:
        """Whether a run could start here if there were more memory."""
        if self.busy == 0 or not self._something_is_due() or (place := self.place()) is None:
            return False
        with self.store.read() as db:
            return self.busy < place.capacity and claims.waits_for_memory(db, place, self.clock())

    def _something_is_due(self) -> bool:
        with self.store.read() as db:
            moment = claims.next_available(db)
        return moment is not None and from_text(moment) <= self.clock()

    def _free(self, key: Key, done: asyncio.Task[None], freed: Callable[[], None]) -> None:
        self.tasks.pop(key, None)
        if (ending := self._ending.get(key)) is not None and ending.done():
            del self._ending[key]
        if not done.cancelled() and (error := done.exception()) is not None:
            log.error("the attempt of run %s ended without a record", key[0], exc_info=error)
        freed()
