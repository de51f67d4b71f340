"""A workspace whose failed runs leave their kernels, and what is asked of those."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager

from jupyter_notebook_sched.domain.run import Run, RunDetail
from jupyter_notebook_sched.domain.secrets import without_secrets
from jupyter_notebook_sched.host.kept_kernels import KeptKernel, KeptKernels
from jupyter_notebook_sched.notebook.kept.managing import take_kept
from jupyter_notebook_sched.notebook.kept.provisioner import KeptProvisioner
from jupyter_notebook_sched.worker.keeping import Keeping

from .kinds import Kind, KindHouse

KEPT_SECONDS = 600


class KeepingHouse(KindHouse):
    def __init__(self, root: Path, kind: Kind) -> None:
        super().__init__(root, kind, KEPT_SECONDS)
        self.kernels = KeptKernels(self.context.meeting.directory)

    def failed(self, *cells: str, **fields: Any) -> RunDetail:
        """A run of these cells, which has failed, whose kernel is there."""
        run = self.ended(self.begin(*cells, **fields).id)
        assert run.state in ("failed", "cancelled"), run
        assert run.kernel_alive_until is not None, run
        return run

    def kept(self, run: Run) -> KeptKernel:
        found = self.kernels.of_run(run.id)
        assert found is not None, f"no kernel of {run.id} is kept"
        return found

    def keeping(self, **settings: Any) -> Keeping:
        """What a worker does about kept kernels, under other settings."""
        chosen = type(self.settings)(**(vars(self.settings) | settings))
        here, told = self.context.host, self.context.committed
        return Keeping(chosen, self.context.store, self.context.meeting.directory, here, self.context.clock, told)

    def end_kernels(self) -> None:
        for kernel in self.kernels.all():
            self.kernels.end(kernel.run_id)

    def leave(self) -> None:
        super().leave()
        self.end_kernels()


class Adopted:
    """A kept kernel in a manager of its own, as a server has it."""

    def __init__(self, kept: KeptKernel) -> None:
        self.kept = kept
        self.manager = AsyncKernelManager()

    async def __aenter__(self) -> Adopted:
        environment = without_secrets(os.environ) | self.kept.environment
        process = self.kept.connect()
        self.provisioner: KeptProvisioner = take_kept(self.manager, self.kept, process, self.kept.run_id, environment)
        await self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.client.stop_channels()
        self.provisioner.detach()
        for context in (self.client.context, self.manager.context):
            context.destroy(linger=0)

    async def connect(self) -> None:
        self.client = self.manager.client()
        self.client.start_channels()
        await self.client.wait_for_ready(timeout=30)

    async def say(self, code: str) -> str:
        """What the code prints, or the name of its error."""
        said: list[str] = []

        def hear(message: dict[str, Any]) -> None:
            content = message["content"]
            said.extend(content[name] for name in ("text", "ename") if name in content)

        await asyncio.wait_for(self.client.execute_interactive(code, output_hook=hear), 30)
        return "".join(said)


def answer(kept: KeptKernel, code: str) -> str:
    """What that code prints in a kept kernel, which stays as it is."""

    async def ask() -> str:
        async with Adopted(kept) as adopted:
            return await adopted.say(code)

    return asyncio.run(ask())
