"""What a worker writes of its attempts, and that only the owner of an attempt ever writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from jupyter_notebook_sched.domain.retry import Retry
from jupyter_notebook_sched.domain.run import CellError, CellOutcome, Progress, RunPolicies
from jupyter_notebook_sched.domain.states import IllegalTransition, RunState
from jupyter_notebook_sched.store import attempts, counts, outbox, runs
from jupyter_notebook_sched.store.attempts import Claimed, Ending, Owner
from jupyter_notebook_sched.store.connection import Store

from ..made import ME, NOON, OTHER, SECOND, claim, running, stored

ENDED_WELL = Ending(RunState.SUCCEEDED, output="runs/a.ipynb", output_sha256="f" * 64)


def test_it_records_how_an_attempt_ended(store: Store) -> None:
    claimed = running(store)
    error = CellError(2, "c2", "KeyError", "'x'", "Traceback …")
    cells = (CellOutcome(0, "ok", 0.5), CellOutcome(2, "failed", 0.1), CellOutcome(3, "not_run"))
    ending = Ending(RunState.FAILED, "cell_error", "cell 3: KeyError", error, cells, Progress(2, 3), "o.ipynb", "ab")
    with store.write() as db:
        assert attempts.finish(db, claimed, ending, NOON + 5 * SECOND)
    with store.read() as db:
        detail = runs.get_detail(db, claimed.run.id)
    assert detail is not None
    assert (detail.state, detail.reason, detail.message) == ("failed", "cell_error", "cell 3: KeyError")
    assert (detail.error, tuple(detail.cells), detail.progress) == (error, cells, Progress(2, 3))
    assert (detail.output, detail.output_sha256, detail.duration_seconds) == ("o.ipynb", "ab", 5.0)
    (attempt,) = detail.attempts
    assert (attempt.n, attempt.state, attempt.reason, attempt.output) == (1, "failed", "cell_error", "o.ipynb")
    assert (attempt.started_at, attempt.finished_at) == (NOON, NOON + 5 * SECOND)


def test_it_queues_the_next_attempt_and_remembers_the_last(store: Store) -> None:
    claimed = running(store, policies=RunPolicies(retry=Retry(max_attempts=3)))
    later = NOON + timedelta(minutes=1)
    with store.write() as db:
        assert attempts.give_back(db, claimed, Ending(RunState.FAILED, "cell_error", "boom"), later, NOON)
    run = stored(store, claimed.run.id)
    assert (run.state, run.reason, run.attempt, run.available_at) == ("queued", "retry_wait", 2, later)
    assert (run.started_at, run.finished_at) == (None, None)
    assert run.message is not None
    assert "attempt 1 of 3" in run.message
    with store.read() as db:
        detail = runs.get_detail(db, run.id)
    assert detail is not None
    assert [(past.n, past.state, past.message) for past in detail.attempts] == [(1, "failed", "boom")]


def test_it_never_ends_a_run_with_a_reason_that_its_state_does_not_carry(store: Store) -> None:
    claimed = running(store)
    for ending in (Ending(RunState.SUCCEEDED, "lost"), Ending(RunState.SKIPPED, "missed")):
        with pytest.raises(IllegalTransition), store.write() as db:
            attempts.finish(db, claimed, ending, NOON)
    assert stored(store, claimed.run.id).state == "running"


def untouched_by(store: Store, claimed: Claimed) -> None:
    """Every write of a worker that does not hold this attempt: refused, nothing changed, nothing told."""
    with store.read() as db:
        before = (runs.get_detail(db, claimed.run.id), outbox.last_seq(db), tuple(db.execute("select * from attempts")))
    failed = Ending(RunState.FAILED, "lost")
    with store.write() as db:
        assert not attempts.keep_handle(db, claimed, "theirs")
        assert not attempts.set_progress(db, claimed, Progress(9, 9), [], NOON)
        assert not attempts.finish(db, claimed, ENDED_WELL, NOON)
        assert not attempts.give_back(db, claimed, failed, NOON, NOON)
    with store.read() as db:
        after = (runs.get_detail(db, claimed.run.id), outbox.last_seq(db), tuple(db.execute("select * from attempts")))
    assert after == before


def test_it_fences_a_worker_that_does_not_own_the_run(store: Store) -> None:
    untouched_by(store, replace(running(store), owner=OTHER))


def test_it_fences_an_earlier_registration_of_the_very_same_worker(store: Store) -> None:
    claimed = running(store, Owner(ME.identity, 7))
    untouched_by(store, replace(claimed, owner=Owner(ME.identity, 6)))
    untouched_by(store, replace(claimed, owner=Owner(ME.identity, 8)))
    with store.write() as db:
        assert attempts.finish(db, claimed, ENDED_WELL, NOON)


def test_it_fences_an_attempt_that_is_over(store: Store) -> None:
    first = running(store, policies=RunPolicies(retry=Retry(max_attempts=3)))
    with store.write() as db:
        attempts.give_back(db, first, Ending(RunState.FAILED, "lost"), NOON, NOON)
    untouched_by(store, first)
    second = claim(store)
    assert second is not None
    assert second.run.attempt == 2
    untouched_by(store, first)


def test_it_fences_everybody_from_an_ended_run(store: Store) -> None:
    claimed = running(store)
    with store.write() as db:
        attempts.finish(db, claimed, ENDED_WELL, NOON)
    untouched_by(store, claimed)


def test_it_shows_what_it_is_told_of_an_attempt_while_it_runs(store: Store) -> None:
    claimed = running(store)
    cells = [CellOutcome(0, "ok", 0.5), CellOutcome(1, "not_run")]
    with store.write() as db:
        assert attempts.keep_handle(db, claimed, "handle")
        assert attempts.set_progress(db, claimed, Progress(1, 2, 1), cells, NOON)
        assert attempts.last_cells(db, claimed.run.id) == cells
        assert attempts.held_by(db, ME)[0].run.progress == Progress(1, 2, 1)
        assert attempts.held_by(db, OTHER) == []
        assert attempts.owners(db) == [ME]
    assert stored(store, claimed.run.id).progress == Progress(1, 2, 1)


def test_it_adds_up_the_files_of_all_attempts(store: Store) -> None:
    first = running(store, policies=RunPolicies(retry=Retry(max_attempts=3)))
    with store.write() as db:
        attempts.give_back(db, first, Ending(RunState.FAILED, "lost", bytes=100), NOON, NOON)
    second = claim(store)
    assert second is not None
    with store.write() as db:
        attempts.finish(db, second, replace(ENDED_WELL, bytes=23), NOON)
        assert counts.archived_bytes(db) == 123
        runs.delete(db, first.run.id)
        assert counts.archived_bytes(db) == 0


def test_it_keeps_the_output_and_the_hash_of_each_attempt(store: Store) -> None:
    first = running(store, policies=RunPolicies(retry=Retry(max_attempts=3)))
    path = f"runs/2026/05/01/{first.run.id}/1/a.ipynb"
    with store.write() as db:
        attempts.give_back(db, first, Ending(RunState.FAILED, "lost", output=path, output_sha256="ab"), NOON, NOON)
    second = claim(store)
    assert second is not None
    with store.read() as db:
        assert attempts.recorded_sha256(db, path) == "ab"
        assert attempts.recorded_sha256(db, path.replace("/1/", "/2/")) is None
        assert attempts.recorded_sha256(db, "sources/x.ipynb") is None
        detail = runs.get_detail(db, first.run.id)
    assert detail is not None
    assert [past.state for past in detail.attempts] == ["failed", "running"]
    assert detail.attempts[0].output == path
