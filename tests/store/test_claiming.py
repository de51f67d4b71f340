"""What workers do to runs: who gets which, and that only its owner ever writes to a running one."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from datetime import timedelta

import pytest

from jupyter_notebook_sched.domain.retry import Retry
from jupyter_notebook_sched.domain.run import CellError, CellOutcome, Progress
from jupyter_notebook_sched.domain.states import IllegalTransition, RunState
from jupyter_notebook_sched.store import attempts, outbox, runs
from jupyter_notebook_sched.store.attempts import Claimed, Ending
from jupyter_notebook_sched.store.connection import Store

from ..made import ME, NOON, OTHER, SECOND, claim, queued, running, stored

ENDED_WELL = Ending(RunState.SUCCEEDED, output="runs/a.ipynb", output_sha256="f" * 64)


def claimed_ids(store: Store) -> list[str]:
    found = []
    while (claimed := claim(store)) is not None:
        found.append(claimed.run.id)
    return found


def test_it_takes_runs_in_the_order_they_became_available(store: Store) -> None:
    late = queued(store, available_at=NOON - SECOND)
    early = queued(store, available_at=NOON - 9 * SECOND)
    same_moment = queued(store, available_at=NOON - SECOND)
    assert claimed_ids(store) == [early.id, late.id, same_moment.id]


def test_it_takes_what_a_person_started_before_what_is_scheduled(store: Store) -> None:
    causes = ("schedule", "catch_up", "backfill", "manual", "api", "rerun")
    made = {cause: queued(store, cause=cause).id for cause in causes}
    assert claimed_ids(store) == [
        made[cause] for cause in ("manual", "api", "rerun", "schedule", "catch_up", "backfill")
    ]


def test_it_leaves_a_run_alone_before_its_time(store: Store) -> None:
    run = queued(store, available_at=NOON + SECOND)
    assert claim(store, now=NOON) is None
    claimed = claim(store, now=NOON + SECOND)
    assert claimed is not None
    assert claimed.run.id == run.id


def test_it_makes_a_claimed_run_running_with_its_policies(store: Store) -> None:
    queued(store, retry=Retry(max_attempts=3), timeout_seconds=60.0, cell_timeout_seconds=5.0)
    claimed = claim(store)
    assert claimed is not None
    assert (claimed.retry, claimed.timeout_seconds, claimed.cell_timeout_seconds) == (Retry(max_attempts=3), 60.0, 5.0)
    run = stored(store, claimed.run.id)
    assert run == claimed.run
    assert (run.state, run.host, run.started_at, run.attempt) == ("running", "here", NOON, 1)


@pytest.mark.parametrize("cause", ["schedule", "manual"])
def test_it_starts_scheduled_runs_of_a_job_one_at_a_time(store: Store, cause: str) -> None:
    active = running(store, job_id="j1", cause=cause, waits_for_job=cause == "schedule")
    waiting = queued(store, job_id="j1", cause="schedule", waits_for_job=True)
    other = queued(store, job_id="j2", cause="schedule", waits_for_job=True)
    assert claimed_ids(store) == [other.id]
    with store.write() as db:
        attempts.give_back(db, active.run, ME, Ending(RunState.FAILED, "lost"), NOON + 60 * SECOND, NOON)
    assert claim(store) is None, "a run that waits for its next attempt is active still"
    again = claim(store, now=NOON + 60 * SECOND)
    assert again is not None
    assert (again.run.id, again.run.attempt) == (active.run.id, 2)
    with store.write() as db:
        attempts.finish(db, again.run, ME, ENDED_WELL, NOON)
    assert claimed_ids(store) == [waiting.id]


def test_it_lets_a_person_start_a_run_beside_a_scheduled_one(store: Store) -> None:
    running(store, job_id="j1", cause="schedule", waits_for_job=True)
    by_hand = queued(store, job_id="j1", cause="manual")
    assert claimed_ids(store) == [by_hand.id]


def test_it_records_how_an_attempt_ended(store: Store) -> None:
    claimed = running(store)
    error = CellError(2, "c2", "KeyError", "'x'", "Traceback …")
    cells = (CellOutcome(0, "ok", 0.5), CellOutcome(2, "failed", 0.1), CellOutcome(3, "not_run"))
    ending = Ending(RunState.FAILED, "cell_error", "cell 3: KeyError", error, cells, Progress(2, 3), "o.ipynb", "ab")
    with store.write() as db:
        assert attempts.finish(db, claimed.run, ME, ending, NOON + 5 * SECOND)
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
    claimed = running(store, retry=Retry(max_attempts=3))
    later = NOON + timedelta(minutes=1)
    with store.write() as db:
        assert attempts.give_back(db, claimed.run, ME, Ending(RunState.FAILED, "cell_error", "boom"), later, NOON)
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
            attempts.finish(db, claimed.run, ME, ending, NOON)
    assert stored(store, claimed.run.id).state == "running"


def untouched_by(store: Store, claimed: Claimed, owner: str) -> None:
    """Every write of a worker that does not hold this attempt: refused, nothing changed, nothing told."""
    with store.read() as db:
        before = (runs.get_detail(db, claimed.run.id), outbox.last_seq(db))
    failed = Ending(RunState.FAILED, "lost")
    with store.write() as db:
        assert not attempts.set_output(db, claimed.run, owner, "theirs.ipynb")
        assert not attempts.set_progress(db, claimed.run, owner, Progress(9, 9), [], NOON)
        assert not attempts.finish(db, claimed.run, owner, ENDED_WELL, NOON)
        assert not attempts.give_back(db, claimed.run, owner, failed, NOON, NOON)
    with store.read() as db:
        assert (runs.get_detail(db, claimed.run.id), outbox.last_seq(db)) == before


def test_it_fences_a_worker_that_does_not_own_the_run(store: Store) -> None:
    untouched_by(store, running(store), OTHER)


def test_it_fences_an_attempt_that_is_over(store: Store) -> None:
    first = running(store, retry=Retry(max_attempts=3))
    with store.write() as db:
        attempts.give_back(db, first.run, ME, Ending(RunState.FAILED, "lost"), NOON, NOON)
    untouched_by(store, first, ME)
    second = claim(store)
    assert second is not None
    assert second.run.attempt == 2
    untouched_by(store, first, ME)


def test_it_fences_everybody_from_an_ended_run(store: Store) -> None:
    claimed = running(store)
    with store.write() as db:
        attempts.finish(db, claimed.run, ME, ENDED_WELL, NOON)
    untouched_by(store, claimed, ME)


def test_it_fails_a_run_that_can_never_start_only_while_it_waits(store: Store) -> None:
    waiting, active = queued(store, available_at=NOON + SECOND), running(store)
    with store.write() as db:
        assert attempts.fail_unstarted(db, waiting.id, "its source is gone", NOON)
        assert not attempts.fail_unstarted(db, waiting.id, "again", NOON)
        assert not attempts.fail_unstarted(db, active.run.id, "no", NOON)
    run = stored(store, waiting.id)
    assert (run.state, run.reason, run.message, run.finished_at) == ("failed", "invalid", "its source is gone", NOON)


def test_it_tells_each_waiting_run_once_why_it_waits(store: Store) -> None:
    running(store, job_id="j1", waits_for_job=True)
    behind = queued(store, job_id="j1", waits_for_job=True)
    full = queued(store)
    future = queued(store, available_at=NOON + SECOND)
    with store.write() as db:
        assert attempts.unexplained(db, NOON)
        attempts.explain_waits(db, 2, 2, NOON)
        told = outbox.last_seq(db)
        assert not attempts.unexplained(db, NOON)
        attempts.explain_waits(db, 2, 2, NOON)
        assert outbox.last_seq(db) == told
    assert (stored(store, behind.id).reason, stored(store, full.id).reason) == ("overlap", "capacity")
    assert stored(store, full.id).message == "waits for a free place (2 of 2 in use)"
    assert stored(store, future.id).reason is None


CLAIM_ALL = """
import sys, time
from datetime import datetime, timezone
from pathlib import Path
from jupyter_notebook_sched.store import attempts
from jupyter_notebook_sched.store.connection import Store
store = Store(Path(sys.argv[1]), network=sys.argv[2] == "True")
while True:
    with store.write() as db:
        claimed = attempts.claim(db, sys.argv[3], "here", datetime.now(timezone.utc))
    if claimed is None:
        break
    print(claimed.run.id)
