"""A clock for leases."""

from __future__ import annotations

import time


def clock_with_sleep() -> float:
    """Seconds that go on while the machine sleeps, so that a laptop that slept does not trust its lease."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()
