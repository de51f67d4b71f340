"""For how long a runner may believe that its attempt is still its worker's."""

from __future__ import annotations

import time

from ..host.clock import clock_with_sleep

LONGEST_LOOK_SECONDS = 1.0


class Hold:
    """The worker renewed its lease at ``since`` (seconds of ``host.clock``), and holds what it has for ``seconds`` from
    then on; None: for ever."""

    def __init__(self, since: float | None, seconds: float | None) -> None:
        self._since = since
        self._seconds = seconds
        self._silence = 0.0
        self._looked = time.monotonic()

    def renewed(self, since: float) -> None:
        """The worker says so."""
        self._since, self._silence = since, 0.0

    def is_sure(self) -> bool:
        """Whether nobody else can have the attempt; never after this host has slept, until the worker is heard of."""
        if self._seconds is None or self._since is None:
            return True
        return clock_with_sleep() - self._since < self._seconds

    def is_over(self) -> bool:
        """Whether the worker was silent for too long although this process was awake; to be asked again and again."""
        now = time.monotonic()
        # After a sleep the worker, which slept as well, has its chance to renew.
        self._silence += min(now - self._looked, LONGEST_LOOK_SECONDS)
        self._looked = now
        return self._seconds is not None and self._silence > self._seconds
