"""Pausing stops due times that are to come, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jupyter_notebook_sched.domain.job import JobAnswer
from jupyter_notebook_sched.errors import Conflict, Invalid, NotFound
from jupyter_notebook_sched.service import due_times, jobs, pausing
from jupyter_notebook_sched.service.forms import Pause, PauseMany, ResumeMany, RunJob, SkipSlot
from jupyter_notebook_sched.store import outbox

from ..house import House
from ..scheduler.ledgers import FRIDAY, MINUTE, SEVEN, brief, job_of, ledger, now_of, tick


def told(house: House) -> list[str]:
    """What the events say of jobs."""
    with house.context.store.read() as db:
        events = outbox.after(db, 0, 1000)
    return [event.fields["change"] for event in events if "change" in event.fields]


def test_it_stops_new_due_times_and_lets_what_waits_run(house: House) -> None:
    job = job_of(house)
    tick(house, FRIDAY + 10 * MINUTE)
    paused = pausing.pause(house.context, job.id, Pause())
    assert (paused.paused, paused.paused_until, paused.next_run_at) == (True, None, None)
    assert ledger(house, job)[0].state == "queued"
    assert jobs.run(house.context, job.id, RunJob()).state == "queued", "a person may run it"
    tick(house, FRIDAY + 50 * MINUTE)
    house.now = FRIDAY + 55 * MINUTE
    assert pausing.resume(house.context, job.id).next_run_at == FRIDAY + 60 * MINUTE
    tick(house, FRIDAY + 60 * MINUTE)
    assert [line for line in brief(house, job) if "by hand" not in line] == ["06:40 superseded", "07:30 queued"]


def test_it_may_be_repeated_and_tells_only_what_changed(house: House) -> None:
    job = job_of(house)
    until = SEVEN + timedelta(minutes=5)
    for _ in range(2):
        pausing.pause(house.context, job.id, Pause())
    for _ in range(2):
        paused = pausing.pause(house.context, job.id, Pause(until=until))
    assert (paused.paused, paused.paused_until) == (True, until)
    for _ in range(2):
        resumed = pausing.resume(house.context, job.id)
    assert (resumed.paused, resumed.paused_until) == (False, None)
    assert told(house) == ["created", "paused", "paused", "resumed"]


def test_it_ends_by_itself_and_counts_the_due_time_at_its_very_end(house: House) -> None:
    job = job_of(house)
    pausing.pause(house.context, job.id, Pause(until=SEVEN))
    tick(house, SEVEN - timedelta(milliseconds=1))
    assert now_of(house, job).paused
    tick(house, SEVEN)
    now = now_of(house, job)
    assert (now.paused, now.paused_until, now.next_run_at) == (False, None, SEVEN + 10 * MINUTE)
    assert brief(house, job) == ["07:00 queued"]
    assert told(house) == ["created", "paused", "resumed"]


def test_it_records_what_was_missed_since_a_pause_that_ended_while_nobody_looked(house: House) -> None:
    job = job_of(house)
    pausing.pause(house.context, job.id, Pause(until=SEVEN))
    tick(house, SEVEN + 34 * MINUTE)
    assert brief(house, job) == ["07:00-07:20 missed*3", "07:30 queued late"]


def test_it_never_promises_again_what_was_skipped_before_the_pause(house: House) -> None:
    job = job_of(house)
    due_times.skip(house.context, job.id, SkipSlot(scheduled_for=FRIDAY + 10 * MINUTE))
    pausing.pause(house.context, job.id, Pause())
    assert pausing.resume(house.context, job.id).next_run_at == FRIDAY + 20 * MINUTE
    pausing.pause(house.context, job.id, Pause(until=FRIDAY + MINUTE))
    tick(house, FRIDAY + MINUTE)
    assert now_of(house, job).next_run_at == FRIDAY + 20 * MINUTE


def test_it_keeps_a_pause_through_edits_and_ends_it_with_one(house: House) -> None:
    job = job_of(house)
    pausing.pause(house.context, job.id, Pause(until=SEVEN))
    renamed = jobs.patch(house.context, job.id, {"name": "Renamed", "starts_at": "2026-05-01T08:00:00Z"})
    assert (renamed.paused, renamed.paused_until, renamed.next_run_at) == (True, SEVEN, None)
    awake = jobs.patch(house.context, job.id, {"paused": False})
    assert (awake.paused, awake.paused_until, awake.next_run_at) == (False, None, SEVEN + 60 * MINUTE)
    assert jobs.patch(house.context, job.id, {"paused": True}).paused_until is None


def test_it_refuses_an_end_that_has_passed(house: House) -> None:
    job = job_of(house)
    for until in (FRIDAY, FRIDAY - MINUTE):
        with pytest.raises(Invalid) as refused:
            pausing.pause(house.context, job.id, Pause(until=until))
        assert [error.field for error in refused.value.errors] == ["until"]
        with pytest.raises(Invalid):
            pausing.pause_many(house.context, PauseMany(until=until))
    assert told(house) == ["created"]


@pytest.fixture
def several(house: House) -> tuple[House, dict[str, JobAnswer]]:
    """Three jobs, two of them tagged, and a row that nobody can read."""
    made = {name: job_of(house, name=name, tags=tags) for name, tags in TAGS.items()}
    with house.context.store.write() as db:
        db.execute("update jobs set spec = '{' where id = ?", [made["broken"].id])
    return house, made


TAGS = {"etl": ["etl"], "both": ["etl", "daily"], "none": [], "broken": ["etl"]}


def paused(several: tuple[House, dict[str, JobAnswer]]) -> set[str]:
    house, made = several
    return {name for name in made if name != "broken" and now_of(house, made[name]).paused}


def test_it_pauses_all_or_those_with_a_tag(several: tuple[House, dict[str, JobAnswer]]) -> None:
    """One that is broken keeps nobody from it."""
    house, _ = several
    assert pausing.pause_many(house.context, PauseMany(tag="daily")).changed == 1
    assert paused(several) == {"both"}
    assert pausing.pause_many(house.context, PauseMany(tag="etl")).changed == 1
    assert paused(several) == {"both", "etl"}
    assert pausing.pause_many(house.context, PauseMany()).changed == 1
    assert pausing.pause_many(house.context, PauseMany()).changed == 0
    assert pausing.resume_many(house.context, ResumeMany(tag="etl")).changed == 2
    assert paused(several) == {"none"}
    assert pausing.resume_many(house.context, ResumeMany(tag="nobody's")).changed == 0
    assert pausing.resume_many(house.context, ResumeMany()).changed == 1
    assert paused(several) == set()


def test_it_pauses_many_until_a_moment(several: tuple[House, dict[str, JobAnswer]]) -> None:
    house, made = several
    assert pausing.pause_many(house.context, PauseMany(tag="etl", until=SEVEN)).changed == 2
    tick(house, SEVEN)
    assert paused(several) == set()
    assert brief(house, made["both"]) == ["07:00 queued"]


def test_it_knows_no_such_job(house: House) -> None:
    house.context.store.make()
    for change in (lambda: pausing.pause(house.context, "x", Pause()), lambda: pausing.resume(house.context, "x")):
        with pytest.raises((NotFound, Conflict)) as refused:
            change()
        assert refused.value.status == 404
