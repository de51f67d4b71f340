from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import islice

import pytest

from jupyter_notebook_sched.domain import trigger
from jupyter_notebook_sched.domain.trigger import Cron, Interval, Once, Trigger

UTC = timezone.utc
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
END = datetime.max.replace(tzinfo=UTC)
BEGIN = datetime.min.replace(tzinfo=UTC)
EAST, WEST = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def first(asked: Trigger, number: int, after: datetime = NOW, anchor: datetime = NOW) -> list[datetime]:
    return [fire.at for fire in islice(asked.fires(after, anchor), number)]


def test_a_cron_trigger_fires_at_wall_times_of_its_zone() -> None:
    fire = next(Cron("0 7 * * 1-5", "Europe/Berlin").fires(NOW, NOW))
    assert (fire.at.isoformat(), fire.note) == ("2026-03-02T06:00:00+00:00", None)


def test_an_interval_counts_from_its_anchor_which_is_not_due_itself() -> None:
    every = Interval(900)
    anchor = NOW - MINUTE
    assert first(every, 2, anchor=anchor) == [NOW + 14 * MINUTE, NOW + 29 * MINUTE]
    assert first(every, 1, after=anchor - HOUR, anchor=anchor) == [anchor + 15 * MINUTE]
    assert first(every, 1, after=anchor + 15 * MINUTE, anchor=anchor) == [anchor + 30 * MINUTE]


def test_an_interval_with_a_start_is_due_at_it_and_never_before() -> None:
    assert first(Interval(3600, NOW + MINUTE), 2) == [NOW + MINUTE, NOW + MINUTE + HOUR]
    assert first(Interval(3600, NOW), 1) == [NOW + HOUR]
    assert first(Interval(3600, NOW - 10 * HOUR - MINUTE), 1) == [NOW + HOUR - MINUTE]


def test_an_interval_counts_real_seconds_where_clocks_change() -> None:
    berlin = timezone(HOUR)
    found = first(Interval(86_400, datetime(2026, 3, 28, 7, tzinfo=berlin)), 3, after=datetime(2026, 3, 28, tzinfo=UTC))
    assert [f"{at:%d %H:%M}" for at in found] == ["28 06:00", "29 06:00", "30 06:00"]


def test_once_is_due_once() -> None:
    once = Once((NOW + HOUR).astimezone(EAST))
    assert first(once, 2) == [NOW + HOUR]
    assert next(once.fires(NOW, NOW)).at.tzinfo is UTC
    assert first(once, 1, after=NOW + HOUR) == []


def test_a_moment_finer_than_the_store_keeps_is_not_due_again_after_it_was_stored() -> None:
    fine = NOW + timedelta(microseconds=123_456)
    for asked in (Once(fine), Interval(60, fine), Interval(60)):
        (at,) = first(asked, 1, anchor=fine)
        assert at.microsecond == 123_000
        assert at not in first(asked, 1, after=at, anchor=fine)


PROBLEMS = {
    "a bad zone": (Cron("0 7 * * *", "Mars/Olympus"), {"timezone": "no time zone"}),
    "a bad expression": (Cron("99 * * * *", "UTC"), {"cron": "out of range"}),
    "both at once": (Cron("9-9 * * * *", "berlin"), {"timezone": "'Europe/Berlin'", "cron": "write '9'"}),
    "never": (Cron("0 0 31 2 *", "UTC"), {"cron": "never fire"}),
    "no distance": (Interval(0), {"every_seconds": "1 to 31536000 seconds"}),
    "a negative distance": (Interval(-900), {"every_seconds": "1 to 31536000 seconds"}),
    "a distance of 32 years": (Interval(10**9), {"every_seconds": "1 to 31536000 seconds"}),
    "a distance that no integer holds": (Interval(10**30), {"every_seconds": "1 to 31536000 seconds"}),
    "a start after all years": (Interval(60, END.replace(tzinfo=WEST)), {"start_at": "years 1 to 9999"}),
    "a start before all years": (
        Interval(0, BEGIN.replace(tzinfo=EAST)),
        {"start_at": "years", "every_seconds": "1 to"},
    ),
    "a past moment": (Once(NOW - MINUTE), {"at": "has passed"}),
    "this very moment": (Once(NOW), {"at": "has passed"}),
    "a moment after all years": (Once(END.replace(tzinfo=WEST)), {"at": "years 1 to 9999"}),
    "a moment before all years": (Once(BEGIN.replace(tzinfo=EAST)), {"at": "years 1 to 9999"}),
}


@pytest.mark.parametrize(("asked", "expected"), PROBLEMS.values(), ids=PROBLEMS)
def test_it_tells_every_field_that_is_wrong(asked: Trigger, expected: dict[str, str]) -> None:
    found = trigger.problems(asked, NOW)
    assert set(found) == set(expected)
    for field, part in expected.items():
        assert part in found[field]
        assert "\n" not in found[field]


@pytest.mark.parametrize(
    "asked",
    [
        Cron("0 7 * * 1-5", "Europe/Berlin"),
        Cron("@daily", "UTC"),
        Interval(1),
        Interval(31_536_000, BEGIN),
        Interval(60, END),
        Once(END),
        Once(NOW + timedelta(milliseconds=1)),
    ],
)
def test_it_finds_nothing_wrong_with_a_valid_trigger(asked: Trigger) -> None:
    assert trigger.problems(asked, NOW) == {}


