"""Due times by hand: one skipped, a range of the past run."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from jupyter_notebook_sched.domain.run import Run
from jupyter_notebook_sched.domain.states import RunState
from jupyter_notebook_sched.errors import Conflict, Invalid, NotFound
from jupyter_notebook_sched.scheduler.recording import Source
from jupyter_notebook_sched.scheduler.ticking import Scheduler
from jupyter_notebook_sched.service import due_times, jobs, pausing
from jupyter_notebook_sched.service.due_times import DueTimes, Filled
from jupyter_notebook_sched.service.forms import Backfill, Pause, SkipSlot
from jupyter_notebook_sched.store import attempts
from jupyter_notebook_sched.store.attempts import Ending

from ..house import House
from ..made import HERE, ME, claim
from ..scheduler.ledgers import DAY, FRIDAY, HOUR, MINUTE, SEVEN, brief, job_of, ledger, now_of, stored_reason, tick


def skip(house: House, job: jobs.JobAnswer, due: datetime) -> Run:
    return due_times.skip(house.context, job.id, SkipSlot(scheduled_for=due))


def fill(house: House, job: jobs.JobAnswer, start: datetime, end: datetime, again: bool = False) -> list[Run]:
    done = due_times.backfill(house.context, job.id, Backfill(start=start, end=end, again=again))
    assert isinstance(done, Filled)
    return done.runs


def would_fill(house: House, job: jobs.JobAnswer, start: datetime, end: datetime, again: bool = False) -> list[str]:
    asked = Backfill(start=start, end=end, again=again, dry_run=True)
    done = due_times.backfill(house.context, job.id, asked)
    assert isinstance(done, DueTimes)
    return [f"{due:%H:%M}" for due in done.slots]


def ends(house: House, state: RunState = RunState.SUCCEEDED) -> Run:
    """The next run starts and ends at once."""
    claimed = claim(house.context.store, ME, house.clock(), HERE)
    assert claimed is not None
    with house.context.store.write() as db:
        reason = "cell_error" if state is RunState.FAILED else None
        assert attempts.finish(db, claimed, Ending(state, reason), house.clock())
    return claimed.run


def test_it_skips_the_next_one_and_goes_on_behind_it(house: House) -> None:
    job = job_of(house)
    run = skip(house, job, FRIDAY + 10 * MINUTE)
    assert (run.state, run.reason, run.message, run.cause) == ("skipped", "user", "skipped on request", "schedule")
    assert now_of(house, job).next_run_at == FRIDAY + 20 * MINUTE
    assert skip(house, job, FRIDAY + 10 * MINUTE).id == run.id, "asked again"
    tick(house, FRIDAY + 20 * MINUTE)
    assert brief(house, job) == ["06:40 user", "06:50 queued"]


def test_it_skips_several_to_come_in_any_order(house: House) -> None:
    job = job_of(house)
    for minutes in (30, 10, 50, 20):
        skip(house, job, FRIDAY + minutes * MINUTE)
    assert now_of(house, job).next_run_at == FRIDAY + 40 * MINUTE
    for minutes in range(61):
        tick(house, FRIDAY + minutes * MINUTE)
    assert brief(house, job) == [
        *("06:40 user", "06:50 user", "07:00 user", "07:10 superseded", "07:20 user", "07:30 queued")
    ]


def test_it_skips_the_same_moment_in_another_zone(house: House) -> None:
    job = job_of(house)
    skip(house, job, datetime.fromisoformat("2026-05-01T08:40:00.000900+02:00"))
    assert brief(house, job) == ["06:40 user"]


def test_it_skips_one_that_waits(house: House) -> None:
    job = job_of(house)
    tick(house, FRIDAY + 10 * MINUTE)
    (run,) = ledger(house, job)
    assert skip(house, job, FRIDAY + 10 * MINUTE).id == run.id
    assert brief(house, job) == ["06:40 user"]
    assert now_of(house, job).slots_run == 0, "it is no run any more"


def test_it_leaves_what_has_begun_or_is_on_record_otherwise(house: House) -> None:
    job = job_of(house, on_missed="skip", retry={"max_attempts": 2})
    tick(house, FRIDAY + 14 * MINUTE)
    tick(house, FRIDAY + 20 * MINUTE)
    claimed = claim(house.context.store, ME, house.clock(), HERE)
    assert claimed is not None
    for due in (FRIDAY + 10 * MINUTE, FRIDAY + 20 * MINUTE):
        with pytest.raises(Conflict) as refused:
            skip(house, job, due)
        assert refused.value.reason == "already_recorded"
    with house.context.store.write() as db:
        attempts.give_back(db, claimed, Ending(RunState.FAILED, "cell_error"), house.clock() + MINUTE, house.clock())
    with pytest.raises(Conflict):
        skip(house, job, FRIDAY + 20 * MINUTE)
    assert brief(house, job) == ["06:40 missed", "06:50 queued"]


def test_it_refuses_what_is_no_due_time_to_come(house: House) -> None:
    job = job_of(house, ends_at="2026-05-01T08:00:00Z")
    tick(house, FRIDAY + 10 * MINUTE)
    before = brief(house, job)
    bad = [FRIDAY, FRIDAY + 15 * MINUTE, SEVEN + HOUR, SEVEN + timedelta(milliseconds=1), SEVEN - 10 * DAY]
    for due in bad:
        with pytest.raises(Invalid) as refused:
            skip(house, job, due)
        assert [error.field for error in refused.value.errors] == ["scheduled_for"]
    pausing.pause(house.context, job.id, Pause())
    with pytest.raises(Invalid):
        skip(house, job, SEVEN)
    with pytest.raises(NotFound):
        due_times.skip(house.context, "none", SkipSlot(scheduled_for=SEVEN))
    assert brief(house, job) == before


def test_it_skips_the_one_moment_of_a_job_that_runs_once(house: House) -> None:
    job = job_of(house, trigger={"type": "once", "at": "2026-05-01T07:00:00Z"})
    skip(house, job, SEVEN)
    assert now_of(house, job).next_run_at is None
    tick(house, SEVEN + DAY)
    assert brief(house, job) == ["07:00 user"]


def test_it_records_nothing_twice_where_somebody_skips_while_it_plans(house: House) -> None:
    """A due time that has passed already, in the midst of those that were missed."""

    class Slow(Scheduler):
        def source(self, job: jobs.Job) -> Source:
            skip(house, answer, FRIDAY + 20 * MINUTE)
            return super().source(job)

    answer = job_of(house, on_missed="skip")
    house.now = FRIDAY + 44 * MINUTE
    context = house.context
    Slow(context.store, context.archive, context.workspace, "python3").tick(house.clock())
    tick(house, house.clock())
    assert brief(house, answer) == ["06:40 missed", "06:50 user", "07:00-07:10 missed*2"]


def test_it_fills_a_range_of_the_past(house: House) -> None:
    """Inclusive at its start, exclusive at its end, oldest first, outside of the ledger."""
    job = job_of(house)
    made = fill(house, job, FRIDAY - 30 * MINUTE, FRIDAY)
    assert [(run.cause, f"{run.scheduled_for:%H:%M}", run.state) for run in made] == [
        ("backfill", "06:00", "queued"),
        ("backfill", "06:10", "queued"),
        ("backfill", "06:20", "queued"),
    ]
    assert (now_of(house, job).last_slot, now_of(house, job).slots_run) == (None, 0)
    tick(house, FRIDAY + 10 * MINUTE)
    assert "06:40 queued" in brief(house, job)


def test_it_never_fills_what_is_still_to_come(house: House) -> None:
    job = job_of(house, "*/30 * * * *")
    assert would_fill(house, job, FRIDAY - HOUR, FRIDAY + 10 * DAY) == ["05:30", "06:00", "06:30"]
    with pytest.raises(Invalid) as refused:
        would_fill(house, job, FRIDAY + MINUTE, FRIDAY + DAY)
    assert [error.field for error in refused.value.errors] == ["from"]


def test_it_leaves_out_what_has_succeeded_unless_asked_again(house: House) -> None:
    """Whatever had started it; what failed is filled."""
    job = job_of(house)
    tick(house, FRIDAY + 10 * MINUTE)
    ends(house)
    tick(house, FRIDAY + 20 * MINUTE)
    ends(house, RunState.FAILED)
    fill(house, job, FRIDAY, FRIDAY + MINUTE)
    ends(house)
    assert would_fill(house, job, FRIDAY - 10 * MINUTE, FRIDAY + HOUR) == ["06:20", "06:50"]
    assert would_fill(house, job, FRIDAY - 10 * MINUTE, FRIDAY + HOUR, again=True) == [
        *("06:20", "06:30", "06:40", "06:50")
    ]
    assert [f"{run.scheduled_for:%H:%M}" for run in fill(house, job, FRIDAY, FRIDAY + HOUR, again=True)] == [
        *("06:30", "06:40", "06:50")
    ]


def test_it_tells_before_it_fills_and_writes_nothing(house: House) -> None:
    job = job_of(house)
    assert would_fill(house, job, FRIDAY - 20 * MINUTE, FRIDAY) == ["06:10", "06:20"]
    assert ledger(house, job) == []


def test_it_bounds_how_much_is_filled_at_once(house: House) -> None:
    job = job_of(house, "* * * * *")
    assert len(would_fill(house, job, FRIDAY - 1000 * MINUTE, FRIDAY)) == 1000
    with pytest.raises(Invalid) as refused:
        fill(house, job, FRIDAY - 1001 * MINUTE, FRIDAY)
    assert refused.value.message == "to: that are 1001 due times; at most 1000 can be run at once: take less"
    assert ledger(house, job) == []


def test_it_runs_what_is_filled_one_after_another_behind_what_is_scheduled(house: House) -> None:
    job, other = job_of(house, on_overlap="parallel", max_parallel=9), job_of(house, name="other")
    first, second = fill(house, job, FRIDAY - 20 * MINUTE, FRIDAY)
    tick(house, FRIDAY + 10 * MINUTE)
    order = []
    while (claimed := claim(house.context.store, ME, house.clock(), HERE)) is not None:
        order.append(claimed.run)
    assert [run.cause for run in order] == ["schedule", "schedule", "backfill"] or order[0].id == first.id
    assert second.id not in {run.id for run in order}, "one backfill at a time"
    assert other.id in {run.job_id for run in order}
    assert stored_reason(house, second) is None


def test_it_fills_with_the_jobs_own_version_and_values(house: House) -> None:
    job = job_of(house, parameters={"x": 7})
    house.notebook("report.ipynb", "print('changed')", parameters="x = 1")
    (run,) = fill(house, job, FRIDAY - 10 * MINUTE, FRIDAY)
    assert (run.source_version, run.parameters, run.name) == (job.source_version, {"x": 7}, job.name)
