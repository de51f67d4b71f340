"""What a worker and its runners on this machine say to each other."""

from __future__ import annotations

from typing import Union

import msgspec

from ..notebook.execution.fork_server.started import Started
from .interface import Advanced, Ended, Order


class Cancel(msgspec.Struct, frozen=True, tag="cancel"):
    """End the attempt and everything that it started."""


class Held(msgspec.Struct, frozen=True, tag="held"):
    """The worker has renewed its lease, this attempt included, at ``clock`` (seconds of ``host.clock``)."""

    clock: float


class Free(msgspec.Struct, frozen=True, tag="free"):
    """Nothing of the last attempt is left, and the runner takes another order."""


ToRunner = Union[Order, Cancel, Held]  # noqa: UP007 (Python 3.10 evaluates it)
FromRunner = Union[Advanced, Ended, Started, Free]  # noqa: UP007
