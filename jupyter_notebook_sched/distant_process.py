"""A process whose parent is at the other end of a socket: what ``subprocess.Popen`` is for a child of one's own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import time
from collections.abc import Iterable
from typing import Any

SEND_SECONDS = 2.0
PIECE = 65536
UNKNOWN = -int(getattr(signal, "SIGKILL", 9))


class DistantProcess:
    """``pid`` leads its process group. Its parent says JSON objects, one a line; its end is ``{"ended": wait status,
    "peak_bytes", "cpu_seconds"}``, of the process and all that it has started, and known from then on. It hangs up once
    nothing is left of them."""

    stdin = stdout = stderr = None

    def __init__(self, connection: socket.socket, pid: int = 0) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.peak_bytes: int | None = None
        self.cpu_seconds: float | None = None
        self._connection = connection
        self._rest = b""
        self._alone = False

    def fileno(self) -> int:
        """Readable when there is news of the process, its end above all."""
        return self._connection.fileno()

    def poll(self) -> int | None:
        """The exit code as Popen gives it (negative: a signal), None while the process runs."""
        while self.returncode is None and self._read(0):
            pass
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """As Popen.wait; TimeoutError instead of TimeoutExpired."""
        until = None if timeout is None else time.monotonic() + timeout
        while self.returncode is None:
            left = None if until is None else until - time.monotonic()
            if left is not None and left <= 0:
                raise TimeoutError(f"the kernel {self.pid} still runs")
            self._read(left)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """To the process group; nothing once the process has ended (its pid may be another's by then)."""
        if self.poll() is None:
            self._say({"signal": int(number)})

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(getattr(signal, "SIGKILL", 9))

    def nothing_left(self) -> bool:
        """Whether all that the process has started is gone, too (its parent has hung up)."""
        while not self._alone and self._read(0):
            pass
        return self._alone

    def close(self) -> None:
        """Hangs up. What becomes of the process is its parent's affair."""
        self._connection.close()
        self._alone = True
        if self.returncode is None:
            self.returncode = UNKNOWN

    def _say(self, order: dict[str, Any]) -> None:
        if self._alone:
            return
        with contextlib.suppress(OSError):
            self._connection.settimeout(SEND_SECONDS)
            self._connection.sendall(json.dumps(order).encode() + b"\n")

    def _read(self, patience: float | None) -> bool:
        """Whether there was something to read within ``patience`` seconds (None: for ever)."""
        if self._alone:
            return False
        self._connection.settimeout(patience)
        try:
            piece = self._connection.recv(PIECE)
        except (BlockingIOError, TimeoutError):
            return False
        except OSError:
            piece = b""
        for news in self._heard(piece):
            self._note(news)
        if not piece:
            self.close()
        return True

    def _heard(self, piece: bytes) -> Iterable[dict[str, Any]]:
        *lines, self._rest = (self._rest + piece).split(b"\n")
        return [json.loads(line) for line in lines]

    def _note(self, news: dict[str, Any]) -> None:
        if "ended" in news:
            self.returncode = os.waitstatus_to_exitcode(news["ended"])
            self.peak_bytes, self.cpu_seconds = news["peak_bytes"], news["cpu_seconds"]
