"""Which waiting run starts where, and why the others wait."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from jupyter_notebook_sched.domain.retry import Retry
from jupyter_notebook_sched.domain.run import Resumption, RunPolicies
from jupyter_notebook_sched.domain.states import RunState
from jupyter_notebook_sched.store import attempts, claims, runs
from jupyter_notebook_sched.store.attempts import Claimed, Ending, Owner
from jupyter_notebook_sched.store.connection import Store

from ..made import HERE, ME, NOON, SECOND, claim, queued, running, stored

GIB = 1024**3

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
    causes = ("schedule", "manual", "api", "rerun", "resume")
    made = {cause: queued(store, cause=cause).id for cause in causes}
    assert claimed_ids(store) == [made[cause] for cause in ("manual", "api", "rerun", "resume", "schedule")]


def test_it_takes_what_is_scheduled_before_what_is_caught_up(store: Store) -> None:
    made = {cause: queued(store, cause=cause).id for cause in ("backfill", "catch_up", "schedule")}
    first = claim(store)
    second = claim(store)
    assert first is not None
    assert second is not None
    assert (first.run.id, second.run.id) == (made["schedule"], made["backfill"])


@pytest.mark.parametrize(("cause", "minutes"), [("schedule", 10), ("catch_up", 20), ("backfill", 20)])
def test_it_lets_others_wait_for_those_started_by_hand_for_minutes_only(store: Store, cause: str, minutes: int) -> None:
    waits = queued(store, cause=cause)
    by_hand = [queued(store, cause="manual") for _ in range(2)]
    privilege = NOON + timedelta(minutes=minutes)
    first = claim(store, now=privilege - SECOND, by_hand_next=False)
    second = claim(store, now=privilege, by_hand_next=False)
    assert first is not None
    assert second is not None
    assert (first.run.id, second.run.id) == (by_hand[0].id, waits.id)


def test_it_has_two_crowds_take_turns(store: Store) -> None:
    for cause in ("schedule", "manual"):
        for _ in range(3):
            queued(store, cause=cause)
    later, order = NOON + timedelta(hours=1), list[str]()
    while (claimed := claim(store, now=later, by_hand_next=order[-1:] != ["manual"])) is not None:
        order.append(claimed.run.cause)
    assert order == ["manual", "schedule"] * 3


def test_it_lets_what_comes_pass_between_two_runs_of_a_backfill(store: Store) -> None:
    for _ in range(3):
        queued(store, cause="backfill")
    begun = NOON + timedelta(hours=1)
    first = claim(store, now=begun)
    assert first is not None
    today = queued(store, begun + SECOND, cause="schedule")
    by_hand = queued(store, begun + timedelta(minutes=11), cause="manual")
    with store.write() as db:
        attempts.finish(db, first, ENDED_WELL, begun + timedelta(minutes=12))
    later = begun + timedelta(minutes=12)
    order = []
    while (claimed := claim(store, now=later, by_hand_next=bool(order))) is not None:
        order.append(claimed.run.id)
    assert order[:2] == [today.id, by_hand.id]


@pytest.mark.parametrize("first", ["catch_up", "backfill"])
@pytest.mark.parametrize("second", ["catch_up", "backfill"])
def test_it_catches_up_one_at_a_time_and_leaves_room_for_today(store: Store, first: str, second: str) -> None:
    one = running(store, cause=first)
    behind = queued(store, cause=second)
    today = queued(store, cause="schedule")
    assert claimed_ids(store) == [today.id]
    with store.write() as db:
        attempts.finish(db, one, ENDED_WELL, NOON)
    assert claimed_ids(store) == [behind.id]


def test_it_leaves_a_run_alone_before_its_time(store: Store) -> None:
    run = queued(store, available_at=NOON + SECOND)
    assert claim(store, now=NOON) is None
    claimed = claim(store, now=NOON + SECOND)
    assert claimed is not None
    assert claimed.run.id == run.id


def test_it_makes_a_claimed_run_running_with_its_policies(store: Store) -> None:
    queued(store, policies=RunPolicies(retry=Retry(max_attempts=3), timeout_seconds=60.0, cell_timeout_seconds=5.0))
    claimed = claim(store)
    assert claimed is not None
    assert claimed.policies == RunPolicies(Retry(max_attempts=3), 60.0, 5.0)
    assert claimed.owner == ME
    run = stored(store, claimed.run.id)
    assert run == msgspec.structs.replace(claimed.run, output=f"runs/{run.id}/1/a.ipynb"), "it opens while it fills"
    assert (run.state, run.host, run.started_at, run.attempt) == ("running", "here", NOON, 1)


@pytest.mark.parametrize("cause", ["schedule", "manual"])
def test_it_starts_scheduled_runs_of_a_job_one_at_a_time(store: Store, cause: str) -> None:
    active = running(store, job_id="j1", cause=cause, job_limit=1 if cause == "schedule" else None)
    waiting = queued(store, job_id="j1", cause="schedule", job_limit=1, yields=True)
    other = queued(store, job_id="j2", cause="schedule", job_limit=1, yields=True)
    assert claimed_ids(store) == [other.id]
    with store.write() as db:
        attempts.give_back(db, active, Ending(RunState.FAILED, "lost"), NOON + 60 * SECOND, NOON)
    assert claim(store) is None, "a run that waits for its next attempt is active still"
    again = claim(store, now=NOON + 60 * SECOND)
    assert again is not None
    assert (again.run.id, again.run.attempt) == (active.run.id, 2)
    with store.write() as db:
        attempts.finish(db, again, ENDED_WELL, NOON)
    assert claimed_ids(store) == [waiting.id]


def test_it_lets_a_person_start_a_run_beside_a_scheduled_one(store: Store) -> None:
    running(store, job_id="j1", cause="schedule", job_limit=1, yields=True)
    by_hand = queued(store, job_id="j1", cause="manual")
    assert claimed_ids(store) == [by_hand.id]


def test_it_starts_as_many_runs_of_a_job_as_each_run_allows(store: Store) -> None:
    made = [queued(store, job_id="j1", cause="schedule", job_limit=3) for _ in range(5)]
    by_hand = queued(store, job_id="j1", cause="manual")
    assert claimed_ids(store) == [by_hand.id, made[0].id, made[1].id], "what a person started counts, too"


def test_it_fails_a_run_that_can_never_start_only_while_it_waits(store: Store) -> None:
    waiting, active = queued(store, available_at=NOON + SECOND), running(store)
    with store.write() as db:
        assert claims.fail_unstarted(db, waiting.id, "its source is gone", NOON)
        assert not claims.fail_unstarted(db, waiting.id, "again", NOON)
        assert not claims.fail_unstarted(db, active.run.id, "no", NOON)
    run = stored(store, waiting.id)
    assert (run.state, run.reason, run.message, run.finished_at) == ("failed", "invalid", "its source is gone", NOON)


CLAIM_ALL = """
import sys, time
from datetime import datetime, timezone
from pathlib import Path
from jupyter_notebook_sched.store import claims
from jupyter_notebook_sched.store.attempts import Owner
from jupyter_notebook_sched.store.claims import Place
from jupyter_notebook_sched.store.connection import Store
place = Place("here", 1000, frozenset({"python3"}))
store = Store(Path(sys.argv[1]), network=sys.argv[2] == "True")
while True:
    with store.write() as db:
        claimed = claims.claim(db, Owner(sys.argv[3], 1), place, datetime.now(timezone.utc), lambda run: run.id)
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
        queued(store, job_id="j1", cause="schedule", job_limit=1, yields=True)
    claimed: list[Claimed | None] = []

    def take(owner: str) -> None:
        claimed.append(claim(store, Owner(owner, 1)))
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
        db.execute("update runs set policies = ? where id = ?", ['{"retry": {"max_attempts": 0}}', poisoned.id])
    assert claimed_ids(store) == [healthy.id]
    with store.read() as db:
        told = runs.get(db, poisoned.id)
    assert told is not None
    assert (told.state, told.reason) == (RunState.FAILED, "invalid")
    assert "cannot be read" in (told.message or "")


def test_it_starts_a_run_that_goes_on_with_a_kernel_only_where_that_is(store: Store) -> None:
    waits = queued(store, cause="resume", only_on="there", resumption=Resumption("parent", "runs/a.ipynb", "c"))
    assert claim(store) is None
    with store.read() as db:
        assert claims.why_it_waits(db, waits.id, HERE, NOON) == "kept_elsewhere"
        assert claims.why_it_waits(db, waits.id, replace(HERE, host="there"), NOON) is None
    claimed = claim(store, place=replace(HERE, host="there"))
    assert claimed is not None
    assert claimed.run.id == waits.id


def test_it_never_waits_for_memory_that_its_kernel_has_already(store: Store) -> None:
    claimed = running(store)
    with store.write() as db:
        attempts.finish(db, claimed, replace(ENDED_WELL, memory_bytes=4 * GIB), NOON)
    running(store, name="another")
    full = replace(HERE, free_memory=GIB)
    assert claim(store, place=full) is None
    queued(store)
    assert claim(store, place=full) is None
    goes_on = queued(store, cause="resume", only_on="here", resumption=Resumption("parent", "runs/a.ipynb", "c"))
    claimed = claim(store, place=full)
    assert claimed is not None
    assert claimed.run.id == goes_on.id
