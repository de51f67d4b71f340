"""The fork servers of this host's worker, their owner: started on first use, one an interpreter, gone with the worker.

Kernels do not depend on them once they are forked (served/keeping.py): a server may end, or be killed, at any time.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from .interpreter import Interpreter
from .served import message

log = logging.getLogger(__name__)
SCRIPT = Path(__file__).parent / "served" / "__main__.py"
UNFIT_SECONDS = 600.0
ORPHAN_POLL_SECONDS = 0.5
END_SECONDS = 2.0
State = Literal["warming", "ready", "unfit", "ended"]


@dataclass
class ForkServer:
    """``why``: what makes it unfit. ``at``: when it got into this state (monotonic)."""

    interpreter: Interpreter
    process: subprocess.Popen[bytes]
    control: socket.socket
    state: State = "warming"
    why: str | None = None
    at: float = field(default_factory=time.monotonic)

    def becomes(self, state: State, why: str | None = None) -> None:
        self.state, self.why, self.at = state, why, time.monotonic()
        log.log(logging.WARNING if why else logging.INFO, "fork server of %s: %s", self.interpreter.path, why or state)


class ForkServers:
    """``folder``: private and on local disk, for their sockets. ``preload``: modules that every kernel finds loaded.
    ``idle_seconds``: how long a server without kernels lives."""

    def __init__(self, folder: Path, preload: tuple[str, ...] = (), idle_seconds: float = 1800.0) -> None:
        self.folder = folder
        self._preload = preload
        self._idle_seconds = idle_seconds
        self._servers: dict[Interpreter, ForkServer] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._lost: list[ForkServer] = []

    def wanted(self, interpreter: Interpreter) -> None:
        """Somebody could use one: starts it, unless it warms up already or was found unfit lately. One that says it is
        ready and is asked for all the same has become deaf, or has retired: another takes over its socket."""
        known = self._servers.get(interpreter)
        if known is not None and known.state == "warming":
            return
        if known is not None and known.state == "unfit" and time.monotonic() - known.at < UNFIT_SECONDS:
            return
        self._start(interpreter)

    @property
    def lost_one(self) -> bool:
        """Whether one was killed: then what is left of kernels whose keepers die too is this process's to end."""
        return bool(self._lost)

    def states(self) -> list[ForkServer]:
        return list(self._servers.values())

    def pids(self) -> frozenset[int]:
        """Of the servers that run, and of keepers that have outlived theirs: the worker's children that it must not
        end before their time."""
        running = {server.process.pid for server in self._servers.values() if server.process.poll() is None}
        return frozenset(running | set(orphaned_keepers()))

    async def close(self) -> None:
        """Their end of the control socket tells them."""
        for server in self._servers.values():
            server.control.close()
        for server in self._servers.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                await asyncio.to_thread(server.process.wait, END_SECONDS)
            if server.process.poll() is None:
                server.process.kill()
                await asyncio.to_thread(server.process.wait)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, interpreter: Interpreter) -> None:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        ours, theirs = socket.socketpair()
        settings = {
            "socket": str(interpreter.socket(self.folder)),
            "preload": list(self._preload),
            "idle_seconds": self._idle_seconds,
        }
        command = [interpreter.path, *interpreter.options, str(SCRIPT), str(theirs.fileno()), json.dumps(settings)]
        try:
            process = subprocess.Popen(
                command,
                pass_fds=[theirs.fileno()],
                cwd=self.folder,
                env=without_secrets(os.environ),
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError:
            ours.close()
            return
        finally:
            theirs.close()
        server = self._servers[interpreter] = ForkServer(interpreter, process, ours)
        task = asyncio.create_task(self._follow(server))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _follow(self, server: ForkServer) -> None:
        """What a server says of itself, until it has ended; then the keepers that it may have left to us."""
        server.control.setblocking(False)
        lines, loop = message.Lines(), asyncio.get_running_loop()
        with contextlib.suppress(OSError):
            while piece := await loop.sock_recv(server.control, message.PIECE):
                for news in lines.add(piece):
                    if "ready" in news:
                        server.becomes("ready")
                    elif "unfit" in news:
                        server.becomes("unfit", news["unfit"])
        self._lost.append(server)
        if await asyncio.to_thread(server.process.wait) == 0:
            self._lost.remove(server)
        server.control.close()
        if server.state == "warming":
            server.becomes("unfit", "it ended while it was warmed up")
        elif server.state == "ready":
            server.becomes("ended")
        while keepers := orphaned_keepers():
            for pid in keepers:
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(pid, os.WNOHANG)
            await asyncio.sleep(ORPHAN_POLL_SECONDS)


def orphaned_keepers() -> list[int]:
    """Children of this process (a subreaper) that are keepers: their fork servers have died, their kernels live on."""
    found = []
    for entry in os.listdir("/proc") if os.path.isdir("/proc") else ():
        if entry.isdigit():
            with contextlib.suppress(OSError):
                name, _, facts = Path(f"/proc/{entry}/stat").read_text().partition("(")[2].rpartition(")")
                if name == message.KEEPER and int(facts.split()[1]) == os.getpid():
                    found.append(int(entry))
    return found


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """Secrets reach a notebook only as parameter values, and must not stand in any process's environment."""
    return {name: value for name, value in environment.items() if not name.startswith("NOTEBOOK_SCHED_SECRET_")}
