"""kill -9 the kernel, the runner, the worker: each is noticed within a lease time, said for what it is, and leaves
nothing behind."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

from jupyter_notebook_sched.config import STATE_DIR_NAME, Settings
from jupyter_notebook_sched.host import processes

from ..living import descendants_named, lives, wait_until
from ..serving import serving
from ..written import write_notebook

# A daemon that has left its parents, its session and its environment behind; and a cell that goes on for ever.
DAEMON = """\
import subprocess, time
subprocess.Popen(["env", "-i", "setsid", "sleep", "1000"])
print("ke" + "pt", flush=True)
"""
FOR_EVER = "import time; time.sleep(1000)"


def test_every_death_is_noticed_and_said_and_leaves_nothing(tmp_path: Path) -> None:
    workspace = tmp_path / "work"
    write_notebook(workspace / "a.ipynb", DAEMON, FOR_EVER)
    with serving(workspace, tmp_path / "home", "--NotebookSched.capacity=3") as server:
        of_kernel, of_runner, of_worker = (server.start("a.ipynb") for _ in range(3))
        for run_id in (of_kernel, of_runner, of_worker):
            wait_until(lambda run_id=run_id: is_saved(workspace, server.run(run_id)), 60, "its second cell, and a save")  # type: ignore[misc]
        worker = server.worker()["pid"]
        runners = {run_id: descendants_named(worker, f"nbsched-{run_id[-6:]}")[0] for run_id in (of_kernel, of_runner)}
        everybody = processes.descendants(worker)

        os.kill(kernel_of(runners[of_kernel]), signal.SIGKILL)
        run = server.ended(of_kernel, Settings.lease_seconds)
        assert (run["state"], run["reason"]) == ("failed", "kernel_died")
        assert [cell["outcome"] for cell in run["cells"]] == ["ok", "failed"]

        os.kill(runners[of_runner], signal.SIGKILL)
        run = server.ended(of_runner, Settings.lease_seconds)
        assert (run["state"], run["reason"]) == ("failed", "lost")
        assert run["message"] == "the process that ran the notebook was ended by SIGKILL"

        assert server.run(of_worker)["state"] == "running", "the neighbours' deaths are none of its business"
        os.kill(worker, signal.SIGKILL)
        run = server.ended(of_worker, Settings.lease_seconds)
        assert (run["state"], run["reason"], run["message"]) == ("failed", "lost", "its worker vanished")
        assert [cell["outcome"] for cell in run["cells"]] == ["ok", "interrupted"]

        wait_until(lambda: not any(lives(pid) for pid in everybody), 10, "nothing of them stays")
        assert server.call("GET", "notebook-sched/status")["queue"] == {"queued": 0, "running": 0}
        for run_id in (of_kernel, of_runner, of_worker):
            notebook = server.call("GET", f"notebook-sched/runs/{run_id}/output")
            assert notebook["cells"][0]["outputs"][0]["text"] == "kept\n", "what there was is kept"


def is_saved(workspace: Path, run: dict[str, Any]) -> bool:
    """Whether the run is in its second cell, and what the first one printed is on disk."""
    if run["progress"]["current"] != 1:
        return False
    output = workspace / STATE_DIR_NAME / "archive" / run["output"]
    return output.exists() and "kept" in output.read_text()


def kernel_of(runner: int) -> int:
    (kernel,) = [
        pid for pid in processes.descendants(runner) if b"ipykernel" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]
    return kernel
