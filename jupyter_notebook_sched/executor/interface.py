"""What an executor is: something that carries out attempts, on this machine or elsewhere.

It gets the source's bytes and a place for the output, knows nothing of the store, and tells what happens as news.
``tests/executor/conformance`` holds the promises that are made here as tests for any executor.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal, Union

import msgspec

from ..config import Settings
from ..domain.rendering import Rendering
from ..domain.run import CellError, CellOutcome, Progress, Resumption, Terms


class Late(msgspec.Struct, frozen=True):
    """Parameters whose templates are rendered when the attempt starts. ``templates``: JSON object, as they were sent.

    ``rendering`` names the secrets that they ask for. Their values are in no order: whoever carries it out has them
    from its own environment or keyring, or from the worker by a way that touches no disk."""

    templates: bytes
    rendering: Rendering


class Order(msgspec.Struct, frozen=True, kw_only=True, tag="order"):
    """One attempt to carry out. ``folder`` and ``output`` are absolute paths; times are in seconds.

    ``terms``: for all processes of the attempt together. ``fork_servers``: the folder where they listen, for an
    executor that has any.

    ``parameters`` and ``provenance`` are JSON objects: MessagePack has no integers beyond 64 bits. ``held_since``: when
    the worker renewed its lease (seconds of ``host.clock``); for ``held_for`` seconds from then on nobody else may take
    the run, and its output may be written (None: nobody ever does).

    ``keep_seconds``: for how long its kernel is kept where it fails or is cancelled and the kernel still answers; 0: it
    ends. ``resumption``: it goes on with the kept kernel of another run (whose ``output`` is an absolute path here).
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
    terms: Terms = Terms()
    fork_servers: str | None = None
    held_since: float | None = None
    held_for: float | None = None
    late: Late | None = None
    keep_seconds: float = 0.0
    resumption: Resumption | None = None


class Advanced(msgspec.Struct, frozen=True, tag="advanced"):
    """The attempt came further."""

    progress: Progress
    cells: list[CellOutcome]


class Ended(msgspec.Struct, frozen=True, tag="ended"):
    """The attempt is over and its output notebook, if any, is on disk for good. ``memory_bytes``: what its largest
    process used at its height, where that is known. ``results``: what the notebook recorded, by name (wire form).
    ``kept_seconds``: for how long its kernel is kept now; None: it has ended. ``took_kernel``: the kernel
    that it was to go on with is not the other run's any more: it is this one's now, or has ended."""

    state: Literal["succeeded", "failed", "cancelled"]
    reason: str | None = None
    message: str | None = None
    error: CellError | None = None
    cells: list[CellOutcome] = []
    progress: Progress = Progress()
    output_sha256: str | None = None
    memory_bytes: int | None = None
    results: dict[str, Any] = {}
    kept_seconds: float | None = None
    took_kernel: bool = False


News = Union[Advanced, Ended]  # noqa: UP007 (Python 3.10 evaluates it)


@dataclass(frozen=True)
class Surroundings:
    """What an executor is made of. ``scratch``: a private directory (0700) on this host's local disk."""

    settings: Settings
    scratch: Path


class Gone(Exception):
    """There is no such attempt, and nothing more will ever be written of it; the text says what became of it."""


class Executor(ABC):
    """Everything is called in the worker's loop and must not block it. Handles are text.

    OSError from ``reattach``, ``find`` and ``watch``: it cannot be told now (a scheduler elsewhere does not answer);
    they are asked again.
    """

    outlives_worker: ClassVar[bool] = False
    """Whether attempts go on without the worker that submitted them. Then their handles are put on record, whoever
    takes the run over asks ``reattach``, and ``abandon`` is the only way to end one that is nobody's. Where not, an
    attempt ends by itself with its worker, or when that has not ``renewed`` for ``Order.held_for`` seconds."""

    async def start(self) -> None:
        """Gets ready, beside the first attempts and without keeping them waiting."""
        return

    @abstractmethod
    async def submit(self, order: Order) -> str:
        """Starts an attempt; its handle. OSError where nothing could be started."""

    @abstractmethod
    async def reattach(self, handle: str) -> None:
        """Makes sure that an attempt, submitted here or by a worker that is gone, can be watched. Gone where it cannot:
        only then is it lost; a handle that is not this executor's own is Gone, too. An attempt that has ended can be
        watched until it is forgotten."""

    async def find(self, run_id: str, attempt: int) -> str:
        """The handle of an attempt whose worker was gone before it could put it on record. Gone where none was
        submitted. Only asked where attempts outlive their worker."""
        raise Gone("its worker vanished before it had begun")

    @abstractmethod
    def watch(self, handle: str) -> AsyncGenerator[News, None]:
        """The attempt's news in their order, the last of which is always one Ended. It may begin with the latest. An
        attempt that ends without a word (its process was killed) is told as Ended, too: ``failed``, ``lost``.

        One that was abandoned ends as ``cancelled``. A watch that is left early leaves the attempt as it is where that
        outlives its worker."""

    @abstractmethod
    async def cancel(self, handle: str) -> None:
        """Ends the attempt and every process of it. Called beside a watch, where its Ended still follows, before or
        after this returns. Nothing happens where it is over."""

    @abstractmethod
    def abandon(self, handle: str) -> None:
        """Ends the attempt and every process of it at once; nothing more is written of it. Does not wait for that."""

    def keep_kernel(self, handle: str, seconds: float) -> None:
        """Whatever its order says, the attempt's kernel is wanted for so many seconds once it has ended: told before
        ``cancel``. Where kernels are not kept, nothing happens."""
        return

    async def forget(self, handle: str) -> None:
        """The attempt's end is on record: what was kept of it for another worker may go."""
        return

    def renewed(self, clock: float) -> None:
        """What was submitted is still this worker's, at ``clock`` (``Order.held_since``)."""
        return

    def scratch_is_lost(self) -> None:
        """The scratch directory was removed by somebody, and made again."""
        return

    @abstractmethod
    async def close(self) -> None:
        """Ends whatever would not outlive the worker, and lets go of all else."""
