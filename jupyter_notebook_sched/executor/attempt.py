"""One attempt, from the claim to its last row, as the worker sees it."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from .. import faults
from ..archive import outputs
from ..archive.layout import Archive
from ..domain.run import Terms
from ..domain.states import RunState
from ..errors import SchedError, Unavailable
from ..store import attempts, runs
from ..store.attempts import Claimed, Key
from ..store.connection import Store
from ..workspace import Workspace
from . import left_behind
from .ends import as_asked, cut_off, ending_of
from .interface import Advanced, Ended, Executor, Gone
from .ordering import keep_seconds_of, order_of, output_of

log = logging.getLogger(__name__)
RECORD_AGAIN_SECONDS = 1.0
REACH_AGAIN_SECONDS = 1.0
Begin = Callable[[Claimed, Executor], Awaitable["str | Ended"]]


class AttemptKeeper:
    """Carries claimed runs out through an executor and keeps their records. ``committed`` is called after each write
    that others want to hear of. ``renewed_at``: when the worker has renewed its lease, ``held_for``: for how many
    seconds from then on its runs are surely its own (None: for ever). ``handles``: of the attempts that are under way.
    ``beginning``: those that are being submitted, and still wanted. ``terms``: of runs that ask for no others, and
    ``keep_seconds``: for how long their kernels are kept. ``unkept`` ends the kept kernel of a run, without waiting.
    """

    def __init__(
        self,
        store: Store,
        archive: Archive,
        workspace: Workspace,
        clock: Callable[[], datetime],
        committed: Callable[[], None],
        renewed_at: Callable[[], float] = lambda: 0.0,
        held_for: float | None = None,
        terms: Terms = Terms(),
        keep_seconds: float = 0.0,
        unkept: Callable[[str], None] = lambda run_id: None,
    ) -> None:
        self.store = store
        self.archive = archive
        self.workspace = workspace
        self.clock = clock
        self.committed = committed
        self.renewed_at = renewed_at
        self.held_for = held_for
        self.terms = terms
        self.keep_seconds = keep_seconds
        self.unkept = unkept
        self.kept_one = False  # since somebody asked last
        self.handles: dict[Key, str] = {}
        self.beginning: set[Key] = set()
        self._chance = random.Random()

    async def carry_out(self, claimed: Claimed, executor: Executor) -> None:
        """The steps of an attempt; a fault of ours fails this run alone."""
        await self._see_through(claimed, executor, self._submit)

    async def carry_on(self, claimed: Claimed, executor: Executor) -> None:
        """The same from wherever the attempt is by now: this worker took it over from one that is gone."""
        await self._see_through(claimed, executor, self._reattach)

    async def _see_through(self, claimed: Claimed, executor: Executor, begin: Begin) -> None:
        try:
            ended = await self._execute(claimed, executor, begin)
        except Exception as error:
            log.exception("attempt %s of run %s", claimed.run.attempt, claimed.run.id)
            ended = Ended("failed", "internal", f"a fault of Notebook Sched itself: {error}")
            with suppress(Exception):  # it may be the executor's
                self.abandon(claimed.key, executor)
        finally:
            handle = self.handles.pop(claimed.key, None)
        # A notebook may have left so many files that counting them keeps the heart from beating.
        size = await asyncio.to_thread(outputs.size_of_attempt, Path(self.archive.root, output_of(claimed.run)))
        recorded = await self._record_patiently(claimed, ended, size)
        if recorded and handle is not None:
            try:
                await executor.forget(handle)
            except Exception as error:
                log.warning("what was kept of run %s stays: %s", claimed.run.id, error)

    async def _execute(self, claimed: Claimed, executor: Executor, begin: Begin) -> Ended:
        handle = await begin(claimed, executor)
        while isinstance(handle, str):
            self.handles[claimed.key] = handle
            try:
                return await self._follow(claimed, executor, handle)
            except OSError as error:
                if not executor.outlives_worker:
                    raise
                log.warning("run %s cannot be followed now: %s", claimed.run.id, error)
                await asyncio.sleep(REACH_AGAIN_SECONDS)
            handle = await self._reattach(claimed, executor)
        return handle

    async def _submit(self, claimed: Claimed, executor: Executor) -> str | Ended:
        """The handle of a new attempt; its end where it could not begin."""
        try:
            order = order_of(claimed, self.archive, self.workspace, self.terms)
            if not executor.outlives_worker:
                # Nobody else takes an attempt that does not end with its worker: it is watched by somebody else.
                order = msgspec.structs.replace(
                    order,
                    held_since=self.renewed_at(),
                    held_for=self.held_for,
                    keep_seconds=keep_seconds_of(claimed, self.keep_seconds),
                )
            elif order.resumption is not None:
                return Ended("failed", "invalid", "kernels are not kept where its runs go now; use Retry to run it")
        except (SchedError, ValueError, OSError) as error:
            return Ended("failed", "invalid", str(error))
        faults.reach("attempt-claimed")
        self.beginning.add(claimed.key)
        try:
            handle = await executor.submit(order)
            wanted = claimed.key in self.beginning
        except OSError as error:
            return Ended("failed", "lost", f"no process could be started for it: {error}")
        finally:
            self.beginning.discard(claimed.key)
        faults.reach("attempt-submitted")
        # One that ends with this worker is never looked for by another.
        ours = not executor.outlives_worker or self._keep_handle(claimed, handle)
        if not (wanted and ours):
            executor.abandon(handle)
        return handle

    async def _reattach(self, claimed: Claimed, executor: Executor) -> str | Ended:
        """The handle of an attempt that has begun; its end where it is gone."""
        while True:
            try:
                with self.store.read() as db:
                    handle = attempts.handle_of(db, claimed)
                if handle is None:
                    handle = await executor.find(claimed.run.id, claimed.run.attempt)
                    self._keep_handle(claimed, handle)
                self.handles[claimed.key] = handle
                await executor.reattach(handle)
                return handle
            except Gone as gone:
                return self.how_it_ended(claimed, str(gone))
            except (Unavailable, OSError) as error:
                log.warning("run %s cannot be reached now: %s", claimed.run.id, error)
                await asyncio.sleep(REACH_AGAIN_SECONDS)

    async def _follow(self, claimed: Claimed, executor: Executor, handle: str) -> Ended:
        latest = None
        async with aclosing(executor.watch(handle)) as told:
            async for news in told:
                if isinstance(news, Ended):
                    return self._end_of(claimed, news, latest)
                latest = news
                self._advanced(claimed, news)
        raise AssertionError("an executor's last news is always Ended")

    def _end_of(self, claimed: Claimed, told: Ended, latest: Advanced | None) -> Ended:
        """``latest``: what the attempt had told before."""
        if told.output_sha256 is None and (left := self._left_behind(claimed)) is not None:
            return left
        if told.cells:
            return told
        # It vanished without a word: what it last said is what is known.
        latest = latest or self._last_on_record(claimed)
        return msgspec.structs.replace(told, cells=cut_off(latest.cells, latest.progress), progress=latest.progress)

    def how_it_ended(self, claimed: Claimed, message: str) -> Ended:
        """An attempt that nobody can ask any more: by its whole final file, or lost with that message."""
        if (left := self._left_behind(claimed)) is not None:
            return left
        latest = self._last_on_record(claimed)
        cells = cut_off(latest.cells, latest.progress)
        return Ended("failed", "lost", message, cells=cells, progress=latest.progress)

    def _last_on_record(self, claimed: Claimed) -> Advanced:
        with self.store.read() as db:
            return Advanced(claimed.run.progress, attempts.last_cells(db, claimed.run.id))

    def abandon(self, key: Key, executor: Executor) -> None:
        """Ends an attempt that is not to be this worker's any more, at once and unwritten."""
        if (handle := self.handles.get(key)) is not None:
            executor.abandon(handle)
        else:
            self.beginning.discard(key)

    def _left_behind(self, claimed: Claimed) -> Ended | None:
        """How the attempt ended, where its final file is whole although nobody could tell its hash; nothing half
        stays."""
        path = Path(self.archive.root, output_of(claimed.run))
        left_behind.sweep(path.parent)
        return left_behind.sealed_ending(path)

    async def _record_patiently(self, claimed: Claimed, ended: Ended, size: int) -> bool:
        """A store that cannot be used now must not lose the end of a run: it is tried until it is on record. False
        where the run is somebody else's by now."""
        while True:
            try:
                faults.reach("attempt-ended")
                recorded = self.record(claimed, ended, size)
                faults.reach("attempt-recorded")
                return recorded
            except (Unavailable, OSError) as error:
                log.warning("the end of run %s is not on record yet: %s", claimed.run.id, error)
                await asyncio.sleep(RECORD_AGAIN_SECONDS)
            except Exception as error:
                if ended.reason == "internal" and not ended.cells:
                    raise
                log.exception("the end of run %s cannot be recorded", claimed.run.id)
                ended = Ended("failed", "internal", f"a fault of Notebook Sched itself: {error!r}")

    def record(self, claimed: Claimed, ended: Ended, size: int | None = None) -> bool:
        """Ends the run, or queues it again where its policy says so. False where it is somebody else's by now: what was
        done of it is thrown away then. ``size``: of the attempt's files, in bytes, where they have been counted."""
        with self.store.read() as db:
            if not attempts.is_held(db, claimed):
                self._throw_away(claimed, ended)
                return False
        now = self.clock()
        ending = ending_of(ended, self.archive, output_of(claimed.run), size, now)
        with self.store.write() as db:
            asked = attempts.cancel_reason(db, claimed.run.id)
            ending = as_asked(ending, asked)
            retry, again = claimed.policies.retry, ending.state is RunState.FAILED and asked is None
            if again and retry.tries_again(claimed.run.attempt, ending.reason or ""):
                ending = replace(ending, kept_until=None)
                delay = retry.delay_after(claimed.run.attempt, self._chance)
                kept = attempts.give_back(db, claimed, ending, now + timedelta(seconds=delay), now)
            else:
                kept = attempts.finish(db, claimed, ending, now)
            if kept and claimed.resumption is not None and ended.took_kernel:
                runs.set_kept_until(db, claimed.resumption.run_id, None, now)
        if not kept:
            self._throw_away(claimed, ended)
        elif ending.kept_until is not None:
            self.kept_one = True
        elif ended.kept_seconds is not None:
            self.unkept(claimed.run.id)
        self.committed()
        return kept

    def _throw_away(self, claimed: Claimed, ended: Ended) -> None:
        if ended.kept_seconds is not None:
            self.unkept(claimed.run.id)
        log.warning("run %s is somebody else's by now; what was done of it is thrown away", claimed.run.id)

    def _advanced(self, claimed: Claimed, news: Advanced) -> None:
        """Passed over where the store cannot be used now: the run goes on."""
        try:
            with self.store.write() as db:
                attempts.set_progress(db, claimed, news.progress, news.cells, self.clock())
        except (Unavailable, OSError) as error:
            log.warning("how far run %s has come is not on record: %s", claimed.run.id, error)
            return
        self.committed()

    def _keep_handle(self, claimed: Claimed, handle: str) -> bool:
        """False where the run is somebody else's by now. Nobody is told: others read it only when this worker is gone,
        and where it is not on record ``find`` tells it, too."""
        try:
            with self.store.write() as db:
                return attempts.keep_handle(db, claimed, handle)
        except (Unavailable, OSError) as error:
            log.warning("what run %s is found again by is not on record: %s", claimed.run.id, error)
            return True
