"""What an edit of a job asks for, and what it leaves alone."""

from __future__ import annotations

import pytest

from jupyter_notebook_sched.errors import Conflict, Invalid
from jupyter_notebook_sched.scheduler import versions
from jupyter_notebook_sched.service import changing, due_times, jobs, moving, runs
from jupyter_notebook_sched.service.forms import JobsQuery, SkipSlot

from ..house import House
from ..scheduler.ledgers import DAY, FRIDAY, SEVEN, ledger, scheduler, tick


@pytest.fixture
def at_work(house: House) -> House:
    house.now = FRIDAY
    house.notebook("report.ipynb", "print(1)")
    return house


@pytest.mark.parametrize("change", [{"tags": ["etl"]}, {"paused": True}, {"on_missed": "skip"}])
def test_it_changes_a_live_job_whose_notebook_is_missing(at_work: House, change: dict[str, object]) -> None:
    job = at_work.job("report.ipynb", source="live")
    (at_work.workspace / "report.ipynb").unlink()
    changed = jobs.patch(at_work.context, job.id, change)
    assert {name: getattr(changed, name) for name in change} == change
    assert changed.problem is not None


def test_it_checks_a_live_jobs_values_against_the_notebook_as_it_is_now(at_work: House) -> None:
    job = at_work.job("report.ipynb", source="live")
    with pytest.raises(Invalid, match="no parameters cell"):
        jobs.patch(at_work.context, job.id, {"parameters": {"x": 1}})


@pytest.mark.parametrize("path", ["RTC:report.ipynb", "./report.ipynb"])
def test_it_keeps_its_version_when_its_notebook_is_named_another_way(at_work: House, path: str) -> None:
    job = at_work.job("report.ipynb")
    at_work.notebook("report.ipynb", "print(2)")
    changed = jobs.patch(at_work.context, job.id, {"notebook": path})
    assert (changed.notebook, changed.source_version) == ("report.ipynb", job.source_version)
    assert changed.notebook_changed


def test_it_remembers_the_version_that_a_live_job_ran_last(at_work: House) -> None:
    job = at_work.job("report.ipynb", source="live")
    at_work.notebook("report.ipynb", "print(2)")
    tick(at_work, SEVEN)
    (run,) = ledger(at_work, job)
    assert run.source_version != job.source_version
    assert jobs.get(at_work.context, job.id).source_version == run.source_version


def test_it_refuses_an_end_before_the_first_due_time(at_work: House) -> None:
    for trigger in (
        {"type": "cron", "cron": "0 0 1 1 *", "timezone": "UTC"},
        {"type": "once", "at": "2027-01-01T00:00:00Z"},
    ):
        with pytest.raises(Invalid, match="lies before the first due time"):
            at_work.job("report.ipynb", None, trigger=trigger, ends_at="2026-12-01T00:00:00Z")


def test_it_keeps_the_record_of_a_due_time_to_come(at_work: House) -> None:
    job = at_work.job("report.ipynb")
    skipped = due_times.skip(at_work.context, job.id, SkipSlot(scheduled_for=SEVEN + DAY))
    with pytest.raises(Conflict, match="still to come"):
        runs.delete(at_work.context, skipped.id)
    at_work.now = SEVEN + DAY
    runs.delete(at_work.context, skipped.id)


def test_it_finds_jobs_by_words_as_it_finds_runs(at_work: House) -> None:
    at_work.job("report.ipynb", name="Täglich Über")

    def found(words: str) -> int:
        return len(jobs.find(at_work.context, JobsQuery(q=words)).jobs)

    assert [found(words) for words in ("über", "TÄG", "tag", "repo täg", "lich")] == [1, 1, 1, 1, 0]


@pytest.mark.parametrize("new", ["report.txt", "drive:report.ipynb", ".notebook-sched/report.ipynb"])
def test_it_takes_a_notebook_that_is_none_any_more_for_removed(at_work: House, new: str) -> None:
    job = at_work.job("report.ipynb")
    (at_work.workspace / "report.ipynb").unlink()
    moving.follow(at_work.context, "report.ipynb", new)
    found = jobs.get(at_work.context, job.id)
    assert found.notebook == "report.ipynb"
    assert found.notebook_missing


def test_it_runs_on_the_kernel_that_the_version_names_where_its_row_does_not_say(at_work: House) -> None:
    """As rows are that were carried over from 0.1.0."""
    job = at_work.job("report.ipynb")
    with at_work.context.store.write() as db:
        db.execute("update jobs set source_kernel = null")
    context = at_work.context
    ticking = scheduler(at_work)
    ticking.default_kernel = "other"
    ticking.tick(SEVEN)
    assert [run.kernel for run in ledger(at_work, job)] == ["python3"]
    stored = changing.sound(context, job.id)
    (context.archive.root / "sources" / f"{job.source_version}.ipynb").unlink()
    versions._named_by.cache_clear()
    assert versions.kernel_of_job(context.archive, stored, "other") == "other"
