"""What a worker and its runners on this machine say to each other."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Union

import msgspec

from ..notebook.execution.fork_server.started import Started
from .interface import Advanced, Ended, Order


class Cancel(msgspec.Struct, frozen=True, tag="cancel"):
    """End the attempt and everything that it started."""


class Held(msgspec.Struct, frozen=True, tag="held"):
    """The worker has renewed its lease, this attempt included, at ``clock`` (seconds of ``host.clock``)."""

    clock: float


class Secrets(msgspec.Struct, frozen=True, tag="secrets"):
    """The values of the secrets that the next order asks for, as far as the worker's environment has them."""

    values: dict[str, bytes]

    @classmethod
    def of(cls, known: Mapping[str, str], asked: Iterable[str]) -> Secrets:
        return cls({name: os.fsencode(known[name]) for name in asked if name in known})

    def texts(self) -> dict[str, str]:
        """As an environment has them, though they be no text."""
        return {name: os.fsdecode(value) for name, value in self.values.items()}

    def __repr__(self) -> str:
        return f"Secrets of {', '.join(self.values)}"


class Free(msgspec.Struct, frozen=True, tag="free"):
    """Nothing of the last attempt is left, and the runner takes another order."""


class KeepKernel(msgspec.Struct, frozen=True, tag="keep"):
    """Whatever the order says, the attempt's kernel is to be kept for so many seconds where it can be."""

    seconds: float


class Kept(msgspec.Struct, frozen=True, tag="kept"):
    """The last word of a runner that goes on as the supervisor of its attempt's kernel."""


ToRunner = Union[Order, Cancel, Held, Secrets, KeepKernel]  # noqa: UP007 (Python 3.10 evaluates it)
FromRunner = Union[Advanced, Ended, Started, Free, Kept]  # noqa: UP007
