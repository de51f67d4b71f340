"""One attempt, from the claim to its last row, as the worker sees it."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from sqlite_utils import Database

from .. import faults
from ..archive import outputs, sources
from ..archive.layout import Archive, output_path
from ..domain.run import CellOutcome, Progress, Run
from ..domain.states import RunState
from ..errors import SchedError, Unavailable
from ..store import attempts
from ..store.attempts import Claimed, Ending
from ..store.connection import Store
from ..workspace import Workspace
from . import left_behind
from .interface import Advanced, Ended, Executor, Order

log = logging.getLogger(__name__)
RECORD_AGAIN_SECONDS = 1.0
PROVENANCE = ("job_id", "name", "notebook", "source_version", "parameters", "kernel", "cause", "scheduled_for")


class AttemptKeeper:
    """Carries claimed runs out through an executor and keeps their records. ``committed`` is called after each write
    that others want to hear of. ``renewed_at``: when the worker has renewed its lease, ``held_for``: for how many
    seconds from then on its runs are surely its own (None: for ever)."""

    def __init__(
        self,
        store: Store,
        archive: Archive,
        workspace: Workspace,
        clock: Callable[[], datetime],
        committed: Callable[[], None],
        renewed_at: Callable[[], float] = lambda: 0.0,
        held_for: float | None = None,
    ) -> None:
        self.store = store
        self.archive = archive
        self.workspace = workspace
        self.clock = clock
        self.committed = committed
        self.renewed_at = renewed_at
        self.held_for = held_for
        self.handles: dict[str, str] = {}
        self._chance = random.Random()

    async def carry_out(self, claimed: Claimed, executor: Executor) -> None:
        """The steps of an attempt; a fault of ours fails this run alone."""
        try:
            ended = await self._execute(claimed, executor)
        except Exception as error:
            log.exception("attempt %s of run %s", claimed.run.attempt, claimed.run.id)
            ended = Ended("failed", "internal", f"a fault of Notebook Sched itself: {error}")
        finally:
            self.handles.pop(claimed.run.id, None)
        await self._record_patiently(claimed, ended)

    async def _execute(self, claimed: Claimed, executor: Executor) -> Ended:
        try:
            order = self._order(claimed)
        except (SchedError, ValueError, OSError) as error:
            return Ended("failed", "invalid", str(error))
        faults.reach("attempt-claimed")
        try:
            handle = await executor.submit(order)
        except OSError as error:
            return Ended("failed", "lost", f"no process could be started for it: {error}")
        self.handles[claimed.run.id] = handle
        self._tell(claimed, lambda db: attempts.keep_handle(db, claimed, handle))
        faults.reach("attempt-submitted")
        latest = Advanced(claimed.run.progress, [])
        async for news in executor.watch(handle):
            if isinstance(news, Advanced):
                latest = news
                self._advanced(claimed, news)
            elif news.output_sha256 is None and (left := self._left_behind(claimed)) is not None:
                return left
            elif news.cells:
                return news
            else:  # it vanished without a word: what it last said is what is known
                return msgspec.structs.replace(
                    news, cells=cut_off(latest.cells, latest.progress), progress=latest.progress
                )
        raise AssertionError("an executor's last news is always Ended")

    def _left_behind(self, claimed: Claimed) -> Ended | None:
        """How the attempt ended, where its final file is whole although nobody could tell its hash; nothing half
        stays."""
        path = Path(self.archive.root, self.output_of(claimed.run))
        left_behind.sweep(path.parent)
        return left_behind.sealed_ending(path)

    async def _record_patiently(self, claimed: Claimed, ended: Ended) -> None:
        """A store that cannot be used now must not lose the end of a run: it is tried until it is on record."""
        while True:
            try:
                faults.reach("attempt-ended")
                self.record(claimed, ended)
                faults.reach("attempt-recorded")
                return
            except (Unavailable, OSError) as error:
                log.warning("the end of run %s is not on record yet: %s", claimed.run.id, error)
                await asyncio.sleep(RECORD_AGAIN_SECONDS)
            except Exception as error:
                if ended.reason == "internal" and not ended.cells:
                    raise
                log.exception("the end of run %s cannot be recorded", claimed.run.id)
                ended = Ended("failed", "internal", f"a fault of Notebook Sched itself: {error!r}")

    def record(self, claimed: Claimed, ended: Ended) -> bool:
        """Ends the run, or queues it again where its policy says so. False where it is somebody else's by now: what was
        done of it is thrown away then."""
        with self.store.read() as db:
            if not attempts.is_held(db, claimed):
                self._throw_away(claimed)
                return False
        now, ending = self.clock(), self._ending(claimed, ended)
        with self.store.write() as db:
            asked = attempts.cancel_reason(db, claimed.run.id)
            ending = _as_asked(ending, asked)
            retry, again = claimed.policies.retry, ending.state is RunState.FAILED and asked is None
            if again and retry.tries_again(claimed.run.attempt, ending.reason or ""):
                delay = retry.delay_after(claimed.run.attempt, self._chance)
                kept = attempts.give_back(db, claimed, ending, now + timedelta(seconds=delay), now)
            else:
                kept = attempts.finish(db, claimed, ending, now)
        if not kept:
            self._throw_away(claimed)
        self.committed()
        return kept

    @staticmethod
    def _throw_away(claimed: Claimed) -> None:
        log.warning("run %s is somebody else's by now; what was done of it is thrown away", claimed.run.id)

    def _order(self, claimed: Claimed) -> Order:
        run = claimed.run
        return Order(
            run_id=run.id,
            attempt=run.attempt,
            source=sources.load(self.archive, run.source_version),
            kernel=run.kernel,
            parameters=msgspec.json.encode(run.parameters),
            folder=str(self.workspace.folder(run.notebook)),
            output=str(self.archive.root / self.output_of(run)),
            provenance=_provenance(run),
            timeout_seconds=claimed.policies.timeout_seconds,
            cell_timeout_seconds=claimed.policies.cell_timeout_seconds,
            held_since=self.renewed_at(),
            held_for=self.held_for,
        )

    def _advanced(self, claimed: Claimed, news: Advanced) -> None:
        now = self.clock()
        self._tell(
            claimed,
            lambda db: attempts.set_progress(db, claimed, news.progress, news.cells, now),
        )

    def _tell(self, claimed: Claimed, write: Callable[[Database], object]) -> None:
        """What is only news, not the end, is passed over where the store cannot be used now: the run goes on."""
        try:
            with self.store.write() as db:
                write(db)
        except (Unavailable, OSError) as error:
            log.warning("how far run %s has come is not on record: %s", claimed.run.id, error)
            return
        self.committed()

    def _ending(self, claimed: Claimed, ended: Ended) -> Ending:
        path = self.output_of(claimed.run)
        sha256 = ended.output_sha256 or outputs.seal_as_it_is(Path(self.archive.root, path))
        return Ending(
            RunState(ended.state),
            ended.reason,
            ended.message,
            ended.error,
            tuple(ended.cells),
            ended.progress,
            path if sha256 else None,
            sha256,
            outputs.size_of_attempt(Path(self.archive.root, path)),
            ended.memory_bytes,
        )

    @staticmethod
    def output_of(run: Run) -> str:
        """The path in the archive of the output notebook of the run's present attempt."""
        # What is on record counts: the notebook may have been renamed since.
        return run.output or output_path(run.id, run.attempt, run.notebook)


def _provenance(run: Run) -> bytes:
    """What the output notebook says of the run that made it, as JSON."""
    facts = {name: getattr(run, name) for name in PROVENANCE}
    return msgspec.json.encode({"run_id": run.id, **facts})


def cut_off(cells: list[CellOutcome], progress: Progress) -> list[CellOutcome]:
    """The cells of an attempt that vanished: the one that ran then did not run to its end."""
    return [CellOutcome(cell.index, "interrupted") if cell.index == progress.current else cell for cell in cells]


CANCELLED = {"user": "cancelled on request", "replaced": "a newer due time of its job replaced it"}


def _as_asked(ending: Ending, asked: str | None) -> Ending:
    """A cancel is somebody's: a run that was killed on request is not lost, and one that its worker let go is.
    ``asked`` is the reason that was given; None: nobody asked."""
    if asked is not None and (ending.reason == "lost" or ending.state is RunState.CANCELLED):
        return replace(ending, state=RunState.CANCELLED, reason=asked, message=CANCELLED.get(asked))
    if asked is None and ending.state is RunState.CANCELLED:
        return replace(ending, state=RunState.FAILED, reason="lost", message="its worker had to stop it")
    return ending
