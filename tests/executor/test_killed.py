"""What is killed is noticed and said, and nothing of it stays: kill -9 on runner, runner server and worker."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

from jupyter_notebook_sched.service import status

from ..house import House
from ..living import descendants_named, lives, wait_until
from .test_ending import DAEMONS, pids

SLOW = "import time\nprint('kept', flush=True)\ntime.sleep(4)"
FOR_EVER = "import time\nprint('kept', flush=True)\ntime.sleep(1000)"


def runner_of(house: House, run_id: str) -> int:
    (runner,) = descendants_named(house.workers[-1].pid, f"nbsched-{run_id[-6:]}")
    return runner


def runner_server(house: House) -> int:
    (server,) = descendants_named(house.workers[-1].pid, "nbsched-forks")
    return server


def saved(house: House, output: str | None) -> bool:
    """Whether what the run printed is on disk already."""
    assert output is not None
    file: Path = house.context.archive.root / output
    return file.exists() and "kept" in file.read_text()


def test_it_calls_a_run_lost_whose_runner_was_killed_and_leaves_nothing(house: House) -> None:
    house.start_worker()
    house.notebook("a/run.ipynb", DAEMONS, FOR_EVER, "print('no')")
    run = house.run("a/run.ipynb")
    output = house.running(run.id, current=1).output
    wait_until(lambda: saved(house, output))
    os.kill(runner_of(house, run.id), signal.SIGKILL)
    ended = house.ended(run.id, 15)
    assert (ended.state, ended.reason) == ("failed", "lost")
    assert ended.message == "the process that ran the notebook was ended by SIGKILL"
    assert not any(lives(pid) for pid in pids(house.workspace / "a"))
    assert [cell.outcome for cell in ended.cells] == ["ok", "interrupted", "not_run"]
    assert "kept" in str(house.output(ended)), "what it left so far is the record"
    house.notebook("b.ipynb", "print(1)")
    assert house.ended(house.run("b.ipynb").id).state == "succeeded"


def test_it_tries_a_lost_run_again_where_its_policy_says_so(house: House) -> None:
    house.start_worker()
    house.notebook("a.ipynb", "import pathlib, time\nif not pathlib.Path('second').exists():\n    time.sleep(1000)")
    run = house.run("a.ipynb", retry={"max_attempts": 2, "delay_seconds": 0})
    house.running(run.id, current=0)
    (house.workspace / "second").touch()
    os.kill(runner_of(house, run.id), signal.SIGKILL)
    ended = house.ended(run.id, 15)
    assert [past.reason for past in ended.attempts] == ["lost", None]
    assert ended.state == "succeeded"


def test_it_goes_on_with_what_runs_when_the_runner_server_is_killed(house: House) -> None:
    house.start_worker()
    house.notebook("slow.ipynb", SLOW)
    house.notebook("a/run.ipynb", DAEMONS, SLOW)
    house.notebook("quick.ipynb", "print(1)")
    slow, with_daemons = house.run("slow.ipynb"), house.run("a/run.ipynb")
    house.running(slow.id, current=0)
    house.running(with_daemons.id, current=1)
    before = runner_server(house)
    os.kill(before, signal.SIGKILL)
    for run_id in (slow.id, with_daemons.id):
        assert house.ended(run_id).state == "succeeded"
    assert not any(lives(pid) for pid in pids(house.workspace / "a"))
    assert house.ended(house.run("quick.ipynb").id).state == "succeeded"
    assert runner_server(house) != before


def test_it_leaves_nothing_when_runner_server_and_runner_are_killed_together(house: House) -> None:
    house.start_worker()
    house.notebook("a/run.ipynb", DAEMONS, FOR_EVER)
    run = house.run("a/run.ipynb")
    house.running(run.id, current=1)
    runner = runner_of(house, run.id)
    os.kill(runner_server(house), signal.SIGKILL)
    os.kill(runner, signal.SIGKILL)
    ended = house.ended(run.id, 15)
    assert (ended.state, ended.reason) == ("failed", "lost")
    wait_until(lambda: not any(lives(pid) for pid in pids(house.workspace / "a")), 5)


def test_it_marks_what_a_killed_worker_ran_as_lost_as_soon_as_the_next_one_comes(house: House) -> None:
    house.notebook("a/run.ipynb", DAEMONS, FOR_EVER)
    worker = house.start_worker()
    run = house.run("a/run.ipynb")
    output = house.running(run.id, current=1).output
    wait_until(lambda: saved(house, output))
    runner = runner_of(house, run.id)
    worker.kill()
    worker.wait()
    wait_until(lambda: not any(lives(pid) for pid in (runner, *pids(house.workspace / "a"))), 5)
    assert status.status(house.context).worker.state == "stopped"
    assert house.get(run.id).state == "running", "nobody has looked yet"
    house.start_worker()
    ended = house.ended(run.id, 5)
    assert (ended.state, ended.reason, ended.message) == ("failed", "lost", "its worker vanished")
    assert [cell.outcome for cell in ended.cells] == ["ok", "interrupted"]
    assert "kept" in str(house.output(ended))
    assert ended.output is not None
    assert (house.context.archive.root / ended.output).stat().st_mode & 0o777 == 0o444
    house.notebook("b.ipynb", "print(1)")
    assert house.ended(house.run("b.ipynb").id).state == "succeeded"


def test_it_leaves_nothing_in_the_meeting_place_of_those_that_were_killed(house: House) -> None:
    house.notebook("a.ipynb", FOR_EVER)
    worker = house.start_worker()
    run = house.run("a.ipynb")
    house.running(run.id, current=0)
    victims = [worker.pid, runner_server(house), runner_of(house, run.id)]
    for pid in victims:  # none of them is stopped in time to tidy up after another
        os.kill(pid, signal.SIGSTOP)
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
    worker.wait()
    assert list(house.context.meeting.directory.glob("nbs-*"))
    house.start_worker()
    assert not list(house.context.meeting.directory.glob("nbs-*"))


def test_it_finishes_a_run_from_its_whole_final_file_where_only_the_row_is_missing(house: House) -> None:
    """The worker dies between the last byte of the output and the commit that tells of it."""
    house.notebook("a.ipynb", "print('kept')", "1 / 0")
    house.start_worker()
    run = house.ended(house.run("a.ipynb").id)
    house.leave()
    dead = subprocess.Popen(["true"])
    dead.wait()
    with house.context.store.write() as db:
        db.execute("drop trigger runs_take_allowed_steps")
        db.execute(
            "update attempts set state = 'running', reason = null, message = null, finished_at = null, error = null,"
            " output_sha256 = null"
        )
        db.execute(
            "update runs set state = 'running', reason = null, message = null, finished_at = null, bytes = 0,"
            " lease_owner = ?, lease_epoch = 77",
            [str(house.identity_of_a_dead_process(dead.pid))],
        )
    house.start_worker()
    found = house.ended(run.id, 10)
    assert (found.state, found.reason, found.error) == (run.state, run.reason, run.error)
    assert (found.cells, found.output, found.output_sha256) == (run.cells, run.output, run.output_sha256)
