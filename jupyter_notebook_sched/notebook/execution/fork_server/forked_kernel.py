"""A kernel that a fork server has forked: what ``subprocess.Popen`` is for one that was started.

Whoever holds this holds the kernel's life: when the connection closes, its keeper kills the kernel and all that it has
started.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ....distant_process import DistantProcess
from .served import message

START_SECONDS = 15.0
KEEP_SECONDS = 5.0


class Refused(Exception):
    """The kernel has to be started the ordinary way. ``reason``: ``absent`` (nobody listens), ``changed``,
    ``environment``, ``threads``, ``fork``, ``kernel``, ``silent``."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


class ForkedKernel(DistantProcess):
    """Its parent is its keeper: to close this ends whatever is left of it."""

    def __init__(
        self, connection: socket.socket, lines: message.Lines, pid: int, heard: Iterable[dict[str, Any]] = ()
    ) -> None:
        super().__init__(connection, pid)
        self._lines = lines
        self._is_kept = False
        self._refused: str | None = None
        for news in heard:
            self._note(news)

    def keep(self, folder: Path, to: Path, seconds: float, log: int) -> bool:
        """Gives it up: from now on its keeper is its supervisor, found in ``to``, which ``folder`` (of its sockets) is
        moved to. ``log``: a descriptor of what its processes write. False where it stays this process's own."""
        order = {"keep": {"folder": str(folder), "to": str(to), "seconds": seconds}}
        self._connection.settimeout(KEEP_SECONDS)
        with contextlib.suppress(OSError):
            socket.send_fds(self._connection, [message.encode(order)], [log])
        until = time.monotonic() + KEEP_SECONDS
        while self.returncode is None and self._refused is None and not self._is_kept:
            if not self._read(max(0.0, until - time.monotonic())):
                break
        if self._is_kept:
            self._connection.close()
            self._alone = True
        return self._is_kept

    def _heard(self, piece: bytes) -> Iterable[dict[str, Any]]:
        return self._lines.add(piece)

    def _note(self, news: dict[str, Any]) -> None:
        super()._note(news)
        self._is_kept = self._is_kept or "kept" in news
        self._refused = news.get("refused", self._refused)


async def fork_kernel(server: Path, request: dict[str, Any], output: tuple[int, int]) -> ForkedKernel:
    """The kernel, once its sockets are bound. Refused where it cannot be.

    ``request``: ``connection_file``, ``module``, ``command``, ``folder``, ``environment``, and perhaps ``name``,
    ``nice``, ``oom_score_adj``, ``rlimits`` (see served/settling.py).
    """
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(START_SECONDS)
    lines = message.Lines()
    try:
        connection.connect(str(server))
        data = message.encode(request)
        sent = socket.send_fds(connection, [data[: message.PIECE]], list(output))
        if sent < len(data):  # it may have answered and hung up by now: even sending nothing would fail
            connection.sendall(data[sent:])
        answer, *more = await asyncio.wait_for(_first_answers(connection, lines), START_SECONDS)
    except asyncio.TimeoutError:
        connection.close()
        raise Refused("silent", f"it did not answer in {START_SECONDS:g} s") from None
    except (FileNotFoundError, ConnectionError) as error:
        connection.close()
        raise Refused("absent", str(error)) from None
    except OSError as error:
        connection.close()
        raise Refused("silent", str(error)) from None
    if "started" in answer:
        return ForkedKernel(connection, lines, int(answer["started"]), more)
    connection.close()
    raise Refused(answer.get("refused", "kernel"), answer.get("detail", "it ended before it could be reached"))


async def _first_answers(connection: socket.socket, lines: message.Lines) -> list[dict[str, Any]]:
    """At least one; a kernel that ends at once may have said more."""
    connection.setblocking(False)
    while True:
        piece = await asyncio.get_running_loop().sock_recv(connection, message.PIECE)
        if not piece:
            return [{}]
        if answers := list(lines.add(piece)):
            return answers
