"""Attempts on this machine: each in a runner forked from a warm runner server."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Union


from . import framing
from .interface import Ended, News, Order
from .runner_server import RunnerEnded, RunnerForked

CANCEL_GRACE = 15.0
ServerNews = Union[RunnerForked, RunnerEnded]  # noqa: UP007


@dataclass
class _Running:
    """One attempt's channel, and the wait status of its runner once that is known."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    pid: int
    status: asyncio.Future[int] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class LocalExecutor:
    """``scratch`` is a private directory on local disk: the runners' working directory before they have one."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._attempts: dict[str, _Running] = {}
        self._server: RunnerServerLink | None = None
        self._forking = asyncio.Lock()

    async def warm_up(self) -> None:
        """Starts the runner server ahead of the first attempt."""
        async with self._forking:
            await self._living_server()

    async def submit(self, order: Order) -> str:
        async with self._forking:
            server = await self._living_server()
            ours, theirs = socket.socketpair()
            try:
                pid = await server.fork(theirs)
            finally:
                theirs.close()
        reader, writer = await asyncio.open_connection(sock=ours)
        attempt = _Running(reader, writer, pid)
        server.runners[pid] = attempt.status
        handle = f"{order.run_id}/{order.attempt}"
        self._attempts[handle] = attempt
        writer.write(framing.frame(order))
        return handle

    async def watch(self, handle: str) -> AsyncIterator[News]:
        attempt = self._attempts[handle]
        ended: Ended | None = None
        try:
            while ended is None:
                news = await framing.read(attempt.reader, News)  # type: ignore[arg-type]
                if news is None:
                    break
                if isinstance(news, Ended):
                    ended = news
                else:
                    yield news
            # A place is free only when the process and all that it started are gone.
            status = await attempt.status
            yield ended or Ended("failed", "lost", f"the process that ran the notebook {_in_words(status)}")
        finally:
            attempt.writer.close()
            self._attempts.pop(handle, None)

    async def cancel(self, handle: str) -> None:
        attempt = self._attempts.get(handle)
        if attempt is None:
            return
        with contextlib.suppress(ConnectionError):
            attempt.writer.write(framing.CANCEL)
        done, _ = await asyncio.wait([attempt.status], timeout=CANCEL_GRACE)
        if not done:
            with contextlib.suppress(ProcessLookupError):
                os.kill(attempt.pid, signal.SIGKILL)

    async def close(self) -> None:
        """Runners end when their channel closes, and the server when the worker's end of its socket does."""
        for attempt in list(self._attempts.values()):
            attempt.writer.close()
        if self._server is not None:
            await self._server.close()

    async def _living_server(self) -> RunnerServerLink:
        if self._server is None or not self._server.lives:
            self._server = RunnerServerLink(self._scratch)
            await self._server.start()
        return self._server


class RunnerServerLink:
    """The worker's side of a runner server."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._forked: asyncio.Queue[int | None] = asyncio.Queue()
        self.runners: dict[int, asyncio.Future[int]] = {}
        self.lives = False

    async def start(self) -> None:
        self._control, theirs = socket.socketpair()
        command = [sys.executable, "-m", f"{__package__}.runner_server", str(theirs.fileno())]
        # The scratch directory as cwd: "-m" puts it on sys.path, where a workspace's own nbclient.py must not be found.
        self._process = subprocess.Popen(
            command, pass_fds=[theirs.fileno()], cwd=self._scratch, stdin=subprocess.DEVNULL, start_new_session=True
        )
        theirs.close()
        self._sender = self._control.dup()
        reader, self._writer = await asyncio.open_connection(sock=self._control)
        self.lives = True
        self._listening = asyncio.create_task(self._listen(reader))

    async def fork(self, channel: socket.socket) -> int:
        """The pid of a new runner that has the channel. OSError where the server is gone."""
        socket.send_fds(self._sender, [b"f"], [channel.fileno()])
        pid = await self._forked.get()
        if pid is None:
            raise OSError("the runner server ended")
        return pid

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        while (news := await framing.read(reader, ServerNews)) is not None:  # type: ignore[arg-type]
            if isinstance(news, RunnerForked):
                self._forked.put_nowait(news.pid)
            elif (status := self.runners.pop(news.pid, None)) is not None and not status.done():
                status.set_result(news.status)
        self.lives = False
        self._forked.put_nowait(None)
        await self._outlive()

    async def _outlive(self) -> None:
        """The server is gone; its runners are the worker's children now, and go on until they end."""
        while self.runners:
            for pid, status in list(self.runners.items()):
                with contextlib.suppress(ChildProcessError):
                    ended, code = os.waitpid(pid, os.WNOHANG)
                    if ended == 0:
                        continue
                    status.set_result(code)
                    del self.runners[pid]
                    continue
                status.set_result(0)
                del self.runners[pid]
            await asyncio.sleep(0.1)

    async def close(self) -> None:
        self._writer.close()
        self._sender.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            await asyncio.to_thread(self._process.wait, 5)
        if self._process.poll() is None:
            self._process.kill()


def _in_words(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"was ended by {signal.Signals(os.WTERMSIG(status)).name}"
    return f"ended unexpectedly (exit code {os.waitstatus_to_exitcode(status)})"


