from __future__ import annotations

from datetime import timedelta

import pytest
from sqlite_utils import Database

from jupyter_notebook_sched.domain.retry import Retry
from jupyter_notebook_sched.domain.run import Covers, RunPolicies
from jupyter_notebook_sched.domain.states import RunState
from jupyter_notebook_sched.store import attempts, jobs, ledger, outbox, runs
from jupyter_notebook_sched.store.attempts import Ending, Owner
from jupyter_notebook_sched.store.connection import Store

from ..made import ME, NOON, OTHER, SECOND, Interrupted, claim, new_job, new_run, queued, running, stored, write_half


def events(store: Store) -> list[tuple[str, str]]:
    with store.read() as db:
        return [(event.fields.get("run_id", ""), event.fields.get("state", "")) for event in outbox.after(db, 0)]


def test_it_reads_back_the_run_that_it_stored(store: Store) -> None:
    covers = Covers(3, NOON, NOON + timedelta(hours=2))
    run = queued(
        store,
        job_id="j1",
        cause="schedule",
        parameters={"x": [1, 2.5, None, "ü\0😀", {"a": True}]},
        scheduled_for=NOON,
        slot_key="s",
        covers=covers,
        state=RunState.SKIPPED,
        reason="missed",
        message="3 due times missed",
        policies=RunPolicies(retry=Retry(max_attempts=4)),
        tags=["etl"],
    )
    assert stored(store, run.id) == run
    assert run.parameters == {"x": [1, 2.5, None, "ü\0😀", {"a": True}]}
    assert (run.covers, run.max_attempts, run.tags, run.finished_at) == (covers, 4, ["etl"], NOON)


def test_it_records_a_due_time_once(store: Store) -> None:
    due = {"cause": "schedule", "slot_key": "2026-05-01T12:00:00.000Z"}
    first = queued(store, job_id="j1", **due)
    with pytest.raises(runs.SlotTaken), store.write() as db:
        runs.insert(db, new_run(job_id="j1", **due | {"cause": "catch_up"}))
    queued(store, job_id="j2", **due)
    queued(store, job_id="j1")
    queued(store, job_id="j1")
    assert stored(store, first.id) == first


def test_it_tells_each_change_in_the_transaction_that_makes_it(store: Store) -> None:
    run = queued(store)
    claimed = claim(store)
    assert claimed is not None
    with pytest.raises(Interrupted):
        write_half(store, lambda db: attempts.finish(db, claimed, Ending(RunState.SUCCEEDED), NOON))
    assert events(store) == [(run.id, "queued"), (run.id, "running")]
    with store.write() as db:
        attempts.finish(db, claimed, Ending(RunState.SUCCEEDED), NOON)
    assert events(store)[2:] == [(run.id, "succeeded")]


def test_it_cancels_a_waiting_run_at_once(store: Store) -> None:
    run = queued(store)
    with store.write() as db:
        assert runs.cancel_queued(db, run.id, NOON + SECOND)
    cancelled = stored(store, run.id)
    assert (cancelled.state, cancelled.reason) == ("cancelled", "user")
    assert cancelled.finished_at == cancelled.cancel_requested_at == NOON + SECOND
    assert events(store) == [(run.id, "queued"), (run.id, "cancelled")]
    with store.write() as db:
        assert not runs.cancel_queued(db, run.id, NOON)
        assert not runs.request_cancel(db, run.id, NOON)
    assert stored(store, run.id) == cancelled


def test_it_asks_the_worker_of_a_running_run_once(store: Store) -> None:
    claimed = running(store)
    with store.write() as db:
        assert runs.request_cancel(db, claimed.run.id, NOON + SECOND)
        first = runs.get(db, claimed.run.id)
        assert runs.request_cancel(db, claimed.run.id, NOON + 5 * SECOND)
        again = runs.get(db, claimed.run.id)
        assert not runs.cancel_queued(db, claimed.run.id, NOON)
        assert attempts.to_cancel(db, ME) == [claimed.run.id]
        assert attempts.to_cancel(db, OTHER) == []
        assert attempts.to_cancel(db, Owner(ME.identity, ME.epoch + 1)) == []
    assert first is not None
    assert again is not None
    assert first.state == "running"
    assert first.cancel_requested_at == again.cancel_requested_at == NOON + SECOND


