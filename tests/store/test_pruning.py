"""Which runs are kept no longer, and what goes with their rows."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from jupyter_notebook_sched.archive.layout import run_folder
from jupyter_notebook_sched.domain.job import Job
from jupyter_notebook_sched.domain.run import Resumption
from jupyter_notebook_sched.domain.states import RunState
from jupyter_notebook_sched.store import attempts, counts, jobs, pruning, runs
from jupyter_notebook_sched.store.attempts import Ending
from jupyter_notebook_sched.store.connection import Store
from jupyter_notebook_sched.store.rows import Row

from ..made import NOON, new_job, queued, running
from .recounting import recounted

DAY = timedelta(days=1)


def ended(store: Store, state: str = "succeeded", now: datetime = NOON, size: int = 100, **fields: object) -> str:
    """The id of a run that ended at ``now``."""
    if state == "skipped":
        return queued(store, now, state=RunState.SKIPPED, reason="missed", **fields).id
    claimed = running(store, now=now, **fields)
    reason = {"failed": "cell_error", "cancelled": "user"}.get(state)
    with store.write() as db:
        assert attempts.finish(db, claimed, Ending(RunState(state), reason, bytes=size), now)
    return claimed.run.id


def ids(rows: list[Row]) -> list[str]:
    return [row["id"] for row in rows]


@pytest.fixture
def job(store: Store) -> Job:
    made = new_job(keep_runs=2)
    with store.write() as db:
        jobs.insert(db, made)
    return made


def test_it_lets_go_what_is_old_but_a_jobs_last_success_and_failure(store: Store) -> None:
    good, bad = ended(store, job_id="j1"), ended(store, "failed", job_id="j1")
    last_good, last_bad = ended(store, job_id="j1"), ended(store, "failed", job_id="j1")
    skipped, cancelled = ended(store, "skipped", job_id="j1"), ended(store, "cancelled", job_id="j1")
    by_hand = ended(store)
    new = ended(store, now=NOON + DAY)
    running(store, job_id="j1")
    queued(store, job_id="j1")
    with store.read() as db:
        found = ids(pruning.older_than(db, NOON + DAY, [], NOON + DAY))
        assert set(found) == {good, bad, skipped, cancelled, by_hand}
        assert ids(pruning.older_than(db, NOON, [], NOON)) == []
        everything = set(ids(pruning.older_than(db, NOON + 9 * DAY, [], NOON + 9 * DAY)))
        assert everything == {good, bad, skipped, cancelled, by_hand, new}
        assert not everything & {last_good, last_bad}
        assert ids(pruning.older_than(db, NOON + DAY, ["j1"], NOON + DAY)) == [by_hand]


def test_it_keeps_as_many_runs_as_the_job_says(store: Store, job: Job) -> None:
    last_bad = ended(store, "failed", job_id=job.id)
    first = ended(store, job_id=job.id)
    skipped = ended(store, "skipped", job_id=job.id)
    kept = [ended(store, job_id=job.id), ended(store, "cancelled", job_id=job.id)]
    skipped_since = ended(store, "skipped", job_id=job.id)
    other = ended(store, job_id="other")
    with store.read() as db:
        found = ids(pruning.beyond_own(db, job, None, NOON))
    assert found == [first, skipped]
    assert not {last_bad, *kept, skipped_since, other} & set(found)


def test_it_keeps_them_for_as_long_as_the_job_says(store: Store) -> None:
    job = new_job(keep_days=7)
    with store.write() as db:
        jobs.insert(db, job)
        assert [one.id for one in jobs.with_own_retention(db)] == [job.id]
    old = ended(store, job_id=job.id)
    ended(store, job_id=job.id, now=NOON + DAY)
    ended(store, job_id=job.id, now=NOON + 2 * DAY)
    with store.read() as db:
        assert ids(pruning.beyond_own(db, job, NOON + DAY, NOON + DAY)) == [old]


def test_it_lets_go_the_oldest_files_until_the_archive_fits(store: Store) -> None:
    made = [ended(store, now=NOON + number * DAY) for number in range(5)]
    empty = ended(store, size=0)
    last = ended(store, job_id="j1", size=1000)
    with store.read() as db:
        assert counts.archived_bytes(db) == 1500
        assert ids(pruning.oldest_with_files(db, 1500, NOON)) == []
        assert ids(pruning.oldest_with_files(db, 1499, NOON)) == made[:1]
        assert ids(pruning.oldest_with_files(db, 1250, NOON)) == made[:3]
        everything = ids(pruning.oldest_with_files(db, 0, NOON))
    assert everything == made
    assert not {empty, last} & set(everything)


def test_it_leaves_alone_whose_kernel_is_kept_or_goes_on(store: Store) -> None:
    kept, ends, plain = (ended(store, "failed") for _ in range(3))
    job = new_job(keep_runs=1)
    own, newer = ended(store, "failed", job_id=job.id), ended(store, "cancelled", job_id=job.id)
    wanted = ended(store, "failed")
    ended(store, "failed", job_id=job.id)
    queued(store, NOON, cause="resume", resumption=Resumption(wanted, "runs/x/1/a.ipynb", "c1", None))
    with store.write() as db:
        for run_id, until in ((kept, NOON + 3 * DAY), (own, NOON + 3 * DAY), (ends, NOON + DAY)):
            runs.set_kept_until(db, run_id, until, NOON)
    with store.read() as db:
        now = NOON + DAY
        assert set(ids(pruning.older_than(db, now, [], now))) == {ends, plain, newer}
        assert set(ids(pruning.oldest_with_files(db, 0, now))) == {ends, plain, newer}
        assert ids(pruning.beyond_own(db, job, None, now)) == [newer]
        assert own in ids(pruning.beyond_own(db, job, None, NOON + 3 * DAY)), "its time is over"


def test_it_takes_everything_of_a_run_along_and_remembers_its_files(store: Store) -> None:
    gone = ended(store, parameters={"x": 1}, tags=["etl"])
    stays = ended(store, parameters={"x": 1}, tags=["etl"])
    with store.write() as db:
        rows = [row for row in pruning.older_than(db, NOON + DAY, [], NOON + DAY) if row["id"] == gone]
        pruning.remove(db, rows, {gone: run_folder(gone)})
    with store.write() as db:
        assert runs.get(db, gone) is None
        assert runs.get(db, stays) is not None
        assert recounted(db) == {}
        assert db.execute("select count(*) from attempts").fetchone()[0] == 1
        assert db.execute("select count(*) from run_terms").fetchone()[0] == 2
        assert pruning.doomed(db) == [run_folder(gone)]
        pruning.gone(db, [run_folder(gone)])
        assert pruning.doomed(db) == []


def test_it_can_forget_a_record_that_cannot_be_read(store: Store) -> None:
    poisoned = ended(store, parameters={"x": 1}, tags=["etl"])
    with store.write() as db:
        db.execute("update runs set parameters = '{\"x\": 7}', tags = '[1]'")
        assert runs.delete(db, poisoned)
        assert db.execute("select count(*) from run_terms").fetchone()[0] == 0
