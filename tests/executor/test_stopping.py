"""Runs that are stopped: at a limit, or because somebody cancels them, whatever their cells do about it."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import pytest

from jupyter_notebook_sched.domain.run import Run
from jupyter_notebook_sched.service import runs

from ..house import House
from ..living import wait_until
from ..written import code
from .kinds import KindHouse, outcomes, printed

BEFORE, AFTER = "print('before', flush=True)", "print('after')"
# Each says "on", then does not end by itself.
ENDLESS = {
    "sleeps": "import time; print('on', flush=True); time.sleep(1000)",
    "ignores interrupts": "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    "print('on', flush=True); time.sleep(1000)",
    "swallows interrupts": "import time; print('on', flush=True)\n"
    "while True:\n    try: time.sleep(1000)\n    except KeyboardInterrupt: pass",
    "keeps everything to itself": "import ctypes, time\n"
    "lock, mutex = ctypes.PyDLL(None).pthread_mutex_lock, ctypes.create_string_buffer(64)\n"
    "print('on', flush=True); time.sleep(0.3); lock(mutex); lock(mutex)",
    "waits for a child": "import subprocess; print('on', flush=True)\n"
    "subprocess.run(['sh', '-c', 'trap \"\" INT TERM; sleep 1000 & wait'])",
    "never answers again": "print('on', flush=True); import time; time.sleep(0.2)\n"
    "kernel = get_ipython().kernel\n[stream.close() for stream in kernel.shell_streams]\ntime.sleep(1000)",
}
CELL_LIMIT, RUN_LIMIT = 2, 5


def begun(house: KindHouse, cells: Iterable[str], **fields: Any) -> dict[str, Run]:
    """A run for each, all at once."""
    return {name: house.begin(BEFORE, ENDLESS[name], AFTER, **fields) for name in cells}


def prove_stopped(house: KindHouse, started: dict[str, Run], state: str, reason: str, message: str) -> None:
    ended = {name: house.ended(run.id) for name, run in started.items()}
    told = {name: (run.state, run.reason, run.message, run.error, outcomes(run)) for name, run in ended.items()}
    assert told == dict.fromkeys(told, (state, reason, message, None, ["ok", "interrupted", "not_run"]))
    for name, run in ended.items():
        house.prove_kind(run)
        output = house.output(run)
        assert (printed(output, 1), printed(output, 2)) == ("before\n", "on\n"), name
        assert output["cells"][3]["outputs"] == []
        assert len(run.attempts) == 1
    house.prove_end(*ended.values())


def test_it_ends_a_cell_at_its_limit_whatever_it_does(kind_house: KindHouse) -> None:
    started = begun(kind_house, ENDLESS, cell_timeout_seconds=CELL_LIMIT)
    prove_stopped(kind_house, started, "failed", "cell_timeout", "cell 3 ran longer than its limit of 2 s")


def test_it_ends_a_run_at_its_limit_whatever_it_does(kind_house: KindHouse) -> None:
    started = begun(kind_house, ("sleeps", "keeps everything to itself"), timeout_seconds=RUN_LIMIT)
    prove_stopped(kind_house, started, "failed", "timeout", "cell 3: the run took longer than its limit of 5 s")


def test_it_cancels_a_run_whatever_it_does(kind_house: KindHouse) -> None:
    started = begun(kind_house, ENDLESS, retry={"max_attempts": 3})
    for run in started.values():
        kind_house.running(run.id, current=2)
        output = kind_house.context.archive.root / (kind_house.get(run.id).output or "")
        wait_until(lambda output=output: output.exists() and '"on\\n"' in output.read_text())  # type: ignore[misc]
    for run in started.values():
        runs.cancel(kind_house.context, run.id)
    prove_stopped(kind_house, started, "cancelled", "user", "cancelled on request")


@pytest.mark.parametrize("how", ["cell limit", "run limit", "cancel"])
def test_it_is_not_taken_for_success_that_a_cell_ends_by_the_interrupt(how: str, forking_house: KindHouse) -> None:
    """Of its own accord it would not have ended there, although no error is to be seen."""
    limits = {"cell limit": {"cell_timeout_seconds": 1}, "run limit": {"timeout_seconds": 2}}
    cell = "import time\nprint('on', flush=True)\ntry: time.sleep(1000)\nexcept KeyboardInterrupt: print('off')"
    run = forking_house.begin(cell, **limits.get(how, {}))
    if how == "cancel":
        forking_house.running(run.id, current=1)
        time.sleep(0.3)
        runs.cancel(forking_house.context, run.id)
    ended = forking_house.ended(run.id)
    reasons = {"cell limit": "cell_timeout", "run limit": "timeout", "cancel": "user"}
    assert (ended.state, ended.reason) == ("cancelled" if how == "cancel" else "failed", reasons[how])
    assert outcomes(ended) == ["interrupted"]
    assert printed(forking_house.output(ended)) == "on\noff\n"
    forking_house.prove_end(ended)


def test_it_is_not_taken_for_an_expected_error_that_a_cell_is_interrupted(forking_house: KindHouse) -> None:
    run = forking_house.ran(code("import time; time.sleep(1000)", "raises-exception"), "1", cell_timeout_seconds=1)
    assert (run.state, run.reason, outcomes(run)) == ("failed", "cell_timeout", ["interrupted", "not_run"])


def test_it_cancels_a_run_whose_kernel_never_comes_up(kind_house: KindHouse) -> None:
    run = kind_house.begin("1", kernel="mute", retry={"max_attempts": 3})
    wait_until(lambda: any(name.endswith("sleep") for name in kind_house.left()), 20)
    runs.cancel(kind_house.context, run.id)
    ended = kind_house.ended(run.id, 15)
    assert (ended.state, ended.reason, ended.message) == ("cancelled", "user", "cancelled on request")
    assert [cell.outcome for cell in ended.cells] == ["not_run", "not_run"]
    kind_house.prove_end(ended)


def test_it_cancels_a_run_before_it_starts(house: House) -> None:
    house.notebook("a.ipynb", "open('ran', 'w')")
    run = house.run("a.ipynb")
    runs.cancel(house.context, run.id)
    house.start_worker()
    house.notebook("b.ipynb", "1")
    house.ended(house.run("b.ipynb").id)
    ended = house.get(run.id)
    assert (ended.state, ended.reason, ended.attempts, ended.output) == ("cancelled", "user", [], None)
    assert not (house.workspace / "ran").exists()
