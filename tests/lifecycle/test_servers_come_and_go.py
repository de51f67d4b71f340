"""Servers start, stop, are killed and come back, two at a time; runs go on. A story with real processes."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from ..living import lives, wait_until
from ..serving import Served, serving
from ..written import tree, write_notebook

SLOW = "import time\nfor i in range({seconds} * 10):\n    time.sleep(0.1)\nprint('slept to the end')"


class Town:
    """One workspace, and the servers that come and go in it."""

    def __init__(self, root: Path, stack: ExitStack) -> None:
        self.workspace = root / "work"
        self.workspace.mkdir()
        self._scratch = root / "home"
        self._stack = stack

    def server(self) -> Served:
        return self._stack.enter_context(serving(self.workspace, self._scratch))

    def slow_run(self, server: Served, seconds: int) -> str:
        """A run that is in its cell, which takes so long."""
        write_notebook(self.workspace / "slow.ipynb", SLOW.format(seconds=seconds))
        run_id = server.start("slow.ipynb")
        wait_until(lambda: server.run(run_id)["progress"]["current"] == 0, 30, "the cell is under way")
        return run_id

    def output(self, server: Served, run: dict[str, Any]) -> str:
        """What the run's cell printed."""
        notebook = server.call("GET", f"notebook-sched/runs/{run['id']}/output")
        return "".join(output["text"] for cell in notebook["cells"] for output in cell["outputs"])


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with ExitStack() as stack:
        yield Town(tmp_path, stack)


def test_a_server_that_is_told_to_stop_is_gone_at_once_and_its_run_ends_properly(town: Town) -> None:
    first = town.server()
    run_id = town.slow_run(first, 8)
    worker = first.worker()["pid"]
    assert first.stop() < 2.0
    assert lives(worker), "the worker outlives the server for the sake of its run"
    wait_until(lambda: not lives(worker), 30, "the worker leaves when it has drained")

    second = town.server()
    run = second.run(run_id)
    assert run["state"] == "succeeded"
    assert town.output(second, run) == "slept to the end\n"
    assert second.worker()["pid"] != worker


def test_a_server_that_comes_back_finds_the_run_and_calls_the_drain_off(town: Town) -> None:
    first = town.server()
    run_id = town.slow_run(first, 12)
    worker = first.worker()["pid"]
    first.stop()

    second = town.server()
    assert second.run(run_id)["state"] == "running"
    wait_until(lambda: second.worker()["state"] == "running", 10, "the drain is called off")
    assert second.worker()["pid"] == worker
    assert second.ended(run_id)["state"] == "succeeded"
    assert second.ended(second.start("slow.ipynb"))["state"] == "succeeded", "the same worker takes new runs again"
    assert second.worker()["pid"] == worker


def test_two_servers_on_one_workspace_share_one_worker(town: Town) -> None:
    one, two = town.server(), town.server()
    assert one.worker()["pid"] == two.worker()["pid"]
    run_id = town.slow_run(one, 1)
    assert two.ended(run_id)["state"] == "succeeded"
    worker = one.worker()["pid"]
    one.stop()
    assert two.ended(town.slow_run(two, 1))["state"] == "succeeded"
    assert two.worker() | {"heartbeat_at": None} == two.worker() | {
        "heartbeat_at": None,
        "pid": worker,
        "state": "running",
    }
    two.stop()
    wait_until(lambda: not lives(worker), 20, "the last server's end ends the worker")


def test_a_worker_whose_server_was_killed_drains_by_itself(town: Town) -> None:
    server = town.server()
    run_id = town.slow_run(server, 3)
    worker = server.worker()["pid"]
    server.stop(signal.SIGKILL)
    assert lives(worker)
    wait_until(lambda: not lives(worker), 40, "nobody is left to work for")
    assert town.server().run(run_id)["state"] == "succeeded"


def test_a_worker_that_was_killed_is_replaced_and_its_run_is_told_lost(town: Town) -> None:
    server = town.server()
    run_id = town.slow_run(server, 60)
    worker = server.worker()["pid"]
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: server.worker()["pid"] not in (None, worker), 10, "another worker runs")
    run = server.ended(run_id, 10)
    assert (run["state"], run["reason"]) == ("failed", "lost")
    assert "vanished" in run["message"]
    assert run["cells"][0]["outcome"] == "interrupted"


def test_looking_at_a_workspace_leaves_no_trace_in_it(town: Town) -> None:
    write_notebook(town.workspace / "p.ipynb", "print(x)")
    before = tree(town.workspace)
    server = town.server()
    for path in ("status", "runs", "jobs", "parameters?notebook=p.ipynb", "archive/api/contents/", "openapi.json"):
        server.call("GET", f"notebook-sched/{path}")
    server.call("POST", "notebook-sched/parameters/preview", {"notebook": "p.ipynb"})
    server.stop()
    assert tree(town.workspace) == before
