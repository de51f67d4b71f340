"""What would hold up everybody else here is done in a process of its own, at most two at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any

from ..apart.working import Work

_two_at_a_time = threading.Semaphore(2)


@contextmanager
def done_apart(task: str, request: Mapping[str, Any]) -> Iterator[IO[bytes]]:
    """The answer of the task, from a thread that may wait. What the task raised is raised here."""
    with _two_at_a_time, Work(task, request).carry_out() as answer:
        yield answer
