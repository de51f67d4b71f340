"""Clocks that jump, machines that sleep, time zones whose rules change: nothing fires twice, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from jupyter_notebook_sched.domain import zones
from jupyter_notebook_sched.domain.times import to_text
from jupyter_notebook_sched.host.watching import LEASE_SECONDS
from jupyter_notebook_sched.scheduler.leadership import Leadership
from jupyter_notebook_sched.scheduler.ticking import Deposed, Scheduler
from jupyter_notebook_sched.scheduler.zone_rules import follow_zone_rules
from jupyter_notebook_sched.service import due_times, jobs, pausing, runs
from jupyter_notebook_sched.service.forms import Pause, SkipSlot

from ..house import House
from .ledgers import DAY, FRIDAY, HOUR, MINUTE, SEVEN, brief, job_of, now_of, tick
from .test_leadership import elsewhere

SLEEPS = timedelta(hours=9)


def test_it_sleeps_with_the_machine_and_catches_up_when_it_wakes(house: House) -> None:
    job = job_of(house)
    tick(house, FRIDAY + 10 * MINUTE)
    tick(house, FRIDAY + SLEEPS)
    assert brief(house, job) == ["06:40 superseded", "06:50-15:20 missed*52", "15:30 queued"]


@pytest.mark.parametrize("back", [timedelta(milliseconds=1), MINUTE, HOUR, 400 * DAY])
def test_it_waits_until_a_clock_that_went_back_has_come_round(house: House, back: timedelta) -> None:
    job = job_of(house)
    tick(house, SEVEN)
    before, promised = brief(house, job), now_of(house, job).next_run_at
    tick(house, SEVEN - back)
    tick(house, SEVEN)
    assert (brief(house, job), now_of(house, job).next_run_at) == (before, promised)
    tick(house, SEVEN + 10 * MINUTE)
    assert brief(house, job)[-1] == "07:10 queued"


def test_it_takes_a_clock_that_was_wrong_for_a_while(house: House) -> None:
    """A year ahead, and back: due times of that year are on record as missed, and none of them fires again."""
    job = job_of(house, "0 * * * *", on_missed="skip")
    tick(house, SEVEN + 365 * DAY)
    ahead = brief(house, job)
    for hours in range(1, 30):
        tick(house, SEVEN + hours * HOUR)
    assert brief(house, job) == ahead
    assert now_of(house, job).next_run_at == SEVEN + 365 * DAY + HOUR
    house.now = SEVEN + 30 * HOUR
    pausing.pause(house.context, job.id, Pause())
    assert pausing.resume(house.context, job.id).next_run_at == SEVEN + 365 * DAY + HOUR, "never earlier than the last"


def test_it_writes_nothing_after_a_sleep_through_which_another_took_over(house: House) -> None:
    """The sleeper's own clock stood still: it believes that it still leads until it looks."""
    job = job_of(house)
    context = house.context
    sleeper = Leadership(context.store, str(elsewhere(1)), "1", lambda *_: False)
    assert sleeper.take_or_renew(100.0)
    ticking = Scheduler(context.store, context.archive, context.workspace, "python3", sleeper.still_leads)
    ticking.tick(FRIDAY + 10 * MINUTE)
    heir = Leadership(context.store, str(elsewhere(2)), "1", lambda *_: True)
    assert heir.take_or_renew(100.0 + LEASE_SECONDS)
    house.now = FRIDAY + 20 * MINUTE
    before = brief(house, job)
    assert sleeper.take_or_renew(101.0), "it has not looked"
    with pytest.raises(Deposed):
        ticking.tick(house.now)
    assert brief(house, job) == before
    assert not sleeper.take_or_renew(111.0)
    other = Scheduler(context.store, context.archive, context.workspace, "python3", heir.still_leads)
    other.tick(house.now)
    assert brief(house, job) == ["06:40 superseded", "06:50 queued"]


BERLIN = {"type": "cron", "cron": "0 9 * * *", "timezone": "Europe/Berlin"}


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str | None], None]:
    """Another tz database: its release, and the zone whose rules Berlin has in it."""
    zone = zones.zone

    def become(release: str, of: str | None = None) -> None:
        monkeypatch.setattr(zones, "tzdata_version", lambda: release)
        monkeypatch.setattr(zones, "zone", lambda name: zone(of if of and name == "Europe/Berlin" else name))

    return become


