"""A workspace whose failed runs leave their kernels, and a way to go on with them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import AsyncKernelManager

from jupyter_notebook_sched.domain.run import Run, RunDetail
from jupyter_notebook_sched.host.kept_kernels import KeptKernel, KeptKernels
from jupyter_notebook_sched.notebook.execution.fork_server.served.message import KEEPER
from jupyter_notebook_sched.notebook.kept.managing import take_kept
from jupyter_notebook_sched.service import starting
from jupyter_notebook_sched.service.forms import Rerun
from jupyter_notebook_sched.service.validating import form_of

from ..house import House
from ..living import wait_until
from .kinds import WHO, Kind

KEPT = 3600


class KeepingHouse(House):
    def __init__(self, root: Path, kind: Kind) -> None:
        super().__init__(root, keep_kernel_seconds=KEPT)
        self.kind = kind
        self.kept = KeptKernels(self.context.meeting.directory)
        self.work()

    def work(self) -> subprocess.Popen[bytes]:
        """Another worker of the same kind."""
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("PYTEST_CURRENT_TEST", raising=False)
            worker = self.start_worker(f"--fork-server={'auto' if self.kind == 'forked' else 'off'}", capacity=3)
        self.notebook("who.ipynb", WHO)
        wait_until(lambda: self._is_kept_by_keeper() == (self.kind == "forked"), 60, "a warm fork server")
        return worker

    def _is_kept_by_keeper(self) -> bool:
        return texts(self.output(self.ended(self.run("who.ipynb").id)))[0].strip() == KEEPER

    def failed(self, *cells: str | dict[str, Any], parameters: str | None = None, **fields: Any) -> RunDetail:
        """A run of these cells, once it has ended and left its kernel."""
        more = {"parameters": fields.pop("values")} if "values" in fields else {}
        run = self.ended(self.run(self.notebook("run.ipynb", *cells, parameters=parameters), **more, **fields).id)
        assert run.state in ("failed", "cancelled"), run.message
        self.kernel(run)
        return run

    def kernel(self, run: Run) -> KeptKernel:
        kernel = self.kept.of_run(run.id)
        assert kernel is not None, f"{run.reason} {run.message}"
        return kernel

    def begin(self, run: Run, *cells: str | dict[str, Any], parameters: str | None = None) -> Run:
        """Goes on with the run, from these cells (the same ones where none are given)."""
        asked: dict[str, Any] = {"from_failed_cell": True}
        if cells:
            asked["notebook"] = self.notebook("mended.ipynb", *cells, parameters=parameters)
        return starting.rerun(self.context, run.id, form_of(Rerun, asked)).run

    def went_on(self, run: Run, *cells: str | dict[str, Any], parameters: str | None = None) -> RunDetail:
        return self.ended(self.begin(run, *cells, parameters=parameters).id)

    def begin_current(self, run: Run) -> Run:
        """Goes on with the notebook as it is now."""
        return starting.rerun(self.context, run.id, form_of(Rerun, {"from_failed_cell": True, "source": "current"})).run

    def end_kernels(self) -> None:
        for kernel in self.kept.all():
            self.kept.end(kernel.run_id)

    def leave(self) -> None:
        self.end_kernels()
        super().leave()
        self.end_kernels()


def outcomes(run: RunDetail) -> list[str]:
    return [cell.outcome for cell in run.cells]


def texts(notebook: dict[str, Any]) -> list[str]:
    """What each cell has written to stdout, or the name of its error."""
    found = []
    for cell in notebook["cells"]:
        parts = [output.get("ename") or "".join(output.get("text", "")) for output in cell.get("outputs", [])]
        found.append("".join(parts))
    return found


class Somebody:
    """A person with a notebook on a kept kernel, as a Jupyter server connects it."""

    def __init__(self, kernel: KeptKernel) -> None:
        self._loop = asyncio.new_event_loop()
        self._loop.run_until_complete(self._connect(kernel))

    def ask(self, source: str) -> str:
        """What it prints."""
        heard: list[dict[str, Any]] = []
        executing = self._client.execute_interactive(
            source, output_hook=lambda message: heard.append(message["content"]), timeout=30
        )
        self._loop.run_until_complete(executing)
        return "".join(str(content.get("text", "")) for content in heard)

    def begin(self, source: str) -> None:
        """Has it executed, without waiting for that."""

        async def send() -> None:
            self._client.execute(source)
            await asyncio.sleep(0.1)

        self._loop.run_until_complete(send())

    def leave(self) -> None:
        self._client.stop_channels()
        self._provisioner.detach()
        self._loop.close()

    async def _connect(self, kernel: KeptKernel) -> None:
        process, manager = kernel.connect(), AsyncKernelManager()
        self._provisioner = take_kept(manager, kernel, process, "adopted", os.environ)
        manager._connection_file_written = False
        process.hold()
        self._client = manager.client()
        self._client.start_channels()
        await self._client.wait_for_ready(timeout=30)


@contextlib.contextmanager
def somebody_at(kernel: KeptKernel) -> Iterator[Somebody]:
    somebody = Somebody(kernel)
    yield somebody
    somebody.leave()
