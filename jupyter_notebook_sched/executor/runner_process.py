"""A runner as the worker has it: the channel to it, what it writes, and how it ended."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import time
from pathlib import Path

import msgspec

from ..domain.run import Terms
from . import framing
from .attempt_log import AttemptLog
from .local_messages import FromRunner, ToRunner
from .runner_link import RunnerServerLink

log = logging.getLogger(__name__)
FROM_RUNNER: msgspec.msgpack.Decoder[FromRunner] = msgspec.msgpack.Decoder(FromRunner)


class RunnerProcess:
    """``status``: the wait status (waitpid(2)), once it has ended. ``log``: what was written to its 1 and 2."""

    def __init__(
        self,
        link: RunnerServerLink,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        forked: tuple[int, asyncio.Future[int]],
        log: AttemptLog,
        terms: Terms,
    ) -> None:
        self.pid, self.status = forked
        self.log = log
        self._link = link
        self._reader = reader
        self._writer = writer
        self._terms = terms
        self._heard_at = time.monotonic()

    @classmethod
    async def forked_by(cls, link: RunnerServerLink, scratch: Path, terms: Terms) -> RunnerProcess:
        """OSError where the runner server is gone."""
        log = AttemptLog(scratch)
        try:
            ours, theirs = socket.socketpair()
        except OSError:
            log.close()
            raise
        reader, writer = await asyncio.open_connection(sock=ours)
        try:
            forked = await link.fork(theirs, log.descriptor)
        except BaseException:
            writer.close()
            log.close()
            raise
        finally:
            theirs.close()
        return cls(link, reader, writer, forked, log, terms)

    @property
    def lives(self) -> bool:
        """Whether it can take another order, its server too: what it leaves is that one's to end."""
        return self._link.lives and not self.status.done() and not self._reader.at_eof()

    def fits(self, terms: Terms) -> bool:
        """Priority once given up cannot be had back."""
        return (terms.nice, terms.oom_score_adj) == (self._terms.nice, self._terms.oom_score_adj)

    def has_idled_for(self, seconds: float) -> bool:
        return time.monotonic() - self._heard_at > seconds

    def say(self, message: ToRunner) -> None:
        with contextlib.suppress(ConnectionError):
            self._writer.write(framing.frame(message))

    async def hear(self) -> FromRunner | None:
        """None when it has hung up, and where it cannot be understood: then it is ended."""
        try:
            news = await framing.read(self._reader, FROM_RUNNER)
        except msgspec.MsgspecError as error:
            log.error("what the runner %s says cannot be understood: %s", self.pid, error)
            self.kill()
            return None
        self._heard_at = time.monotonic()
        return news

    def let_go(self) -> None:
        """It is no runner any more."""
        self._link.forget(self.pid)

    def hang_up(self) -> None:
        self._writer.close()

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        self._writer.close()
        self.log.close()
