"""Notebooks run with forked and with ordinary kernels, and what is to be seen of them afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import re
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager

from jupyter_notebook_sched.notebook.execution.executing import Execution, Limits
from jupyter_notebook_sched.notebook.execution.fork_server.interpreter import Interpreter
from jupyter_notebook_sched.notebook.execution.fork_server.servers import ForkServer, ForkServers
from jupyter_notebook_sched.notebook.execution.fork_server.start import ForkStart
from jupyter_notebook_sched.notebook.execution.kernels import KernelRequest, KernelStart
from jupyter_notebook_sched.notebook.execution.outcome import Outcome

WARM_SECONDS = 60.0
ASKED_FOR = {"ASKED_FOR": "yes"}


class Remembering:
    """A way of starting kernels that keeps the managers of those that it has started."""

    def __init__(self, start: KernelStart) -> None:
        self._start = start
        self.managers: list[AsyncKernelManager] = []

    async def start(self, request: KernelRequest) -> AsyncKernelManager:
        self.managers.append(await self._start.start(request))
        return self.managers[-1]

    def forked(self) -> bool:
        return all(manager.provisioner.pgid is None for manager in self.managers)


@contextlib.contextmanager
def short_folder() -> Iterator[Path]:
    """A private folder whose name leaves room for a socket's."""
    with tempfile.TemporaryDirectory(prefix="nbsf-", dir="/tmp") as folder:
        yield Path(folder)


async def warmed(servers: ForkServers, interpreter: Interpreter) -> ForkServer:
    """Its fork server, once it is ready or known to be unfit."""
    servers.wanted(interpreter)
    until = time.monotonic() + WARM_SECONDS
    while (server := servers.states()[-1]).state == "warming":
        assert time.monotonic() < until
        await asyncio.sleep(0.02)
    return server


def with_servers(work: Callable[[ForkServers], Awaitable[Any]], **settings: Any) -> Any:
    """What ``work`` returns, given fork servers that end with it."""

    async def all_of_it(folder: Path) -> Any:
        servers = ForkServers(folder / "f", **settings)
        try:
            return await work(servers)
        finally:
            await servers.close()

    with short_folder() as folder:
        return asyncio.run(all_of_it(folder))


def notebook(*cells: str) -> dict[str, Any]:
    """The cell after one that fails runs as well, but where it ends the kernel."""
    code = [
        {
            "id": f"c{n}",
            "cell_type": "code",
            "source": source,
            "metadata": {} if "exit" in source else {"tags": ["raises-exception"]},
            "outputs": [],
            "execution_count": None,
        }
        for n, source in enumerate(cells)
    ]
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"cells": code, "metadata": {"kernelspec": kernelspec}, "nbformat": 4, "nbformat_minor": 5}


async def executed(start: KernelStart, folder: Path, *cells: str, kernel: str = "python3") -> tuple[Outcome, Execution]:
    """A notebook of these cells, run to its end in ``folder``."""
    execution = Execution(notebook(*cells), Limits(run=60), lambda _: None)
    with short_folder() as private:
        request = KernelRequest(kernel, folder, private, ASKED_FOR)
        return await execution.run(start, request), execution


def fork_start(servers: ForkServers, **terms: Any) -> Remembering:
    return Remembering(ForkStart(servers.folder, servers.heard, terms))


def seen(outcome: Outcome, execution: Execution, folder: Path) -> list[Any]:
    """All that can be told of a run: outcome, cells, outputs and the files that it has left."""
    cells = [
        {
            "source": cell["source"],
            "outcome": execution.ledger.all()[index].outcome,
            # Whether the message that tells it arrives before a kernel dies is chance.
            "count": None if outcome.reason == "kernel_died" else cell["execution_count"],
            "outputs": [_plain(output, folder) for output in cell["outputs"]],
        }
        for index, cell in enumerate(execution.notebook["cells"])
    ]
    files = {
        str(path.relative_to(folder)): path.stat().st_size
        if path.suffix in (".db", ".png", ".gz", ".zip")
        else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and path.name != "fault.txt"
    }
    return [outcome.state, outcome.reason, _plain(outcome.message, folder), cells, files]


def _plain(value: Any, folder: Path) -> Any:
    """Without addresses, names of temporary places, process ids and times, which differ from run to run."""
    if isinstance(value, dict):
        return {key: _plain(item, folder) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, folder) for item in value]
    if not isinstance(value, str):
        return value
    value = value.replace(str(folder), "<folder>")
    value = re.sub(r"0x[0-9a-f]{6,}", "0x", value)
    value = re.sub(r"<dc:date>.*?</dc:date>", "<date>", value)
    value = re.sub(r"\(\d+ times\)", "(n times)", value)  # how deep the kernel's own frames are
    value = re.sub(r"/tmp/ipykernel_\d+/\d+\.py", "<cell>", value)
    return re.sub(r"/tmp/nbsf-\w+", "<private>", value)
