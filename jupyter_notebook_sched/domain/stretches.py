"""Stretches of real time in which a zone's clocks run on without a jump.

Seconds are counted since 1970: *instants* in UTC, *walls* as the zone's clocks show them (instant + offset).
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
SECOND = timedelta(seconds=1)
_DAY = 86_400
_ZERO_ORDINAL = EPOCH.toordinal()

# A day from either end of the calendar every zone can still tell its time.
FIRST = (datetime(1, 1, 3, tzinfo=timezone.utc) - EPOCH) // SECOND
LAST = (datetime(9999, 12, 30, tzinfo=timezone.utc) - EPOCH) // SECOND

# In all of the tz database no clock changes twice within six days, and none by more than a day. Before the telegraph
# no clock changed at all, and far ahead of us each zone has but a rule for two changes a year, months apart.
_PROBE = 2 * _DAY
_WIDE_PROBE = 20 * _DAY
_YEARS_OF_HISTORY = range(1840, 2101)
_NEAR = 2 * _DAY


class Stretch(NamedTuple):
    """From ``start`` until before ``end`` (instants) clocks show instant + ``offset``.

    ``seen``: all walls below it were shown, or jumped over, before ``start``: greater than ``start + offset`` where
    clocks were set back (those below come a second time), less where they jumped (those from it on never come).
    ``again``: walls from it on will be shown once more after ``end``.
    """

    start: int
    end: int
    offset: int
    seen: int
    again: int


def stretches(zone: ZoneInfo, since: int) -> Iterator[Stretch]:
    """The stretches that end after the instant ``since``, in order, without a gap, to the end of the calendar."""
    since = max(since, FIRST)
    if since >= LAST:
        return
    year = date.fromordinal(since // _DAY + _ZERO_ORDINAL).year
    for each in range(year, 10_000):
        for stretch in _of_year(zone, each):
            if stretch.end > since:
                yield stretch


@functools.lru_cache(maxsize=2048)
def _of_year(zone: ZoneInfo, year: int) -> tuple[Stretch, ...]:
    """The stretches of one year of UTC; those that cross into it are cut at its ends."""
    start = max(_new_year(year), FIRST)
    end = min(_new_year(year + 1), LAST)
    probe = _PROBE if year in _YEARS_OF_HISTORY else _WIDE_PROBE
    changes = _changes(zone, max(start - _NEAR, FIRST), min(end + _NEAR, LAST), probe)
    cuts = [start, *(moment for moment, _, _ in changes if start < moment < end), end]
    return tuple(_stretch(zone, *pair, changes) for pair in itertools.pairwise(cuts))


def _stretch(zone: ZoneInfo, start: int, end: int, changes: list[tuple[int, int, int]]) -> Stretch:
    offset = _offset(zone, start)
    shown = [moment + before for moment, before, _ in changes if moment <= start]
    if not any(moment == start for moment, _, _ in changes):
        shown.append(start + offset)
    coming = [moment + after for moment, _, after in changes if moment >= end]
    return Stretch(start, end, offset, max(shown), min([*coming, end + offset]))


def _changes(zone: ZoneInfo, start: int, end: int, probe: int) -> list[tuple[int, int, int]]:
    """(instant, offset before, offset from then on) of each change with start < instant <= end."""
    found = []
    before, low = _offset(zone, start), start
    while low < end:
        high = min(low + probe, end)
        after = _offset(zone, high)
        if after != before:
            found.append((_moment_of_change(zone, low, high, before), before, after))
        before, low = after, high
    return found


def _moment_of_change(zone: ZoneInfo, low: int, high: int, before: int) -> int:
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, middle) == before:
            low = middle
        else:
            high = middle
    return high


def _offset(zone: ZoneInfo, instant: int) -> int:
    offset = (EPOCH + timedelta(seconds=instant)).astimezone(zone).utcoffset()
    assert offset is not None
    return offset // SECOND


def _new_year(year: int) -> int:
    if year > 9999:
        return LAST
    return (date(year, 1, 1).toordinal() - _ZERO_ORDINAL) * _DAY