@pytest.mark.parametrize("asked", [Cron("* * * * *", "Pacific/Kiritimati"), Interval(1), Once(NOW)])
def test_at_the_end_of_all_years_nothing_fires_again_and_nothing_breaks(asked: Trigger) -> None:
    assert len(trigger.problems(asked, END)) == 1
    assert first(asked, 1, after=END) == []
    assert asked.count(END, END, NOW) == 0
    assert asked.count(BEGIN, END, END) >= 0


def test_a_cron_trigger_ends_with_the_calendar() -> None:
    yearly = Cron("@yearly", "Pacific/Kiritimati")
    found = first(yearly, 100, after=datetime(9990, 6, 1, tzinfo=UTC))
    assert [at.astimezone(EAST).isoformat()[:10] for at in found] == [f"{year}-01-01" for year in range(9991, 10_000)]


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Etc/GMT+12", "America/New_York"])
def test_at_the_beginning_of_all_years_nothing_breaks(zone: str) -> None:
    assert first(Cron("0 7 * * *", zone), 1, after=BEGIN)[0].year == 1
    assert first(Cron("0 7 * * *", zone), 1, after=BEGIN.replace(tzinfo=EAST))[0].year == 1
    assert first(Once(NOW), 1, after=BEGIN.replace(tzinfo=EAST)) == [NOW]


@pytest.mark.parametrize("asked", [Interval(0), Interval(10**30), Once(END.replace(tzinfo=WEST)), Cron("x", "UTC")])
def test_a_trigger_that_somebody_broke_by_hand_says_so_when_it_is_asked(asked: Trigger) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        next(asked.fires(NOW, NOW))
    with pytest.raises(ValueError, match=r"\w"):
        asked.count(NOW, NOW + HOUR, NOW)


WORDS = {
    "0 7 * * 1-5": "At 07:00, Monday to Friday",
    "00 07 * * 01": "At 07:00, only on Monday",
    "*/15 * * * *": "Every 15 minutes",
    "0/15 * * * *": "Every 15 minutes",
    "* * * * *": "Every minute",
    "@hourly": "Every hour",
    "@daily": "At 00:00, every day",
    "0 0 * * 1-7": "At 00:00, every day",
    "0 0 15 * 0-6": "At 00:00, every day",
    "0 7,12,19 * * *": "At 07:00, 12:00 and 19:00, every day",
    "15-45/15 8 * * *": "At 08:15, 08:30 and 08:45, every day",
    "0 9-17 * * mon-fri": "Every hour, between 09:00 and 17:59, Monday to Friday",
    "*/5 9-17 * * 1-5": "Every 5 minutes, between 09:00 and 17:59, Monday to Friday",
    "*/45 * * * *": "At 0 and 45 minutes past the hour",
    "7,*/15 * * * *": "At 0, 7, 15, 30 and 45 minutes past the hour",
    "0 */2 * * *": "Every 2 hours",
    "0 */5 * * *": "At 00:00, 05:00, 10:00, 15:00 and 20:00",
    "30 18 1 * *": "At 18:30, on day 1 of the month",
    "0 0 13 * 5": "At 00:00, on day 13 of the month, or on Friday",
    "0 0 ? * 1": "At 00:00, only on Monday",
    "0 0 * * 5-7": "At 00:00, Friday to Sunday",
    "0 0 * * 0,6": "At 00:00, only on Saturday and Sunday",
    "0 0 * * 1-5/2": "At 00:00, only on Monday, Wednesday and Friday",
    "0 7 * * mon#2": "At 07:00, on the second Monday of the month",
    "0 0 * * mon#1,3#3,L5": "At 00:00, on the first Monday, the third Wednesday and the last Friday of the month",
    "0 0 * * L0": "At 00:00, on the last Sunday of the month",
    "0 0 L * *": "At 00:00, on the last day of the month",
    "0 0 15,L * *": "At 00:00, on day 15 and the last day of the month",
    "0 0 15W 3 *": "At 00:00, on the weekday nearest day 15 of the month, only in March",
    "0 0 */2 * *": "At 00:00, every 2 days, between day 1 and 31 of the month",
    "0 0 */31 * *": "At 00:00, on day 1 of the month",
    "0 0 1 */3 *": "At 00:00, on day 1 of the month, only in January, April, July and October",
    "0 0 1 1-12 *": "At 00:00, on day 1 of the month",
    "0 0 1 jan/1,jun *": "At 00:00, on day 1 of the month",
    "@yearly": "At 00:00, on day 1 of the month, only in January",
}


@pytest.mark.parametrize(("expression", "words"), WORDS.items())
def test_it_tells_a_cron_in_words(expression: str, words: str) -> None:
    assert trigger.describe(Cron(expression, "UTC")) == words


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Interval(1), "Every second"),
        (Interval(90), "Every 1 minute 30 seconds"),
        (Interval(900), "Every 15 minutes"),
        (Interval(3600), "Every hour"),
        (Interval(5400), "Every 1 hour 30 minutes"),
        (Interval(86_400), "Every 24 hours"),
        (Interval(604_800), "Every 7 days"),
        (Interval(900, datetime(2026, 5, 1, 9, tzinfo=EAST)), "Every 15 minutes, from 2026-04-30 at 19:00 UTC"),
        (Once(datetime(2026, 5, 1, 7, tzinfo=UTC)), "Once, on 2026-05-01 at 07:00 UTC"),
        (Once(datetime(987, 5, 1, 7, 0, 5, tzinfo=UTC)), "Once, on 0987-05-01 at 07:00:05 UTC"),
    ],
)
def test_it_tells_an_interval_and_a_moment_in_words(asked: Trigger, words: str) -> None:
    assert trigger.describe(asked) == words