"""


def test_it_gives_each_run_to_one_of_many_processes(store: Store) -> None:
    made = [queued(store).id for _ in range(40)]
    command = [sys.executable, "-c", CLAIM_ALL, str(store.path), str(store.network)]
    workers = [subprocess.Popen([*command, f"w{n}"], stdout=subprocess.PIPE, text=True) for n in range(3)]
    claimed = [line for worker in workers for line in worker.communicate(timeout=60)[0].split()]
    assert [worker.returncode for worker in workers] == [0, 0, 0]
    assert Counter(claimed) == Counter(made)


def test_it_starts_one_run_of_a_job_when_threads_claim_together(store: Store) -> None:
    for _ in range(10):
        queued(store, job_id="j1", cause="schedule", waits_for_job=True)
    claimed: list[Claimed | None] = []

    def take(owner: str) -> None:
        claimed.append(claim(store, owner))
        store.close()

    threads = [threading.Thread(target=take, args=[f"w{number}"]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(each is not None for each in claimed) == 1


def test_it_ends_a_run_whose_policies_cannot_be_read_and_goes_on(store: Store) -> None:
    poisoned, healthy = queued(store), queued(store)
    with store.write() as db:
        db.execute("update runs set retry = ? where id = ?", ['{"max_attempts": 0}', poisoned.id])
    assert claimed_ids(store) == [healthy.id]
    with store.read() as db:
        told = runs.get(db, poisoned.id)
    assert told is not None
    assert (told.state, told.reason) == (RunState.FAILED, "invalid")
    assert "cannot be read" in (told.message or "")


def test_it_tells_a_run_that_waits_behind_a_retry_so(store: Store) -> None:
    first = running(store, job_id="job", waits_for_job=True, retry=Retry(max_attempts=2))
    queued(store, job_id="job", waits_for_job=True)
    with store.write() as db:
        assert attempts.give_back(db, first.run, ME, Ending(RunState.FAILED, "lost"), NOON + 60 * SECOND, NOON)
        assert attempts.unexplained(db, NOON)
        attempts.explain_waits(db, 0, 2, NOON)
        assert not attempts.unexplained(db, NOON), "told once is enough"
