"""Attempts on this machine: each in a runner forked from a warm runner server."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from ..host import processes
from ..notebook.execution.fork_server.servers import ForkServers
from . import framing
from .interface import Ended, News, Order
from .local_news import LocalNews, Wanted
from .runner_link import Forked, RunnerServerLink

CANCEL_GRACE = 15.0
NEWS: msgspec.msgpack.Decoder[LocalNews] = msgspec.msgpack.Decoder(LocalNews)


@dataclass
class _Running:
    """One attempt's channel, and the wait status of its runner once that is known. ``abandoned``: let go on purpose."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    pid: int
    status: asyncio.Future[int]
    abandoned: bool = False


class LocalExecutor:
    """``scratch`` is a private directory on local disk: the runners' working directory before they have one."""

    def __init__(self, scratch: Path, fork_servers: ForkServers | None = None) -> None:
        self._scratch = scratch
        self._fork_servers = fork_servers
        self._attempts: dict[str, _Running] = {}
        self._server: RunnerServerLink | None = None
        self._abandoned: list[RunnerServerLink] = []
        self._forking = asyncio.Lock()

    async def warm_up(self) -> None:
        """Starts the runner server ahead of the first attempt."""
        async with self._forking:
            await self._living_server()

    async def submit(self, order: Order) -> str:
        if self._fork_servers is not None:
            order = msgspec.structs.replace(order, fork_servers=str(self._fork_servers.folder))
        message = framing.frame(order)
        ours, theirs = socket.socketpair()
        reader, writer = await asyncio.open_connection(sock=ours)
        try:
            async with self._forking:
                pid, status = await self._fork(theirs)
        except BaseException:
            writer.close()
            raise
        finally:
            theirs.close()
        handle = f"{order.run_id}/{order.attempt}"
        self._attempts[handle] = _Running(reader, writer, pid, status)
        writer.write(message)
        return handle

    async def watch(self, handle: str) -> AsyncIterator[News]:
        attempt = self._attempts[handle]
        ended: Ended | None = None
        try:
            while ended is None:
                news = await framing.read(attempt.reader, NEWS)
                if news is None:
                    break
                if isinstance(news, Ended):
                    ended = news
                elif isinstance(news, Wanted):
                    self._want(news)
                else:
                    yield news
            # A place is free only when the process and all that it started are gone.
            status = await attempt.status
            if self._server is None or not self._server.lives or self._abandoned or self._lost_a_fork_server():
                self._sweep()
            vanished = Ended("failed", "lost", f"the process that ran the notebook {_in_words(status)}")
            yield ended or (Ended("cancelled") if attempt.abandoned else vanished)
        finally:
            attempt.writer.close()
            self._attempts.pop(handle, None)

    def renewed(self, clock: float) -> None:
        for attempt in self._attempts.values():
            with contextlib.suppress(ConnectionError):
                attempt.writer.write(b"%s %f\n" % (framing.HELD, clock))

    def abandon(self, handle: str) -> None:
        if (attempt := self._attempts.get(handle)) is not None:
            attempt.abandoned = True
            attempt.writer.close()  # without a worker, a runner throws its work away

    async def cancel(self, handle: str) -> None:
        attempt = self._attempts.get(handle)
        if attempt is None:
            return
        with contextlib.suppress(ConnectionError):
            attempt.writer.write(framing.CANCEL + b"\n")
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
        if self._fork_servers is not None:
            await self._fork_servers.close()

    def let_server_go(self) -> None:
        """Its working directory is gone: its runners go on without it, and the next attempt starts another."""
        if self._server is not None and self._server.lives:
            self._server.process.kill()

    def _want(self, news: Wanted) -> None:
        if self._fork_servers is not None:
            self._fork_servers.wanted(news.interpreter)

    def _lost_a_fork_server(self) -> bool:
        return self._fork_servers is not None and self._fork_servers.lost_one

    async def _fork(self, channel: socket.socket) -> Forked:
        """A runner that has the channel; a runner server that has just died is replaced once."""
        try:
            return await (await self._living_server()).fork(channel)
        except OSError:
            return await (await self._living_server()).fork(channel)

    async def _living_server(self) -> RunnerServerLink:
        if self._server is None or not self._server.lives:
            if self._server is not None:
                self._abandoned.append(self._server)
            self._server = RunnerServerLink(self._scratch)
            await self._server.start()
        return self._server

    def _sweep(self) -> None:
        """Kills what the runners of a dead runner server left behind: it is the worker's own by now."""
        self._abandoned = [link for link in self._abandoned if link.runners]
        links = [*self._abandoned, *([self._server] if self._server is not None else [])]
        keep = {pid for link in links for pid in (link.process.pid, *link.runners)}
        if self._fork_servers is not None:
            keep |= self._fork_servers.pids()
        processes.end_descendants(os.getpid(), keep=frozenset(keep))


def _in_words(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"was ended by {signal.Signals(os.WTERMSIG(status)).name}"
    return f"ended unexpectedly (exit code {os.waitstatus_to_exitcode(status)})"