def yielding_of(db: Database, job_id: str) -> list[str]:
    """The runs of a job that a newer due time may supersede, the oldest due time first."""
    return [run.run_id for run in ledger.going_on(db, job_id, NOON) if run.yields and not run.is_active]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ([], None),
        (["user"], "user"),
        (["replaced"], "replaced"),
        (["replaced", "user"], "user"),
        (["user", "replaced"], "user"),
        (["replaced", "replaced"], "replaced"),
    ],
)
def test_it_remembers_who_asked_and_a_person_counts_more(store: Store, asked: list[str], told: str | None) -> None:
    claimed = running(store)
    with store.write() as db:
        for reason in asked:
            assert runs.request_cancel(db, claimed.run.id, NOON, reason)
        assert attempts.cancel_reason(db, claimed.run.id) == told


def test_it_yields_only_scheduled_runs_that_have_not_begun(store: Store) -> None:
    yielding = {"job_limit": 1, "yields": True}
    active = running(store, job_id="j1", cause="schedule", slot_key="a", **yielding)
    with store.write() as db:
        attempts.give_back(db, active, Ending(RunState.FAILED, "lost"), NOON + SECOND, NOON)
    scheduled = queued(store, job_id="j1", cause="schedule", slot_key="b", scheduled_for=NOON, **yielding)
    caught_up = queued(store, job_id="j1", cause="catch_up", slot_key="c", scheduled_for=NOON - SECOND, **yielding)
    all_of_an_outage = queued(store, job_id="j1", cause="catch_up", slot_key="d", job_limit=1)
    for cause in ("manual", "api", "rerun"):
        queued(store, job_id="j1", cause=cause)
    queued(store, job_id="j2", cause="schedule", slot_key="b", **yielding)
    with store.write() as db:
        assert [run.run_id for run in ledger.going_on(db, "j1", NOON) if run.is_active] == [active.run.id]
        assert yielding_of(db, "j1") == [caught_up.id, scheduled.id]
        assert runs.skip(db, scheduled.id, "superseded", "a newer one came", NOON)
        assert not runs.skip(db, scheduled.id, "superseded", "again", NOON)
        assert not runs.skip(db, active.run.id, "superseded", "between two attempts", NOON)
        assert yielding_of(db, "j1") == [caught_up.id]
    found = stored(store, scheduled.id)
    assert (found.state, found.reason, found.message) == ("skipped", "superseded", "a newer one came")
    assert stored(store, all_of_an_outage.id).state == "queued"
    assert stored(store, active.run.id).state == "queued"


def test_it_deletes_ended_runs_only_and_all_that_leads_to_them(store: Store) -> None:
    claimed = running(store, parameters={"x": 1}, tags=["etl"])
    waiting = queued(store)
    with store.write() as db:
        assert not runs.delete(db, claimed.run.id)
        assert not runs.delete(db, waiting.id)
        assert not runs.delete(db, "none")
        attempts.finish(db, claimed, Ending(RunState.FAILED, "lost"), NOON)
        assert runs.delete(db, claimed.run.id)
        assert db.execute("select count(*) from attempts").fetchone()[0] == 0
        assert db.execute("select count(*) from run_terms").fetchone()[0] == 0
        assert runs.get_detail(db, claimed.run.id) is None


def test_it_knows_the_last_run_of_a_job_in_whatever_state_it_is(store: Store) -> None:
    job = new_job()
    with store.write() as db:
        jobs.insert(db, job)
    first = queued(store, job_id=job.id, state=RunState.SKIPPED, reason="missed")
    second = queued(store, job_id=job.id)

    def last() -> str | None:
        with store.read() as db:
            found = runs.last_of_job(db, job.id)
        return None if found is None else found.id

    queued(store)
    assert last() == second.id
    with store.write() as db:
        runs.cancel_queued(db, second.id, NOON)
        runs.delete(db, second.id)
    assert last() == first.id
    with store.write() as db:
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
