"""One notebook from its first cell to its outcome, in a kernel that is started for it and ended with it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode, from_dict

from .client import LiveClient
from .kernels import KernelRequest, KernelStart, NoSuchKernel, end_politely, kill_if_alive
from .outcome import CellLedger, Outcome, error_of_reply, in_one_line

INTERRUPT_GRACE = 2.0
STARTUP_SECONDS = 120
# nbclient throws away what it has not read this long after a cell's reply; 4 s are its default.
LATE_OUTPUT_SECONDS = 60
Stop = Literal["cancel", "timeout"]


@dataclass(frozen=True)
class Limits:
    """In seconds, kernel start included in ``run``; None: without limit."""

    run: float | None = None
    cell: float | None = None


class Execution:
    """Executes ``notebook`` (a version 4 document) in place. ``changed`` is called whenever there is more to see."""

    def __init__(self, notebook: dict[str, Any], limits: Limits, changed: Callable[[], None]) -> None:
        self.notebook: NotebookNode = from_dict(notebook)  # type: ignore[no-untyped-call]
        self.limits = limits
        self.changed = changed
        cells = self.notebook["cells"]
        self.ledger = CellLedger(cells, {index for index, cell in enumerate(cells) if _is_skipped(cell)})
        self._client: LiveClient | None = None
        self._manager: AsyncKernelManager | None = None
        self._stop: Stop | None = None
        self._asked_to_exit = False
        self.peak_bytes: int | None = None  # of the largest process, where the kernel was not our child
        self._stopping: asyncio.Task[None] | None = None

    async def run(self, start: KernelStart, request: KernelRequest) -> Outcome:
        """Every failure that a notebook or a kernel can cause is an outcome; what is raised is a bug of ours."""
        deadline = (
            asyncio.get_running_loop().call_later(self.limits.run, self.stop, "timeout") if self.limits.run else None
        )
        try:
            outcome = await self._start(start, request) or await self._run_cells()
        except DeadKernelError:
            outcome = self._kernel_died()
        finally:
            if deadline is not None:
                deadline.cancel()
            await self._end_kernel()
        return self._stopped() if self._stop is not None and outcome.state != "succeeded" else outcome

    def stop(self, why: Stop) -> None:
        """Ends the execution: an interrupt first, the kernel's death after INTERRUPT_GRACE seconds."""
        if self._stop is None:
            self._stop = why
            self._stopping = asyncio.create_task(self._interrupt_then_kill())

    async def _start(self, start: KernelStart, request: KernelRequest) -> Outcome | None:
        """None when the kernel is ready."""
        try:
            manager = await start.start(request)
        except NoSuchKernel:
            return Outcome("failed", "invalid", f"the kernel {request.name!r} is not installed on this host")
        except OSError as error:
            return Outcome("failed", "invalid", f"the kernel {request.name!r} did not start: {error}")
        self._manager = manager
        self._client = client = LiveClient(
            self.notebook,
            km=manager,
            timeout=self.limits.cell,
            startup_timeout=STARTUP_SECONDS,
            iopub_timeout=LATE_OUTPUT_SECONDS,
            record_timing=True,
            on_output=self.changed,
            on_cell_executed=self._replied,
        )
        try:
            await client.async_start_new_kernel_client()
            reply = await client.async_wait_for_reply(client.kc.kernel_info())  # type: ignore[union-attr]
        except RuntimeError as error:
            return Outcome("failed", "kernel_died", f"the kernel {request.name!r} did not become ready: {error}")
        if reply is not None:
            self.notebook["metadata"]["language_info"] = reply["content"].get("language_info", {})
        return None

    async def _run_cells(self) -> Outcome:
        for outcome in self.ledger.all():
            if self._stop is not None:
                return self._stopped()
            if outcome.outcome == "not_run":
                ending = await self._run_cell(outcome.index)
                if ending is not None:
                    return ending
        assert self._client is not None
        self._client.set_widgets_metadata()
        return Outcome("succeeded")

    async def _run_cell(self, index: int) -> Outcome | None:
        """None when the next cell may run."""
        client, cell = self._client, self.notebook["cells"][index]
        assert client is not None
        self.ledger.current = index
        self.changed()
        started = time.monotonic()
        outcome: Outcome | None = None
        try:
            await client.async_execute_cell(cell, index, execution_count=client.code_cells_executed + 1)
            self.ledger.record(index, "ok", time.monotonic() - started)
            if self._asked_to_exit:
                outcome = Outcome("succeeded", message=f"cell {index + 1} ended the notebook with exit()")
        except CellTimeoutError:
            self.ledger.record(index, "interrupted", time.monotonic() - started)
            message = f"cell {index + 1} ran longer than its limit of {self.limits.cell:g} s"
            outcome = Outcome("failed", "cell_timeout", message)
        except CellExecutionError as error:
            outcome = self._cell_failed(index, cell, error, time.monotonic() - started)
        except DeadKernelError:
            self.ledger.record(index, "interrupted" if self._stop else "failed", time.monotonic() - started)
            raise
        finally:
            self.ledger.current = None
            self.changed()
        return outcome

    def _replied(self, cell: NotebookNode, cell_index: int, execute_reply: dict[str, Any]) -> None:
        """IPython's ``exit()`` raises nothing: its reply asks to end (jupyter_client's messaging.rst, payloads)."""
        payload = execute_reply["content"].get("payload") or []
        self._asked_to_exit = any(item.get("source") == "ask_exit" for item in payload)

    def _cell_failed(self, index: int, cell: NotebookNode, error: CellExecutionError, seconds: float) -> Outcome:
        if error.ename == "SystemExit" and error.evalue in ("", "0", "None"):
            self.ledger.record(index, "ok", seconds)
            cell["outputs"] = [output for output in cell["outputs"] if output.get("ename") != "SystemExit"]
            return Outcome("succeeded", message=f"cell {index + 1} ended the notebook with sys.exit()")
        interrupted = self._stop is not None
        self.ledger.record(index, "interrupted" if interrupted else "failed", seconds)
        traceback = [
            line for output in cell["outputs"] if output["output_type"] == "error" for line in output["traceback"]
        ]
        told = error_of_reply(index, cell, error.ename, error.evalue, traceback)
        return Outcome("failed", "cell_error", f"cell {index + 1}: {told.name}: {in_one_line(told.value)}", told)

    def _kernel_died(self) -> Outcome:
        cut = next((cell.index for cell in self.ledger.all() if cell.outcome == "failed"), None)
        where = "" if cut is None else f"cell {cut + 1}: "
        return Outcome("failed", "kernel_died", f"{where}the kernel died, its process ended without an answer")

    def _stopped(self) -> Outcome:
        if self._stop == "timeout":
            return Outcome("failed", "timeout", f"the run took longer than its limit of {self.limits.run:g} s")
        return Outcome("cancelled", "user", "cancelled on request")

    async def _interrupt_then_kill(self) -> None:
        if self._manager is None or not self._manager.has_kernel:
            return
        await self._manager.interrupt_kernel()
        await asyncio.sleep(INTERRUPT_GRACE)
        await kill_if_alive(self._manager)

    async def _end_kernel(self) -> None:
        if self._stopping is not None:
            self._stopping.cancel()
        if self._manager is not None:
            await end_politely(self._manager, asyncio.sleep)
            kernel = getattr(self._manager.provisioner, "kernel", None)
            self.peak_bytes = None if kernel is None else kernel.peak_bytes
        if self._client is not None and self._client.kc is not None:
            self._client.kc.stop_channels()


def _is_skipped(cell: NotebookNode) -> bool:
    """Empty cells and those tagged ``skip-execution`` do not run (nbclient's rule)."""
    return not cell["source"].strip() or "skip-execution" in cell["metadata"].get("tags", [])
