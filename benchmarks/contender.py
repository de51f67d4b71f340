"""Whoever runs notebooks, as the benchmarks ask for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

from .group import Group

AT_A_TIME = 2


class Contender(Protocol):
    """``folder``: where its notebooks have to be. ``group``: everything that it starts."""

    name: str
    folder: Path
    group: Group

    def run(self, notebook: str) -> float:
        """Seconds from the request to the end of a run that succeeded; several threads may ask."""
        ...


def at_a_time(contender: Contender, notebook: str, count: int, places: int = AT_A_TIME) -> float:
    """Wall seconds for so many runs, kept going without a pause."""
    started = time.perf_counter()
    with ThreadPoolExecutor(places) as asking:
        list(asking.map(contender.run, [notebook] * count))
    return time.perf_counter() - started


def processor_of(contender: Contender, work: Callable[[], object]) -> float:
    """Processor seconds of all that it starts for that work, its tidying up included."""
    before = contender.group.seconds()
    work()
    contender.group.settle()
    return contender.group.seconds() - before
