from __future__ import annotations

from datetime import datetime, timezone

import pytest

from jupyter_notebook_sched.domain import trigger, zones
from jupyter_notebook_sched.domain.trigger import Cron

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    "name", ["Mars/Olympus", "", "europe/berlin", "../../etc/passwd", "/etc/localtime", "CET ", "+02:00", "Europe"]
)
def test_it_refuses_a_zone_that_the_tz_database_does_not_have(name: str) -> None:
    found = trigger.problems(Cron("0 7 * * *", name), NOW)
    assert list(found) == ["timezone"]
    assert "Europe/Berlin" in found["timezone"]


def test_it_tells_of_a_bad_zone_and_a_bad_expression_at_once() -> None:
    assert set(trigger.problems(Cron("99 * * * *", "Mars/Olympus"), NOW)) == {"timezone", "cron"}


def test_it_finds_nothing_wrong_with_a_valid_trigger() -> None:
    assert trigger.problems(Cron("0 7 * * 1-5", "Europe/Berlin"), NOW) == {}


def test_it_reads_every_zone_that_it_names_from_its_own_database() -> None:
    assert {"UTC", "Europe/Berlin", "Pacific/Apia", "America/Argentina/Buenos_Aires"} <= zones.zone_names()
    for name in zones.zone_names():
        assert NOW.astimezone(zones.zone(name)) == NOW
    assert zones.tzdata_version()[:2] == "20"


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("0 7 * * 1-5", "At 07:00, Monday to Friday"),
        ("*/15 * * * *", "Every 15 minutes"),
        ("30 18 1 * *", "At 18:30, on day 1 of the month"),
        ("0 0 ? * 1", "At 00:00, only on Monday"),
        ("@daily", "At 00:00"),
        ("0 7 * * mon#2", "At 07:00, on the second Monday of the month"),
    ],
)
def test_it_tells_a_schedule_in_words(expression: str, words: str) -> None:
    assert trigger.describe(Cron(expression, "UTC")) == words


def test_it_gives_the_next_fire_in_utc() -> None:
    found = trigger.next_fire(Cron("0 7 * * 1-5", "Europe/Berlin"), NOW)
    assert found.at.isoformat() == "2026-03-02T06:00:00+00:00"
    assert found.note is None
