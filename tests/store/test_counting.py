"""Counters and search stay right, whatever is done to runs and their notebooks."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from sqlite_utils import Database

from jupyter_notebook_sched.domain.retry import Retry
from jupyter_notebook_sched.domain.run import Run, RunPolicies
from jupyter_notebook_sched.domain.states import RunState
from jupyter_notebook_sched.store import attempts, claims, counts, finding_runs, jobs, moving, runs
from jupyter_notebook_sched.store.attempts import Ending
from jupyter_notebook_sched.store.connection import Store
from jupyter_notebook_sched.store.run_filter import RunFilter

from ..made import HERE, ME, NOON, SECOND, Interrupted, claim, new_job, new_run, queued, running, write_half
from .recounting import recounted

NOTEBOOKS = ("a.ipynb", "etl/a.ipynb", "etl/b.ipynb", "etl2/c.ipynb", "archive/etl/b.ipynb")


def do_something(db: Database, chance: random.Random, now_number: int) -> None:
    """One of everything that is ever done to runs."""
    now = NOON + now_number * SECOND
    held = attempts.held_by(db, ME)
    waiting = [row[0] for row in db.execute("select id from runs where state = 'queued'").fetchall()]
    all_ids = [row[0] for row in db.execute("select id from runs").fetchall()]
    what = chance.randrange(11)
    if what < 4:
        policies = RunPolicies(retry=Retry(max_attempts=3))
        fields = {"job_id": chance.choice(["j1", None]), "batch_id": chance.choice(["b1", None]), "policies": policies}
        fields |= {"source_version": chance.choice("ab") * 64, "name": chance.choice("xy")}
        if chance.random() < 0.2:
            fields |= {"state": RunState.SKIPPED, "reason": "missed"}
        runs.insert(db, new_run(now, notebook=chance.choice(NOTEBOOKS), **fields))
    elif what < 6:
        claims.claim(db, ME, HERE, now, lambda run: f"runs/{run.id}")
    elif what == 6 and held:
        ending = Ending(RunState.FAILED, "lost", bytes=chance.randrange(1000))
        attempts.give_back(db, chance.choice(held), ending, now, now)
    elif what == 7 and held:
        state, reason = chance.choice([(RunState.SUCCEEDED, None), (RunState.FAILED, "lost")])
        attempts.finish(db, chance.choice(held), Ending(state, reason, bytes=chance.randrange(1000)), now)
    elif what == 8 and waiting:
        chance.choice([runs.cancel_queued, runs.request_cancel])(db, chance.choice(waiting), now)
    elif what == 9 and all_ids:
        runs.delete(db, chance.choice(all_ids))
    elif what == 10:
        moving.move(db, *chance.sample(NOTEBOOKS, 2), now)


@pytest.mark.parametrize("seed", range(3))
def test_it_counts_what_a_count_of_the_rows_would_give(store: Store, seed: int) -> None:
    chance = random.Random(seed)
    for number in range(250):
        with store.write() as db:
            do_something(db, chance, number)
            assert recounted(db) == {}, number
    with store.write() as db:
        counts.drop_empty(db)
        assert recounted(db) == {}
        assert db.execute("select count(*) from run_counts where n = 0").fetchone()[0] == 0
        assert sum(counts.by_state(db, "all").values()) == db.execute("select count(*) from runs").fetchone()[0] > 20


def test_it_takes_back_what_it_counted_with_the_rest(store: Store) -> None:
    queued(store)
    with pytest.raises(Interrupted):
        write_half(store, lambda db: runs.insert(db, new_run()))
    with store.read() as db:
        assert counts.by_state(db, "all")["queued"] == 1
        assert recounted(db) == {}


def test_it_knows_whether_a_version_is_used(store: Store) -> None:
    version = "f" * 64
    job = new_job(source_version=version)
    run = queued(store, source_version=version)
    with store.write() as db:
        jobs.insert(db, job)
        assert counts.uses_of_source(db, version) == 3, "the run, the job, and its first version"
        jobs.delete(db, job.id, NOON)
        assert counts.uses_of_source(db, version) == 1
        runs.cancel_queued(db, run.id, NOON)
        runs.delete(db, run.id)
        assert counts.uses_of_source(db, version) == 0


def found(store: Store, **wanted: object) -> list[Run]:
    with store.read() as db:
        assert recounted(db) == {}
        page = finding_runs.page(db, RunFilter(**wanted), 50, None)  # type: ignore[arg-type]
        assert sum(finding_runs.counts(db, RunFilter(**wanted))[0].values()) == len(page)  # type: ignore[arg-type]
    return page


def moved(store: Store, old: str, new: str) -> None:
    with store.write() as db:
        moving.move(db, old, new, NOON + SECOND)


def test_it_moves_a_notebook_with_its_jobs_its_history_and_what_is_found_of_it(store: Store) -> None:
    job = new_job(notebook="old.ipynb")
    with store.write() as db:
        jobs.insert(db, job)
    run = queued(store, notebook="old.ipynb", name="report", job_id=job.id)
    other = queued(store, notebook="other.ipynb", name="report")
    moved(store, "old.ipynb", "etl/new.ipynb")
    assert found(store, notebook="old.ipynb") == found(store, words=("old",)) == []
    assert [run.id for run in found(store, notebook="etl/new.ipynb")] == [run.id]
    assert [run.id for run in found(store, words=("new",))] == [run.id]
    assert [run.id for run in found(store, words=("report",))] == [other.id, run.id]
    with store.read() as db:
        now = jobs.get(db, job.id)
        assert moving.is_known(db, "etl/new.ipynb")
        assert not moving.is_known(db, "old.ipynb")
    assert (getattr(now, "notebook", None), getattr(now, "revision", None)) == ("etl/new.ipynb", 2)


def test_it_moves_a_notebook_onto_one_that_has_a_history_of_its_own(store: Store) -> None:
    """The file that was there before was removed; its runs stay what they were, beside the others."""
    first = running(store, notebook="old.ipynb", name="report").run
    second = queued(store, notebook="new.ipynb", name="report")
    third = queued(store, notebook="old.ipynb", name="another name")
    moved(store, "old.ipynb", "new.ipynb")
    assert [run.id for run in found(store, notebook="new.ipynb")] == [third.id, second.id, first.id]
    assert found(store, notebook="old.ipynb") == []
    assert [run.id for run in found(store, words=("new", "report"))] == [second.id, first.id]
    with store.read() as db:
        assert db.execute("select count(*) from titles").fetchone()[0] == 2
    moved(store, "new.ipynb", "old.ipynb")
    assert len(found(store, notebook="old.ipynb")) == 3


def test_it_knows_the_notebooks_of_a_folder_and_of_no_other(store: Store) -> None:
    for notebook in ("etl/a.ipynb", "etl/deep/b.ipynb", "etl2/c.ipynb", "etl.ipynb", "x/etl/d.ipynb", "étl/e.ipynb"):
        queued(store, notebook=notebook)
    with store.write() as db:
        jobs.insert(db, new_job(notebook="etl/only a job.ipynb"))
        assert sorted(moving.notebooks_below(db, "etl")) == ["etl/a.ipynb", "etl/deep/b.ipynb", "etl/only a job.ipynb"]
        assert moving.notebooks_below(db, "%") == []


def test_it_moves_what_runs_and_what_waits_too(store: Store) -> None:
    claimed = running(store, notebook="old.ipynb")
    moved(store, "old.ipynb", "new.ipynb")
    with store.write() as db:
        assert attempts.finish(db, claimed, Ending(RunState.SUCCEEDED), NOON + timedelta(seconds=5))
    (run,) = found(store, notebook="new.ipynb")
    assert run.state == "succeeded"
    queued(store, notebook="new.ipynb")
    moved(store, "new.ipynb", "old.ipynb")
    next_one = claim(store)
    assert next_one is not None
    assert next_one.run.notebook == "old.ipynb"
