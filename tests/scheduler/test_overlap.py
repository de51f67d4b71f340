"""A due time that comes while earlier runs of its job wait, run, or stand between two attempts."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from jupyter_notebook_sched.domain.job import JobAnswer
from jupyter_notebook_sched.domain.run import Run
from jupyter_notebook_sched.domain.schedule import spread_of
from jupyter_notebook_sched.domain.states import RunState
from jupyter_notebook_sched.service import due_times, jobs
from jupyter_notebook_sched.service.due_times import Filled
from jupyter_notebook_sched.service.forms import Backfill, RunJob
from jupyter_notebook_sched.store import attempts
from jupyter_notebook_sched.store.attempts import Ending

from ..house import House
from ..made import claim, stored
from .ledgers import DAY, FRIDAY, MINUTE, SEVEN, job_of, ledger, now_of, stored_reason, tick, told

DAILY = "0 7 * * *"
LONG_AFTER = SEVEN + 30 * DAY


def bring_to(house: House, run: Run, situation: str, now: datetime) -> None:
    if situation == "waiting":
        return
    claimed = claim(house.context.store, now=now)
    assert claimed is not None
    assert claimed.run.id == run.id
    if situation == "between attempts":
        with house.context.store.write() as db:
            attempts.give_back(db, claimed, Ending(RunState.FAILED, "lost"), LONG_AFTER, now)


def before(house: House, run_id: str) -> str:
    """What became of the earlier run, in one word."""
    run = stored(house.context.store, run_id)
    with house.context.store.read() as db:
        asked = attempts.cancel_reason(db, run_id)
    if run.state == "running":
        return f"asked to end: {asked}" if asked else "runs on"
    return run.reason if run.state != "queued" else "waits on"  # type: ignore[return-value]


def after(house: House, run: Run, now: datetime) -> str:
    """What becomes of the new due time: it starts, waits for the earlier one, or is skipped."""
    if run.state != "queued":
        return str(run.reason)
    claimed = None
    while (one := claim(house.context.store, now=now)) is not None:
        claimed = one if one.run.id == run.id else claimed
    return "starts" if claimed is not None else "waits"


TABLE = [
    # policy, the earlier run, where it stands, what becomes of it, what becomes of the new due time
    ("queue_one", "scheduled", "waiting", "superseded", "starts"),
    ("queue_one", "scheduled", "running", "runs on", "waits"),
    ("queue_one", "scheduled", "between attempts", "waits on", "waits"),
    ("queue_one", "by hand", "waiting", "waits on", "waits"),
    ("queue_one", "by hand", "running", "runs on", "waits"),
    ("queue_one", "by hand", "between attempts", "waits on", "waits"),
    ("skip", "scheduled", "waiting", "waits on", "overlap"),
    ("skip", "scheduled", "running", "runs on", "overlap"),
    ("skip", "scheduled", "between attempts", "waits on", "overlap"),
    ("skip", "by hand", "waiting", "waits on", "waits"),
    ("skip", "by hand", "running", "runs on", "overlap"),
    ("skip", "by hand", "between attempts", "waits on", "overlap"),
    ("parallel", "scheduled", "waiting", "waits on", "starts"),
    ("parallel", "scheduled", "running", "runs on", "starts"),
    ("parallel", "scheduled", "between attempts", "waits on", "starts"),
    ("parallel", "by hand", "waiting", "waits on", "starts"),
    ("parallel", "by hand", "running", "runs on", "starts"),
    ("replace", "scheduled", "waiting", "superseded", "starts"),
    ("replace", "scheduled", "running", "asked to end: replaced", "waits"),
    ("replace", "scheduled", "between attempts", "replaced", "starts"),
    ("replace", "by hand", "waiting", "waits on", "waits"),
    ("replace", "by hand", "running", "runs on", "waits"),
    ("replace", "by hand", "between attempts", "waits on", "waits"),
]


@pytest.mark.parametrize(("policy", "started", "situation", "earlier", "new"), TABLE, ids=["-".join(r) for r in TABLE])
def test_it_does_to_earlier_runs_what_the_policy_says(
    house: House, policy: str, started: str, situation: str, earlier: str, new: str
) -> None:
    job = job_of(house, DAILY, on_overlap=policy, max_parallel=2, retry={"max_attempts": 2})
    now = SEVEN
    if started == "by hand":
        now = SEVEN + DAY - MINUTE
        house.now = now
        with house.context.store.write() as db:
            db.execute("update jobs set next_run_at = '2026-05-02T07:00:00.000Z'")
        first = jobs.run(house.context, job.id, RunJob())
    else:
        tick(house, SEVEN)
        (first,) = ledger(house, job)
    bring_to(house, first, situation, now)
    tick(house, SEVEN + DAY)
    second = ledger(house, job)[-1]
    assert before(house, first.id) == earlier
    assert after(house, second, SEVEN + DAY) == new
    assert second.scheduled_for == SEVEN + DAY


def test_it_lets_no_more_run_beside_each_other_than_the_job_says(house: House) -> None:
    job = job_of(house, on_overlap="parallel", max_parallel=3)
    for number in range(1, 6):
        tick(house, FRIDAY + 10 * number * MINUTE)
        claim(house.context.store, now=FRIDAY + 10 * number * MINUTE)
    states = [run.state.value for run in ledger(house, job)]
    assert states == ["running", "running", "running", "skipped", "queued"], "one waits: the newest"


def test_it_keeps_as_many_waiting_as_may_run_beside_each_other(house: House) -> None:
    job = job_of(house, on_overlap="parallel", max_parallel=2)
    for number in range(1, 5):
        tick(house, FRIDAY + 10 * number * MINUTE)
    found = ledger(house, job)
    assert [run.state.value for run in found] == ["skipped", "skipped", "queued", "queued"]
    assert [stored_reason(house, run) for run in found[:2]] == ["superseded", "superseded"]


def test_it_counts_what_a_person_started_towards_the_parallel_ones(house: House) -> None:
    job = job_of(house, on_overlap="parallel", max_parallel=1)
    jobs.run(house.context, job.id, RunJob())
    assert claim(house.context.store, now=FRIDAY) is not None
    tick(house, FRIDAY + 10 * MINUTE)
    assert claim(house.context.store, now=FRIDAY + 10 * MINUTE) is None
    assert [run.state.value for run in ledger(house, job)] == ["running", "queued"]


def test_it_says_which_run_was_in_the_way(house: House) -> None:
    job = job_of(house, on_overlap="skip")
    tick(house, FRIDAY + 10 * MINUTE)
    tick(house, FRIDAY + 20 * MINUTE)
    first, second = ledger(house, job)
    assert second.message == f"an earlier run of this job ({first.id}) had not begun"
    claim(house.context.store, now=house.clock())
    tick(house, FRIDAY + 30 * MINUTE)
    assert ledger(house, job)[-1].message == f"an earlier run of this job ({first.id}) had not ended"


def test_it_ends_what_it_replaces_as_replaced_and_then_starts(house: House) -> None:
    job = job_of(house, on_overlap="replace", retry={"max_attempts": 3})
    tick(house, FRIDAY + 10 * MINUTE)
    claimed = claim(house.context.store, now=house.clock())
    assert claimed is not None
    tick(house, FRIDAY + 20 * MINUTE)
    with house.context.store.write() as db:
        assert attempts.to_cancel(db, claimed.owner) == [claimed.run.id]
        assert attempts.finish(db, claimed, Ending(RunState.CANCELLED, "replaced"), house.clock())
    newer = claim(house.context.store, now=house.clock())
    assert newer is not None
    assert [(run.state.value, stored_reason(house, run)) for run in ledger(house, job)] == [
        ("cancelled", "replaced"),
        ("running", None),
    ]


def test_it_goes_by_the_policy_at_the_moment_of_the_due_time(house: House) -> None:
    job = job_of(house)
    tick(house, FRIDAY + 10 * MINUTE)
    jobs.patch(house.context, job.id, {"on_overlap": "skip"})
    tick(house, FRIDAY + 20 * MINUTE)
    assert [run.state.value for run in ledger(house, job)] == ["queued", "skipped"]


def test_it_never_touches_the_runs_of_other_jobs_or_of_nobody(house: House) -> None:
    job, other = job_of(house, on_overlap="replace"), job_of(house, on_overlap="replace")
    alone = house.run("report.ipynb")
    backdated: list[JobAnswer] = [job, other]
    tick(house, FRIDAY + 10 * MINUTE)
    assert all(now_of(house, one).slots_run == 1 for one in backdated)
    assert stored(house.context.store, alone.id).state == "queued"
    with house.context.store.write() as db:
        db.execute("update jobs set paused = 1 where id = ?", [other.id])
    tick(house, FRIDAY + 20 * MINUTE)
    assert [run.state.value for run in ledger(house, other)] == ["queued"]


def test_it_lets_nothing_wait_for_a_run_that_is_merely_spread_to_a_later_moment(house: House) -> None:
    """A spread that is longer than the due times are apart: none has come while the first one waits for its moment."""
    house.now = FRIDAY
    house.notebook("report.ipynb", "print(1)")
    far = (house.job("report.ipynb", "*/5 * * * *", spread_seconds=3600) for _ in range(100))
    job = next(job for job in far if spread_of(job.id, 3600) > timedelta(minutes=30))
    for minutes in range(5, 30, 5):
        tick(house, FRIDAY + timedelta(minutes=minutes, seconds=1))
    assert [told(run)[:2] for run in ledger(house, job)] == [("queued", None)] * 5


def test_it_ends_no_backfill_to_make_room(house: House) -> None:
    house.now = SEVEN - MINUTE
    house.notebook("report.ipynb", "print(1)")
    job = house.job("report.ipynb", on_overlap="replace")
    filled = due_times.backfill(house.context, job.id, Backfill(start=SEVEN - DAY, end=SEVEN))
    assert isinstance(filled, Filled)
    claimed = claim(house.context.store, now=SEVEN - MINUTE)
    assert claimed is not None
    tick(house, SEVEN)
    assert house.get(claimed.run.id).cancel_requested_at is None
