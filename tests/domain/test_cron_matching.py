"""The days and times that an expression names, against a matcher that asks every minute field by field."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_notebook_sched.domain import cron
from jupyter_notebook_sched.domain.cron.days import days_of
from jupyter_notebook_sched.domain.cron.words import in_words

from .crontab_oracle import Matcher
from .expressions import expressions, weekdays

ZERO = datetime(1970, 1, 1)
SECOND = timedelta(seconds=1)
WEEK = [date(2024, 9, 1) + timedelta(days=number) for number in range(7)]  # from a Sunday on


def named(expression: str, start: datetime, days: int) -> list[datetime]:
    """Every wall time later than ``start`` on so many days, by the matcher."""
    due = Matcher(expression)
    dates = (start.date() + timedelta(days=number) for number in range(days))
    times = [time(hour, minute) for hour in sorted(due.hours) for minute in sorted(due.minutes)]
    walls = (
        datetime.combine(day, each) for day in dates if due.is_due_day(day.year, day.month, day.day) for each in times
    )
    return [wall for wall in walls if wall > start]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(expressions(), st.datetimes(datetime(1900, 1, 1), datetime(2110, 1, 1)), st.sampled_from([1, 35, 400]))
def test_it_names_the_wall_times_that_crontab_means(expression: str, start: datetime, days: int) -> None:
    expected = named(expression, start, days)
    walls = cron.walls_of(expression)
    end = datetime.combine(start.date() + timedelta(days=days), time())
    assert walls.count((start - ZERO) // SECOND + 1, (end - ZERO) // SECOND) == len(expected)
    for wall, found in zip(expected[:200], cron.wall_times(expression, start), strict=False):
        assert found == wall


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.tuples(st.integers(26, 31), st.integers(1, 12), weekdays()))
def test_it_refuses_exactly_those_that_are_due_on_no_day(days: tuple[int, int, str]) -> None:
    day, month, weekday = days
    expression = f"0 0 {day if weekday in '*?' else '*'} {month} {weekday}"
    if Matcher(expression).is_ever_due():
        assert next(cron.wall_times(expression, ZERO))
    else:
        with pytest.raises(ValueError, match="would never fire"):
            cron.walls_of(expression)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(expressions())
def test_it_finds_words_for_whatever_it_accepts(expression: str) -> None:
    words = in_words(expression)
    assert words.split(" ")[0] in ("At", "Every", "Minutes")
    assert not {"%", "{", "*", "#", "/", "?"} & set(words)
    assert "  " not in words


def test_sunday_ends_every_range_of_weekdays_as_seven() -> None:
    for first in range(7):
        for step in range(1, 8):
            days = days_of("*", "*", f"{first}-7/{step}")
            found = {number for number, day in enumerate(WEEK) if days.count(day.toordinal(), day.toordinal() + 1)}
            assert found == {number % 7 for number in range(first, 8, step)}, (first, step)
