"""Attempts: each with an output of its own, until one succeeds or none is left."""

from __future__ import annotations

import pytest

from jupyter_notebook_sched.service import runs

from ..house import House
from ..living import wait_until

# Fails until it was tried so often.
COUNTING = """
import pathlib
n = int(pathlib.Path("tries").read_text()) + 1 if pathlib.Path("tries").exists() else 1
pathlib.Path("tries").write_text(str(n))
print("try", n)
if n < {0}:
    raise RuntimeError(f"not yet: {{n}}")
"""
SOON = {"delay_seconds": 0.2, "backoff": 1}


def test_it_tries_again_until_an_attempt_succeeds(busy_house: House) -> None:
    busy_house.notebook("again/run.ipynb", COUNTING.format(3))
    run = busy_house.ended(busy_house.run("again/run.ipynb", retry=SOON | {"max_attempts": 5}).id)
    assert (run.state, run.attempt, run.max_attempts, run.error) == ("succeeded", 3, 5, None)
    assert [(past.n, past.state, past.reason) for past in run.attempts] == [
        (1, "failed", "cell_error"),
        (2, "failed", "cell_error"),
        (3, "succeeded", None),
    ]
    outputs = [str(past.output) for past in run.attempts]
    assert outputs == [f"runs/{run.created_at:%Y/%m/%d}/{run.id}/{n}/run.ipynb" for n in (1, 2, 3)]
    assert run.output == outputs[-1]
    for number, output in enumerate(outputs, start=1):
        content = (busy_house.context.archive.root / output).read_text()
        assert f"try {number}" in content
        assert f"try {number % 3 + 1}" not in content


def test_it_gives_up_after_the_last_attempt(busy_house: House) -> None:
    busy_house.notebook("enough/run.ipynb", COUNTING.format(99))
    run = busy_house.ended(busy_house.run("enough/run.ipynb", retry=SOON | {"max_attempts": 2}).id)
    assert (run.state, run.reason, run.attempt) == ("failed", "cell_error", 2)
    assert run.error is not None
    assert run.error.value == "not yet: 2"
    assert len(run.attempts) == 2


@pytest.mark.parametrize("limited", [{"max_attempts": 1}, {"max_attempts": 3, "on": ["lost", "timeout"]}])
def test_it_tries_once_where_its_policy_does_not_ask_for_more(busy_house: House, limited: dict[str, object]) -> None:
    busy_house.notebook("once/run.ipynb", "1 / 0")
    run = busy_house.ended(busy_house.run("once/run.ipynb", retry=SOON | limited).id)
    assert (run.state, len(run.attempts)) == ("failed", 1)


def test_it_tries_again_after_a_time_limit_and_a_dead_kernel(busy_house: House) -> None:
    source = COUNTING.format(0) + "import os, time\n{1: lambda: os._exit(1), 2: lambda: time.sleep(100)}.get(n, int)()"
    busy_house.notebook("mixed/run.ipynb", source)
    run = busy_house.ended(busy_house.run("mixed/run.ipynb", retry=SOON | {"max_attempts": 3}, timeout_seconds=3).id)
    assert [past.reason for past in run.attempts] == ["kernel_died", "timeout", None]
    assert run.state == "succeeded"


def test_it_says_what_it_waits_for_between_attempts_and_can_be_cancelled_there(busy_house: House) -> None:
    busy_house.notebook("waits/run.ipynb", "1 / 0")
    run = busy_house.run("waits/run.ipynb", retry={"max_attempts": 3, "delay_seconds": 600})
    wait_until(lambda: busy_house.get(run.id).reason == "retry_wait")
    waiting = busy_house.get(run.id)
    assert (waiting.state, waiting.attempt) == ("queued", 2)
    assert "attempt 1 of 3" in str(waiting.message)
    assert 600 <= (waiting.available_at - waiting.attempts[0].finished_at).total_seconds() <= 661  # type: ignore[operator]
    cancelled = runs.cancel(busy_house.context, run.id)
    assert (cancelled.state, cancelled.reason) == ("cancelled", "user")


def test_it_runs_as_many_at_a_time_as_there_are_places_and_tells_the_others_why_they_wait(busy_house: House) -> None:
    busy_house.notebook("slow.ipynb", "import time; time.sleep(1.5)")
    made = [busy_house.run("slow.ipynb").id for _ in range(4)]
    wait_until(lambda: sum(busy_house.get(run_id).state == "running" for run_id in made) == 2)
    wait_until(lambda: all(busy_house.get(run_id).reason == "capacity" for run_id in made[2:]), 2)
    assert busy_house.get(made[3]).message == "waits for a free place (2 of 2 in use)"
    assert [busy_house.get(run_id).state for run_id in made] == ["running", "running", "queued", "queued"]
    assert {busy_house.ended(run_id).state for run_id in made} == {"succeeded"}
