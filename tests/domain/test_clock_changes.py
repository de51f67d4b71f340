"""The rules of a cron trigger where clocks change: a table worked out by hand, which a slow second opinion confirms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from itertools import groupby, islice
from pathlib import Path
from typing import NamedTuple

import pytest

from jupyter_notebook_sched.domain import cron, zones
from jupyter_notebook_sched.domain.clock_changes import count, fires

from .crontab_oracle import Matcher, walk

DAY, MICROSECOND, ZERO = timedelta(days=1), timedelta(microseconds=1), timedelta()
Noted = tuple[datetime, str | None]


class Case(NamedTuple):
    zone: str
    expression: str
    after: datetime
    expected: list[Noted]


def cases() -> Iterator[tuple[str, Case]]:
    """What each case shows, and the case, from the table beside this file."""
    zone = ""
    for line in Path(__file__).with_name("clock_changes.txt").read_text().splitlines():
        if line.startswith("## "):
            zone = line[3:].partition(":")[0]
        elif line and not line.startswith("#"):
            expression, after, expected, why = line.split(" | ")
            fires = [noted(each) for each in expected.split(", ")]
            yield f"{zone}, {expression}: {why}", Case(zone, expression, moment(after), fires)


def noted(text: str) -> Noted:
    at, _, mark = text.partition(" ")
    clock = at[11:16]
    if mark.startswith("!"):
        skipped, _, day = mark[1:].partition("@")
        if day:
            return moment(at), f"{skipped} does not exist on {day}; runs at {clock} on {at[:10]}"
        return moment(at), f"{skipped} does not exist on this day; runs at {clock}"
    notes = {
        "=1": f"{clock} comes twice on this day; runs the first time",
        "=2": f"{clock} comes a second time on this day",
        "": None,
    }
    return moment(at), notes[mark]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(timezone.utc)


TABLE = dict(cases())


@pytest.mark.parametrize("case", TABLE.values(), ids=TABLE)
def test_it_follows_the_rules_where_clocks_change(case: Case) -> None:
    found = islice(fires(case.expression, zones.zone(case.zone), case.after), len(case.expected))
    assert [(fire.at, fire.note) for fire in found] == case.expected


@pytest.mark.parametrize("case", TABLE.values(), ids=TABLE)
def test_it_counts_as_many_as_there_are_where_clocks_change(case: Case) -> None:
    zone = zones.zone(case.zone)
    for number, (at, _) in enumerate(case.expected, 1):
        assert count(case.expression, zone, case.after, at) == number
        assert count(case.expression, zone, case.after, at - timedelta(microseconds=1)) == number - 1


@pytest.mark.parametrize("case", TABLE.values(), ids=TABLE)
def test_a_clock_that_is_read_every_minute_says_the_same_as_the_table(case: Case) -> None:
    expression = cron.ALIASES.get(case.expression, case.expression)
    until = case.expected[-1][0] + timedelta(seconds=1)
    found = []
    for begin, end in days_worth_walking(Matcher(expression), case.after, until):
        found += walk(expression, case.zone, begin, end)
    assert found == [at for at, _ in case.expected]


def days_worth_walking(due: Matcher, after: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The time between, without the days that are two days from any day that is due."""
    whole_days = range((until - after) // DAY + 1)
    worth = [
        any(due.is_due_day(*(after + (day + near) * DAY).timetuple()[:3]) for near in range(-2, 4))
        for day in whole_days
    ]
    for is_worth, days in groupby(whole_days, worth.__getitem__):
        span = list(days)
        if is_worth:
            # Walks leave out their first moment, and only the very first one is to be left out.
            begin = after + span[0] * DAY - (MICROSECOND if span[0] else ZERO)
            yield begin, min(after + (span[-1] + 1) * DAY, until)


def test_the_table_has_a_hundred_cases_in_ten_zones() -> None:
    assert len(TABLE) >= 100
    assert len({case.zone for case in TABLE.values()}) == 10


def test_every_kind_of_note_is_in_the_table() -> None:
    kinds = {re.sub(r"[\d:-]+", "", note or "") for case in TABLE.values() for _, note in case.expected}
    assert len(kinds) == 5


def test_it_fires_strictly_after_the_moment_given() -> None:
    due = datetime(2026, 5, 1, 5, tzinfo=timezone.utc)
    zone = zones.zone("Europe/Berlin")
    assert next(fires("0 7 * * *", zone, due)).at == due + DAY
    assert next(fires("0 7 * * *", zone, due - timedelta(microseconds=1))).at == due
    assert next(fires("0 7 * * *", zone, due + timedelta(microseconds=1))).at == due + DAY


@pytest.mark.parametrize("early", [MICROSECOND, timedelta(seconds=1)])
def test_what_a_jump_moves_is_still_to_come_right_before_the_jump_and_past_at_it(early: timedelta) -> None:
    jump = moment("2024-03-31T03:00+02:00")
    zone = zones.zone("Europe/Berlin")
    assert next(fires("30 2 * * *", zone, jump - early)).at == jump
    assert count("30 2 * * *", zone, jump - early, jump) == 1
    assert next(fires("30 2 * * *", zone, jump)).at == moment("2024-04-01T02:30+02:00")
    assert count("30 2 * * *", zone, jump, jump + DAY) == 1


def test_it_counts_a_decade_of_minutes_without_walking_through_it() -> None:
    start = datetime(2020, 1, 1, tzinfo=timezone.utc)
    end = datetime(2030, 1, 1, tzinfo=timezone.utc)
    for name in ("UTC", "Europe/Berlin", "Australia/Lord_Howe", "Antarctica/Troll", "Africa/Casablanca"):
        assert count("* * * * *", zones.zone(name), start, end) == (end - start) // timedelta(minutes=1)
