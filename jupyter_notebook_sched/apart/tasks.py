"""What can be done apart. A task is the module of its name here, with ``work(request) -> Iterable[bytes]``: the pieces
of the answer. It may raise any error of the tree in ``errors``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

Work = Callable[[dict[str, Any]], Iterable[bytes]]
LARGEST_AT_HAND = 1024 * 1024
"""Bytes: with a larger notebook, a process that has something else to do has its work done apart."""
TASKS = ("contents", "debug_copy", "diff", "folded", "html", "source")


def work_of(task: str) -> Work:
    """Its module is imported only now: some bring much with them."""
    if task not in TASKS:
        raise LookupError(f"there is no task {task!r}")
    work: Work = import_module(f".{task}", __package__).work
    return work
