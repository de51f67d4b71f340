"""One bad job harms only itself, and shows what is wrong with it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from jupyter_notebook_sched.errors import Invalid
from jupyter_notebook_sched.scheduler.ticking import Scheduler
from jupyter_notebook_sched.service import jobs, pausing, runs, status
from jupyter_notebook_sched.service.forms import JobsQuery, Pause, RunJob, RunsQuery

from ..house import House

FRIDAY = datetime(2026, 5, 1, 6, 30, tzinfo=timezone.utc)
SEVEN, DAY = FRIDAY + timedelta(minutes=30), timedelta(days=1)
CRON = {"type": "cron", "cron": "0 7 * * *", "timezone": "UTC"}

POISON: dict[str, tuple[str, Any]] = {
    "broken JSON": ("spec", "{"),
    "not an object": ("spec", "[1]"),
    "a bad cron": ("spec", {"trigger": CRON | {"cron": "99 * * * *"}}),
    "a cron that never fires": ("spec", {"trigger": CRON | {"cron": "0 0 31 2 *"}}),
    "a bad zone": ("spec", {"trigger": CRON | {"timezone": "Mars/Olympus"}}),
    "an unknown kind of trigger": ("spec", {"trigger": {"type": "moon"}}),
    "a kind of trigger of a later version": ("spec", {"trigger": {"type": "file", "path": "data.csv"}}),
    "an interval of no time": ("spec", {"trigger": {"type": "interval", "every_seconds": 0}}),
    "a moment without a zone": ("spec", {"trigger": {"type": "once", "at": "2026-05-01T07:00:00"}}),
    "a start that is none": ("spec", {"starts_at": "soon"}),
    "a policy of a later version": ("spec", {"on_missed": "ask"}),
    "an anchor that is none": ("anchor", "yesterday"),
    "bad retries": ("spec", {"retry": {"max_attempts": -1}}),
    "parameters that are none": ("spec", {"parameters": 7}),
    "a due time that is none": ("next_run_at", "1"),
    "an empty due time": ("next_run_at", ""),
    "an interval of ten to the thirty": ("spec", {"trigger": {"type": "interval", "every_seconds": 10**30}}),
    "more runs than there can be": ("spec", {"max_runs": 10**30}),
    "a spread of ages": ("spec", {"spread_seconds": 10**30}),
    "less than no lateness": ("spec", {"late_limit_seconds": -1}),
    "a catch-up without end": ("spec", {"max_catch_up": 10**9}),
    "nothing for retries": ("spec", {"retry": None}),
    "nothing for tags": ("spec", {"tags": None}),
    "an end before all years": ("spec", {"ends_at": "0001-01-01T00:00:00"}),
    "a last due time that is none": ("last_slot", "x"),
    "an empty restart": ("restarted_at", ""),
    "JSON as deep as a well": ("spec", '{"parameters": ' + '{"a": ' * 5000 + "1" + "}" * 5001),
    "a blank": ("spec", ""),
}


@pytest.fixture(params=POISON.values(), ids=list(POISON))
def poisoned(house: House, request: pytest.FixtureRequest) -> tuple[House, str, str, str]:
    """A house with two healthy jobs and, between them, a sick one."""
    house.now = FRIDAY
    house.notebook("report.ipynb", "print(1)")
    before, sick, after = house.job("report.ipynb"), house.job("report.ipynb", name="sick"), house.job("report.ipynb")
    column, value = request.param
    with house.context.store.write() as db:
        if isinstance(value, dict):
            spec = json.loads(db.execute("select spec from jobs where id = ?", [sick.id]).fetchone()[0])
            value = json.dumps(spec | value)
        db.execute(f"update jobs set {column} = cast(? as text) where id = ?", [value, sick.id])
    return house, before.id, sick.id, after.id


def tick(house: House, now: datetime) -> None:
    context = house.context
    Scheduler(context.store, context.archive, context.workspace, "python3").tick(now)


def slots(house: House, job_id: str) -> list[datetime | None]:
    return [run.scheduled_for for run in runs.find(house.context, RunsQuery(job=job_id), {}).runs]


def test_it_keeps_the_healthy_jobs_firing(poisoned: tuple[House, str, str, str]) -> None:
    house, before, sick, after = poisoned
    tick(house, SEVEN)
    tick(house, SEVEN + DAY)
    assert slots(house, before) == slots(house, after) == [SEVEN + DAY, SEVEN]
    assert slots(house, sick) == []


def test_it_shows_the_sick_job_with_what_is_wrong(poisoned: tuple[House, str, str, str]) -> None:
    house, _, sick, _ = poisoned
    status.status(house.context)
    tick(house, SEVEN)
    shown = {job.id: job for job in jobs.find(house.context, JobsQuery()).jobs}
    assert len(shown) == 3
    assert shown[sick].problem
    assert shown[sick].next_run_at is None
    assert jobs.get(house.context, sick).problem == shown[sick].problem
    assert [job.problem for job in shown.values() if job.id != sick] == [None, None]
    assert status.status(house.context).jobs.next_run_at == SEVEN + DAY


def test_it_is_looked_at_once_and_not_again_and_again(poisoned: tuple[House, str, str, str]) -> None:
    house, _, _, _ = poisoned
    tick(house, SEVEN)
    with house.context.store.read() as db:
        told = db.execute("select count(*) from events where kind = 'job'").fetchone()[0]
    tick(house, SEVEN + timedelta(minutes=1))
    with house.context.store.read() as db:
        assert db.execute("select count(*) from events where kind = 'job'").fetchone()[0] == told


def test_it_can_be_deleted(poisoned: tuple[House, str, str, str]) -> None:
    house, _, sick, _ = poisoned
    tick(house, SEVEN)
    jobs.delete(house.context, sick)
    assert sick not in {job.id for job in jobs.find(house.context, JobsQuery()).jobs}


@pytest.mark.parametrize("column", ["name", "notebook", "spec", "source_kernel"])
def test_it_is_not_stopped_by_bytes_that_are_no_text(house: House, column: str) -> None:
    """As a damaged disk, or a person, leaves them: shown as well as can be, and in nobody's way."""
    house.now = FRIDAY
    house.notebook("report.ipynb", "print(1)")
    healthy, sick = house.job("report.ipynb"), house.job("report.ipynb", name="sick", description="XX")
    with house.context.store.write() as db:
        (text,) = db.execute(f"select {column} from jobs where id = ?", [sick.id]).fetchone()
        broken = (
            text.encode().replace(b"XX", b"") + b"\xff" if column != "spec" else text.encode().replace(b"XX", b"\xff")
        )
        db.execute(f"update jobs set {column} = cast(? as text) where id = ?", [broken, sick.id])
    tick(house, SEVEN)
    assert slots(house, healthy.id) == [SEVEN]
    assert {job.id for job in jobs.find(house.context, JobsQuery()).jobs} == {healthy.id, sick.id}
    assert jobs.get(house.context, sick.id).id == sick.id
    assert status.status(house.context).jobs.total == 2
    jobs.delete(house.context, sick.id)
    tick(house, SEVEN + DAY)
    assert slots(house, healthy.id) == [SEVEN + DAY, SEVEN]


