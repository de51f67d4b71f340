"""Which versions a job had, whoever made them its own."""

from __future__ import annotations

import pytest

from jupyter_notebook_sched.errors import Invalid, NotFound
from jupyter_notebook_sched.service import due_times, jobs, moving, publishing, starting, versions
from jupyter_notebook_sched.service.forms import Backfill, Rerun, RunJob, SkipSlot, VersionsDiffQuery

from ..house import House
from ..scheduler.ledgers import DAY, FRIDAY, SEVEN, tick


@pytest.fixture
def at_work(house: House) -> House:
    house.now = FRIDAY
    house.notebook("report.ipynb", "print(1)")
    return house


def found(house: House, job_id: str) -> list[tuple[int, str, int, bool]]:
    listed = versions.of_job(house.context, job_id)
    return [(each.n, each.source_version, each.runs, each.current) for each in listed]


def version_of(house: House, source: str) -> str:
    """Writes the notebook anew; the version that it makes."""
    house.notebook("report.ipynb", source)
    return versions.now_in_workspace(house.context, "report.ipynb", "notebook").version


def test_it_notes_what_the_schedule_runs_of_a_live_job(at_work: House) -> None:
    job = at_work.job("report.ipynb", source="live")
    unseen = version_of(at_work, "print('never run')")
    second = version_of(at_work, "print(2)")
    tick(at_work, SEVEN)
    tick(at_work, SEVEN + DAY)
    due_times.skip(at_work.context, job.id, SkipSlot(scheduled_for=SEVEN + 3 * DAY))
    third = version_of(at_work, "print(3)")
    tick(at_work, SEVEN + 2 * DAY)
    at_work.notebook("report.ipynb", "print(2)")
    jobs.run(at_work.context, job.id, RunJob())
    own = job.source_version
    # Two of the three due times gave way to the next one before they began.
    assert found(at_work, job.id) == [(3, third, 1, False), (2, second, 1, True), (1, own, 0, False)]
    assert unseen not in {version for _, version, _, _ in found(at_work, job.id)}
    listed = versions.of_job(at_work.context, job.id)
    assert [each.created_at for each in listed] == [SEVEN + 2 * DAY, SEVEN, FRIDAY], "when it was first used"
    assert {each.by for each in listed} == {None}


def test_it_notes_what_a_backfill_of_a_live_job_runs(at_work: House) -> None:
    job = at_work.job("report.ipynb", source="live")
    second = version_of(at_work, "print(2)")
    due_times.backfill(at_work.context, job.id, Backfill(start=FRIDAY - 2 * DAY, end=FRIDAY))
    assert found(at_work, job.id) == [(2, second, 2, True), (1, job.source_version, 0, False)]


def test_it_has_no_version_of_a_live_job_in_use_before_its_first_run_and_then_that_of_the_newest(
    at_work: House,
) -> None:
    job = at_work.job("report.ipynb", source="live")
    assert found(at_work, job.id) == [(1, job.source_version, 0, False)]
    first = jobs.run(at_work.context, job.id, RunJob())
    second = version_of(at_work, "print(2)")
    jobs.run(at_work.context, job.id, RunJob())
    assert found(at_work, job.id) == [(2, second, 1, True), (1, job.source_version, 1, False)]
    starting.rerun(at_work.context, first.id, Rerun())
    assert found(at_work, job.id) == [(2, second, 1, True), (1, job.source_version, 2, False)], "reruns aside"
    version_of(at_work, "print(1)")
    jobs.run(at_work.context, job.id, RunJob())
    assert found(at_work, job.id) == [(2, second, 1, False), (1, job.source_version, 3, True)], "it went back"


def test_it_makes_no_version_of_a_pinned_job_out_of_what_a_run_of_it_tries_out(at_work: House) -> None:
    job = at_work.job("report.ipynb")
    parent = jobs.run(at_work.context, job.id, RunJob())
    at_work.notebook("trial.ipynb", "print('trial')")
    trial = starting.rerun(at_work.context, parent.id, Rerun(notebook="trial.ipynb")).run
    assert found(at_work, job.id) == [(1, job.source_version, 1, True)]
    publishing.publish(at_work.context, job.id, {"source_version": trial.source_version})
    assert found(at_work, job.id) == [(2, trial.source_version, 1, True), (1, job.source_version, 1, False)]


