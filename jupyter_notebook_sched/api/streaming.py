"""Answers of any size: made apart from this process, and sent in pieces as the client takes them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from typing import IO, Any

from tornado import web
from tornado.iostream import StreamClosedError

from ..apart.working import Apart
from ..errors import Unavailable
from .base import SchedHandler

PIECE = 256 * 1024
CONFINED = (
    "sandbox allow-scripts; default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'; font-src data:"
)
"""The content security policy of whatever comes from a notebook: nothing in it may act on this server (QUALITY.md)."""


class StreamingHandler(SchedHandler):
    _work: asyncio.Future[IO[bytes]] | None = None

    async def apart(self, task: str, request: Mapping[str, Any]) -> IO[bytes]:
        """The answer of a task (``apart/tasks.py``), as an open file; what it refuses is raised here. Its process ends
        with the connection."""
        at: Apart = self.settings["notebook_sched_apart"]
        self._work = asyncio.ensure_future(at.run(task, request))
        try:
            return await self._work
        except asyncio.CancelledError:
            raise web.Finish from None
        except OSError as error:
            if (told := Unavailable.of_disk(error)) is None:
                raise
            raise told from error

    def on_connection_close(self) -> None:
        if self._work is not None:
            self._work.cancel()

    async def send(self, file: IO[bytes], kind: str, length: int | None = None) -> None:
        """``length`` bytes of the file from where it stands (None: all of a file that stands at its beginning), as that
        content type; closes it."""
        loop = asyncio.get_running_loop()
        with file:
            left = size_of(file) if length is None else length
            self.set_header("Content-Type", kind)
            self.set_header("Content-Length", left)
            self.set_header("X-Content-Type-Options", "nosniff")
            try:
                while left > 0 and (piece := await loop.run_in_executor(self.threads, file.read, min(PIECE, left))):
                    left -= len(piece)
                    self.write(piece)
                    await self.flush()
            except StreamClosedError:
                raise web.Finish from None
        self.finish()


def size_of(file: IO[bytes]) -> int:
    """Bytes."""
    return os.fstat(file.fileno()).st_size
