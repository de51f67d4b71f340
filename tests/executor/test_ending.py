"""Ending a run ends every process of it, whatever they do to stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_notebook_sched.domain.run import RunDetail
from jupyter_notebook_sched.service import runs

from ..house import House
from ..living import descendants_named, lives

# Two daemons with sessions of their own and no environment; the second one forks once more. Each leaves its pid.
DAEMONS = """
import os, pathlib, signal, subprocess, time
pathlib.Path("stay.sh").write_text("trap '' INT TERM HUP; echo $$ > $1; while :; do sleep 1; done")
for name in ("one", "two"):
    subprocess.Popen(["setsid", "/bin/sh", "stay.sh", name + ".pid"], env={})
subprocess.run(["setsid", "-f", "/bin/sh", "stay.sh", "three.pid"], env={})
while not all(pathlib.Path(n + ".pid").exists() for n in ("one", "two", "three")):
    time.sleep(0.01)
time.sleep(0.1)
"""
STUBBORN = """
import time
while True:
    try:
        time.sleep(100)
    except KeyboardInterrupt:
        print("not me", flush=True)
"""


def pids(folder: Path) -> list[int]:
    return [int((folder / f"{name}.pid").read_text()) for name in ("one", "two", "three")]


def outcomes(run: RunDetail) -> list[str]:
    return [cell.outcome for cell in run.cells]


def nothing_left(house: House, folder: str, run: RunDetail) -> bool:
    """No daemon, no kernel, no runner of the run."""
    found = pids(house.workspace / folder)
    assert len(set(found)) == 3
    left = [pid for pid in found if lives(pid)]
    return not left and not descendants_named(house.workers[-1].pid, f"nbsched-{run.id[-6:]}")


def test_it_leaves_no_daemon_of_a_run_that_ended_well(busy_house: House) -> None:
    busy_house.notebook("well/daemons.ipynb", DAEMONS)
    run = busy_house.ended(busy_house.run("well/daemons.ipynb").id)
    assert run.state == "succeeded", run.error
    assert nothing_left(busy_house, "well", run)


def test_it_cancels_a_cell_that_will_not_be_interrupted_with_all_that_it_started(busy_house: House) -> None:
    busy_house.notebook("stubborn/run.ipynb", "print('kept')", DAEMONS, STUBBORN, "print('no')")
    run = busy_house.run("stubborn/run.ipynb", retry={"max_attempts": 3})
    busy_house.running(run.id, current=2)
    asked = runs.cancel(busy_house.context, run.id)
    assert (asked.state, asked.cancel_requested_at is not None) == ("running", True)
    assert runs.cancel(busy_house.context, run.id).cancel_requested_at == asked.cancel_requested_at
    ended = busy_house.ended(run.id, 20)
    assert (ended.state, ended.reason) == ("cancelled", "user")
    assert outcomes(ended) == ["ok", "ok", "interrupted", "not_run"]
    assert nothing_left(busy_house, "stubborn", ended)
    output = busy_house.output(ended)
    assert output["cells"][0]["outputs"][0]["text"] == "kept\n"
    assert output["metadata"]["notebook_sched"]["state"] == "cancelled"
    assert len(ended.attempts) == 1, "no retry follows a cancel"


def test_it_cancels_a_cell_that_lets_itself_be_interrupted_within_moments(busy_house: House) -> None:
    busy_house.notebook("sleeps.ipynb", "import time\ntime.sleep(100)")
    run = busy_house.run("sleeps.ipynb")
    busy_house.running(run.id, current=0)
    runs.cancel(busy_house.context, run.id)
    ended = busy_house.ended(run.id, 10)
    assert (ended.state, ended.reason, outcomes(ended)) == ("cancelled", "user", ["interrupted"])
    assert ended.error is None


def test_it_counts_the_start_of_the_kernel_towards_the_limit_of_the_run(busy_house: House) -> None:
    busy_house.notebook("mute.ipynb", "1")
    ended = busy_house.ended(busy_house.run("mute.ipynb", kernel="mute", timeout_seconds=1).id, 15)
    assert (ended.state, ended.reason, outcomes(ended)) == ("failed", "timeout", ["not_run"])


@pytest.mark.parametrize(
    ("kernel", "reason", "says"),
    [("quits", "kernel_died", "did not become ready"), ("nowhere", "invalid", "did not start")],
)
def test_it_says_that_a_kernel_did_not_come_up(busy_house: House, kernel: str, reason: str, says: str) -> None:
    busy_house.notebook("k.ipynb", "1")
    ended = busy_house.ended(busy_house.run("k.ipynb", kernel=kernel).id, 20)
    assert (ended.state, ended.reason, outcomes(ended)) == ("failed", reason, ["not_run"])
    assert says in str(ended.message)


def test_it_ends_a_run_at_its_limit(busy_house: House) -> None:
    busy_house.notebook("slow/run.ipynb", DAEMONS, STUBBORN, "print('no')")
    ended = busy_house.ended(busy_house.run("slow/run.ipynb", timeout_seconds=3).id, 20)
    assert (ended.state, ended.reason) == ("failed", "timeout")
    assert ended.message == "cell 2: the run took longer than its limit of 3 s"
    assert outcomes(ended) == ["ok", "interrupted", "not_run"]
    assert nothing_left(busy_house, "slow", ended)


def test_it_ends_a_run_whose_cell_reaches_its_limit(busy_house: House) -> None:
    busy_house.notebook("slowcell/run.ipynb", DAEMONS, "import time; time.sleep(100)", "print('no')")
    ended = busy_house.ended(busy_house.run("slowcell/run.ipynb", cell_timeout_seconds=2).id, 20)
    assert (ended.state, ended.reason) == ("failed", "cell_timeout")
    assert ended.message == "cell 2 ran longer than its limit of 2 s"
    assert outcomes(ended) == ["ok", "interrupted", "not_run"]
    assert nothing_left(busy_house, "slowcell", ended)


def test_it_leaves_nothing_of_a_kernel_that_was_killed(busy_house: House) -> None:
    busy_house.notebook("killed/run.ipynb", DAEMONS, "os.kill(os.getpid(), signal.SIGKILL)")
    ended = busy_house.ended(busy_house.run("killed/run.ipynb").id)
    assert (ended.state, ended.reason) == ("failed", "kernel_died")
    assert nothing_left(busy_house, "killed", ended)