def test_it_notes_a_job_that_stops_or_begins_to_follow_its_file(at_work: House) -> None:
    job = at_work.job("report.ipynb")
    second = version_of(at_work, "print(2)")
    jobs.patch(at_work.context, job.id, {"source": "live"}, "ada")
    at_work.notebook("report.ipynb", "print(1)")
    jobs.patch(at_work.context, job.id, {"source": "pinned"}, "bob")
    assert found(at_work, job.id) == [
        (3, job.source_version, 0, True),
        (2, second, 0, False),
        (1, job.source_version, 0, False),
    ]
    assert [each.by for each in versions.of_job(at_work.context, job.id)] == ["bob", "ada", None]


def test_it_keeps_them_when_the_notebook_moves(at_work: House) -> None:
    job = at_work.job("report.ipynb")
    at_work.notebook("else/where.ipynb", "print(1)")
    moving.follow(at_work.context, "report.ipynb", "else/where.ipynb")
    assert found(at_work, job.id) == [(1, job.source_version, 0, True)]


def test_it_lists_them_where_a_row_was_edited_by_hand(at_work: House) -> None:
    job = at_work.job("report.ipynb")
    with at_work.context.store.write() as db:
        db.execute("update versions set made_at = 'yesterday'")
    assert found(at_work, job.id) == [(1, job.source_version, 0, True)]
    with at_work.context.store.write() as db:
        db.execute("update jobs set spec = '{'")
    assert found(at_work, job.id) == [(1, job.source_version, 0, False)]


def test_it_says_which_value_keeps_a_job_from_running_and_lets_all_else_be_changed(at_work: House) -> None:
    at_work.notebook("report.ipynb", "print(x)", parameters="x = 1")
    job = at_work.job("report.ipynb", parameters={"x": 5})
    assert job.problem is None
    at_work.notebook("report.ipynb", "print(x)", parameters="x = 'a'")
    (misfit,) = publishing.publish(at_work.context, job.id, {"dry_run": True}).misfits
    done = publishing.publish(at_work.context, job.id, {}).job
    assert done is not None
    assert "'x'" in (done.problem or "")
    assert misfit.message in (done.problem or "")
    renamed = jobs.patch(at_work.context, job.id, {"name": "Other", "paused": True})
    assert (renamed.name, renamed.paused, renamed.parameters) == ("Other", True, {"x": 5})
    with pytest.raises(Invalid):
        jobs.patch(at_work.context, job.id, {"parameters": {"x": 6}})
    assert jobs.patch(at_work.context, job.id, {"parameters": {"x": "b"}}).problem is None


def test_it_mends_a_job_that_could_not_be_scheduled_with_the_version_that_it_gets(at_work: House) -> None:
    job = at_work.job("report.ipynb")
    with at_work.context.store.write() as db:
        db.execute("update jobs set problem = 'this job could not be scheduled', next_run_at = null")
    version_of(at_work, "print(2)")
    done = publishing.publish(at_work.context, job.id, {})
    assert done.job is not None
    assert (done.job.problem, done.job.next_run_at) == (None, job.next_run_at)


def test_it_calls_the_compared_versions_by_their_numbers(at_work: House) -> None:
    job = at_work.job("report.ipynb")
    version_of(at_work, "print(2)")
    second = publishing.publish(at_work.context, job.id, {}).source_version
    asked = versions.comparison_of(at_work.context, job.id, VersionsDiffQuery(left=job.source_version, right=second))
    assert (asked.left.about.title, asked.right.about.title) == ("Version 1", "Version 2")
    assert (asked.left.about.at, asked.right.about.at) == (FRIDAY, FRIDAY)
    now = versions.comparison_of(at_work.context, job.id, VersionsDiffQuery(left=second, right="notebook"))
    assert now.right.about.title == "The notebook as it is now"


def test_it_says_that_there_is_no_such_job(at_work: House) -> None:
    with pytest.raises(NotFound):
        versions.of_job(at_work.context, "none")
