"""One order carried out: the notebook is executed, the output left, the end told."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import sys
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

import msgspec

from .. import faults
from ..archive.outputs import OutputSink
from ..domain.times import utc_now
from ..errors import SchedError
from ..host import processes
from ..host.kept_kernels import KeptKernels
from ..notebook.execution import kernels
from ..notebook.execution.executing import Execution
from ..notebook.execution.fork_server.started import Started
from ..notebook.execution.given import Limits
from ..notebook.execution.masking import OPEN, Masking
from ..notebook.execution.outcome import Outcome
from ..notebook.results.reading import results_of
from . import attempt_log, late_values, preparing
from .handing_over import HandedOver, hand_over
from .hold import Hold
from .interface import Advanced, Ended, Order
from .kept_start import KeptStart
from .limiting import Limiting
from .local_messages import FromRunner
from .output_record import OutputRecord

PROGRESS_SECONDS = 0.5
FIRST_PROGRESS_SECONDS = 0.25
"""Most runs of a trivial notebook have ended by then, and say only that."""
LOOK_SECONDS = 0.2
REAP_SECONDS = 10.0
Tell = Callable[[FromRunner], Awaitable[None]]


class Carrying:
    """``private``: a 0700 directory for the kernel's sockets. ``tell`` takes the attempt's news. ``given``: secrets, as
    far as the worker has given them."""

    def __init__(self, order: Order, private: Path, tell: Tell, given: Mapping[str, str] | None = None) -> None:
        self.order = order
        self.masking = OPEN
        self._given = given or {}
        self.private = private
        self.sink = OutputSink(Path(order.output))
        self.started_at = utc_now()
        self.told: Advanced | None = None
        self.hold = Hold(order.held_since, order.held_for)
        self.limiting = Limiting(order.terms)
        self.execution: Execution | None = None
        self.kept: HandedOver | None = None
        self.is_sealed = False
        self._keep_seconds = order.keep_seconds
        self._kernels = KeptKernels(private.parent)
        self._kept_start: KeptStart | None = None
        self._cancelled = False
        self._tell = tell

    async def carry_out(self) -> None:
        """The attempt, and its end told; a fault of ours is the end of this attempt alone."""
        try:
            ended = await self._steps()
        except Exception as error:
            print(self.masking.text(traceback.format_exc()), file=sys.stderr)
            told = self.masking.text(f"a fault of Notebook Sched itself: {error!r}")
            ended = Ended("failed", "internal", told)
        with contextlib.suppress(OSError):
            attempt_log.mask(2, self.masking)
        try:
            await self._tell(ended)
        except Exception as error:
            traceback.print_exc()
            await self._tell(Ended("failed", "internal", f"its end could not be told: {error!r}"))

    def cancel(self) -> None:
        """The worker wants its end."""
        self._cancelled = True
        if self.execution is not None:
            self.execution.stop("cancel")

    def keep_kernel(self, seconds: float) -> None:
        """Whatever the order says, somebody wants to look into it."""
        self._keep_seconds = max(self._keep_seconds, seconds)
        if self.execution is not None:
            self.execution.spares_kernel = self._keep_seconds > 0

    def vanish(self) -> None:
        """Throws away what was done, and ends this process: the run may be somebody else's, whose record this is not to
        touch."""
        if self._kept_start is None and self.kept is not None and not self.becomes_supervisor:
            self._kernels.end(self.kept.run_id, patience=0)
        processes.end_descendants(os.getpid())
        for folder in (self.private, self.kept.folder if self.becomes_supervisor and self.kept else self.private):
            shutil.rmtree(folder, ignore_errors=True)
        os.kill(os.getpid(), signal.SIGKILL)

    @property
    def left_no_trace(self) -> bool:
        """Whether this process is as it was: its kernel was the child of another one, and has ended."""
        return self.execution is not None and self.execution.peak_bytes is not None

    async def _steps(self) -> Ended:
        """What an attempt is, from its order to its final file."""
        try:
            secrets = await late_values.secrets_of(self.order, self._given)
            self.masking = Masking(secrets.values())
            prepared = preparing.prepared(self.order, self.private, secrets)
            self.masking = prepared.late.masking
            if self.order.resumption is not None:
                self._kept_start = await KeptStart.of(self.order.resumption, self._kernels)
            self.sink.make_folder()
        except OSError as error:
            return Ended("failed", "internal", f"the folder of the run could not be made: {error}")
        except (SchedError, kernels.NoSuchKernel) as error:
            return Ended("failed", "invalid", str(error))
        limits = Limits(self.order.timeout_seconds, self.order.cell_timeout_seconds)
        execution = Execution(
            prepared.notebook, limits, lambda index: record.changed(index), prepared.hidden, prepared.earlier
        )
        execution.spares_kernel = self._keep_seconds > 0
        if self._kept_start is not None:
            execution.when_ready = self._kept_start.is_ready
        self.execution = execution
        record = OutputRecord(self.order, self.sink, execution, self.started_at, prepared.late.shown)
        if self._cancelled:
            self.cancel()
        faults.reach("runner-prepared")
        async with _beside(self._watch_hold()):
            helpers = (self._tell_and_save(execution, record), self._reap(execution), self.limiting.watch(execution))
            async with _beside(*helpers):
                outcome = self.limiting.judged(await execution.run(self._kernel_start(), prepared.request))
            succeeded = outcome.state == "succeeded"
            self.kept = await self._part_with_kernel(execution, prepared.request, succeeded)
            left = [] if self.becomes_supervisor else processes.end_descendants(os.getpid())
            if left:
                message = f"{outcome.message or ''} (processes {left} could not be ended)"
                outcome = msgspec.structs.replace(outcome, message=message)
            if prepared.going_on is not None:
                outcome = msgspec.structs.replace(outcome, message=prepared.going_on.told(outcome.message))
            await self._sure_of_hold()
        ended = record.seal(self._end_of(execution, outcome))
        self.is_sealed = True
        return ended

    @property
    def becomes_supervisor(self) -> bool:
        """Whether this process is the parent of a kernel that is kept, and goes on as its supervisor."""
        return self.kept is not None and self.kept.listener is not None

    async def _part_with_kernel(
        self, execution: Execution, request: kernels.KernelRequest, succeeded: bool
    ) -> HandedOver | None:
        """None where the kernel has ended, or is not this run's."""
        if not execution.kernel_is_spared:
            return None
        if self._kept_start is not None:
            return await self._kept_start.part(execution, self.order.run_id, self._keep_seconds, succeeded)
        seconds = self._keep_seconds
        try:
            kept = await hand_over(self.order.run_id, execution.manager, request, seconds, self._kernels)
            if kept is not None:
                await execution.let_kernel_go()
                return kept
        except Exception:  # it is no reason to lose the run
            traceback.print_exc()
        await execution.end_kernel()
        return None

    def _kernel_start(self) -> kernels.KernelStart:
        if self._kept_start is not None:
            self.limiting.kernel_was_kept(self._kept_start.kept.supervisor)
            return self._kept_start
        if self.order.fork_servers is None:
            return self.limiting.on(kernels.OrdinaryStart())
        from ..notebook.execution.fork_server.start import ForkStart

        terms = {"name": f"nbkernel-{self.order.run_id[-6:]}", **self.limiting.of_forked()}
        return self.limiting.on(ForkStart(Path(self.order.fork_servers), self._kernel_started, terms))

    def _kernel_started(self, started: Started) -> None:
        self.telling = asyncio.ensure_future(self._tell(started))

    async def _watch_hold(self) -> None:
        """A worker that does not say for long enough that it renewed its lease hangs: somebody else takes its runs."""
        while not self.hold.is_over():
            await asyncio.sleep(LOOK_SECONDS)
        self.vanish()

    async def _sure_of_hold(self) -> None:
        """Until the worker has renewed its lease, where there was no word of it for long: this host may have slept."""
        while not self.hold.is_sure():
            await asyncio.sleep(LOOK_SECONDS)

    async def _tell_and_save(self, execution: Execution, record: OutputRecord) -> None:
        await asyncio.sleep(FIRST_PROGRESS_SECONDS)
        while True:
            await self._tell_progress(execution)
            with contextlib.suppress(OSError):
                attempt_log.trim(2)
            if self.hold.is_sure():
                with contextlib.suppress(OSError):  # a full disk shows at the end, as the attempt's outcome
                    record.save_if_due()
            await asyncio.sleep(PROGRESS_SECONDS)

    async def _reap(self, execution: Execution) -> None:
        """What a long notebook leaves to itself in the background ends as a child of ours: nobody else waits for it."""
        while True:
            await asyncio.sleep(REAP_SECONDS)
            kernel = getattr(execution.manager, "provisioner", None)
            if (pid := getattr(kernel, "pid", None)) is not None:
                processes.reap(frozenset({pid}))

    async def _tell_progress(self, execution: Execution) -> None:
        news = Advanced(execution.ledger.progress(), execution.ledger.all())
        if news != self.told:
            self.told = news
            await self._tell(news)

    def _end_of(self, execution: Execution, outcome: Outcome) -> Ended:
        ledger = execution.ledger
        known = [peak for peak in (processes.peak_memory_of_children(), execution.peak_bytes) if peak is not None]
        return Ended(
            outcome.state,
            outcome.reason,
            outcome.message and self.masking.text(outcome.message),
            outcome.error,
            ledger.all(),
            ledger.progress(),
            memory_bytes=max(known, default=None),
            kept_seconds=None if self.kept is None else self.kept.seconds,
            took_kernel=self._kept_start is not None and self._kept_start.took_kernel,
            results=self._results(execution),
        )

    def _results(self, execution: Execution) -> dict[str, Any]:
        """What the notebook recorded, or as much of it as could be read: that is no reason to fail."""
        try:
            execution.settle()
            return results_of(execution.notebook["cells"], self.masking.data)
        except Exception:
            traceback.print_exc()
            return {}


@contextlib.asynccontextmanager
async def _beside(*helpers: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Those run as long as the block does."""
    tasks = [asyncio.create_task(helper) for helper in helpers]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for fault in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(fault, Exception):
                traceback.print_exception(fault)
