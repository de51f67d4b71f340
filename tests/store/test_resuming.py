"""Runs that wait for, or go on with, the kept kernel of another one."""

from __future__ import annotations

from datetime import timedelta

from jupyter_notebook_sched.domain.run import Resumption
from jupyter_notebook_sched.domain.states import RunState
from jupyter_notebook_sched.store import attempts, claims, resuming, runs
from jupyter_notebook_sched.store.attempts import Claimed, Ending
from jupyter_notebook_sched.store.connection import Store
from jupyter_notebook_sched.store.rows import change, select, text_or_none

from ..made import HERE, NOON, SECOND, claim, queued, running

FAILED = Ending(RunState.FAILED, "cell_error", "it broke")


def failed(store: Store, kept: bool = True) -> str:
    claimed = running(store)
    with store.write() as db:
        attempts.finish(db, claimed, FAILED, NOON)
        until = text_or_none(NOON + timedelta(hours=1)) if kept else None
        change(db, "update runs set kept_until = ? where id = ?", [until, claimed.run.id])
    return claimed.run.id


def going_on(store: Store, parent: str) -> str:
    return queued(store, cause="resume", only_on="here", resumption=Resumption(parent, "runs/a.ipynb", "c")).id


def begun(store: Store) -> Claimed:
    claimed = claim(store)
    assert claimed is not None
    return claimed


def test_it_knows_who_goes_on_with_a_kernel_until_that_run_has_ended(store: Store) -> None:
    parent, other = failed(store), failed(store)
    with store.read() as db:
        assert (resuming.goes_on_with(db, parent), resuming.wanted(db)) == (None, set())
    heir = going_on(store, parent)
    for claimed in (None, begun(store)):
        with store.read() as db:
            assert (resuming.goes_on_with(db, parent), resuming.goes_on_with(db, other)) == (heir, None), claimed
            assert resuming.wanted(db) == {parent}
            assert resuming.only_on(db, heir) == "here"
    assert claimed is not None
    assert claimed.resumption == Resumption(parent, "runs/a.ipynb", "c")
    with store.write() as db:
        attempts.finish(db, claimed, FAILED, NOON)
        assert (resuming.goes_on_with(db, parent), resuming.wanted(db)) == (None, set())


def test_it_sees_which_of_them_wait_in_vain(store: Store) -> None:
    parent, gone, deleted = failed(store), failed(store, kept=False), failed(store)
    waits, in_vain, orphan = (going_on(store, each) for each in (parent, gone, deleted))
    with store.write() as db:
        runs.delete(db, deleted)
        assert sorted(resuming.in_vain(db, NOON)) == sorted([(in_vain, "here"), (orphan, "here")])
        assert len(resuming.in_vain(db, NOON + timedelta(hours=1))) == 3, "its time is over"
        claims.fail_unstarted(db, in_vain, "gone", NOON)
        claims.fail_unstarted(db, orphan, "gone", NOON)
        assert resuming.in_vain(db, NOON) == []
    assert begun(store).run.id == waits
    with store.read() as db:
        assert resuming.in_vain(db, NOON + timedelta(hours=1)) == [], "it has begun"


def test_it_learns_nothing_of_the_next_run_from_one_that_ran_in_part(store: Store) -> None:
    claimed = running(store, cause="resume", resumption=Resumption("parent", "runs/a.ipynb", "c"), only_on=HERE.host)
    with store.write() as db:
        attempts.finish(db, claimed, Ending(RunState.SUCCEEDED), NOON + 5 * SECOND)
    assert queued(store).expected_seconds is None


def test_it_looks_at_no_other_runs_to_find_them(store: Store) -> None:
    with store.read() as db:
        for sql in (f"select 1 from runs where {resuming.UNDER_WAY} and {resuming.OF} = 'x'",):
            (plan,) = [row["detail"] for row in select(db, f"explain query plan {sql}")]
            assert "runs_by_cause (cause=? AND state=?)" in plan
