"""Whether another worker of the workspace lives: by looking, where its processes can be seen; else by its beat, which
must move within a lease time on the observer's own clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from .clock import clock_with_sleep
from .identity import Identity, lives, own_identity

LEASE_SECONDS = 30.0
BLINK_SECONDS = 15.0


@dataclass
class Watch:
    """``seen``: identity → its last beat, and since when it has been seen there (seconds that count sleep)."""

    me: Identity
    seen: dict[str, tuple[int, float]] = field(default_factory=dict)
    looked: float | None = None
    lease_seconds: float = LEASE_SECONDS

    def is_gone(self, identity: str, beat: int, clock: float) -> bool:
        """Looking at the process counts in the same PID namespace only."""
        try:
            other = Identity.parse(identity)
        except ValueError:  # edited by hand
            return True
        if self.me.same_place(other):
            return not lives(other)
        if self.looked is not None and clock - self.looked > self.lease_seconds * BLINK_SECONDS / LEASE_SECONDS:
            self.seen.clear()  # an observer that slept itself has seen nothing stand still
        self.looked = clock
        last, since = self.seen.get(identity, (None, clock))
        if last != beat:
            self.seen[identity] = (beat, clock)
            return False
        return clock - since > self.lease_seconds


def looking_out(lease_seconds: float = LEASE_SECONDS) -> Callable[[str, int], bool]:
    """(identity, beat) → whether that worker lives, as this process sees it from now on."""
    watch = Watch(own_identity(), lease_seconds=lease_seconds)
    return lambda identity, beat: not watch.is_gone(identity, beat, clock_with_sleep())
