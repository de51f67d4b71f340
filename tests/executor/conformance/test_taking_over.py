"""Attempts that outlive their worker, with real workers: whoever comes next sees the same attempt to its end."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from jupyter_notebook_sched.domain.run import Run, RunDetail
from jupyter_notebook_sched.host import processes
from jupyter_notebook_sched.service import runs, status
from jupyter_notebook_sched.store import leases
from jupyter_notebook_sched.store.rows import select

from ...faults.breaking import TELL, nothing_is_half, start_broken_worker, was_killed
from ...house import House
from ...living import wait_until
from .apart_executor import alive, handle_of, kill, read_process

GATE = "import pathlib, time\nwhile not pathlib.Path('gate').exists():\n    time.sleep(0.02)\nprint('through')"
APART = "--executor=apart"

pytestmark = pytest.mark.usefixtures("apart_is_installed")


def attempt_folder(house: House, run: Run) -> Path:
    scratch = house.context.meeting.directory
    return scratch.with_name(f"{scratch.name}-d") / handle_of(run.id, 1)


def held_by(house: House, run: Run) -> tuple[int, str]:
    """Pid and host of the worker that holds it, as on record."""
    with house.context.store.read() as db:
        (row,) = select(db, "select lease_owner, host from runs where id = ?", [run.id])
    return int(row["lease_owner"].split("/")[3]), row["host"]


def kill_worker(worker: subprocess.Popen[bytes]) -> None:
    worker.kill()
    worker.wait()


def under_way(house: House) -> Run:
    """A run in its second cell, which waits for ``gate``; its worker has just been killed."""
    house.notebook("a.ipynb", TELL, GATE, "print('last')")
    worker = house.start_worker(APART)
    run = house.run("a.ipynb", retry={"max_attempts": 3, "delay_seconds": 0})
    house.running(run.id, current=1)
    daemon = read_process(attempt_folder(house, run) / "daemon")
    assert daemon is not None
    assert daemon[0] not in processes.descendants(worker.pid), "a worker ends its descendants with itself"
    kill_worker(worker)
    return run


def is_one_whole_success(house: House, ended: RunDetail) -> None:
    assert (ended.state, ended.reason, ended.message) == ("succeeded", None, None)
    assert [(past.n, past.state) for past in ended.attempts] == [(1, "succeeded")]
    assert {cell.outcome for cell in ended.cells} == {"ok"}
    assert (house.workspace / "a.lines").read_text() == f"{ended.id} 1\n", "executed once"
    wait_until(lambda: not attempt_folder(house, ended).exists(), 10, "it is forgotten")
    nothing_is_half(house)


def test_the_next_worker_sees_a_run_to_its_end_whose_worker_was_killed(house: House) -> None:
    run = under_way(house)
    assert alive(attempt_folder(house, run) / "runner")
    following = house.start_worker(APART)
    wait_until(lambda: held_by(house, run)[0] == following.pid, 20, "it takes the run over")
    assert status.status(house.context).worker.executor == "apart"
    assert house.get(run.id).state == "running"
    (house.workspace / "gate").touch()
    is_one_whole_success(house, house.ended(run.id))


def test_the_next_worker_records_what_ended_while_there_was_none(house: House) -> None:
    run = under_way(house)
    (house.workspace / "gate").touch()
    wait_until(lambda: not alive(attempt_folder(house, run) / "daemon"), 20)
    assert house.get(run.id).state == "running"
    house.start_worker(APART)
    is_one_whole_success(house, house.ended(run.id))


@pytest.mark.parametrize("place", ["attempt-submitted", "attempt-ended"])
def test_it_loses_nothing_where_its_worker_was_killed_between_two_steps(house: House, place: str) -> None:
    """Before its handle is on record, and before its end is."""
    house.notebook("a.ipynb", TELL)
    worker = start_broken_apart_worker(house, f"{place}=kill")
    run = house.run("a.ipynb", retry={"max_attempts": 3, "delay_seconds": 0})
    assert was_killed(worker)
    house.start_worker(APART)
    is_one_whole_success(house, house.ended(run.id))


def start_broken_apart_worker(house: House, fault: str) -> subprocess.Popen[bytes]:
    start = house.start_worker
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(house, "start_worker", lambda: start(APART))
        return start_broken_worker(house, fault)


def test_it_is_lost_only_where_nothing_of_it_can_be_found(house: House) -> None:
    house.notebook("a.ipynb", TELL)
    worker = start_broken_apart_worker(house, "attempt-claimed=kill")
    run = house.run("a.ipynb")
    assert was_killed(worker)
    house.start_worker(APART)
    ended = house.ended(run.id)
    assert (ended.state, ended.reason, ended.message) == ("failed", "lost", "nothing is known of it")
    assert not (house.workspace / "a.lines").exists()
    nothing_is_half(house)


def test_it_is_lost_where_its_processes_were_killed_with_its_worker(house: House) -> None:
    house.notebook("a.ipynb", TELL, GATE)
    worker = house.start_worker(APART)
    run = house.run("a.ipynb")
    output = house.context.archive.root / (house.running(run.id, current=1).output or "")
    wait_until(lambda: output.exists() and "kept" in output.read_text(), 10)
    kill_worker(worker)
    for name in ("daemon", "runner"):
        kill(attempt_folder(house, run) / name, signal.SIGKILL)
    house.start_worker(APART)
    ended = house.ended(run.id)
    assert (ended.state, ended.reason, ended.message) == ("failed", "lost", "the daemon of the attempt was ended")
    assert [cell.outcome for cell in ended.cells] == ["ok", "interrupted"]
    assert "kept" in str(house.output(ended)["cells"][0]["outputs"]), "what it left is the record"
    nothing_is_half(house)


def test_a_run_that_was_taken_over_can_be_cancelled(house: House) -> None:
    run = under_way(house)
    following = house.start_worker(APART)
    wait_until(lambda: held_by(house, run)[0] == following.pid, 20)
    runs.cancel(house.context, run.id)
    house.context.meeting.tell("worker")
    ended = house.ended(run.id)
    assert (ended.state, ended.reason) == ("cancelled", "user")
    assert [cell.outcome for cell in ended.cells] == ["ok", "interrupted", "not_run"]
    assert len(ended.attempts) == 1


def test_a_worker_that_was_given_up_lets_its_attempts_go_on_under_whoever_holds_them(house: House) -> None:
    """Somebody takes it for dead; it comes back under a new registration, and takes its own run over like any other."""
    house.notebook("a.ipynb", TELL, GATE, "print('last')")
    worker = house.start_worker(APART, "--lease-seconds=3")
    run = house.run("a.ipynb")
    house.running(run.id, current=1)
    runner = read_process(attempt_folder(house, run) / "runner")
    os.kill(worker.pid, signal.SIGSTOP)
    time.sleep(0.2)  # not in the middle of a transaction
    with house.context.store.write() as db:
        (row,) = leases.workers(db)
        assert leases.unregister(db, row.owner)
    os.kill(worker.pid, signal.SIGCONT)

    def epoch() -> int:
        with house.context.store.read() as db:
            return int(select(db, "select lease_epoch from runs where id = ?", [run.id])[0]["lease_epoch"])

    wait_until(lambda: epoch() > row.epoch, 20, "a new registration holds it")
    assert alive(attempt_folder(house, run) / "runner")
    assert read_process(attempt_folder(house, run) / "runner") == runner
    (house.workspace / "gate").touch()
    is_one_whole_success(house, house.ended(run.id))
    assert "given up" in house.context.meeting.log.read_text()


def test_a_drained_worker_waits_for_its_attempts(house: House) -> None:
    house.notebook("a.ipynb", TELL, GATE)
    worker = house.start_worker(APART)
    run = house.run("a.ipynb")
    house.running(run.id, current=1)
    worker.terminate()
    time.sleep(0.5)
    assert worker.poll() is None
    (house.workspace / "gate").touch()
    assert worker.wait(20) == 0
    is_one_whole_success(house, house.get(run.id))
