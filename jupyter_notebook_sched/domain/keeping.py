"""Which kernels of failed runs are worth their memory, and who goes first where there are too many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

REASONS = frozenset({"cell_error", "cell_timeout", "timeout", "out_of_memory", "internal", "user"})
"""Why a run ended whose kernel may be looked into (failed or cancelled: ``states.REASONS``)."""
HELD_AHEAD = timedelta(minutes=10)
"""The time of a kernel that somebody is connected to stands still: it lasts, and is told to last, at least so long."""


@dataclass(frozen=True)
class Holding:
    """A kept kernel. ``of``: its job, or its notebook where it has none. ``kept_at``: text that sorts. ``bytes``: of
    memory, with all that it has started. ``held``: somebody is connected to it."""

    run_id: str
    of: str
    kept_at: str
    bytes: int = 0
    has_gpu: bool = False
    held: bool = False

    @property
    def age(self) -> tuple[str, str]:
        """Sorts: the oldest first."""
        return self.kept_at, self.run_id


def kept_until(now: datetime, seconds_left: float, held: bool) -> datetime:
    """Until when a kernel is told to be kept. ``held``: somebody is connected to it."""
    return now + max(timedelta(seconds=seconds_left), HELD_AHEAD if held else timedelta())


def to_end(kept: Iterable[Holding], most: int, most_bytes: int | None) -> list[str]:
    """The runs whose kernels have to end: all but the newest of each job, and then as many as are beyond the bounds,
    in the order of ``next_to_end``. One that somebody is connected to never has to, but counts."""
    staying = list(kept)
    newest = {holding.of: holding for holding in sorted(staying, key=lambda holding: holding.age)}
    ending = [holding for holding in staying if not holding.held and newest[holding.of] is not holding]
    staying = [holding for holding in staying if holding not in ending]
    while _too_many(staying, most, most_bytes) and (first := next_to_end(staying)) is not None:
        ending.append(first)
        staying.remove(first)
    return [holding.run_id for holding in ending]


def next_to_end(kept: Iterable[Holding]) -> Holding | None:
    """The first that has a GPU, else the oldest; None where somebody is connected to each."""
    free = [holding for holding in kept if not holding.held]
    return min(free, key=lambda holding: (not holding.has_gpu, holding.age), default=None)


def _too_many(kept: list[Holding], most: int, most_bytes: int | None) -> bool:
    return len(kept) > most or (most_bytes is not None and sum(holding.bytes for holding in kept) > most_bytes)
