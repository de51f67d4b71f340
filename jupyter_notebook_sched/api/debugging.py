"""``notebook-sched/runs/{id}/debug``, ``kernel``, ``take-over`` and ``replay``: a run that has failed, opened again on
its own kernel."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol

import msgspec

from ..apart.debug_copy import Copied
from ..domain.run import RunDetail
from ..errors import Conflict
from ..host.kept_kernels import KeptKernel
from ..service import debugging, kept_kernels, replaying
from ..service.debugging import DebugCopy
from ..service.forms import KeepKernel, Nothing, Replay
from .operation import operation
from .streaming import StreamingHandler

TAKE_OVER_SECONDS = 20.0
LOOK_SECONDS = 0.1


class CannotAdopt(Exception):
    """In a sentence for whoever asked."""


class Adopting(Protocol):
    """The server's own kernels, and those of runs among them (app/adopting.py)."""

    async def adopt(self, kept: KeptKernel) -> str:
        """The id under which JupyterLab knows the kernel. CannotAdopt where that cannot be."""
        ...

    async def end(self, kept: KeptKernel) -> bool:
        """Shuts it down as JupyterLab does; False where this server has not adopted it."""
        ...

    def has_new_one(self, run_id: str) -> bool:
        """Whether somebody has restarted its kernel here."""
        ...

    async def execute(self, kernel_id: str, source: str) -> None:
        """Silently. Conflict where there is no such kernel, it does not get to it, or raises."""
        ...


class DebuggingHandler(StreamingHandler):
    @property
    def adopting(self) -> Adopting:
        return self.settings["notebook_sched_adopting"]  # type: ignore[no-any-return]

    async def reopened(self, run_id: str) -> DebugCopy:
        found = await self.call(debugging.reopening, run_id)
        if found.copy.is_large():
            with await self.apart("debug_copy", msgspec.to_builtins(found.copy)) as answer:
                copy = msgspec.json.decode(answer.read(), type=Copied)
        else:
            copy = await self.call(debugging.copied, found)
        kernel_id = problem = None
        if isinstance(found.kernel, KeptKernel):
            try:
                kernel_id = await self.adopting.adopt(found.kernel)
            except CannotAdopt as why:
                problem = str(why)
        elif self.adopting.has_new_one(run_id):
            problem = "The kernel of this run was restarted, so that its variables are gone."
        return await self.call(debugging.told, found, copy, kernel_id, problem)


class DebugRun(DebuggingHandler):
    @operation("execute", body=Nothing, answers={200: DebugCopy}, errors=(404, 409))
    async def post(self, run_id: str, _: Nothing) -> None:
        """A writable copy of the output beside the notebook, with the kernel of the run where that was kept."""
        self.answer(await self.reopened(run_id))


class KernelOfRun(DebuggingHandler):
    @operation("execute", body=KeepKernel, answers={200: RunDetail}, errors=(404, 409))
    async def post(self, run_id: str, form: KeepKernel) -> None:
        """Keeps the kernel of a run that has failed for so long from now on; 0 ends it."""
        kernel = await self.call(kept_kernels.find, run_id, not form.keep_seconds)
        if not form.keep_seconds and await self.adopting.end(kernel):
            self.answer(await self.call(kept_kernels.ended, run_id))
        else:
            self.answer(await self.call(kept_kernels.keep, run_id, form.keep_seconds))


class TakeOverRun(DebuggingHandler):
    @operation("execute", body=Nothing, answers={200: DebugCopy}, errors=(404, 409))
    async def post(self, run_id: str, _: Nothing) -> None:
        """Ends a running run and hands over its kernel; asked again where it takes its time to end."""
        until = time.monotonic() + TAKE_OVER_SECONDS
        ended = await self.call(debugging.take_over, run_id)
        while not ended and time.monotonic() < until:
            await asyncio.sleep(LOOK_SECONDS)
            ended = await self.call(debugging.has_ended, run_id)
        if not ended:
            raise Conflict("this run has not ended yet; ask for it again", "still_ending")
        self.answer(await self.reopened(run_id))


class ReplayRun(DebuggingHandler):
    @operation("execute", body=Replay, answers={200: Nothing}, errors=(404, 409))
    async def post(self, run_id: str, form: Replay) -> None:
        """Gives a kernel the values of the run, its secrets among them, as its injected cell did."""
        source = await self.call(replaying.source_of_values, run_id)
        await self.adopting.execute(form.kernel_id, source)
        self.answer({})