@pytest.fixture
def with_a_bad_cron(house: House) -> tuple[House, str]:
    house.now = FRIDAY
    house.notebook("report.ipynb", "print(1)")
    job = house.job("report.ipynb")
    with house.context.store.write() as db:
        db.execute("update jobs set spec = json_set(spec, '$.trigger.cron', '99 * * * *')")
    tick(house, SEVEN)
    return house, job.id


def test_it_fires_again_once_its_trigger_is_mended(with_a_bad_cron: tuple[House, str]) -> None:
    house, job = with_a_bad_cron
    house.now = SEVEN
    mended = jobs.patch(house.context, job, {"trigger": CRON})
    assert (mended.problem, mended.next_run_at) == (None, SEVEN + DAY)
    tick(house, SEVEN + DAY)
    assert slots(house, job) == [SEVEN + DAY]


def test_it_never_hides_the_problem_without_mending_it(with_a_bad_cron: tuple[House, str]) -> None:
    house, job = with_a_bad_cron
    with pytest.raises(Invalid) as refused:
        jobs.patch(house.context, job, {"name": "Renamed"})
    assert [error.field for error in refused.value.errors] == ["trigger.cron"]
    assert jobs.get(house.context, job).problem


def test_it_refuses_to_resume_what_cannot_be_scheduled(with_a_bad_cron: tuple[House, str]) -> None:
    house, job = with_a_bad_cron
    assert pausing.pause(house.context, job, Pause()).paused
    with pytest.raises(Invalid):
        pausing.resume(house.context, job)
    assert jobs.get(house.context, job).paused


def test_it_leaves_a_job_that_lost_its_trigger_to_be_run_by_hand(house: House) -> None:
    house.now = FRIDAY
    house.notebook("report.ipynb", "print(1)")
    job = house.job("report.ipynb")
    with house.context.store.write() as db:
        db.execute("update jobs set spec = json_set(spec, '$.trigger', null)")
    tick(house, SEVEN)
    assert slots(house, job.id) == []
    now = jobs.get(house.context, job.id)
    assert (now.trigger, now.next_run_at, now.problem) == (None, None, None)
    assert jobs.run(house.context, job.id, RunJob()).state == "queued"
