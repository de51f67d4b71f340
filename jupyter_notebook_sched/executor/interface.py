"""What an executor is: something that carries out one attempt, on this machine or elsewhere.

It gets the source's bytes and a place for the output, knows nothing of the store, and tells what happens as news.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Literal, Protocol, Union

import msgspec

from ..domain.run import CellError, CellOutcome, Progress


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt to carry out. ``folder`` and ``output`` are absolute paths; times are in seconds.

    ``fork_servers``: the folder where they listen, for an executor that has any.

    ``parameters`` and ``provenance`` are JSON objects: MessagePack has no integers beyond 64 bits. ``held_since``: when
    the worker renewed its lease (seconds of ``host.clock``); for ``held_for`` seconds from then on nobody else may take
    the run, and its output may be written (None: nobody ever does).
    """

    run_id: str
    attempt: int
    source: bytes
    kernel: str
    parameters: bytes
    folder: str
    output: str
    provenance: bytes
    timeout_seconds: float | None = None
    cell_timeout_seconds: float | None = None
    fork_servers: str | None = None
    held_since: float | None = None
    held_for: float | None = None


class Advanced(msgspec.Struct, frozen=True, tag="advanced"):
    """The attempt came further."""

    progress: Progress
    cells: list[CellOutcome]


class Ended(msgspec.Struct, frozen=True, tag="ended"):
    """The attempt is over and its output notebook, if any, is on disk for good. ``memory_bytes``: what its largest
    process used at its height, where that is known."""

    state: Literal["succeeded", "failed", "cancelled"]
    reason: str | None = None
    message: str | None = None
    error: CellError | None = None
    cells: list[CellOutcome] = []
    progress: Progress = Progress()
    output_sha256: str | None = None
    memory_bytes: int | None = None


News = Union[Advanced, Ended]  # noqa: UP007 (Python 3.10 evaluates it)


class Executor(Protocol):
    """``handle`` is text that is enough to find the attempt again."""

    async def submit(self, order: Order) -> str:
        """Starts an attempt. OSError where nothing could be started."""
        ...

    def watch(self, handle: str) -> AsyncIterator[News]:
        """The attempt's news, the last of which is always one Ended."""
        ...

    def renewed(self, clock: float) -> None:
        """What was submitted is still this worker's, at ``clock`` (``Order.held_since``)."""
        ...

    def abandon(self, handle: str) -> None:
        """Ends the attempt and every process of it at once; nothing more is written of it."""
        ...

    async def cancel(self, handle: str) -> None:
        """Ends the attempt and every process of it; its Ended still follows."""
        ...

    async def close(self) -> None:
        """Ends whatever still runs."""
        ...
