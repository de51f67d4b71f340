"""What is known of the fork servers, written down for other processes of this host: ``NAME`` in their own folder."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable
from pathlib import Path

import msgspec

NAME = "states.json"
SECONDS = 0.25


class Entry(msgspec.Struct, frozen=True):
    """One interpreter. ``why``: what makes its server unfit, or why it has not preloaded what it should have.
    ``pid``: None where no server runs. ``since``: when it got into this state. ``forked`` and ``refused``: kernels, and
    ``last_refusal`` why the last one of these was not forked (``reason: detail``)."""

    interpreter: str
    options: tuple[str, ...]
    preload: tuple[str, ...]
    state: str
    why: str | None
    pid: int | None
    since: str
    forked: int
    refused: int
    last_refusal: str | None


class Notice(msgspec.Struct, frozen=True):
    """``worker``: the pid of the owner, by which a reader knows what a dead one has left."""

    worker: int
    fork_servers: list[Entry]


class Board:
    """``entries`` gives what is to be written; it is asked at most every SECONDS."""

    def __init__(self, folder: Path, entries: Callable[[], list[Entry]]) -> None:
        self._path = folder / NAME
        self._entries = entries
        self._due: asyncio.TimerHandle | None = None

    def changed(self) -> None:
        if self._due is None:
            self._due = asyncio.get_running_loop().call_later(SECONDS, self._write)

    def take_down(self) -> None:
        if self._due is not None:
            self._due.cancel()
        self._path.unlink(missing_ok=True)

    def _write(self) -> None:
        """Replaced in one step; nothing where the folder cannot be written now: the next change tries again."""
        self._due = None
        fresh = self._path.with_name(f".{NAME}")
        with contextlib.suppress(OSError):
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(msgspec.json.encode(Notice(os.getpid(), self._entries())))
            fresh.replace(self._path)
