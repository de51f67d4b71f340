"""kill -9 between every two steps of an attempt: whoever comes next finds the right end, and nothing is half."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_notebook_sched import faults

from ..house import House
from ..service import test_delivering
from .breaking import TELL, next_worker, nothing_is_half, start_broken_worker, text_of, was_killed

LOST = ("failed", "lost")
SUCCEEDED = ("succeeded", None)
BY_KILL = "the process that ran the notebook was ended by SIGKILL"
WITHOUT_WORKER = "its worker vanished"
# place → who dies there, how the run ends, and the message
PLACES = {
    "attempt-claimed": ("worker", LOST, WITHOUT_WORKER),
    "attempt-submitted": ("worker", LOST, WITHOUT_WORKER),
    "runner-prepared": ("runner", LOST, BY_KILL),
    "runner-executed": ("runner", LOST, BY_KILL),
    "runner-sealed": ("runner", SUCCEEDED, None),
    "archive-write": ("runner", LOST, BY_KILL),
    "archive-rename": ("runner", LOST, BY_KILL),
    "archive-sync": ("both", LOST, WITHOUT_WORKER),
    "archive-sync-folder": ("both", SUCCEEDED, None),
    "attempt-ended": ("worker", SUCCEEDED, None),
    "attempt-recorded": ("worker", SUCCEEDED, None),
}


def test_it_knows_every_place_that_the_code_has() -> None:
    package = Path(faults.__file__).parent
    text = "".join(file.read_text() for file in package.rglob("*.py") if file.name != "faults.py")
    assert {part.partition('"')[0] for part in text.split('faults.reach("')[1:]} == {*PLACES, *test_delivering.PLACES}


@pytest.mark.parametrize("place", PLACES)
def test_it_ends_a_run_rightly_whose_process_was_killed_there(house: House, place: str) -> None:
    who, (state, reason), message = PLACES[place]
    house.notebook("a.ipynb", TELL)
    worker = start_broken_worker(house, f"{place}=kill")
    run = house.run("a.ipynb")
    if who != "runner":
        assert was_killed(worker)
        next_worker(house)
    ended = house.ended(run.id, 20)
    assert (ended.state, ended.reason, ended.message) == (state, reason, message)
    assert [(past.n, past.state, past.reason) for past in ended.attempts] == [(1, state, reason)]
    if ended.state == "succeeded":
        assert "kept" in (text_of(house, ended) or "")
    if who != "runner":
        assert house.ended(house.run("a.ipynb").id).state == "succeeded"
    nothing_is_half(house)


def test_it_finishes_a_run_from_its_whole_file_though_runner_and_worker_were_killed(house: House) -> None:
    house.notebook("a.ipynb", TELL)
    worker = start_broken_worker(house, "runner-sealed=kill,attempt-ended=kill")
    run = house.run("a.ipynb")
    assert was_killed(worker)
    next_worker(house)
    ended = house.ended(run.id, 20)
    assert (ended.state, ended.reason) == SUCCEEDED
    nothing_is_half(house)


@pytest.mark.parametrize("place", ["archive-rename", "archive-sync-folder"])
def test_it_survives_that_the_one_who_rescues_is_killed_as_well(house: House, place: str) -> None:
    """The first worker dies with its runner while the output grows; the second one while it seals what there is."""
    house.notebook("a.ipynb", TELL, "import time; time.sleep(1000)")
    first = house.start_worker()
    run = house.run("a.ipynb")
    output = house.context.archive.root / (house.running(run.id, current=1).output or "")
    while not (output.exists() and "kept" in output.read_text()):
        assert house.get(run.id).state == "running"
    first.kill()
    first.wait()
    second = start_broken_worker(house, f"{place}=kill")
    assert was_killed(second)
    assert house.get(run.id).state == "running", "its end is not on record yet"
    next_worker(house)
    ended = house.ended(run.id, 20)
    assert (ended.state, ended.reason, ended.message) == ("failed", "lost", WITHOUT_WORKER)
    assert [cell.outcome for cell in ended.cells] == ["ok", "interrupted"]
    assert "kept" in (text_of(house, ended) or "")
    nothing_is_half(house)


def test_it_tries_again_what_was_killed_half_way_where_its_policy_says_so(house: House) -> None:
    house.notebook("a.ipynb", TELL)
    worker = start_broken_worker(house, "attempt-submitted=kill")
    run = house.run("a.ipynb", retry={"max_attempts": 2, "delay_seconds": 0})
    assert was_killed(worker)
    next_worker(house)
    ended = house.ended(run.id, 20)
    assert [(past.n, past.state, past.reason) for past in ended.attempts] == [
        (1, "failed", "lost"),
        (2, "succeeded", None),
    ]
    nothing_is_half(house)
