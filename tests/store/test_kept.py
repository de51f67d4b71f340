"""What is on record of kept kernels, and when a run waits for memory that they have."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from jupyter_notebook_sched.domain.states import RunState
from jupyter_notebook_sched.store import attempts, claims, kept, runs
from jupyter_notebook_sched.store.attempts import Ending
from jupyter_notebook_sched.store.connection import Store

from ..made import HERE, NOON, queued, running

GIB = 1024**3
LATER = NOON + timedelta(hours=72)


def failed(store: Store, reason: str = "cell_error", state: str = "failed") -> str:
    """A run that has ended so, and its kernel on record."""
    claimed = running(store)
    with store.write() as db:
        assert attempts.finish(db, claimed, Ending(RunState(state), reason, kept_until=LATER), NOON)
    return claimed.run.id


def test_the_end_of_a_run_says_until_when_its_kernel_is_kept(store: Store) -> None:
    run_id = failed(store)
    with store.read() as db:
        run = runs.get(db, run_id)
        assert run is not None
        assert run.kernel_alive_until == LATER
        assert kept.on_record(db, HERE.host) == [run_id]
        assert kept.on_record(db, "there") == []
        assert kept.number_on(db, HERE.host, NOON) == 1
        assert kept.number_on(db, HERE.host, LATER) == 0, "its time is over, whoever was there to see"
        assert kept.number_on(db, "there", NOON) == 0


@pytest.mark.parametrize(
    ("state", "reason", "may_have"),
    [
        ("failed", "cell_error", True),
        ("failed", "out_of_memory", True),
        ("cancelled", "user", True),
        ("cancelled", "replaced", False),
        ("failed", "lost", False),
        ("failed", "kernel_died", False),
    ],
)
def test_it_knows_which_runs_may_have_one(store: Store, state: str, reason: str, may_have: bool) -> None:
    run_id, waiting, going_on = failed(store, reason, state), queued(store).id, running(store, name="other").run.id
    with store.read() as db:
        found = kept.rows_of(db, [run_id, waiting, going_on, "nobody's"])
    assert {name: row.may_have for name, row in found.items()} == {run_id: may_have, waiting: False, going_on: None}


def test_a_run_that_only_lacks_memory_is_told(store: Store) -> None:
    claimed = running(store, name="large")
    with store.write() as db:
        attempts.finish(db, claimed, Ending(RunState.SUCCEEDED, memory_bytes=2 * GIB), NOON)
    place = replace(HERE, free_memory=GIB)

    def waits(kernels: frozenset[str] = HERE.kernels) -> bool:
        with store.read() as db:
            return claims.waits_for_memory(db, replace(place, kernels=kernels), NOON)

    small = running(store, name="small")
    queued(store, name="large")
    assert waits()
    assert not waits(frozenset()), "it waits for its kernel anyway"
    with store.write() as db:
        attempts.finish(db, small, Ending(RunState.SUCCEEDED), NOON)
    assert not waits(), "nothing runs: it starts all the same"
