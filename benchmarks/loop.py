"""What a server's event loop lets others wait: how long the smallest request takes, asked again and again."""

from __future__ import annotations

import contextlib
import statistics
import threading
import time
from collections.abc import Iterator, Sequence

from tests.serving import Served

from .asking import Asker
from .figures import quantile

PAUSE_SECONDS = 0.005


def loop_latency(server: Served, seconds: float) -> list[float]:
    """Seconds of each request."""
    asker, found, until = Asker(server, "api"), [], time.monotonic() + seconds
    while time.monotonic() < until:
        found.append(asker.seconds(""))
        time.sleep(PAUSE_SECONDS)
    asker.close()
    return found


@contextlib.contextmanager
def latency_meanwhile(server: Served) -> Iterator[list[float]]:
    """Seconds of each request while the block lasts; whole when it is left."""
    found: list[float] = []
    ended = threading.Event()

    def ask() -> None:
        while not ended.is_set():
            found.extend(loop_latency(server, 0.2))

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield found
    finally:
        ended.set()
        asking.join()


def in_milliseconds(values: Sequence[float]) -> str:
    told = (statistics.median(values), quantile(values, 0.99), max(values))
    return " / ".join(f"{value * 1000:.1f}" for value in told)
