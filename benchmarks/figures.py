"""What was measured beside what is to be reached."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """``to_reach``: at most that much (``at_least``: at least); None: only told."""

    what: str
    measured: float
    unit: str
    to_reach: float | None = None
    at_least: bool = False

    @property
    def is_reached(self) -> bool:
        if self.to_reach is None:
            return True
        return self.measured >= self.to_reach if self.at_least else self.measured <= self.to_reach

    def __str__(self) -> str:
        number = f"{self.measured:.0f}" if abs(self.measured) >= 1000 else f"{self.measured:.4g}"
        told = f"  {self.what:84s} {number:>9s} {self.unit:12s}"
        if self.to_reach is None:
            return told.rstrip()
        bound = "at least" if self.at_least else "at most"
        return f"{told} {bound} {self.to_reach:<7g} {'reached' if self.is_reached else 'MISSED'}"


def told(title: str, figures: Iterable[Figure]) -> list[Figure]:
    """Prints them under a title, and gives them on."""
    found = list(figures)
    print(f"{title}", *found, sep="\n", flush=True)
    return found


def quantile(values: Sequence[float], part: float) -> float:
    """The value below which that part of them lies; the largest where there are too few to tell."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)]


def milliseconds(what: str, seconds: Sequence[float], p99: float | None = None) -> list[Figure]:
    """Median and p99 of some times; ``p99`` is the figure to reach, in ms."""
    return [
        Figure(f"{what}, p50", statistics.median(seconds) * 1000, "ms"),
        Figure(f"{what}, p99 of {len(seconds)}", quantile(seconds, 0.99) * 1000, "ms", p99),
    ]
