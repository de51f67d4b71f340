"""What a host must have to offer for a run to start there: places, kernels, memory; and why a run waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from jupyter_notebook_sched.domain.retry import Retry
from jupyter_notebook_sched.domain.run import RunPolicies
from jupyter_notebook_sched.domain.states import RunState
from jupyter_notebook_sched.store import attempts, claims, leases
from jupyter_notebook_sched.store.attempts import Ending
from jupyter_notebook_sched.store.claims import Place
from jupyter_notebook_sched.store.connection import Store
from jupyter_notebook_sched.store.leases import WorkerFacts

from ..made import HERE, ME, NOON, OTHER, SECOND, claim, queued, running

GIB = 1024**3
ENDED_WELL = Ending(RunState.SUCCEEDED, output="runs/a.ipynb", output_sha256="f" * 64)


def test_it_takes_no_more_than_the_host_has_places_for(store: Store) -> None:
    two = replace(HERE, capacity=2)
    for _ in range(4):
        queued(store)
    assert [claim(store, place=two) is not None for _ in range(3)] == [True, True, False]
    assert claim(store, OTHER, place=two) is None, "another worker of this host has the same places"
    assert claim(store, OTHER, place=replace(two, host="there")) is not None


def test_it_takes_only_what_its_host_has_the_kernel_for(store: Store) -> None:
    r, python = queued(store, kernel="ir"), queued(store, kernel="python3")
    here = claim(store)
    assert here is not None
    assert here.run.id == python.id
    assert claim(store) is None
    claimed = claim(store, OTHER, place=Place("there", 9, frozenset({"ir"})))
    assert claimed is not None
    assert (claimed.run.id, claimed.run.host) == (r.id, "there")


def test_it_prefers_the_host_where_a_run_was_asked_for_for_a_moment(store: Store) -> None:
    there = replace(HERE, host="there")
    with store.write() as db:
        worker = leases.register(db, ME.identity, WorkerFacts("here", "running", 2), NOON)
    queued(store, asked_on="here")
    assert claim(store, OTHER, place=there) is None
    assert claim(store, OTHER, NOON + claims.PREFERRED - SECOND, there) is None
    with store.write() as db:
        leases.beat(db, worker, WorkerFacts("here", "draining", 2), NOON)
    assert claim(store, OTHER, place=there) is not None, "nobody works where it was asked for"
    with store.write() as db:
        leases.beat(db, worker, WorkerFacts("here", "running", 2), NOON)
    second = queued(store, asked_on="here")
    claimed = claim(store, OTHER, NOON + claims.PREFERRED, there)
    assert claimed is not None
    assert claimed.run.id == second.id


def learned(store: Store, name: str, seconds: float, memory: int | None = None) -> None:
    """A run of that name took so long, and so much memory."""
    claimed = running(store, name=name)
    ending = replace(ENDED_WELL, memory_bytes=memory)
    with store.write() as db:
        assert attempts.finish(db, claimed, ending, NOON + timedelta(seconds=seconds))


def test_it_keeps_a_place_for_short_runs_once_long_ones_hold_the_others(store: Store) -> None:
    three = replace(HERE, capacity=3)
    learned(store, "long", 600)
    learned(store, "short", 599)
    assert running(store, name="long")
    for name in ("long", "long", "short"):
        queued(store, name=name)
    taken = [claim(store, place=three) for _ in range(2)]
    assert [claimed.run.name for claimed in taken if claimed] == ["long", "short"]
    assert claim(store, place=three) is None


def test_it_keeps_the_place_too_where_a_run_turns_out_to_be_long(store: Store) -> None:
    two = replace(HERE, capacity=2)
    learned(store, "long", 900)
    running(store, name="unknown")
    queued(store, name="long", available_at=NOON)
    assert claim(store, now=NOON + timedelta(minutes=10), place=two) is None
    new = queued(store, name="never ran yet")
    claimed = claim(store, now=NOON + timedelta(minutes=10), place=two)
    assert claimed is not None
    assert claimed.run.id == new.id


def test_it_gives_its_only_place_to_long_runs_too(store: Store) -> None:
    learned(store, "long", 900)
    queued(store, name="long")
    assert claim(store, place=replace(HERE, capacity=1)) is not None


def test_it_waits_for_the_memory_that_the_last_run_used(store: Store) -> None:
    learned(store, "large", 5, memory=2 * GIB)
    running(store, name="before")
    large = queued(store, name="large")
    small = queued(store, name="small")
    place = replace(HERE, free_memory=2 * GIB - 1)
    claimed = claim(store, place=place)
    assert claimed is not None
    assert claimed.run.id == small.id
    assert claim(store, place=place) is None
    claimed = claim(store, place=replace(HERE, free_memory=2 * GIB))
    assert claimed is not None
    assert claimed.run.id == large.id


def test_it_waits_for_no_memory_where_nothing_runs_that_could_free_it(store: Store) -> None:
    learned(store, "large", 5, memory=2 * GIB)
    large = queued(store, name="large")
    claimed = claim(store, place=replace(HERE, free_memory=GIB))
    assert claimed is not None
    assert claimed.run.id == large.id


def test_it_catches_up_beside_one_that_goes_on_and_on(store: Store) -> None:
    running(store, cause="catch_up", job_id="j1", scheduled_for=NOON, slot_key="one")
    queued(store, cause="catch_up", job_id="j2", scheduled_for=NOON, slot_key="one")
    assert claim(store, now=NOON + timedelta(minutes=9)) is None
    assert claim(store, now=NOON + timedelta(minutes=11)) is not None


def test_it_learns_how_long_a_run_takes_only_from_those_that_succeed(store: Store) -> None:
    learned(store, "report", 700, memory=GIB)
    failed = running(store, name="report")
    with store.write() as db:
        attempts.finish(db, failed, Ending(RunState.FAILED, "lost"), NOON + SECOND)
        known = db.execute("select expected_seconds, memory_bytes from titles where name = 'report'").fetchall()
    assert known == [(700.0, GIB)]


def why(store: Store, run_id: str, place: Place = HERE) -> str | None:
    with store.read() as db:
        return claims.why_it_waits(db, run_id, place, NOON)


def test_it_tells_why_a_run_waits_by_the_rules_by_which_it_is_claimed(store: Store) -> None:
    learned(store, "large", 900, memory=GIB)
    first = running(store, job_id="j1", job_limit=1)
    running(store, cause="backfill", name="large")
    waiting = {
        "overlap": queued(store, job_id="j1", job_limit=1),
        "needs_kernel": queued(store, kernel="ir"),
        "in_turn": queued(store, cause="catch_up"),
        "low_memory": queued(store, name="large"),
        None: queued(store),
    }
    place = replace(HERE, free_memory=GIB - 1)
    assert {why(store, run.id, place): run for run in waiting.values()} == waiting
    with store.read() as db:
        assert claims.active_of_job(db, waiting["overlap"].id) == [first.run.id]
        assert claims.memory_of(db, waiting["low_memory"].id) == GIB
    assert why(store, waiting["low_memory"].id, replace(HERE, capacity=2)) == "short"
    assert claim(store, place=place).run.id == waiting[None].id  # type: ignore[union-attr]
    assert claim(store, place=place) is None


def test_it_tells_a_run_that_waits_behind_a_retry_so(store: Store) -> None:
    policies = RunPolicies(retry=Retry(max_attempts=2))
    first = running(store, job_id="job", job_limit=1, yields=True, policies=policies)
    behind = queued(store, job_id="job", job_limit=1, yields=True)
    with store.write() as db:
        assert attempts.give_back(db, first, Ending(RunState.FAILED, "lost"), NOON + 60 * SECOND, NOON)
        assert claims.active_of_job(db, behind.id) == [first.run.id]
    assert why(store, behind.id) == "overlap"
    assert why(store, first.run.id) is None
