"""The worker's side of a runner server: starts it, asks it to fork, learns how its runners ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Union

import msgspec

from ..domain.secrets import without_secrets
from . import framing, scratch
from .runner_server import RunnerEnded, RunnerForked

ORPHAN_POLL_SECONDS = 0.1
FORK_SECONDS = 30.0  # its first fork waits for its imports
Forked = tuple[int, "asyncio.Future[int]"]
"""A runner's pid, and its wait status (waitpid(2)) once it has ended."""
SERVER_NEWS: msgspec.msgpack.Decoder[RunnerForked | RunnerEnded] = msgspec.msgpack.Decoder(
    Union[RunnerForked, RunnerEnded]  # noqa: UP007 (Python 3.10 evaluates it)
)


class RunnerServerLink:
    """The worker's side of a runner server. ``runners``: pid → its wait status, once it has ended."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._forked: asyncio.Queue[Forked | None] = asyncio.Queue()
        self.runners: dict[int, asyncio.Future[int]] = {}
        self.lives = False

    def spawn(self) -> None:
        """Starts the process. OSError where that cannot be done."""
        self._control, theirs = socket.socketpair()
        command = [sys.executable, "-m", f"{__package__}.runner_server", str(theirs.fileno())]
        # The scratch directory as cwd: "-m" puts it on sys.path, where a workspace's own nbclient.py must not be found.
        with theirs:
            try:
                self.process = subprocess.Popen(
                    command,
                    pass_fds=[theirs.fileno()],
                    cwd=self._scratch,
                    env=without_secrets(os.environ),
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,
                )
            except BaseException:
                self._control.close()
                raise
        self.lives = True

    def kill(self) -> None:
        """One that nobody hears."""
        self.lives = False
        self.process.kill()
        self.process.wait()
        self._control.close()

    async def listen(self) -> None:
        """Hears what it says from then on."""
        self._sender = self._control.dup()
        reader, self._writer = await asyncio.open_connection(sock=self._control)
        self._listening = asyncio.create_task(self._listen(reader))

    async def fork(self, channel: socket.socket, output: int) -> Forked:
        """A new runner that has the channel, and ``output`` as its 1 and 2. OSError where the server is gone."""
        if not self.lives:
            raise OSError("the runner server ended")
        socket.send_fds(self._sender, [b"f"], [channel.fileno(), output])
        try:
            forked = await asyncio.wait_for(self._forked.get(), FORK_SECONDS)
        except asyncio.TimeoutError:
            self.lives = False
            self.process.kill()
            forked = None
        if forked is None:
            raise OSError("the runner server ended")
        return forked

    def forget(self, runner: int) -> None:
        """It goes on as something else, for as long as it likes."""
        if (status := self.runners.pop(runner, None)) is not None:
            status.cancel()

    async def close(self) -> None:
        self._writer.close()
        self._sender.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            await asyncio.to_thread(self.process.wait, 5)
        if self.process.poll() is None:
            self.process.kill()

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        while (news := await framing.read(reader, SERVER_NEWS)) is not None:
            if isinstance(news, RunnerForked):
                status = self.runners[news.pid] = asyncio.get_running_loop().create_future()
                self._forked.put_nowait((news.pid, status))
            elif news.pid in self.runners:
                self.runners.pop(news.pid).set_result(news.status)
        self.lives = False
        self._forked.put_nowait(None)
        await asyncio.to_thread(self.process.wait)
        await self._outlive()

    async def _outlive(self) -> None:
        """The server is gone: its runners are the worker's children now (a subreaper), and go on until they end."""
        while self.runners:
            for pid in list(self.runners):
                ended, status = _wait_status(pid)
                if ended:
                    scratch.remove_of(self._scratch, pid)
                    self.runners.pop(pid).set_result(status)
            await asyncio.sleep(ORPHAN_POLL_SECONDS)


def _wait_status(pid: int) -> tuple[bool, int]:
    """Whether a child has ended, and its wait status (0 where somebody else has collected it)."""
    try:
        ended, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return True, 0
    return ended != 0, status
