"""A kept kernel as its clients have it, over the socket of its supervisor
(notebook/execution/fork_server/served/kept.py; docs/kept-kernels.md has the protocol)."""

from __future__ import annotations

import contextlib
import socket
import sys
import time
from pathlib import Path
from typing import Any

from ..distant_process import DistantProcess

ANSWER_SECONDS = 2.0


class NoAnswer(OSError):
    """Nobody stands over the kernel any more, or not one that answers."""


class KeptProcess(DistantProcess):
    """``held``: whether its time stands still, as some client wants it. Closing it leaves the kernel as it is."""

    def __init__(self, path: Path) -> None:
        """``path``: of the socket. NoAnswer where no supervisor answers."""
        if sys.platform == "win32":
            raise NoAnswer("kernels are not kept on Windows")
        super().__init__(socket.socket(socket.AF_UNIX))
        self._answers = 0
        self._connection.settimeout(ANSWER_SECONDS)
        try:
            self._connection.connect(str(path))
            self._hear_answer(0)
        except OSError as error:
            self._connection.close()
            raise NoAnswer(f"the kernel of {path.parent.name} is not kept any more: {error}") from None

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

    def wait_until_gone(self, seconds: float) -> bool:
        """Whether nothing is left of it within that time."""
        until = time.monotonic() + seconds
        while not self._alone and (left := until - time.monotonic()) > 0:
            self._read(left)
        return self._alone

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

    def _note(self, news: dict[str, Any]) -> None:
        super()._note(news)
        if "seconds_left" in news:
            self.pid, self.seconds_left, self.held = news["kernel"], float(news["seconds_left"]), bool(news["held"])
            self._answers += 1
