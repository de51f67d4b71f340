"""A worker that stands still for longer than its lease (a hanging process, a host that was suspended): another takes
over what it held, and when it wakes up it stops its kernels and writes nothing more."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from soak.outputs import examine_outputs

from ..faults.breaking import Findings, ledger_of
from ..house import House
from ..living import lives, wait_until
from .far import FarWorker, far_worker

LEASE = 5
# Attempt 1 goes on for ever and grows all the time; attempt 2 ends at once.
GROWING = """\
import os, time
print("attempt", os.environ["NOTEBOOK_SCHED_ATTEMPT"], os.getpid())
open("pids", "a").write(f"{os.getpid()}\\n")
while os.environ["NOTEBOOK_SCHED_ATTEMPT"] == "1":
    print("grows", time.time(), flush=True)
    time.sleep(0.1)
"""


@pytest.fixture
def far(house: House) -> Iterator[FarWorker]:
    """The first worker of the workspace, on another host; it schedules, and holds what is asked for first."""
    house.context.store.make()
    with far_worker(house, f"--lease-seconds={LEASE}") as worker:
        wait_until(lambda: working(house) == 1, 20, "the worker on the other host")
        yield worker


def working(house: House) -> int:
    with house.context.store.read() as db:
        return int(db.execute("select count(*) from workers").fetchone()[0])


def output_of_first_attempt(house: House, run_id: str) -> Path:
    return Path(house.context.archive.root, str(house.get(run_id).output))


@pytest.mark.parametrize("what", ["the worker alone", "everything of its host"])
def test_it_writes_nothing_more_once_another_has_taken_over(house: House, far: FarWorker, what: str) -> None:
    house.notebook("a.ipynb", GROWING)
    run = house.run("a.ipynb", retry={"max_attempts": 2, "delay_seconds": 0})
    house.running(run.id, current=0)
    output = output_of_first_attempt(house, run.id)
    wait_until(lambda: output.exists() and "grows 1" in output.read_text(), 60, "a first save")
    executing = runners_and_kernels(far.everybody())
    assert len(executing) >= 2
    os.kill(far.pid, signal.SIGSTOP) if what == "the worker alone" else far.signal_all(signal.SIGSTOP)

    house.start_worker(f"--lease-seconds={LEASE}")
    ended = house.ended(run.id, 10 * LEASE)
    assert [(past.n, past.state, past.reason) for past in ended.attempts] == [
        (1, "failed", "lost"),
        (2, "succeeded", None),
    ]
    assert ended.attempts[0].message == "its worker vanished", "the other worker has said so"
    if what == "the worker alone":
        wait_until(
            lambda: not any(lives(pid) for pid in executing), 5 * LEASE, "kernels end without their worker's word"
        )

    far.signal_all(signal.SIGCONT, first=executing, ahead=0.6)  # who wakes last is the worker, which knows most
    wait_until(lambda: not any(lives(pid) for pid in executing), 20, "the end of what it held")
    wait_until(lambda: working(house) == 2, 20, "it has registered anew")
    assert house.get(run.id) == ended, "what is on record stays as it is"
    found = Findings()
    house.context.store.close()
    with ledger_of(house.context.store.path) as ledger:
        examine_outputs(ledger, house.context.archive.root, found)
    assert found.clean, found


def runners_and_kernels(pids: list[int]) -> list[int]:
    """Those that carried the attempt out: the runner server and the fork server go on."""
    found = []
    for pid in pids:
        try:
            command = Path(f"/proc/{pid}/cmdline").read_text()
            name = Path(f"/proc/{pid}/comm").read_text().strip()
        except OSError:
            continue
        servers = ("nbsched-forks", "nbsched-kernels", "nbsched-worker")
        if name not in servers and ("ipykernel" in command or name.startswith("nbsched-")):
            found.append(pid)
    return found


def test_it_goes_on_as_before_when_it_wakes_in_time(house: House, far: FarWorker) -> None:
    house.notebook("a.ipynb", "import time\nfor i in range(40):\n    time.sleep(0.1)\nprint('to the end')")
    run = house.run("a.ipynb")
    house.running(run.id, current=0)
    far.signal_all(signal.SIGSTOP)
    house.start_worker(f"--lease-seconds={LEASE}")
    far.signal_all(signal.SIGCONT)
    ended = house.ended(run.id)
    assert (ended.state, len(ended.attempts)) == ("succeeded", 1)
    assert "to the end" in str(house.output(ended))
