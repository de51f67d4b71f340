"""When a failed attempt is tried again, and after how long."""

from __future__ import annotations

import random
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

RetryReason = Literal["cell_error", "timeout", "cell_timeout", "kernel_died", "out_of_memory", "lost"]
ALL_REASONS: list[RetryReason] = ["cell_error", "timeout", "cell_timeout", "kernel_died", "out_of_memory", "lost"]
JITTER = 0.1


class Retry(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """How often and how soon. ``max_attempts`` counts the first try; delays are in seconds."""

    max_attempts: Annotated[int, Meta(ge=1, le=100)] = 1
    delay_seconds: Annotated[float, Meta(ge=0, le=86_400)] = 30
    backoff: Annotated[float, Meta(ge=1, le=10)] = 2.0
    max_delay_seconds: Annotated[float, Meta(ge=0, le=604_800)] = 3600
    on: list[RetryReason] = msgspec.field(default_factory=lambda: list(ALL_REASONS))

    def tries_again(self, attempt: int, reason: str) -> bool:
        return attempt < self.max_attempts and reason in self.on

    def delay_after(self, attempt: int, chance: random.Random) -> float:
        """Seconds to wait after that attempt (from 1): exponential, capped, with ten percent of jitter upwards
        so that runs which failed together do not come back together."""
        delay = min(self.delay_seconds * self.backoff ** min(attempt - 1, 60), self.max_delay_seconds)
        return delay * (1 + JITTER * chance.random())
