"""Wall time to real time where clocks change: the rules of a cron trigger.

*Fixed* times of day: one that the clock skips in spring runs once, right after the jump; one that comes twice in
autumn runs once, the first time. Any other expression follows real time: what is skipped does not happen, and what
comes twice happens twice. (The rule is that of vixie-cron's cron(8), "Notes" on daylight saving.)
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from . import cron
from .stretches import EPOCH, SECOND, Stretch, stretches


class Fire(msgspec.Struct, frozen=True):
    """One moment at which a trigger is due: ``at`` in UTC, and why it is not at its usual wall time, if so."""

    at: datetime
    note: str | None = None


def fires(expression: str, zone: ZoneInfo, after: datetime) -> Iterator[Fire]:
    """Every fire strictly after ``after`` (aware), in order, each moment once; ValueError where it is not valid."""
    walls = cron.walls_of(expression)
    since = (after - EPOCH) // SECOND + 1
    rule = _fixed if walls.fixed else _real_time
    for stretch in stretches(zone, since):
        yield from rule(walls, stretch, since)


def count(expression: str, zone: ZoneInfo, after: datetime, until: datetime) -> int:
    """How many fires there are with after < at <= until: arithmetic, whatever their number."""
    walls = cron.walls_of(expression)
    since, end = ((moment - EPOCH) // SECOND + 1 for moment in (after, until))
    total = 0
    for stretch in stretches(zone, since):
        if stretch.start >= end:
            break
        begin = max(stretch.start, since) + stretch.offset
        if walls.fixed:
            if _skipped(walls, stretch, since) is not None:
                total, begin = total + 1, begin + 1
            begin = max(begin, stretch.seen)
        total += walls.count(begin, min(stretch.end, end) + stretch.offset)
    return total


def _fixed(walls: cron.Walls, stretch: Stretch, since: int) -> Iterator[Fire]:
    begin = max(stretch.start, since) + stretch.offset
    skipped = _skipped(walls, stretch, since)
    if skipped is not None:
        yield Fire(_moment(stretch.start), _note_of_gap(skipped, begin))
        begin += 1
    for wall in walls.between(max(begin, stretch.seen), stretch.end + stretch.offset):
        twice = wall >= stretch.again
        note = f"{_clock(wall)} comes twice on this day; runs the first time" if twice else None
        yield Fire(_moment(wall - stretch.offset), note)


def _real_time(walls: cron.Walls, stretch: Stretch, since: int) -> Iterator[Fire]:
    for wall in walls.between(max(stretch.start, since) + stretch.offset, stretch.end + stretch.offset):
        note = f"{_clock(wall)} comes a second time on this day" if wall < stretch.seen else None
        yield Fire(_moment(wall - stretch.offset), note)


def _skipped(walls: cron.Walls, stretch: Stretch, since: int) -> int | None:
    """The first wall time that the jump at the beginning of the stretch leaves out, where that is not past."""
    shown = stretch.start + stretch.offset
    return walls.first(stretch.seen, shown) if stretch.seen < shown and since <= stretch.start else None


def _note_of_gap(skipped: int, shown: int) -> str:
    if skipped // 86_400 == shown // 86_400:
        return f"{_clock(skipped)} does not exist on this day; runs at {_clock(shown)}"
    return f"{_clock(skipped)} does not exist on {_day(skipped)}; runs at {_clock(shown)} on {_day(shown)}"


def _moment(instant: int) -> datetime:
    return EPOCH + timedelta(seconds=instant)


def _clock(wall: int) -> str:
    return f"{_moment(wall):%H:%M}"


def _day(wall: int) -> str:
    return _moment(wall).date().isoformat()
