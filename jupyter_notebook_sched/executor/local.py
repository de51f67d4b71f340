"""Attempts on this machine: each in a runner of its own for as long as it lasts."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from ..domain.run import Terms
from ..domain.secrets import secrets_in
from ..host import processes
from ..host.kept_kernels import SUPERVISOR
from ..notebook.execution.fork_server.servers import ForkServers
from ..notebook.execution.fork_server.started import Started
from .interface import Ended, Executor, Gone, News, Order, Surroundings
from .local_messages import Cancel, Free, Held, KeepKernel, Kept, Secrets
from .runner_link import RunnerServerLink
from .runner_process import RunnerProcess

log = logging.getLogger(__name__)
CANCEL_GRACE = 15.0
CANCEL_LOOK = 0.05
IDLE_SECONDS = 60.0


@dataclass
class _Running:
    """An attempt under way. ``secrets``: the names of those that it has. ``abandoned``: let go on purpose."""

    runner: RunnerProcess
    output: Path
    secrets: tuple[str, ...] = ()
    abandoned: bool = False


class LocalExecutor(Executor):
    """``scratch`` is a private directory on local disk: the runners' working directory before they have one."""

    def __init__(self, scratch: Path, fork_servers: ForkServers | None = None) -> None:
        self._scratch = scratch
        self._fork_servers = fork_servers
        self._attempts: dict[str, _Running] = {}
        self._server: RunnerServerLink | None = None
        self._abandoned: list[RunnerServerLink] = []
        self._forking = asyncio.Lock()
        self._idle: list[RunnerProcess] = []

    @classmethod
    def of(cls, surroundings: Surroundings) -> LocalExecutor:
        """As a worker has it."""
        settings, scratch = surroundings.settings, surroundings.scratch
        if settings.fork_server == "off" or sys.platform != "linux":
            return cls(scratch)
        return cls(scratch, ForkServers(scratch / "forks", settings.preload, settings.fork_server_idle_seconds))

    async def start(self) -> None:
        """Starts the runner server ahead of the first attempt."""
        async with self._forking:
            await self._living_server()

    async def submit(self, order: Order) -> str:
        if self._fork_servers is not None:
            order = msgspec.structs.replace(order, fork_servers=str(self._fork_servers.folder))
        runner = self._idle_runner(order.terms) or await self._new_runner(order.terms)
        handle = f"{order.run_id}/{order.attempt}"
        secrets = tuple(order.late.rendering.secrets) if order.late is not None else ()
        self._attempts[handle] = _Running(runner, Path(order.output), secrets)
        if secrets:
            runner.say(Secrets.of(secrets_in(os.environ), secrets))
        runner.say(order)
        return handle

    async def reattach(self, handle: str) -> None:
        if handle not in self._attempts:
            raise Gone("its worker vanished")

    async def watch(self, handle: str) -> AsyncGenerator[News, None]:
        attempt = self._attempts[handle]
        runner, ended, is_free, is_kept = attempt.runner, None, False, False
        try:
            while not (is_free or is_kept) and (news := await runner.hear()) is not None:
                if isinstance(news, Ended):
                    ended = news
                elif isinstance(news, Started):
                    self._hear(news)
                elif isinstance(news, Free):
                    is_free = True
                elif isinstance(news, Kept):
                    is_kept = True
                    runner.let_go()
                else:
                    yield news
            # A place is free only when all that the attempt started is gone, or kept.
            status = 0 if is_free or is_kept else await runner.status
            if self._server is None or not self._server.lives or self._abandoned or self._lost_a_fork_server():
                self._sweep()
            await _keep_log(attempt)
            if is_free and not attempt.abandoned:
                runner.log.clear()
                self._idle.append(runner)
            vanished = Ended("failed", "lost", f"the process that ran the notebook {_in_words(status)}")
            yield ended or (Ended("cancelled") if attempt.abandoned else vanished)
        finally:
            if runner not in self._idle:
                runner.close()
            self._attempts.pop(handle, None)

    def renewed(self, clock: float) -> None:
        for attempt in self._attempts.values():
            attempt.runner.say(Held(clock))
        for runner in [runner for runner in self._idle if runner.has_idled_for(IDLE_SECONDS)]:
            self._idle.remove(runner)
            runner.close()

    def abandon(self, handle: str) -> None:
        if (attempt := self._attempts.get(handle)) is not None:
            attempt.abandoned = True
            attempt.runner.hang_up()  # without a worker, a runner throws its work away

    async def cancel(self, handle: str) -> None:
        attempt = self._attempts.get(handle)
        if attempt is None:
            return
        attempt.runner.say(Cancel())
        until = asyncio.get_running_loop().time() + CANCEL_GRACE
        while self._attempts.get(handle) is attempt and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(CANCEL_LOOK)
        if self._attempts.get(handle) is attempt:
            attempt.runner.kill()

    async def close(self) -> None:
        """Runners end when their channel closes, and the server when the worker's end of its socket does."""
        for attempt in list(self._attempts.values()):
            attempt.runner.hang_up()
        while self._idle:
            self._idle.pop().close()
        if self._server is not None:
            await self._server.close()
        if self._fork_servers is not None:
            await self._fork_servers.close()

    def keep_kernel(self, handle: str, seconds: float) -> None:
        if (attempt := self._attempts.get(handle)) is not None:
            attempt.runner.say(KeepKernel(seconds))

    def scratch_is_lost(self) -> None:
        """It was the runner server's working directory: its runners go on without it, and the next attempt starts
        another."""
        if self._server is not None and self._server.lives:
            self._server.process.kill()

    def _hear(self, news: Started) -> None:
        if self._fork_servers is not None:
            self._fork_servers.heard(news)

    def _lost_a_fork_server(self) -> bool:
        return self._fork_servers is not None and self._fork_servers.lost_one

    def _idle_runner(self, terms: Terms) -> RunnerProcess | None:
        """One that has been of use before, and is not hampered by other terms than these."""
        for runner in [runner for runner in self._idle if not runner.lives]:
            self._idle.remove(runner)
            runner.close()
        fitting = next((runner for runner in reversed(self._idle) if runner.fits(terms)), None)
        if fitting is not None:
            self._idle.remove(fitting)
        return fitting

    async def _new_runner(self, terms: Terms) -> RunnerProcess:
        """A runner server that has just died is replaced once."""
        async with self._forking:
            try:
                return await RunnerProcess.forked_by(await self._living_server(), self._scratch, terms)
            except OSError:
                return await RunnerProcess.forked_by(await self._living_server(), self._scratch, terms)

    async def _living_server(self) -> RunnerServerLink:
        if self._server is None or not self._server.lives:
            if self._server is not None:
                self._abandoned.append(self._server)
                self._server = None
            fresh = RunnerServerLink(self._scratch)
            fresh.spawn()  # OSError leaves everything as it is
            self._server = fresh
            try:
                await fresh.listen()
            except BaseException:
                self._server = None
                fresh.kill()
                raise
        return self._server

    def _sweep(self) -> None:
        """Kills what the runners of a dead runner server left behind: it is the worker's own by now."""
        self._abandoned = [link for link in self._abandoned if link.runners]
        links = [*self._abandoned, *([self._server] if self._server is not None else [])]
        keep = {pid for link in links for pid in (link.process.pid, *link.runners)}
        if self._fork_servers is not None:
            keep |= self._fork_servers.pids()
        processes.end_descendants(os.getpid(), keep=frozenset(keep), spared=SUPERVISOR)


async def _keep_log(attempt: _Running) -> None:
    said = attempt.runner.log
    if not attempt.abandoned and not said.is_empty:
        try:
            await asyncio.to_thread(said.keep, attempt.output, attempt.secrets)
        except OSError as error:
            log.warning("the log of an attempt is lost: %s", error)


def _in_words(status: int) -> str:
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        known = {each.value: each.name for each in signal.Signals}  # real-time ones have no name
        return f"was ended by {known.get(number, f'signal {number}')}"
    return f"ended unexpectedly (exit code {os.waitstatus_to_exitcode(status)})"
