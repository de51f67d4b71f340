"""The process of one attempt: reads its order, executes the notebook, leaves the output, tells the end.

As a subreaper it is the parent of every process that the run starts, and kills them all before it ends. When the
worker is gone (its end of the channel closes) it throws its work away: somebody else may have the run by now.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import sys
import tempfile
import traceback
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Any

import msgspec

from .. import faults
from ..archive.outputs import OutputSink
from ..domain.times import to_text, utc_now
from ..errors import SchedError
from ..host import processes
from ..host.rendezvous import PRIVATE
from ..notebook.execution import kernels, provenance
from ..notebook.execution.executing import Execution, Limits
from ..notebook.execution.fork_server.started import Started
from ..notebook.execution.outcome import Outcome
from ..notebook.execution.saving import EncodedNotebook, Saver
from . import framing, preparing
from .hold import Hold
from .interface import Advanced, Ended, Order
from .limiting import Limiting

PROGRESS_SECONDS = 0.5
LOOK_SECONDS = 0.2


def warm_up() -> None:
    """Pays, before any fork, for what the first execution would import or read."""
    import jupyter_client.provisioning  # noqa: F401
    import zmq.asyncio  # noqa: F401
    from jupyter_client.kernelspec import KernelSpecManager

    if sys.platform == "linux":
        from ..notebook.execution.fork_server import start

        start.warm_up()
    KernelSpecManager().find_kernel_specs()
    provenance.environment(sys.executable)


def main(channel_fd: int) -> None:
    """Carries out the order that arrives on the channel; the process ends with it."""
    os.setsid()
    processes.become_subreaper()
    channel = socket.socket(fileno=channel_fd)
    order = framing.receive(channel, Order)
    if order is None:
        return
    processes.name_process(f"nbsched-{order.run_id[-6:]}")
    # In the meeting place, where this process was started: local disk, ours alone, and short enough for sockets.
    private = Path(tempfile.mkdtemp(prefix=PRIVATE, dir=os.getcwd()))
    try:
        asyncio.run(Attempt(order, channel, private).carry_out())
    finally:
        processes.end_descendants(os.getpid())
        shutil.rmtree(private, ignore_errors=True)


class Attempt:
    """One attempt; ``private`` is a 0700 directory for the kernel's sockets."""

    def __init__(self, order: Order, channel: socket.socket, private: Path) -> None:
        self.order = order
        self.channel = channel
        self.private = private
        self.sink = OutputSink(Path(order.output))
        self.started_at = utc_now()
        self.told: Advanced | None = None
        self.hold = Hold(order.held_since, order.held_for)
        self.limiting = Limiting(order.terms)
        self.limiting.give_way()

    async def carry_out(self) -> None:
        """The attempt, and its end told; a fault of ours is the end of this attempt alone."""
        try:
            ended = await self._steps()
        except Exception as error:
            traceback.print_exc()
            ended = Ended("failed", "internal", f"a fault of Notebook Sched itself: {error!r}")
        await self._tell(ended)

    async def _steps(self) -> Ended:
        """What an attempt is, from its order to its final file."""
        try:
            notebook, request = preparing.prepared(self.order, self.private)
        except (SchedError, kernels.NoSuchKernel) as error:
            return Ended("failed", "invalid", str(error))
        self.execution = Execution(notebook, self._limits(), self._changed)
        self.encoded = EncodedNotebook(notebook)
        self.saver = Saver(self._running_bytes, self._save)
        faults.reach("runner-prepared")
        async with _beside(self._follow_orders(), self._watch_hold()):
            outcome = self.limiting.judged(await self._execute(self._kernel_start(), request))
            left = processes.end_descendants(os.getpid())
            if left:
                message = f"{outcome.message or ''} (processes {left} could not be ended)"
                outcome = msgspec.structs.replace(outcome, message=message)
            await self._sure_of_hold()
        return self._seal(outcome)

    def _kernel_start(self) -> kernels.KernelStart:
        if self.order.fork_servers is None:
            return self.limiting.on(kernels.OrdinaryStart())
        from ..notebook.execution.fork_server.start import ForkStart

        terms = {"name": f"nbkernel-{self.order.run_id[-6:]}", **self.limiting.of_forked()}
        return self.limiting.on(ForkStart(Path(self.order.fork_servers), self._kernel_started, terms))

    def _kernel_started(self, started: Started) -> None:
        self.telling = asyncio.create_task(self._tell(started))

    def _limits(self) -> Limits:
        return Limits(self.order.timeout_seconds, self.order.cell_timeout_seconds)

    async def _execute(self, start: kernels.KernelStart, request: kernels.KernelRequest) -> Outcome:
        async with _beside(self._tell_and_save(), self.limiting.watch(self.execution)):
            return await self.execution.run(start, request)

    async def _follow_orders(self) -> None:
        """Ends the execution when the worker says so (framing.CANCEL), and this process when the worker is gone."""
        loop = asyncio.get_running_loop()
        self.channel.setblocking(False)
        rest = b""
        while heard := await loop.sock_recv(self.channel, 4096):
            *lines, rest = (rest + heard).split(b"\n")
            for word, _, since in (line.partition(b" ") for line in lines):
                if word == framing.CANCEL:
                    self.execution.stop("cancel")
                elif word == framing.HELD:
                    self.hold.renewed(float(since))
        self._vanish()

    async def _watch_hold(self) -> None:
        """A worker that does not say for long enough that it renewed its lease hangs: somebody else takes its runs."""
        while not self.hold.is_over():
            await asyncio.sleep(LOOK_SECONDS)
        self._vanish()

    async def _sure_of_hold(self) -> None:
        """Until the worker has renewed its lease, where there was no word of it for long: this host may have slept."""
        while not self.hold.is_sure():
            await asyncio.sleep(LOOK_SECONDS)

    def _save(self, content: bytes) -> None:
        if self.hold.is_sure():
            self.sink.save(content)

    def _vanish(self) -> None:
        """Throws away what was done: the run may be somebody else's, whose record this is not to touch."""
        processes.end_descendants(os.getpid())
        shutil.rmtree(self.private, ignore_errors=True)
        os.kill(os.getpid(), signal.SIGKILL)

    async def _tell_and_save(self) -> None:
        while True:
            await self._tell_progress()
            with contextlib.suppress(OSError):  # a full disk shows at the end, as the attempt's outcome
                self.saver.save_if_due()
            await asyncio.sleep(PROGRESS_SECONDS)

    async def _tell_progress(self) -> None:
        news = Advanced(self.execution.ledger.progress(), self.execution.ledger.all())
        if news != self.told:
            self.told = news
            await self._tell(news)

    def _changed(self, index: int) -> None:
        self.encoded.changed(index)
        self.saver.changed()

    async def _tell(self, news: Advanced | Ended | Started) -> None:
        self.channel.setblocking(False)
        with contextlib.suppress(ConnectionError):
            await asyncio.get_running_loop().sock_sendall(self.channel, framing.frame(news))

    def _running_bytes(self) -> bytes:
        return self._encoded_with({"state": "running"})

    def _seal(self, outcome: Outcome) -> Ended:
        """The final file, then its end: a row never mentions what is not on disk."""
        ledger = self.execution.ledger
        ended = Ended(
            outcome.state,
            outcome.reason,
            outcome.message,
            outcome.error,
            ledger.all(),
            ledger.progress(),
            memory_bytes=self._peak_memory(),
        )
        faults.reach("runner-executed")
        facts = msgspec.to_builtins(ended) | {"finished_at": to_text(utc_now())}
        del facts["type"]
        try:
            sha256 = self.sink.seal(self._encoded_with(facts))
        except OSError as error:
            message = f"the output notebook could not be written: {error}"
            return msgspec.structs.replace(ended, state="failed", reason="internal", message=message)
        faults.reach("runner-sealed")
        return msgspec.structs.replace(ended, output_sha256=sha256)

    def _peak_memory(self) -> int | None:
        known = [peak for peak in (processes.peak_memory_of_children(), self.execution.peak_bytes) if peak is not None]
        return max(known, default=None)

    def _encoded_with(self, facts: dict[str, Any]) -> bytes:
        """The notebook as it is now, with those facts about its run."""
        self.execution.settle()
        metadata = self.execution.notebook["metadata"]
        if provenance.KEY not in metadata:
            metadata[provenance.KEY] = self._provenance()
        metadata[provenance.KEY] |= facts
        return self.encoded.encoded()

    def _provenance(self) -> dict[str, Any]:
        order = self.order
        given: dict[str, Any] = msgspec.json.decode(order.provenance)
        return given | {
            "attempt": order.attempt,
            "started_at": to_text(self.started_at),
            "git_commit": provenance.git_commit(Path(order.folder)),
            **provenance.environment(preparing.python_of(order.kernel)),
        }


@contextlib.asynccontextmanager
async def _beside(*helpers: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Those run as long as the block does."""
    tasks = [asyncio.create_task(helper) for helper in helpers]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
