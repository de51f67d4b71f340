"""Servers are restarted while notebooks run, however long these run; in a container they are waited for."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_notebook_sched.config import STATE_DIR_NAME
from jupyter_notebook_sched.host import processes
from soak.ledger import ledger_of

from ..living import lives, wait_until
from ..serving import Served, serving
from ..written import write_notebook
from .far import OWN_PIDS
from .hearing import Ear

# As long as any: it goes on until somebody says so.
LONG = """\
import pathlib, time
print("began")
until = time.monotonic() + 600
while not pathlib.Path("go").exists() and time.monotonic() < until:
    time.sleep(0.05)
print("slept to the end")
"""
AT_ONCE = 5.0
"""Seconds: two, where the machine has nothing else to do."""
LOOKED_FOR_A_SERVER = 8.0
"""Seconds after which a worker that believes itself forsaken would have begun to drain."""


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Path]:
    workspace = tmp_path / "work"
    write_notebook(workspace / "long.ipynb", LONG, "print('and the next cell')")
    write_notebook(workspace / "short.ipynb", "import time; time.sleep(3)\nprint('to the end')")
    yield workspace
    (workspace / "go").touch()  # whatever happened, the run ends, and its worker with it


def test_a_run_goes_on_while_the_server_is_restarted_and_is_heard_of_again(workspace: Path, tmp_path: Path) -> None:
    with serving(workspace, tmp_path / "home") as first:
        ear = Ear(first)
        run_id = first.start("long.ipynb")
        wait_until(lambda: first.run(run_id)["progress"]["current"] == 0, 30, "its first cell is under way")
        ear.hears(run_id, "running")
        worker = first.worker()["pid"]
        assert first.stop() < AT_ONCE, "it waits for nobody"
    time.sleep(LOOKED_FOR_A_SERVER)
    assert lives(worker), "no limit is set to its drain"

    with serving(workspace, tmp_path / "home") as second:
        run = second.run(run_id)
        assert (run["state"], run["attempt"], second.worker()["pid"]) == ("running", 1, worker)
        again = Ear(second)
        (workspace / "go").touch()
        again.hears(run_id, "succeeded")
        assert min(event["seq"] for event in again.of(run_id)) > max(event["seq"] for event in ear.of(run_id))
        notebook = second.call("GET", f"notebook-sched/runs/{run_id}/output")
        printed = ["".join(output["text"] for output in cell["outputs"]) for cell in notebook["cells"]]
        assert printed == ["began\nslept to the end\n", "and the next cell\n"]


@contextlib.contextmanager
def container(workspace: Path, tmp_path: Path, grace_seconds: float) -> Iterator[tuple[Served, int]]:
    """A server that is the first process of a PID namespace, and its pid as seen here: with it everything ends."""
    option = f"--NotebookSched.grace_seconds={grace_seconds}"
    with serving(workspace, tmp_path / "home", option, within=OWN_PIDS) as server:
        (first,) = [pid for pid in processes.descendants(server.process.pid) if _is_first(pid)]
        try:
            yield server, first
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(first, signal.SIGKILL)
            server.process.wait(20)


def _is_first(pid: int) -> bool:
    """Whether the process is number 1 in its own PID namespace (proc(5), NSpid)."""
    status = Path(f"/proc/{pid}/status").read_text()
    (numbers,) = [line.split()[1:] for line in status.splitlines() if line.startswith("NSpid:")]
    return len(numbers) > 1 and numbers[-1] == "1"


@pytest.mark.parametrize(("grace_seconds", "state"), [(25.0, "succeeded"), (0.0, "running")])
def test_a_container_waits_for_what_runs_as_long_as_its_grace_period_allows(
    workspace: Path, tmp_path: Path, grace_seconds: float, state: str
) -> None:
    with container(workspace, tmp_path, grace_seconds) as (server, first):
        run_id = server.start("short.ipynb")
        wait_until(lambda: server.run(run_id)["progress"]["current"] == 0, 30, "its cell is under way")
        os.kill(first, signal.SIGTERM)
        server.process.wait(grace_seconds + 10)
    with ledger_of(workspace / STATE_DIR_NAME / "store.db") as ledger:
        (run,) = ledger.rows("select state from runs where id = ?", run_id)
    assert run["state"] == state
