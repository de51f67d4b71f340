"""A schedule's answers agree with each other, whatever it is asked."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import takewhile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_notebook_sched.domain.schedule import Schedule, spread_of
from jupyter_notebook_sched.domain.trigger import Cron, Interval, Once, Trigger

from .expressions import expressions, moments_near_changes

UTC = timezone.utc
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BEGIN, END = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
MICROSECOND, SECOND, DAY = timedelta(microseconds=1), timedelta(seconds=1), timedelta(days=1)


@st.composite
def questions(draw: st.DrawFn) -> tuple[Schedule, datetime, datetime]:
    """A schedule, and a window near to a change of clocks that has a bounded number of fires."""
    zone, after = draw(moments_near_changes())
    until = after + draw(st.integers(0, 100_000)) * SECOND + draw(st.sampled_from([0, 1])) * MICROSECOND
    near = st.integers(-90_000, 180_000).map(lambda seconds: after + seconds * SECOND)
    cron = expressions(often=True).map(lambda expression: Cron(expression, zone))
    interval = st.builds(Interval, st.integers(60, 50_000), st.none() | near)
    asked = draw(st.one_of(cron, cron, interval, near.map(Once)))
    return Schedule(asked, draw(near), draw(st.none() | near), draw(st.none() | near)), after, until


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(questions(), st.integers(0, 30))
def test_its_answers_agree_with_each_other(asked: tuple[Schedule, datetime, datetime], limit: int) -> None:
    schedule, after, until = asked
    fires = [fire.at for fire in takewhile(lambda fire: fire.at <= until, schedule.fires(after))]
    assert fires == sorted(set(fires))
    assert all(after < at <= until for at in fires)
    assert schedule.count(after, until) == len(fires)
    assert schedule.newest(after, until, limit) == fires[max(0, len(fires) - limit) :]
    assert schedule.newest(after, until, len(fires) + 1) == fires
    before = after
    for at in [*fires[:20], None]:
        found = schedule.next_after(before)
        assert found == at or (at is None and (found is None or found > until)) or len(fires) > 20
        before = at or before
    for at in fires[:20]:
        assert schedule.has(at)
        assert not schedule.has(at + MICROSECOND)
        assert schedule.has(at + SECOND) == (schedule.next_after(at) == at + SECOND)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(questions())
def test_it_fires_only_from_its_start_and_before_its_end(asked: tuple[Schedule, datetime, datetime]) -> None:
    schedule, after, until = asked
    try:
        unbounded = [
            fire.at for fire in takewhile(lambda fire: fire.at <= until, schedule.trigger.fires(after, schedule.anchor))
        ]
    except ValueError:
        return
    begin, end = schedule.starts_at or BEGIN, schedule.ends_at or END
    found = [fire.at for fire in takewhile(lambda fire: fire.at <= until, schedule.fires(after))]
    assert found == [at for at in unbounded if begin <= at < end]


def test_its_start_is_due_and_its_end_is_not() -> None:
    minutes = Cron("* * * * *", "UTC")
    schedule = Schedule(minutes, NOW, starts_at=NOW + 60 * SECOND, ends_at=NOW + 180 * SECOND)
    assert [fire.at for fire in schedule.fires(NOW - DAY)] == [NOW + 60 * SECOND, NOW + 120 * SECOND]
    assert schedule.next_after(NOW + 120 * SECOND) is None
    assert [schedule.has(NOW + minute * 60 * SECOND) for minute in range(5)] == [False, True, True, False, False]


def test_a_window_that_ends_before_it_begins_holds_nothing() -> None:
    for trigger in (Cron("* * * * *", "Europe/Berlin"), Interval(60), Once(NOW)):
        schedule = Schedule(trigger, NOW - DAY)
        assert schedule.count(NOW + DAY, NOW - DAY) == 0
        assert schedule.newest(NOW + DAY, NOW - DAY, 5) == []
        assert schedule.count(NOW, NOW) == 0
        assert list(Schedule(trigger, NOW, NOW + DAY, NOW - DAY).fires(NOW - 9 * DAY)) == []


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Australia/Lord_Howe"])
def test_it_counts_and_finds_the_newest_of_very_many(zone: str) -> None:
    schedule = Schedule(Cron("* * 1 1 *", zone), NOW)
    assert schedule.count(NOW, NOW + 3653 * DAY) == 10 * 1440
    newest = schedule.newest(NOW - 3653 * DAY, NOW, 2)
    assert newest[1] - newest[0] == 60 * SECOND
    assert [at.astimezone(UTC).year for at in newest] == [2026, 2026]


def test_the_newest_of_every_second_are_found_to_the_second() -> None:
    schedule = Schedule(Interval(1), NOW - DAY - timedelta(milliseconds=250))
    until = NOW + timedelta(milliseconds=500)
    expected = [NOW + timedelta(milliseconds=750 - 1000 * number) for number in (3, 2, 1)]
    assert schedule.newest(NOW - DAY, until, 3) == expected


def test_the_newest_are_found_at_the_beginning_of_all_years() -> None:
    schedule = Schedule(Cron("@yearly", "UTC"), NOW)
    newest = schedule.newest(BEGIN, datetime(20, 6, 1, tzinfo=UTC), 17)
    assert [at.year for at in newest] == list(range(4, 21))


@pytest.mark.parametrize(
    "trigger",
    [
        Cron("0 0 * * *", "Pacific/Kiritimati"),
        Cron("0 0 29 2 *", "America/New_York"),
        Interval(31_536_000),
        Interval(31_536_000, BEGIN),
        Interval(1, END),
        Once(END),
    ],
)
def test_extreme_moments_are_answered_without_an_error(trigger: Trigger) -> None:
    for schedule in (
        Schedule(trigger, BEGIN, ends_at=BEGIN + DAY),
        Schedule(trigger, NOW),
        Schedule(trigger, END, starts_at=BEGIN, ends_at=NOW),
        Schedule(trigger, NOW, starts_at=END, ends_at=BEGIN),
    ):
        assert schedule.next_after(END) is None
        assert schedule.count(END, BEGIN) == 0
        assert schedule.count(NOW - 9999 * DAY, END) >= len(schedule.newest(NOW, END, 3))
        schedule.next_after(BEGIN)
        schedule.has(BEGIN)
        schedule.has(END)


def test_all_years_are_counted() -> None:
    """The first and the last days of the calendar are left out, where some zone could not tell its time."""
    assert Schedule(Cron("0 0 * * *", "UTC"), NOW).count(BEGIN, END) == (END - BEGIN).days - 3


@pytest.mark.parametrize("trigger", [Cron("9-9 * * * *", "UTC"), Cron("* * * * *", "Mars/Olympus"), Interval(10**9)])
def test_a_trigger_that_is_not_valid_is_told_whatever_is_asked(trigger: Trigger) -> None:
    schedule = Schedule(trigger, NOW)
    for ask in (
        lambda: schedule.next_after(NOW),
        lambda: schedule.count(NOW, NOW + DAY),
        lambda: schedule.newest(NOW, NOW + DAY, 1),
        lambda: schedule.has(NOW),
        lambda: next(schedule.fires(NOW)),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            ask()


def test_a_spread_is_stable_and_never_early_nor_too_late() -> None:
    jobs = [f"0197a3f0-{number:04}" for number in range(2000)]
    spreads = [spread_of(job, 600) for job in jobs]
    assert spreads == [spread_of(job, 600) for job in jobs]
    assert all(timedelta() <= each < 600 * SECOND for each in spreads)
    assert all(each.microseconds % 1000 == 0 for each in spreads)
    minutes = [each // (60 * SECOND) for each in spreads]
    assert all(130 < minutes.count(minute) < 270 for minute in range(10))


def test_a_spread_is_the_same_in_every_process() -> None:
    """The first 8 bytes of the id's SHA-256, as milliseconds within the spread."""
    assert spread_of("0197a3f0", 600) == timedelta(milliseconds=0xD5ABBC58EB7B9970 % 600_000)
    assert spread_of("any", 0) == timedelta()
