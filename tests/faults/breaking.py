"""Processes that die, and disks that fail, at a place that the test names; and what must hold afterwards."""

from __future__ import annotations

import json
import signal
import subprocess

import pytest

from jupyter_notebook_sched.config import STATE_DIR_NAME
from jupyter_notebook_sched.domain.run import RunDetail
from jupyter_notebook_sched.faults import VARIABLE
from soak.ledger import Findings, examine, ledger_of
from soak.outputs import examine_lines, examine_outputs

from ..house import House

TELL = """\
import os
with open("a.lines", "a") as lines:
    lines.write(os.environ["NOTEBOOK_SCHED_RUN_ID"] + " " + os.environ["NOTEBOOK_SCHED_ATTEMPT"] + "\\n")
print("ke" + "pt")
"""


def start_broken_worker(house: House, fault: str) -> subprocess.Popen[bytes]:
    """A worker that meets ``fault`` (``place=kill``, ``place=EIO@2``, several with commas), as its runners do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, fault)
        return house.start_worker()


def was_killed(worker: subprocess.Popen[bytes]) -> bool:
    """Whether it dies of the fault."""
    return worker.wait(30) == -signal.SIGKILL


def next_worker(house: House) -> None:
    """Another worker comes, without faults; the one before it is gone, however that came."""
    for worker in house.workers:
        if worker.poll() is None:
            worker.terminate()
        worker.wait(20)
    house.start_worker()


def text_of(house: House, run: RunDetail) -> str | None:
    """What the output notebook shows of what was printed; None where the run left none."""
    if run.output is None or run.output_sha256 is None:
        return None
    return json.dumps([cell["outputs"] for cell in house.output(run)["cells"]])


def nothing_is_half(house: House) -> None:
    """Every record and every file of the workspace, against each other (soak.ledger, soak.outputs): every output whole,
    read-only and with its hash, each end told once, nothing running, no file of a writer that died."""
    for worker in house.workers:  # a store that nobody writes meanwhile
        if worker.poll() is None:
            worker.terminate()
            worker.wait(20)
    found, state = Findings(), house.workspace / STATE_DIR_NAME
    house.context.store.close()
    with ledger_of(state / "store.db") as ledger:
        examine(ledger, [], set(), found)
        examine_outputs(ledger, state / "archive", found)
        examine_lines(ledger, house.workspace, found)
    left = [str(file) for file in (state / "archive").rglob(".nbs-tmp-*")]
    assert found.clean, found
    assert left == []
