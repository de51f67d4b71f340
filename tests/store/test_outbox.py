from __future__ import annotations

from datetime import timedelta

import pytest

from jupyter_notebook_sched.store import jobs, outbox
from jupyter_notebook_sched.store.connection import Store

from ..made import NOON, Interrupted, claim, new_job, queued, write_half


def test_it_tells_runs_and_jobs_in_one_sequence(store: Store) -> None:
    job = new_job()
    with store.write() as db:
        jobs.insert(db, job)
    run = queued(store, job_id=job.id, batch_id="b1")
    claim(store)
    with store.read() as db:
        made, waits, runs_now = outbox.after(db, 0)
    assert made.kind == "job"
    assert made.fields == {"seq": 1, "job_id": job.id, "change": "created", "at": "2026-05-01T12:00:00.000Z"}
    assert waits.kind == "run"
    assert waits.fields == {
        "seq": 2,
        "run_id": run.id,
        "job_id": job.id,
        "batch_id": "b1",
        "notebook": "report.ipynb",
        "state": "queued",
        "reason": None,
        "attempt": 1,
        "progress": {"done": 0, "total": 0, "current": None},
        "at": "2026-05-01T12:00:00.000Z",
    }
    assert (runs_now.seq, runs_now.fields["state"]) == (3, "running")


def test_it_gives_what_comes_after_a_position_in_portions(store: Store) -> None:
    for _ in range(5):
        queued(store)
    with store.read() as db:
        assert [event.seq for event in outbox.after(db, 2)] == [3, 4, 5]
        assert [event.seq for event in outbox.after(db, 1, limit=2)] == [2, 3]
        assert outbox.after(db, 5) == []
        assert outbox.last_seq(db) == 5


def test_it_prunes_by_age_and_never_counts_again_from_the_start(store: Store) -> None:
    queued(store)
    queued(store, now=NOON + timedelta(hours=1))
    with store.write() as db:
        outbox.prune(db, NOON + timedelta(minutes=1))
        assert [event.seq for event in outbox.after(db, 0)] == [2]
        outbox.prune(db, NOON + timedelta(days=1))
        assert outbox.after(db, 0) == []
        assert outbox.last_seq(db) == 2
    queued(store)
    with store.read() as db:
        assert [event.seq for event in outbox.after(db, 0)] == [3]


def test_it_uses_no_number_for_what_was_taken_back(store: Store) -> None:
    with pytest.raises(Interrupted):
        write_half(store, lambda db: outbox.tell_job(db, "j1", "created", NOON))
    queued(store)
    with store.read() as db:
        assert [event.seq for event in outbox.after(db, 0)] == [1]


def test_it_starts_at_nothing(store: Store) -> None:
    with store.read() as db:
        assert outbox.last_seq(db) == 0
