"""The rules of a cron trigger where clocks change: a table worked out by hand, and a slow oracle over random ones."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import islice, takewhile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_notebook_sched.domain import cron, zones
from jupyter_notebook_sched.domain.clock_changes import fires

TABLE = {
    "Berlin, spring, fixed: runs once, right after the jump": (
        ("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00"),
        [("2026-03-29T01:00", "02:30 does not exist on this day; runs at 03:00"), ("2026-03-30T00:30", None)],
    ),
    "Berlin, spring, two fixed times in the same gap: once": (
        ("0,30 2 * * *", "Europe/Berlin", "2026-03-28T12:00"),
        [("2026-03-29T01:00", "02:00 does not exist on this day; runs at 03:00"), ("2026-03-30T00:00", None)],
    ),
    "Berlin, spring, fixed inside and right behind the gap: once": (
        ("30 2,3 * * *", "Europe/Berlin", "2026-03-28T12:00"),
        [("2026-03-29T01:00", "02:30 does not exist on this day; runs at 03:00"), ("2026-03-29T01:30", None)],
    ),
    "Berlin, spring, real time: what is skipped does not happen": (
        ("*/30 2 * * *", "Europe/Berlin", "2026-03-28T12:00"),
        [("2026-03-30T00:00", None), ("2026-03-30T00:30", None)],
    ),
    "Berlin, autumn, fixed: the first time only": (
        ("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00"),
        [("2026-10-25T00:30", "02:30 comes twice on this day; runs the first time"), ("2026-10-26T01:30", None)],
    ),
    "Berlin, autumn, fixed, asked between the two: not again": (
        ("30 2 * * *", "Europe/Berlin", "2026-10-25T00:45"),
        [("2026-10-26T01:30", None)],
    ),
    "Berlin, autumn, real time: twice": (
        ("*/30 2 * * *", "Europe/Berlin", "2026-10-24T12:00"),
        [
            ("2026-10-25T00:00", None),
            ("2026-10-25T00:30", None),
            ("2026-10-25T01:00", "02:00 comes a second time on this day"),
            ("2026-10-25T01:30", "02:30 comes a second time on this day"),
            ("2026-10-26T01:00", None),
        ],
    ),
    "Berlin, autumn, real time, asked in the first of the two hours": (
        ("*/30 2 * * *", "Europe/Berlin", "2026-10-25T00:45"),
        [
            ("2026-10-25T01:00", "02:00 comes a second time on this day"),
            ("2026-10-25T01:30", "02:30 comes a second time on this day"),
        ],
    ),
    "Berlin, hourly is every real hour": (
        ("0 * * * *", "Europe/Berlin", "2026-03-28T23:30"),
        [("2026-03-29T00:00", None), ("2026-03-29T01:00", None), ("2026-03-29T02:00", None)],
    ),
    "New York, spring, fixed": (
        ("15 2 * * *", "America/New_York", "2026-03-07T12:00"),
        [("2026-03-08T07:00", "02:15 does not exist on this day; runs at 03:00"), ("2026-03-09T06:15", None)],
    ),
    "New York, autumn, fixed": (
        ("30 1 * * *", "America/New_York", "2026-10-31T12:00"),
        [("2026-11-01T05:30", "01:30 comes twice on this day; runs the first time"), ("2026-11-02T06:30", None)],
    ),
    "Lord Howe, half an hour forward, fixed": (
        ("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00"),
        [("2026-10-03T15:30", "02:15 does not exist on this day; runs at 02:30"), ("2026-10-04T15:15", None)],
    ),
    "Lord Howe, half an hour back, fixed": (
        ("45 1 * * *", "Australia/Lord_Howe", "2026-04-04T00:00"),
        [("2026-04-04T14:45", "01:45 comes twice on this day; runs the first time"), ("2026-04-05T15:15", None)],
    ),
    "Lord Howe, half an hour back, real time": (
        ("*/15 1 * * *", "Australia/Lord_Howe", "2026-04-04T14:20"),
        [
            ("2026-04-04T14:30", None),
            ("2026-04-04T14:45", None),
            ("2026-04-04T15:00", "01:30 comes a second time on this day"),
            ("2026-04-04T15:15", "01:45 comes a second time on this day"),
            ("2026-04-05T14:30", None),
        ],
    ),
    "Apia had no 30 December 2011, fixed": (
        ("0 8 * * *", "Pacific/Apia", "2011-12-29T20:00"),
        [
            ("2011-12-30T10:00", "08:00 does not exist on this day; runs at 00:00"),
            ("2011-12-30T18:00", None),
            ("2011-12-31T18:00", None),
        ],
    ),
    "Apia had no 30 December 2011, real time": (
        ("*/30 8 * * *", "Pacific/Apia", "2011-12-29T20:00"),
        [("2011-12-30T18:00", None), ("2011-12-30T18:30", None)],
    ),
    "Apia, a date that never was": (
        ("0 8 30 12 *", "Pacific/Apia", "2011-12-01T00:00"),
        [("2011-12-30T10:00", "08:00 does not exist on this day; runs at 00:00"), ("2012-12-29T18:00", None)],
    ),
    "Casablanca, back at the start of Ramadan": (
        ("30 2 * * *", "Africa/Casablanca", "2026-02-14T12:00"),
        [("2026-02-15T01:30", "02:30 comes twice on this day; runs the first time"), ("2026-02-16T02:30", None)],
    ),
    "Casablanca, forward at its end": (
        ("30 2 * * *", "Africa/Casablanca", "2026-03-21T12:00"),
        [("2026-03-22T02:00", "02:30 does not exist on this day; runs at 03:00"), ("2026-03-23T01:30", None)],
    ),
    "Santiago skips midnight": (
        ("@daily", "America/Santiago", "2026-09-05T12:00"),
        [("2026-09-06T04:00", "00:00 does not exist on this day; runs at 01:00"), ("2026-09-07T03:00", None)],
    ),
    "UTC never changes": (
        ("30 2 * * *", "UTC", "2026-03-28T12:00"),
        [("2026-03-29T02:30", None), ("2026-03-30T02:30", None), ("2026-03-31T02:30", None)],
    ),
}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


@pytest.mark.parametrize(("asked", "expected"), TABLE.values(), ids=TABLE)
def test_it_follows_the_rules_where_clocks_change(
    asked: tuple[str, str, str], expected: list[tuple[str, str | None]]
) -> None:
    expression, zone, after = asked
    found = islice(fires(expression, zones.zone(zone), utc(after)), len(expected))
    assert [(f"{fire.at:%Y-%m-%dT%H:%M}", fire.note) for fire in found] == expected


def test_it_fires_strictly_after_the_moment_given() -> None:
    due = utc("2026-05-01T05:00")
    zone = zones.zone("Europe/Berlin")
    assert next(fires("0 7 * * *", zone, due)).at == due + timedelta(days=1)
    assert next(fires("0 7 * * *", zone, due - timedelta(milliseconds=1))).at == due


CHANGES = [
    ("Europe/Berlin", "2026-03-29T01:00"),
    ("Europe/Berlin", "2026-10-25T01:00"),
    ("America/New_York", "2026-03-08T07:00"),
    ("America/New_York", "2026-11-01T06:00"),
    ("Australia/Lord_Howe", "2026-04-04T15:00"),
    ("Australia/Lord_Howe", "2026-10-03T15:30"),
    ("Pacific/Apia", "2011-12-30T10:00"),
    ("Africa/Casablanca", "2026-02-15T02:00"),
    ("Africa/Casablanca", "2026-03-22T02:00"),
    ("America/Santiago", "2026-09-06T04:00"),
    ("America/St_Johns", "2010-11-07T02:31"),
    ("Antarctica/Troll", "2026-03-29T01:00"),
    ("Antarctica/Troll", "2026-10-25T01:00"),
    ("Asia/Kathmandu", "2026-06-01T00:00"),
]
minutes = st.sampled_from(["0", "30", "15,45", "*", "*/15", "7", "59", "0-40/20"])
hours = st.sampled_from(["0", "1", "2", "3", "1-3", "*", "*/2", "0,23", "23"])
days = st.sampled_from(["* * *", "*/2 * *", "* * 0", "* * 1-5", "1,15,30 * *"])


def oracle(expression: str, zone_name: str, after: datetime, until: datetime) -> list[datetime]:
    """Every minute of real time asked whether the clock on the wall then shows a time that is due."""
    zone = zones.zone(zone_name)
    walls = cron.wall_times(expression, after.replace(tzinfo=None) - timedelta(days=3))
    last = until.replace(tzinfo=None) + timedelta(days=3)
    due = set(takewhile(lambda wall: wall < last, walls))
    found, shown = set(), set()
    moment, before = after - timedelta(days=2), None
    while moment < until:
        wall = moment.astimezone(zone).replace(tzinfo=None)
        if cron.is_fixed(expression):
            skipped = due and before is not None and any(before < other < wall for other in due)
            if skipped or (wall in due and wall not in shown):
                found.add(moment)
            shown.add(wall)
            before = max(wall, before or wall)
        elif wall in due:
            found.add(moment)
        moment += timedelta(minutes=1)
    return sorted(moment for moment in found if moment > after)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(CHANGES), minutes, hours, days, st.integers(-40, 6))
def test_it_agrees_with_a_clock_that_is_read_every_minute(
    change: tuple[str, str], minute: str, hour: str, day: str, hours_before: int
) -> None:
    zone, moment = change
    after = utc(moment) + timedelta(hours=hours_before, minutes=7)
    until = utc(moment) + timedelta(hours=30)
    expression = f"{minute} {hour} {day}"
    found = takewhile(lambda fire: fire.at < until, fires(expression, zones.zone(zone), after))
    assert [fire.at for fire in found] == oracle(expression, zone, after, until)
