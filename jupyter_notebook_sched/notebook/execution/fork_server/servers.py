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
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Literal

from ....domain.secrets import without_secrets
from ....domain.times import to_text
from .board import Board, Entry
from .interpreter import Interpreter
from .served import message
from .started import Started

log = logging.getLogger(__name__)
SCRIPT = Path(__file__).parent / "served" / "__main__.py"
UNFIT_SECONDS = 600.0
ORPHAN_POLL_SECONDS = 0.5
END_SECONDS = 2.0
State = Literal["warming", "ready", "unfit", "ended"]


@dataclass
class ForkServer:
    """``why``: what makes it unfit, or why it has not preloaded what it should have. ``at``: when it got into this
    state (monotonic). ``kernels``: how many it has forked. ``missed_at``: when it was asked for after it had ended."""

    interpreter: Interpreter
    process: subprocess.Popen[bytes]
    control: socket.socket
    preload: tuple[str, ...] = ()
    why: str | None = None
    state: State = "warming"
    at: float = field(default_factory=time.monotonic)
    since: datetime = field(default_factory=lambda: datetime.now(timezone.utc))
    kernels: int = 0
    missed_at: float | None = None

    def becomes(self, state: State, why: str | None = None) -> None:
        self.state, self.at, self.since = state, time.monotonic(), datetime.now(timezone.utc)
        self.why = why or self.why
        words = f"{state}: {self.why}" if self.why else state
        level = logging.WARNING if self.why and state != "ended" else logging.INFO
        log.log(level, "fork server of %s: %s", self.interpreter.path, words)

    @property
    def lives(self) -> bool:
        return self.process.poll() is None

    @property
    def was_unused(self) -> bool:
        """Whether it was idle until it ended."""
        return self.state == "ended" and self.kernels == 0 and self.process.poll() == 0


@dataclass
class Tally:
    """Of an interpreter's kernels, whatever servers it had."""

    forked: int = 0
    refused: int = 0
    last_refusal: str | None = None

    def count(self, started: Started) -> None:
        if started.refusal is None:
            self.forked += 1
        else:
            self.refused += 1
            self.last_refusal = f"{started.refusal}: {started.detail}" if started.detail else started.refusal


