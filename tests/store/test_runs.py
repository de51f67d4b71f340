from __future__ import annotations

from datetime import timedelta

import pytest

from jupyter_notebook_sched.domain.retry import Retry
from jupyter_notebook_sched.domain.run import Covers
from jupyter_notebook_sched.domain.states import RunState
from jupyter_notebook_sched.store import attempts, jobs, outbox, runs
from jupyter_notebook_sched.store.attempts import Ending
from jupyter_notebook_sched.store.connection import Store

from ..made import ME, NOON, SECOND, Interrupted, claim, new_job, new_run, queued, running, stored, write_half


def events(store: Store) -> list[tuple[str, str]]:
    with store.read() as db:
        return [(event.fields.get("run_id", ""), event.fields.get("state", "")) for event in outbox.after(db, 0)]


def test_it_reads_back_the_run_that_it_stored(store: Store) -> None:
    covers = Covers(3, NOON, NOON + timedelta(hours=2))
    run = queued(
        store,
        job_id="j1",
        parameters={"x": [1, 2.5, None, "ü\0😀", {"a": True}]},
        scheduled_for=NOON,
        slot_key="s",
        covers=covers,
        state=RunState.SKIPPED,
        reason="missed",
        message="3 due times missed",
        retry=Retry(max_attempts=4),
        tags=["etl"],
    )
    assert stored(store, run.id) == run
    assert run.parameters == {"x": [1, 2.5, None, "ü\0😀", {"a": True}]}
    assert (run.covers, run.max_attempts, run.tags, run.finished_at) == (covers, 4, ["etl"], NOON)


def test_it_records_a_due_time_once(store: Store) -> None:
    first = queued(store, job_id="j1", slot_key="2026-05-01T12:00:00.000Z")
    with pytest.raises(runs.SlotTaken), store.write() as db:
        runs.insert(db, new_run(job_id="j1", slot_key="2026-05-01T12:00:00.000Z"))
    queued(store, job_id="j2", slot_key="2026-05-01T12:00:00.000Z")
    queued(store, job_id="j1")
    queued(store, job_id="j1")
    assert stored(store, first.id) == first


def test_it_tells_each_change_in_the_transaction_that_makes_it(store: Store) -> None:
    run = queued(store)
    claimed = claim(store)
    assert claimed is not None
    with pytest.raises(Interrupted):
        write_half(store, lambda db: attempts.finish(db, claimed.run, ME, Ending(RunState.SUCCEEDED), NOON))
    assert events(store) == [(run.id, "queued"), (run.id, "running")]
    with store.write() as db:
        attempts.finish(db, claimed.run, ME, Ending(RunState.SUCCEEDED), NOON)
    assert events(store)[2:] == [(run.id, "succeeded")]


def test_it_cancels_a_waiting_run_at_once(store: Store) -> None:
    run = queued(store)
    with store.write() as db:
        cancelled = runs.cancel_queued(db, run.id, NOON + SECOND)
    assert cancelled is not None
    assert (cancelled.state, cancelled.reason) == ("cancelled", "user")
    assert cancelled.finished_at == cancelled.cancel_requested_at == NOON + SECOND
    with store.write() as db:
        assert runs.cancel_queued(db, run.id, NOON) is None
        assert runs.request_cancel(db, run.id, NOON) is None


def test_it_asks_the_worker_of_a_running_run_once(store: Store) -> None:
    claimed = running(store)
    with store.write() as db:
        first = runs.request_cancel(db, claimed.run.id, NOON + SECOND)
        again = runs.request_cancel(db, claimed.run.id, NOON + 5 * SECOND)
        assert runs.cancel_queued(db, claimed.run.id, NOON) is None
        assert attempts.to_cancel(db, ME) == [claimed.run.id]
        assert attempts.to_cancel(db, "somebody else") == []
    assert first is not None
    assert again is not None
    assert first.state == "running"
    assert first.cancel_requested_at == again.cancel_requested_at == NOON + SECOND


def test_it_supersedes_only_scheduled_runs_that_have_not_begun(store: Store) -> None:
    active = running(store, job_id="j1", cause="schedule", slot_key="a", waits_for_job=True)
    with store.write() as db:
        attempts.give_back(db, active.run, ME, Ending(RunState.FAILED, "lost"), NOON + SECOND, NOON)
    scheduled = queued(store, job_id="j1", cause="schedule", slot_key="b")
    caught_up = queued(store, job_id="j1", cause="catch_up", slot_key="c")
    for cause in ("manual", "api", "rerun"):
        queued(store, job_id="j1", cause=cause)
    queued(store, job_id="j2", cause="schedule", slot_key="b")
    with store.write() as db:
        superseded = runs.supersede_waiting(db, "j1", NOON, "a newer one came")
    assert set(superseded) == {scheduled.id, caught_up.id}
    found = stored(store, scheduled.id)
    assert (found.state, found.reason, found.message) == ("skipped", "superseded", "a newer one came")


def test_it_deletes_ended_runs_only_and_their_attempts_with_them(store: Store) -> None:
    claimed = running(store)
    waiting = queued(store)
    with store.write() as db:
        assert not runs.delete(db, claimed.run.id)
        assert not runs.delete(db, waiting.id)
        assert not runs.delete(db, "none")
        attempts.finish(db, claimed.run, ME, Ending(RunState.FAILED, "lost"), NOON)
        assert runs.delete(db, claimed.run.id)
        assert db.execute("select count(*) from attempts").fetchone()[0] == 0
        assert runs.get_detail(db, claimed.run.id) is None


def test_it_keeps_the_last_run_on_the_job(store: Store) -> None:
    job = new_job()
    with store.write() as db:
        jobs.insert(db, job)
    first, second = queued(store, job_id=job.id), queued(store, job_id=job.id)

    def last() -> str | None:
        with store.read() as db:
            found = jobs.get(db, job.id)
        assert isinstance(found, type(job))
        return found.last_run_id

    assert last() == second.id
    with store.write() as db:
        runs.cancel_queued(db, second.id, NOON)
        runs.delete(db, second.id)
    assert last() == first.id
    with store.write() as db:
        runs.cancel_queued(db, first.id, NOON)
        runs.delete(db, first.id)
    assert last() is None


def test_it_cancels_what_waits_when_its_job_goes(store: Store) -> None:
    active = running(store, job_id="j1")
    waiting, other = queued(store, job_id="j1"), queued(store, job_id="j2")
    with store.write() as db:
        runs.cancel_waiting_of_job(db, "j1", NOON)
    assert stored(store, active.run.id).state == "running"
    assert stored(store, waiting.id).state == "cancelled"
    assert stored(store, other.id).state == "queued"
