"""Wall time to real time where clocks change: the rules of a cron trigger.

*Fixed* times of day: one that the clock skips in spring runs once, right after the jump; one that comes twice in
autumn runs once, the first time. Any other expression follows real time: what is skipped does not happen, and what
comes twice happens twice. (The rule is that of vixie-cron's cron(8), "Notes" on daylight saving.)
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from . import cron

# Samoa skipped a whole day in 2011: no clock has ever jumped further.
LARGEST_JUMP = timedelta(hours=26)


@dataclass(frozen=True)
class Fire:
    """One moment at which a trigger is due: ``at`` in UTC, and why it is not at its usual wall time, if so."""

    at: datetime
    note: str | None = None


def fires(expression: str, zone: ZoneInfo, after: datetime) -> Iterator[Fire]:
    """Every fire strictly after ``after`` (aware), in order, each moment once."""
    first_wall = after.astimezone(zone).replace(tzinfo=None) - _set_back_soon(after, zone)
    walls = cron.wall_times(expression, first_wall)
    found = _fixed(walls, zone) if cron.is_fixed(expression) else _real_time(walls, zone)
    last = after
    for fire in found:
        if fire.at > last:
            yield fire
            last = fire.at


def _set_back_soon(after: datetime, zone: ZoneInfo) -> timedelta:
    """By how much clocks go back within LARGEST_JUMP: wall times of that long ago come again."""
    now, then = (moment.astimezone(zone).utcoffset() or timedelta() for moment in (after, after + LARGEST_JUMP))
    return max(now - then, timedelta())


def _fixed(walls: Iterator[datetime], zone: ZoneInfo) -> Iterator[Fire]:
    for wall in walls:
        instants = instants_of(wall, zone)
        if not instants:
            jump = _end_of_gap(wall, zone)
            local = jump.astimezone(zone)
            yield Fire(jump, f"{wall:%H:%M} does not exist on this day; runs at {local:%H:%M}")
        elif len(instants) == 2:
            yield Fire(instants[0], f"{wall:%H:%M} comes twice on this day; runs the first time")
        else:
            yield Fire(instants[0])


def _real_time(walls: Iterator[datetime], zone: ZoneInfo) -> Iterator[Fire]:
    """Repeated hours interleave: 1:00 1:30 1:00 1:30, so an instant waits until no earlier one can follow."""
    waiting: list[tuple[datetime, str | None]] = []
    for wall in walls:
        instants = instants_of(wall, zone)
        if not instants:
            continue
        while waiting and waiting[0][0] < instants[0]:
            yield Fire(*heapq.heappop(waiting))
        for again, instant in enumerate(instants):
            heapq.heappush(waiting, (instant, f"{wall:%H:%M} comes a second time on this day" if again else None))


def instants_of(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """The moments (UTC) at which clocks in the zone show ``wall``: none in a gap, two where it repeats."""
    both = {wall.replace(tzinfo=zone, fold=fold).astimezone(timezone.utc) for fold in (0, 1)}
    return sorted(instant for instant in both if instant.astimezone(zone).replace(tzinfo=None) == wall)


def _end_of_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment of the jump that skips ``wall``, to the second, by halving the time around it."""
    # In a gap, fold=1 reads the wall time with the offset after the jump (an earlier moment), fold=0 with the other.
    before = wall.replace(tzinfo=zone, fold=1).astimezone(timezone.utc)
    after = wall.replace(tzinfo=zone, fold=0).astimezone(timezone.utc)
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after