class ForkServers:
    """``folder``: private and on local disk, for their sockets. ``preload``: modules that every kernel finds loaded.
    ``idle_seconds``: how long a server without kernels lives."""

    def __init__(self, folder: Path, preload: tuple[str, ...] = (), idle_seconds: float = 1800.0) -> None:
        self.folder = folder
        self._preload = preload
        self._idle_seconds = idle_seconds
        self._servers: dict[Interpreter, ForkServer] = {}
        self._tallies: defaultdict[Interpreter, Tally] = defaultdict(Tally)
        self._tasks: dict[asyncio.Task[None], ForkServer] = {}
        self._lost: list[ForkServer] = []
        self._closed = False
        self._board = Board(folder, self.entries)

    def heard(self, started: Started) -> None:
        """How a kernel was started, whose server is started if it lacked one. After one that was idle for all its life
        the next comes with the second kernel within the time that it would have stayed: a server costs what it saves
        on two kernels (docs/fork-server.md)."""
        self._tallies[started.interpreter].count(started)
        known = self._servers.get(started.interpreter)
        if known is not None and started.refusal is None:
            known.kernels += 1
        if started.needs_a_server and (known is None or not self._would_be_idle_again(known, started)):
            self.wanted(started.interpreter)
        self._board.changed()

    def wanted(self, interpreter: Interpreter) -> None:
        """Somebody could use one: starts it, unless it warms up already or was found unfit lately. One that says it is
        ready and is asked for all the same has become deaf, or has retired: another takes over its socket."""
        known = self._servers.get(interpreter)
        if known is not None and known.state == "warming":
            return
        if known is not None and known.state == "unfit" and time.monotonic() - known.at < UNFIT_SECONDS:
            return
        self._start(interpreter, self._preload)

    @property
    def lost_one(self) -> bool:
        """Whether one was killed: then what is left of kernels whose keepers die too is this process's to end."""
        return bool(self._lost)

    def states(self) -> list[ForkServer]:
        return list(self._servers.values())

    def entries(self) -> list[Entry]:
        """As the board shows them."""
        return [
            Entry(
                server.interpreter.path,
                server.interpreter.options,
                server.preload,
                server.state,
                server.why,
                server.process.pid if server.state in ("warming", "ready") else None,
                to_text(server.since),
                tally.forked,
                tally.refused,
                tally.last_refusal,
            )
            for server in self.states()
            for tally in [self._tallies[server.interpreter]]
        ]

    def pids(self) -> frozenset[int]:
        """Of the servers that run, those that have retired and still have kernels included, and of keepers that have
        outlived theirs: the worker's children that it must not end before their time."""
        running = {server.process.pid for server in self._tasks.values() if server.lives}
        return frozenset(running | set(orphaned_keepers()))

    async def close(self) -> None:
        """Their end of the control socket tells them."""
        self._closed = True
        servers = list(self._tasks.values())
        for server in servers:
            server.control.close()
        for server in servers:
            with contextlib.suppress(subprocess.TimeoutExpired):
                await asyncio.to_thread(server.process.wait, END_SECONDS)
            if server.lives:
                server.process.kill()
                await asyncio.to_thread(server.process.wait)
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._board.take_down()

    def _would_be_idle_again(self, known: ForkServer, started: Started) -> bool:
        if started.refusal != "absent" or not known.was_unused:
            return False
        missed_at, known.missed_at = known.missed_at, time.monotonic()
        return missed_at is None or known.missed_at - missed_at > self._idle_seconds

    def _start(self, interpreter: Interpreter, preload: tuple[str, ...], why: str | None = None) -> None:
        ours, theirs = socket.socketpair()
        settings = {
            "socket": str(interpreter.socket(self.folder)),
            "preload": list(preload),
            "idle_seconds": self._idle_seconds,
        }
        command = [interpreter.path, *interpreter.options, str(SCRIPT), str(theirs.fileno()), json.dumps(settings)]
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            process = subprocess.Popen(
                command,
                pass_fds=[theirs.fileno()],
                cwd=self.folder,
                env=without_secrets(os.environ),
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            log.warning("no fork server of %s can be started: %s", interpreter.path, error)
            ours.close()
            return
        finally:
            theirs.close()
        server = self._servers[interpreter] = ForkServer(interpreter, process, ours, preload, why)
        task = asyncio.create_task(self._follow(server))
        self._tasks[task] = server
        task.add_done_callback(self._tasks.pop)
        self._board.changed()

    async def _follow(self, server: ForkServer) -> None:
        """What a server says of itself, until it has ended; then the keepers that it may have left to us."""
        await self._listen(server)
        if server.state != "unfit":
            self._lost.append(server)
        if await asyncio.to_thread(server.process.wait) == 0 and server in self._lost:
            self._lost.remove(server)
        server.control.close()
        if server.state == "warming":
            self._is_unfit(server, "it ended while it was warmed up")
        elif server.state == "ready":
            server.becomes("ended")
        self._board.changed()
        while keepers := orphaned_keepers():
            for pid in keepers:
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(pid, os.WNOHANG)
            await asyncio.sleep(ORPHAN_POLL_SECONDS)

    async def _listen(self, server: ForkServer) -> None:
        server.control.setblocking(False)
        lines, loop = message.Lines(), asyncio.get_running_loop()
        with contextlib.suppress(OSError):
            while piece := await loop.sock_recv(server.control, message.PIECE):
                for news in lines.add(piece):
                    if "ready" in news:
                        server.becomes("ready")
                    elif "unfit" in news:
                        self._is_unfit(server, news["unfit"])
                    self._board.changed()

    def _is_unfit(self, server: ForkServer, why: str) -> None:
        """One that was to preload something is followed by one that preloads nothing."""
        server.becomes("unfit", why)
        if server.preload and self._servers.get(server.interpreter) is server and not self._closed:
            self._start(server.interpreter, (), f"without {', '.join(server.preload)}, because {why}")


def orphaned_keepers() -> list[int]:
    """Children of this process (a subreaper) that are keepers: their fork servers have died, their kernels live on."""
    found = []
    for entry in os.listdir("/proc") if os.path.isdir("/proc") else ():
        if entry.isdigit():
            with contextlib.suppress(OSError):
                stat = Path(f"/proc/{entry}/stat").read_text(errors="replace")
                name, _, facts = stat.partition("(")[2].rpartition(")")
                if name == message.KEEPER and int(facts.split()[1]) == os.getpid():
                    found.append(int(entry))
    return found
