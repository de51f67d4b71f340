"""How long a run should take, from earlier ones."""

from __future__ import annotations

from datetime import timedelta

from jupyter_notebook_sched.domain.run import Run
from jupyter_notebook_sched.domain.states import RunState
from jupyter_notebook_sched.store import attempts, finding_runs
from jupyter_notebook_sched.store.attempts import Ending
from jupyter_notebook_sched.store.connection import Store
from jupyter_notebook_sched.store.run_filter import RunFilter

from ..made import NOON, queued, running, stored


def took(store: Store, seconds: float, state: RunState = RunState.SUCCEEDED, **fields: str) -> Run:
    """A run that ended so many seconds after it began."""
    claimed = running(store, **fields)
    reason = None if state is RunState.SUCCEEDED else "cell_error"
    with store.write() as db:
        attempts.finish(db, claimed, Ending(state, reason), NOON + timedelta(seconds=seconds))
    return stored(store, claimed.run.id)


def test_a_run_is_expected_to_take_as_long_as_the_last_success_of_its_kind(store: Store) -> None:
    assert queued(store, name="daily").expected_seconds is None
    with store.write() as db:
        db.execute("delete from runs")
    took(store, 40, name="daily")
    took(store, 3, RunState.FAILED, name="daily")
    took(store, 700, name="weekly")
    assert queued(store, name="daily").expected_seconds == 40
    assert running(store, name="daily").run.expected_seconds == 40


def test_it_looks_at_other_runs_of_the_notebook_where_there_was_none_of_its_kind(store: Store) -> None:
    took(store, 40, name="daily")
    took(store, 60, name="by hand")
    took(store, 90, notebook="another.ipynb")
    took(store, 5, RunState.FAILED, name="broken")
    assert queued(store, name="first of its name").expected_seconds == 60
    assert queued(store, notebook="third.ipynb").expected_seconds is None


def test_a_list_tells_it_too_and_none_that_has_ended_is_expected_to_take_any_time(store: Store) -> None:
    assert took(store, 40, name="daily").expected_seconds is None
    queued(store, name="daily")
    with store.read() as db:
        page = finding_runs.page(db, RunFilter(), 10, None)
    assert [run.expected_seconds for run in page] == [40, None]
