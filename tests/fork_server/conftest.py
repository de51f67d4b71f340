"""Fork servers that live as long as a module's tests."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine, Iterator
from typing import Any

import pytest

from jupyter_notebook_sched.notebook.execution.fork_server.interpreter import Interpreter
from jupyter_notebook_sched.notebook.execution.fork_server.servers import ForkServers
from jupyter_notebook_sched.notebook.execution.kernels import OrdinaryStart

from .running import Remembering, fork_start, short_folder, warmed

PRELOADED = ("numpy", "pandas", "matplotlib.pyplot")


class LivingServers:
    """A plain fork server and one that has packages preloaded, and the loop that they live in."""

    def __init__(self, plain: ForkServers, preloaded: ForkServers) -> None:
        self._loop = asyncio.new_event_loop()
        self._servers = {"forked": plain, "preloaded": preloaded}
        for servers in self._servers.values():
            server = self.run(warmed(servers, Interpreter(sys.executable)))
            assert server.state == "ready", server.why

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._loop.run_until_complete(work)

    def starts(self) -> dict[str, Remembering]:
        forking = {kind: fork_start(servers) for kind, servers in self._servers.items()}
        return {"stock": Remembering(OrdinaryStart())} | forking

    def close(self) -> None:
        for servers in self._servers.values():
            self.run(servers.close())
        self._loop.close()


@pytest.fixture(scope="module")
def living_servers() -> Iterator[LivingServers]:
    with short_folder() as folder:
        living = LivingServers(ForkServers(folder / "a"), ForkServers(folder / "b", PRELOADED))
        yield living
        living.close()
