"""When the next attempt of a run starts, and that nobody waits for what is not to be tried again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from jupyter_notebook_sched.domain.retry import ALL_REASONS, JITTER, Retry
from jupyter_notebook_sched.domain.run import RunDetail, RunPolicies
from jupyter_notebook_sched.executor.attempt import AttemptKeeper
from jupyter_notebook_sched.executor.interface import Ended
from jupyter_notebook_sched.store import runs
from jupyter_notebook_sched.store.attempts import Claimed

from ..house import House
from ..made import HERE, ME, NOON, OTHER, claim, queued, stored

RETRY = Retry(max_attempts=6, delay_seconds=10, backoff=3, max_delay_seconds=200)


def keeper(house: House) -> AttemptKeeper:
    house.now = NOON
    context = house.context
    return AttemptKeeper(context.store, context.archive, context.workspace, house.clock, lambda: None)


def begun(house: House, retry: Retry = RETRY) -> Claimed:
    queued(house.context.store, policies=RunPolicies(retry=retry), cause="schedule", job_id="job")
    return again(house)


def again(house: House) -> Claimed:
    claimed = claim(house.context.store, ME, house.clock(), HERE)
    assert claimed is not None
    return claimed


def failed(reason: str = "cell_error") -> Ended:
    return Ended("failed", reason, "it broke")


def test_it_waits_longer_each_time_up_to_a_bound_and_never_less_than_asked(house: House) -> None:
    keeping, claimed = keeper(house), begun(house)
    waited = []
    for attempt in range(1, 6):
        keeping.record(claimed, failed())
        run = stored(house.context.store, claimed.run.id)
        assert (run.state, run.reason, run.attempt, run.max_attempts) == ("queued", "retry_wait", attempt + 1, 6)
        assert run.message == f"attempt {attempt} of 6 failed (cell_error), tried again soon: it broke"
        waited.append((run.available_at - house.clock()).total_seconds())
        house.now = run.available_at - timedelta(milliseconds=1)
        assert claim(house.context.store, ME, house.clock(), HERE) is None
        house.now = run.available_at
        claimed = again(house)
        assert claimed.run.attempt == attempt + 1
    assert [
        low <= delay < low * (1 + JITTER) + 0.001 for low, delay in zip((10, 30, 90, 200, 200), waited, strict=True)
    ] == [True] * 5, waited
    keeping.record(claimed, failed())
    ended = runs_detail(house, claimed)
    assert (ended.state, ended.reason, ended.message, ended.attempt) == ("failed", "cell_error", "it broke", 6)
    assert [(past.n, past.state, past.reason) for past in ended.attempts] == [
        (n, "failed", "cell_error") for n in range(1, 7)
    ]


def runs_detail(house: House, claimed: Claimed) -> RunDetail:
    with house.context.store.read() as db:
        found = runs.get_detail(db, claimed.run.id)
    assert found is not None
    return found


def test_it_spreads_those_that_failed_together(house: House) -> None:
    keeping = keeper(house)
    moments = set()
    for _ in range(8):
        claimed = begun(house, replace_delay(1000))
        keeping.record(claimed, failed())
        moments.add(stored(house.context.store, claimed.run.id).available_at)
    assert len(moments) > 1


def replace_delay(seconds: float) -> Retry:
    return Retry(max_attempts=2, delay_seconds=seconds)


@pytest.mark.parametrize("reason", ALL_REASONS)
def test_it_tries_again_only_for_the_reasons_named(house: House, reason: str) -> None:
    keeping = keeper(house)
    asked = begun(house, Retry(max_attempts=2, on=[reason]))
    keeping.record(asked, failed(reason))
    assert stored(house.context.store, asked.run.id).state == "queued"
    others = [other for other in ALL_REASONS if other != reason]
    not_asked = begun(house, Retry(max_attempts=2, on=others))
    keeping.record(not_asked, failed(reason))
    assert stored(house.context.store, not_asked.run.id).reason == reason


@pytest.mark.parametrize("reason", ["invalid", "internal"])
def test_it_never_tries_again_what_would_be_the_same(house: House, reason: str) -> None:
    keeping, claimed = keeper(house), begun(house)
    keeping.record(claimed, failed(reason))
    assert stored(house.context.store, claimed.run.id).reason == reason


def test_it_never_tries_again_what_somebody_cancelled(house: House) -> None:
    keeping, claimed = keeper(house), begun(house)
    with house.context.store.write() as db:
        assert runs.request_cancel(db, claimed.run.id, NOON)
    keeping.record(claimed, failed())
    assert stored(house.context.store, claimed.run.id).state == "failed"


def test_it_throws_away_what_a_deposed_worker_has_to_say(house: House) -> None:
    keeping, claimed = keeper(house), begun(house)
    keeping.record(replace(claimed, owner=OTHER), failed())
    run = stored(house.context.store, claimed.run.id)
    assert (run.state, run.attempt) == ("running", 1)
    keeping.record(claimed, Ended("succeeded"))
    keeping.record(claimed, failed())
    assert stored(house.context.store, claimed.run.id).state == "succeeded", "the first word counts"
