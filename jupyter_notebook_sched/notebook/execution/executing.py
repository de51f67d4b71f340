"""One notebook from its first cell to its outcome, in a kernel that is started for it and ended with it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, Literal

from jupyter_client.manager import AsyncKernelManager

from ..resuming import last_count
from . import endings, kernels, process_end
from .conversation import Conversation, KernelGone
from .given import NOTHING_HIDDEN, Earlier, Hidden, Limits
from .kernels import KernelRequest, KernelStart, NoSuchKernel
from .outcome import CellLedger, Outcome, error_of_reply
from .transcript import Transcript

INTERRUPT_GRACE = 2.0
STARTUP_SECONDS = 120.0
EXIT_SECONDS = 2.0
Stop = Literal["cancel", "timeout"]


class Execution:
    """Executes ``notebook`` (a version 4 document) in place. ``changed`` is called with the index of each cell that
    there is more to see of; ``hidden`` is executed, but never seen.

    ``spares_kernel``: a kernel that is worth a look afterwards still runs then (``kernel_is_spared``), for its caller
    to let it go or to end it. ``earlier``: its kernel was kept for this; where it does not become ready it is left as
    it is, and in any other case spared, as far as it lives and is at rest."""

    def __init__(
        self,
        notebook: dict[str, Any],
        limits: Limits,
        changed: Callable[[int], None],
        hidden: Hidden = NOTHING_HIDDEN,
        earlier: Earlier | None = None,
    ) -> None:
        self.notebook = notebook
        self.hidden = hidden
        self.limits = limits
        self.changed = changed
        cells = notebook["cells"]
        self.ledger = CellLedger(cells)
        self.peak_bytes: int | None = None  # of the largest process, where the kernel was not our child
        self.manager: AsyncKernelManager | None = None
        self.spares_kernel = self.kernel_is_spared = False
        self._transcript = Transcript(notebook, changed, self._answer, hidden.masking)
        self._conversation: Conversation | None = None
        self.is_ready = False  # the kernel has answered
        self.when_ready: Callable[[], None] | None = None
        self._earlier = earlier
        for index in earlier.cells if earlier is not None else ():
            self.ledger.record(index, "carried")
        self._executed = last_count(cells) if earlier is not None else 0
        self._ending: Outcome | None = None
        self._ended = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._gone: asyncio.Task[None] | None = None

    async def run(self, start: KernelStart, request: KernelRequest) -> Outcome:
        """Every failure that a notebook or a kernel can cause is an outcome; what is raised is a bug of ours."""
        loop, limit = asyncio.get_running_loop(), self.limits.run
        deadline = loop.call_later(limit, self.stop, "timeout") if limit else None
        try:
            outcome = await self._start(start, request) or await self._run_cells()
            outcome = self._as_ended(outcome)
            self.kernel_is_spared = self._is_spared(outcome)
        except KernelGone:
            outcome = self._as_ended(self._kernel_died())
        finally:
            if deadline is not None:
                deadline.cancel()
            for task in self._tasks:
                task.cancel()
            if not self.kernel_is_spared:
                await self.end_kernel()
        return outcome

    async def let_kernel_go(self) -> None:
        """It runs on, and is not this execution's any more."""
        assert self._gone is not None
        self._gone.cancel()
        await asyncio.wait((self._gone,))
        if self._conversation is not None:
            self._conversation.close()
        self._transcript.settle()

    def stop(self, why: Stop) -> None:
        """Ends the execution: an interrupt first, the kernel's death after INTERRUPT_GRACE seconds."""
        if why == "cancel":
            self._end_softly(endings.cancelled())
        else:
            assert self.limits.run is not None
            self._end_softly(endings.run_took_too_long(self.ledger.current, self.limits.run))

    def end_with(self, outcome: Outcome) -> None:
        """Ends the execution at once, with that outcome."""
        if self._ending is None:
            self._ending = outcome
            self._ended.set()
            self._tasks.append(asyncio.create_task(self._kill()))

    def settle(self) -> None:
        """All that the kernel has published so far is in the notebook, which may be saved now."""
        self._transcript.settle(more=self.ledger.current is not None)

    def _end_softly(self, outcome: Outcome) -> None:
        if self._ending is None:
            self._ending = outcome
            self._ended.set()
            self._tasks.append(asyncio.create_task(self._interrupt_then_kill()))

    def _as_ended(self, outcome: Outcome) -> Outcome:
        """What came to its end before somebody ended it stays as it is."""
        return self._ending if self._ending is not None and outcome.state != "succeeded" else outcome

    async def _start(self, start: KernelStart, request: KernelRequest) -> Outcome | None:
        """None when the kernel is ready."""
        starting = asyncio.ensure_future(start.start(request))
        if (ended := await self._unless_ended(starting, request.name)) is not None:
            return ended
        try:
            manager = self._has_started(starting.result())
        except NoSuchKernel:
            return endings.kernel_not_installed(request.name)
        except Exception as error:  # it may be the code of others (provisioners)
            return endings.kernel_did_not_start(request.name, error)
        conversation = Conversation(dict(manager.get_connection_info()), self._transcript.publish)
        self._conversation = conversation
        assert self._gone is not None
        self._gone.add_done_callback(lambda _: conversation.kernel_is_gone())
        ready = asyncio.ensure_future(conversation.ready())
        if (ended := await self._unless_ended(ready, request.name)) is not None:
            return ended
        try:
            info = ready.result()
        except KernelGone:
            return endings.kernel_died_at_start(request.name)
        self.is_ready = True
        if self.when_ready is not None:
            self.when_ready()
        self.notebook["metadata"]["language_info"] = info.get("language_info", {})
        if self._earlier is not None and self._earlier.first:
            pending = conversation.execute(self._earlier.first, stop_on_error=False, remembered=False)[1]
            await conversation.end_of(pending)
        return None

    def _has_started(self, manager: AsyncKernelManager) -> AsyncKernelManager:
        self.manager = manager
        self._gone = asyncio.create_task(process_end.end_of(manager.provisioner))
        return manager

    async def _unless_ended(self, step: asyncio.Future[Any], kernel: str) -> Outcome | None:
        """Waits for a step of the kernel's start; how it ended where that came first, or the step took too long."""
        ended = asyncio.ensure_future(self._ended.wait())
        try:
            await asyncio.wait((step, ended), timeout=STARTUP_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ended.cancel()
        if step.done() and self._ending is None:
            return None
        if not step.done():
            step.cancel()
        elif self.manager is None and step.exception() is None:
            self._has_started(step.result())  # it is to be ended, too
        if self._ending is None and self._earlier is not None:
            return endings.kernel_is_busy()
        return self._ending or endings.kernel_is_silent(kernel, STARTUP_SECONDS)

    async def _run_cells(self) -> Outcome:
        for outcome in self.ledger.all():
            if self._ending is not None:
                return self._ending
            if outcome.outcome == "not_run" and (ending := await self._run_cell(outcome.index)) is not None:
                return ending
        return Outcome("succeeded")

    async def _run_cell(self, index: int) -> Outcome | None:
        """None when the next cell may run."""
        conversation, cell = self._conversation, self.notebook["cells"][index]
        assert conversation is not None
        self.ledger.current = index
        self._executed += 1
        started = time.monotonic()
        tolerant = "raises-exception" in cell["metadata"].get("tags", [])
        secret = self.hidden.sources.get(index)
        request, pending = conversation.execute(secret or cell["source"], not tolerant, remembered=secret is None)
        self._transcript.begin(request, index)
        self.changed(index)
        limit = self.limits.cell
        deadline = asyncio.get_running_loop().call_later(limit, self._cell_took_too_long, index) if limit else None
        try:
            reply = await conversation.end_of(pending)
            self._transcript.replied(request, reply)
            if secret is not None and reply.content.get("status") == "ok":
                await conversation.end_of(conversation.execute(self.hidden.remark, stop_on_error=False)[1])
            cell["execution_count"] = self._executed
            return await self._replied(index, reply.content, tolerant, time.monotonic() - started)
        except KernelGone:
            self.ledger.record(index, "interrupted" if self._ending else "failed", time.monotonic() - started)
            raise
        finally:
            if deadline is not None:
                deadline.cancel()
            self.ledger.current = None
            self.changed(index)

    async def _replied(self, index: int, reply: dict[str, Any], tolerant: bool, seconds: float) -> Outcome | None:
        if self._ending is not None:  # it was interrupted, whatever it made of that
            self.ledger.record(index, "interrupted", seconds)
            return self._ending
        if reply.get("status") == "error" and not tolerant:
            await self._unless_it_ends(reply)
            return self._cell_failed(index, reply, seconds)
        self.ledger.record(index, "ok", seconds)
        # IPython's ``exit()`` raises nothing: its reply asks to end (jupyter_client's messaging.rst, payloads).
        if any(item.get("source") == "ask_exit" for item in reply.get("payload") or []):
            return await self._asked_to_exit(index, seconds)
        return None

    async def _unless_it_ends(self, reply: dict[str, Any]) -> None:
        """KernelGone where somebody else, who has a kernel that was kept, too, ends it: Jupyter interrupts it first."""
        interrupted = self._earlier is not None and reply.get("ename") == "KeyboardInterrupt"
        if interrupted and await process_end.comes(self._gone, EXIT_SECONDS):
            raise KernelGone

    async def _asked_to_exit(self, index: int, seconds: float) -> Outcome:
        """The kernel ends by itself then; R's ``quit(status = 3)`` tells only the system what it thinks of the end."""
        await process_end.comes(self._gone, EXIT_SECONDS)
        code = kernels.exit_code(self.manager)
        if code is not None and code > 0:
            self.ledger.record(index, "failed", seconds)
            return endings.exited_with_code(index, code)
        return endings.exited(index, "exit()")

    def _cell_failed(self, index: int, reply: dict[str, Any], seconds: float) -> Outcome:
        self._transcript.settle()
        mask, cell = self.hidden.masking.text, self.notebook["cells"][index]
        name, value = mask(str(reply.get("ename", ""))), mask(str(reply.get("evalue", "")))
        if name == "SystemExit" and value in ("", "0", "None"):
            self.ledger.record(index, "ok", seconds)
            cell["outputs"][:] = [output for output in cell["outputs"] if output.get("ename") != "SystemExit"]
            return endings.exited(index, "sys.exit()")
        self.ledger.record(index, "failed", seconds)
        traceback = [
            line for output in cell["outputs"] if output["output_type"] == "error" for line in output["traceback"]
        ]
        return endings.cell_failed(index, error_of_reply(index, cell, name, value, traceback))

    def _cell_took_too_long(self, index: int) -> None:
        assert self.limits.cell is not None
        self._end_softly(endings.cell_took_too_long(index, self.limits.cell))

    def _kernel_died(self) -> Outcome:
        cut = next((cell.index for cell in self.ledger.all() if cell.outcome == "failed"), None)
        return endings.kernel_died(cut, kernels.how_it_ended(self.manager))

    async def _interrupt_then_kill(self) -> None:
        if self.manager is None or self._conversation is None:
            return
        if self._earlier is not None and not self.is_ready:  # what keeps it busy is somebody else's
            return
        await kernels.interrupt(self.manager, self._conversation.interrupt)
        await asyncio.sleep(INTERRUPT_GRACE)
        await self._kill()

    def _is_spared(self, outcome: Outcome) -> bool:
        """Whether the kernel still answers, has come to rest, and is wanted."""
        if self._earlier is not None and not self.is_ready:
            return self._gone is not None and not self._gone.done()
        at_rest = self.is_ready and self.ledger.current is None and self._gone is not None and not self._gone.done()
        wanted = self.spares_kernel and outcome.is_worth_a_look
        return at_rest and (wanted or self._earlier is not None) and kernels.exit_code(self.manager) is None

    async def _kill(self) -> None:
        if self.manager is not None:
            await kernels.kill_if_alive(self.manager)

    async def end_kernel(self) -> None:
        self.kernel_is_spared = False
        if self.manager is not None:
            kernel = getattr(self.manager.provisioner, "kernel", None)
            assert self._gone is not None
            ask = self._conversation.ask_to_end if self._conversation is not None and self.is_ready else None
            await kernels.end(self.manager, self._gone, ask)
            self.peak_bytes = None if kernel is None else kernel.peak_bytes
        if self._conversation is not None:
            self._conversation.close()
        self._transcript.settle()

    def _answer(self, kind: str, content: dict[str, Any], parent: dict[str, Any], metadata: dict[str, Any]) -> None:
        if self._conversation is not None:
            self._conversation.answer(kind, content, parent, metadata)
