"""Random crons around changes of clocks, against a walk through real time that knows nothing of ours."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import takewhile

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jupyter_notebook_sched.domain import zones
from jupyter_notebook_sched.domain.clock_changes import count, fires

from .crontab_oracle import walk
from .expressions import CHANGES, expressions, moments_near_changes

ORDINARY = ["30 2 * * *", "0,30 1-3 * * *", "*/20 * * * *", "0 */2 * * *", "15 0 * * *", "45 23 * * *", "7 3 31,1 * *"]


def fires_until(expression: str, zone: str, after: datetime, until: datetime) -> list[datetime]:
    return [fire.at for fire in takewhile(lambda fire: fire.at < until, fires(expression, zones.zone(zone), after))]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(expressions(often=True), moments_near_changes(), st.integers(1, 40))
@example("0,*/7 * 31,L 12,1 *", ("Asia/Kathmandu", datetime.fromisoformat("1985-12-31T18:00:00+00:00")), 30)
def test_it_agrees_with_a_clock_that_is_read_every_minute(
    expression: str, place: tuple[str, datetime], hours: int
) -> None:
    zone, after = place
    until = after + timedelta(hours=hours)
    expected = walk(expression, zone, after, until)
    assert fires_until(expression, zone, after, until) == expected
    assert count(expression, zones.zone(zone), after, until - timedelta(microseconds=1)) == len(expected)


@pytest.mark.parametrize(("zone", "change"), CHANGES, ids=[f"{zone} {change}" for zone, change in CHANGES])
def test_it_agrees_at_every_change_for_what_people_write(zone: str, change: str) -> None:
    there = datetime.fromisoformat(f"{change}+00:00")
    after, until = there - timedelta(hours=25), there + timedelta(hours=26)
    for expression in ORDINARY:
        assert fires_until(expression, zone, after, until) == walk(expression, zone, after, until), expression
