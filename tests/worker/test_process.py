"""The worker as a process: one for a workspace, quiet until there is something to do, polite when it goes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_notebook_sched.host.rendezvous import DRAIN, STAY
from jupyter_notebook_sched.service import runs, status
from jupyter_notebook_sched.store import leases

from ..house import House
from ..living import descendants_named, lives, wait_until
from ..written import tree

SLOW = "import time; time.sleep(2)"


def state(house: House) -> str:
    return status.status(house.context).worker.state


def leader(house: House) -> str | None:
    with house.context.store.read() as db:
        held = leases.holder(db)
    assert held is not None
    return held.owner


def test_it_writes_nothing_into_a_workspace_that_nobody_has_scheduled_anything_in(house: House) -> None:
    house.notebook("a.ipynb", "print(1)")
    before = tree(house.workspace)
    worker = house.start_worker()
    assert state(house) == "running"
    assert status.status(house.context).worker.pid == worker.pid
    worker.terminate()
    assert worker.wait(5) == 0
    assert tree(house.workspace) == before


def test_it_begins_as_soon_as_there_is_a_store_and_it_is_told(house: House) -> None:
    house.notebook("a.ipynb", "print(1)")
    house.start_worker()
    assert house.ended(house.run("a.ipynb").id, 4.5).state == "succeeded", "before its own poll of five seconds"


def test_it_leaves_a_workspace_that_has_a_worker_to_that_one(house: House) -> None:
    first = house.start_worker()
    command = [sys.executable, "-m", "jupyter_notebook_sched.worker", "--workspace", str(house.workspace)]
    second = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert second.returncode == 3
    assert "another worker has" in second.stderr
    assert "Traceback" not in second.stderr
    assert lives(first.pid)
    assert state(house) == "running"


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, DRAIN])
def test_it_finishes_what_runs_and_takes_nothing_new_when_it_drains(house: House, how: signal.Signals | bytes) -> None:
    house.notebook("slow.ipynb", SLOW)
    worker = house.start_worker(capacity=1)
    running, waiting = house.run("slow.ipynb"), house.run("slow.ipynb")
    house.running(running.id, current=0)
    house.context.meeting.tell("worker", how) if isinstance(how, bytes) else worker.send_signal(how)
    wait_until(lambda: state(house) == "draining", 3)
    assert lives(worker.pid)
    wait_until(lambda: leader(house) is None, 3)  # another worker may schedule meanwhile
    assert worker.wait(20) == 0
    assert house.get(running.id).state == "succeeded"
    assert house.get(waiting.id).state == "queued"
    assert state(house) == "stopped"
    with house.context.store.read() as db:
        assert leases.workers(db) == []
    assert not list(house.context.meeting.directory.glob("*.sock"))


def test_it_stays_when_the_drain_is_called_off(house: House) -> None:
    house.notebook("slow.ipynb", SLOW)
    worker = house.start_worker(capacity=1)
    running, waiting = house.run("slow.ipynb"), house.run("slow.ipynb")
    house.running(running.id, current=0)
    worker.terminate()
    wait_until(lambda: state(house) == "draining", 3)
    house.context.meeting.tell("worker", STAY)
    wait_until(lambda: state(house) == "running", 3)
    assert house.ended(waiting.id).state == "succeeded"
    assert lives(worker.pid)


def test_it_can_still_cancel_while_it_drains(house: House) -> None:
    house.notebook("ever.ipynb", "import time; time.sleep(1000)")
    worker = house.start_worker()
    run = house.run("ever.ipynb")
    house.running(run.id, current=0)
    worker.terminate()
    wait_until(lambda: state(house) == "draining", 3)
    runs.cancel(house.context, run.id)
    assert house.ended(run.id, 10).state == "cancelled"
    assert worker.wait(10) == 0


def test_it_drains_by_itself_when_the_server_that_started_it_is_gone(house: House) -> None:
    server = house.context.meeting.listen("server")
    worker = house.start_worker("--for-server")
    with pytest.raises(subprocess.TimeoutExpired):
        worker.wait(6)
    house.context.meeting.leave(server)
    assert worker.wait(10) == 0


def test_it_is_known_by_name_and_keeps_to_its_own_session(house: House) -> None:
    house.notebook("slow.ipynb", SLOW)
    worker = house.start_worker()
    run = house.run("slow.ipynb")
    house.running(run.id, current=0)
    assert (Path("/proc") / str(worker.pid) / "comm").read_text() == "nbsched-worker\n"
    (runner,) = descendants_named(worker.pid, f"nbsched-{run.id[-6:]}")
    assert len({os.getsid(pid) for pid in (os.getpid(), worker.pid, runner)}) == 3
    house.ended(run.id)


def test_it_keeps_its_sockets_and_the_kernels_private_and_off_the_workspace(house: House) -> None:
    house.notebook("slow.ipynb", SLOW)
    house.start_worker()
    run = house.run("slow.ipynb")
    house.running(run.id, current=0)
    meeting = house.context.meeting.directory
    (private,) = meeting.glob("nbs-*")
    assert private.stat().st_mode & 0o777 == 0o700
    sockets = [path for path in meeting.rglob("*") if path.is_socket()]
    assert any(path.parent == private for path in sockets), "the kernel listens on no port"
    assert not [path for path in house.workspace.rglob("*") if path.is_socket()]
    house.ended(run.id)
    assert not private.exists()


def test_it_runs_where_the_temporary_directory_has_a_very_long_name(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("long" * 40)
    long.mkdir()
    monkeypatch.setenv("TMPDIR", str(long))
    house.notebook("a.ipynb", "print(1)")
    house.start_worker()
    assert house.ended(house.run("a.ipynb").id).state == "succeeded"


def test_it_starts_without_what_only_the_server_or_a_runner_needs() -> None:
    look = (
        "import sys, jupyter_notebook_sched.worker.__main__\n"
        "print(*(set(sys.modules) & {'nbclient', 'nbformat', 'jupyter_events', 'jupyter_server', 'zmq', 'tornado'}))"
    )
    assert subprocess.run([sys.executable, "-c", look], capture_output=True, text=True).stdout.strip() == ""
