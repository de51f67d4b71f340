"""The kept kernel of a failed run, in the hands of an attempt that goes on with it: it stays that run's until this one
has ended, so that nothing is lost where the attempt is."""

from __future__ import annotations

import asyncio
from typing import Any

from jupyter_client.manager import AsyncKernelManager

from ..domain.run import Resumption
from ..errors import Invalid
from ..host.kept_kernels import KeptKernel, KeptKernels
from ..host.kept_process import KeptProcess
from ..notebook.execution.executing import Execution
from ..notebook.execution.kernels import KernelRequest, environment_of
from ..notebook.kept.managing import take_kept
from ..notebook.resuming import RETRY
from .handing_over import HandedOver


class KeptStart:
    """A way of starting kernels (``KernelStart``) that starts none: it connects to the one that was kept."""

    def __init__(self, kept: KeptKernel, kernels: KeptKernels) -> None:
        self.kept = kept
        self._kernels = kernels
        self._process: KeptProcess | None = None
        self._manager: Any = None
        self._left_alone = False

    @property
    def took_kernel(self) -> bool:
        """Whether it is not the failed run's any more, once the execution is over."""
        return self._process is not None and not self._left_alone

    @classmethod
    async def of(cls, resumption: Resumption, kernels: KeptKernels) -> KeptStart:
        """Invalid where the kernel is gone."""
        kept = await asyncio.to_thread(kernels.of_run, resumption.run_id)
        if kept is None:
            raise Invalid(f"the kernel that it was to go on with is gone; {RETRY}")
        return cls(kept, kernels)

    async def start(self, request: KernelRequest) -> AsyncKernelManager:
        process = await asyncio.to_thread(self.kept.connect)
        manager = AsyncKernelManager(kernel_name=request.name)
        try:
            take_kept(manager, self.kept, process, self.kept.run_id, environment_of(request))
        except BaseException:
            process.close()
            raise
        manager._connection_file_written = False  # or the file would be removed with the manager
        process.hold()
        self._process, self._manager = process, manager
        return manager

    def is_ready(self) -> None:
        """What it does from now on is for this attempt, and is interrupted where the attempt is lost."""
        assert self._process is not None
        self._process.executes()

    async def part(self, execution: Execution, run_id: str, seconds: float, succeeded: bool) -> HandedOver | None:
        """With the kernel of an execution that has spared it, which is that run's from now on; None where it is not:
        it has ended, or never was ready for this run, or somebody is connected to it although the run succeeded."""
        process, kept_for = self._process, None
        assert process is not None
        try:
            process.executes(False)
            process.hold(False)
            left = process.look()
            if execution.is_ready and succeeded and not process.held:
                await execution.end_kernel()
                return None
            if execution.is_ready:
                process.pass_to(run_id, self._kernels.place(run_id).name)
                kept_for = None if succeeded else process.keep(max(seconds, left))
        except OSError:  # it has ended meanwhile
            await execution.end_kernel()
            return None
        self._left_alone = not execution.is_ready
        await execution.let_kernel_go()
        self._manager.provisioner.detach()
        return None if kept_for is None else HandedOver(run_id, self.kept.folder, self.kept.pid, kept_for)
