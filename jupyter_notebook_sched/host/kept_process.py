"""A kept kernel as its clients have it: what ``subprocess.Popen`` is for a process of one's own, over the socket of its
supervisor (notebook/execution/fork_server/served/kept.py; docs/kept-kernels.md has the protocol)."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

ANSWER_SECONDS = 2.0
PIECE = 65536
GONE = -int(getattr(signal, "SIGKILL", 9))


class NoAnswer(OSError):
    """Nobody stands over the kernel any more, or not one that answers."""


class KeptProcess:
    """``pid`` leads its process group. ``held``: whether its time stands still, because some client wants that.

    Closing it leaves the kernel as it is. ``peak_bytes`` and ``cpu_seconds`` are known once the kernel has ended.
    """

    stdin = stdout = stderr = None

    def __init__(self, path: Path) -> None:
        """``path``: of the socket. NoAnswer where no supervisor answers."""
        if sys.platform == "win32":
            raise NoAnswer("kernels are not kept on Windows")
        self._rest = b""
        self.returncode: int | None = None
        self.peak_bytes: int | None = None
        self.cpu_seconds: float | None = None
        self.pid = 0
        self._alone = False
        self._answers = 0
        self._connection = socket.socket(socket.AF_UNIX)
        self._connection.settimeout(ANSWER_SECONDS)
        try:
            self._connection.connect(str(path))
            self._hear_answer(0)
        except OSError as error:
            self._connection.close()
            raise NoAnswer(f"the kernel of {path.parent.name} is not kept any more: {error}") from None

    def fileno(self) -> int:
        """Readable when there is news of the kernel, its end above all."""
        return self._connection.fileno()

    def poll(self) -> int | None:
        """The exit code as Popen gives it (negative: a signal), None while the kernel runs."""
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
        """To the kernel's process group; nothing once it has ended."""
        if self.poll() is None:
            self._say({"signal": int(number)})

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(getattr(signal, "SIGKILL", 9))

    def hold(self, still: bool = True) -> None:
        """Its time stands still for as long as this is open, or until it is told otherwise."""
        with contextlib.suppress(NoAnswer):
            self._ask({"hold": still, "ask": True})

    def executes(self, executes: bool = True) -> None:
        """What it does is for this client: it is interrupted where this is closed before it is told otherwise."""
        with contextlib.suppress(NoAnswer):
            self._ask({"executes": executes, "ask": True})

    def keep(self, seconds: float) -> float:
        """Keeps it for so long from now on; the seconds that it is kept for. NoAnswer where it has ended."""
        return self._ask({"keep_seconds": seconds})

    def look(self) -> float:
        """Brings ``seconds_left`` and ``held`` up to date; the former. NoAnswer where it has ended."""
        return self._ask({"ask": True})

    def pass_to(self, run_id: str, link: str) -> None:
        """It is the kernel of that run from now on, found under the name ``link`` beside its folder, too."""
        self._ask({"pass_to": run_id, "link": link})

    def end(self) -> None:
        """Asks for the end of the kernel and of all that it has started, without waiting for it."""
        self._say({"end": True})

    def end_unless_held(self) -> bool:
        """The same, where no other client holds it; False where one does."""
        self._ask({"hold": False, "end": True, "unless_held": True, "ask": True})
        return not self.held

    def nothing_left(self) -> bool:
        """Whether all that the kernel has started is gone, and its folder (its supervisor has hung up)."""
        while not self._alone and self._read(0):
            pass
        return self._alone

    def wait_until_gone(self, seconds: float) -> bool:
        """Whether nothing is left of it within that time."""
        until = time.monotonic() + seconds
        while not self._alone and (left := until - time.monotonic()) > 0:
            self._read(left)
        return self._alone

    def close(self) -> None:
        self._connection.close()
        self._alone = True
        if self.returncode is None:
            self.returncode = GONE

    def _ask(self, order: dict[str, Any]) -> float:
        before = self._answers
        self._say(order)
        self._hear_answer(before)
        return self.seconds_left

    def _hear_answer(self, before: int) -> None:
        until = time.monotonic() + ANSWER_SECONDS
        while self._answers == before:
            if self._alone or self.returncode is not None or time.monotonic() > until:
                raise NoAnswer("its supervisor does not answer")
            self._read(max(0.0, until - time.monotonic()))

    def _say(self, order: dict[str, Any]) -> None:
        if self._alone:
            return
        with contextlib.suppress(OSError):
            self._connection.settimeout(ANSWER_SECONDS)
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
        *lines, self._rest = (self._rest + piece).split(b"\n")
        for line in lines:
            self._note(json.loads(line))
        if not piece:
            self.close()
        return True

    def _note(self, news: dict[str, Any]) -> None:
        if "ended" in news:
            self.returncode = os.waitstatus_to_exitcode(news["ended"])
            self.peak_bytes, self.cpu_seconds = news["peak_bytes"], news["cpu_seconds"]
        elif "seconds_left" in news:
            self.pid, self.seconds_left, self.held = news["kernel"], float(news["seconds_left"]), bool(news["held"])
            self._answers += 1