def next_of(house: House, job: jobs.JobAnswer) -> str:
    moment = now_of(house, job).next_run_at
    return f"{moment:%d %H:%M}" if moment else "never"


def test_it_moves_the_next_due_time_with_the_rules_of_its_zone(
    house: House, rules: Callable[[str, str | None], None]
) -> None:
    """Once for each release, whoever leads."""
    job, utc = job_of(house, trigger=BERLIN), job_of(house)
    store = house.context.store
    rules("2026a", None)
    assert follow_zone_rules(store, FRIDAY) == 0
    assert (next_of(house, job), next_of(house, utc)) == ("01 07:00", "01 06:40")
    rules("2026b", "Europe/Istanbul")  # as if Berlin had stayed at UTC+3
    assert follow_zone_rules(store, FRIDAY) == 1
    assert follow_zone_rules(store, FRIDAY) == 0
    assert (next_of(house, job), next_of(house, utc)) == ("02 06:00", "01 06:40")
    tick(house, FRIDAY + DAY)
    assert brief(house, job) == ["06:00 queued late"]


def test_it_fires_no_earlier_than_the_last_on_record_under_new_rules(
    house: House, rules: Callable[[str, str | None], None]
) -> None:
    job = job_of(house, trigger=BERLIN)
    rules("2026a", None)
    follow_zone_rules(house.context.store, FRIDAY)
    tick(house, SEVEN)
    rules("2026b", "Europe/London")  # nine o'clock is an hour later now: today's has been, and comes again
    follow_zone_rules(house.context.store, SEVEN + MINUTE)
    assert next_of(house, job) == "01 08:00"
    tick(house, SEVEN + HOUR)
    assert brief(house, job) == ["07:00 superseded", "08:00 queued"]
    rules("2026c", "Europe/Istanbul")
    follow_zone_rules(house.context.store, SEVEN + HOUR)
    assert next_of(house, job) == "02 06:00", "never before one that is on record"


def test_it_promises_nothing_that_was_missed_under_new_rules(
    house: House, rules: Callable[[str, str | None], None]
) -> None:
    """Many at once, that one record stands for."""
    job = job_of(house, on_missed="skip")
    tick(house, FRIDAY + 44 * MINUTE)
    rules("2026b", None)
    assert follow_zone_rules(house.context.store, FRIDAY + 45 * MINUTE) == 0
    assert next_of(house, job) == "01 07:20"


def test_it_promises_nothing_that_was_skipped_under_new_rules(
    house: House, rules: Callable[[str, str | None], None]
) -> None:
    job = job_of(house, trigger=BERLIN)
    due_times.skip(house.context, job.id, SkipSlot(scheduled_for=SEVEN))
    rules("2026b", None)
    follow_zone_rules(house.context.store, FRIDAY)
    assert next_of(house, job) == "02 07:00"


def test_it_shows_what_cannot_be_followed_under_new_rules_and_goes_on(
    house: House, rules: Callable[[str, str | None], None]
) -> None:
    sick, paused, job = (job_of(house, trigger=BERLIN) for _ in range(3))
    pausing.pause(house.context, paused.id, Pause())
    with house.context.store.write() as db:
        db.execute("update jobs set spec = json_set(spec, '$.trigger.timezone', 'Gone/Zone') where id = ?", [sick.id])
    rules("2026b", "Europe/Istanbul")
    assert follow_zone_rules(house.context.store, FRIDAY) == 1
    assert "Gone/Zone" in (now_of(house, sick).problem or "")
    assert (next_of(house, sick), next_of(house, paused), next_of(house, job)) == ("never", "never", "02 06:00")


def test_one_that_was_skipped_and_deleted_does_not_come_again_with_the_clock(house: House) -> None:
    """Only its record said that it had been: with the record gone, the job has to remember."""
    job = job_of(house, None, trigger={"type": "once", "at": to_text(SEVEN)})
    skipped = due_times.skip(house.context, job.id, SkipSlot(scheduled_for=SEVEN))
    tick(house, SEVEN + MINUTE)
    runs.delete(house.context, skipped.id)
    tick(house, SEVEN - HOUR)
    jobs.patch(house.context, job.id, {"ends_at": to_text(SEVEN + DAY)})
    tick(house, SEVEN + HOUR)
    assert brief(house, job) == []
