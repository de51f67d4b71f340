"""A failed run's kernel in a real server: it is used, interrupted, restarted and shut down as JupyterLab does it with
any kernel, and outlives the server."""

from __future__ import annotations

import itertools
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from jupyter_notebook_sched.config import STATE_DIR_NAME
from jupyter_notebook_sched.host.kept_kernels import KeptKernel, KeptKernels
from jupyter_notebook_sched.host.rendezvous import Rendezvous

from ..living import lives, wait_until
from ..serving import Served, serving
from ..written import PYTHON, write_notebook
from .conversing import conversing

KEEP = "--NotebookSched.keep_kernel_seconds=900"
BASH = {"name": "bash", "display_name": "Bash", "language": "bash"}
AT_ONCE = 5.0
"""Seconds: two, where the machine has nothing else to do."""
CELLS = ("region = 'us'\nrows = list(range(5))", "def share(part, whole):\n    return part / whole\n", "share(3, 0)")
_numbers = itertools.count()


@dataclass(frozen=True)
class Lab:
    """A server of that workspace, as JupyterLab uses it."""

    served: Served
    workspace: Path

    def failed(self, *cells: str, kernelspec: dict[str, str] = PYTHON, **fields: Any) -> dict[str, Any]:
        """A run whose kernel is kept."""
        path = f"n{next(_numbers)}/report.ipynb"
        write_notebook(self.workspace / path, *(cells or CELLS), kernelspec=kernelspec)
        run = self.served.ended(self.served.start(path, **fields))
        assert run["state"] == "failed", run
        assert self.kept(run) is not None
        return run

    def kept(self, run: dict[str, Any]) -> KeptKernel | None:
        return kept_in(self.workspace).of_run(run["id"])

    def pid_of(self, run: dict[str, Any]) -> int:
        kept = self.kept(run)
        assert kept is not None
        return kept.pid

    def debug(self, run: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self.served.call("POST", f"notebook-sched/runs/{run['id']}/debug", {})
        return found

    def open(self, copy: dict[str, Any]) -> dict[str, Any]:
        """A session, as JupyterLab makes it for a document that is opened on a given kernel."""
        name = copy["notebook"].rpartition("/")[2]
        body = {"path": copy["notebook"], "name": name, "type": "notebook", "kernel": {"id": copy["kernel_id"]}}
        found: dict[str, Any] = self.served.call("POST", "api/sessions", body)
        return found

    def kernels(self) -> dict[str, dict[str, Any]]:
        return {kernel["id"]: kernel for kernel in self.served.call("GET", "api/kernels")}

    def keep(self, run: dict[str, Any], seconds: int) -> dict[str, Any]:
        body = {"keep_seconds": seconds}
        told: dict[str, Any] = self.served.call("POST", f"notebook-sched/runs/{run['id']}/kernel", body)
        return told

    def is_told_gone(self, run: dict[str, Any]) -> bool:
        return self.served.run(run["id"])["kernel_alive_until"] is None


def kept_in(workspace: Path) -> KeptKernels:
    return KeptKernels(Rendezvous(workspace / STATE_DIR_NAME).directory)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Path]:
    workspace = tmp_path / "work"
    workspace.mkdir()
    yield workspace
    end_kernels(workspace)


def end_kernels(workspace: Path) -> None:
    for kept in kept_in(workspace).all():
        kept_in(workspace).end(kept.run_id)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """One for all. Kernels for Python are forked there; of the ordinary way the one for bash is an example."""
    root = tmp_path_factory.mktemp("adopting")
    workspace = root / "work"
    workspace.mkdir()
    with serving(workspace, root / "home", KEEP) as served:
        yield Lab(served, workspace)
    end_kernels(workspace)


@pytest.fixture
def run(lab: Lab) -> dict[str, Any]:
    return lab.failed()


def test_it_opens_the_copy_on_the_kernel_of_the_run(lab: Lab, run: dict[str, Any]) -> None:
    copy = lab.debug(run)
    assert (copy["kernel_id"], copy["replay_to"], copy["message"]) == (run["id"], None, None)
    assert copy["kernel_alive_until"] > run["finished_at"]
    session = lab.open(copy)
    assert session["kernel"]["id"] == run["id"]
    assert lab.kernels()[run["id"]]["name"] == "python3", "it is in the list of what runs"
    with conversing(lab.served, run["id"]) as kernel:
        assert kernel.execute("print(region, rows)").text == "us [0, 1, 2, 3, 4]\n"
        assert kernel.execute("import os; print(os.getpid())").text == f"{lab.pid_of(run)}\n"
        assert lab.kernels()[run["id"]]["connections"] == 1
    assert lab.debug(run) | {"kernel_alive_until": None} == copy | {"kernel_alive_until": None}


def test_its_debugger_stands_where_the_run_failed(lab: Lab, run: dict[str, Any]) -> None:
    copy = lab.debug(run)
    with conversing(lab.served, copy["kernel_id"]) as kernel:
        said = kernel.execute("%debug", ["p (part, whole)", "up", "p rows", "q"])
    assert "ZeroDivisionError" not in said.error
    assert "(3, 0)" in said.text
    assert "[0, 1, 2, 3, 4]" in said.text


def test_it_is_interrupted_as_any_other(lab: Lab, run: dict[str, Any]) -> None:
    copy = lab.debug(run)
    with conversing(lab.served, copy["kernel_id"]) as kernel:
        kernel.begin("print('began', flush=True)\nimport time; time.sleep(60)")
        while kernel.hear()["content"].get("text") != "began\n":
            pass
        lab.served.call("POST", f"api/kernels/{run['id']}/interrupt")
        while (message := kernel.hear())["header"]["msg_type"] != "error":
            pass
        assert message["content"]["ename"] == "KeyboardInterrupt"
        kernel.hears_state("idle")
        assert kernel.execute("print(region)").text == "us\n", "and has lost nothing"


def test_restarted_it_is_a_new_kernel_in_the_same_place(lab: Lab, run: dict[str, Any]) -> None:
    copy = lab.debug(run)
    session, pid = lab.open(copy), lab.pid_of(run)
    lab.served.call("POST", f"api/kernels/{run['id']}/restart")
    with conversing(lab.served, run["id"]) as kernel:
        assert kernel.execute("region").error == "NameError"
        folder = kernel.execute("import os; print(os.getcwd())").text.strip()
        assert folder == str((lab.workspace / copy["notebook"]).parent)
    assert not lives(pid)
    assert lab.served.call("GET", f"api/sessions/{session['id']}")["kernel"]["id"] == run["id"]
    wait_until(lambda: lab.is_told_gone(run), 20, "it is told that the state is gone")
    again = lab.debug(run)
    assert (again["notebook"], again["kernel_id"], again["replay_to"]) == (copy["notebook"], None, 2)
    assert "restarted" in again["message"]
    lab.served.call("DELETE", f"api/kernels/{run['id']}")
    assert run["id"] not in lab.kernels()


def test_shut_down_in_jupyterlab_it_is_gone_for_good(lab: Lab, run: dict[str, Any]) -> None:
    copy, pid = lab.debug(run), lab.pid_of(run)
    session = lab.open(copy)
    lab.served.call("DELETE", f"api/sessions/{session['id']}")
    assert not lives(pid)
    assert run["id"] not in lab.kernels()
    wait_until(lambda: lab.is_told_gone(run), 20, "it is told")
    again = lab.debug(run)
    assert (again["kernel_id"], again["replay_to"]) == (None, 2)
    assert again["message"]


def test_the_end_that_is_asked_for_ends_an_adopted_one_too(lab: Lab, run: dict[str, Any]) -> None:
    lab.debug(run)
    pid = lab.pid_of(run)
    assert lab.keep(run, 0)["kernel_alive_until"] is None
    assert run["id"] not in lab.kernels()
    assert not lives(pid)


def test_the_kernel_of_a_run_that_is_deleted_ends_with_it(lab: Lab) -> None:
    left, used = lab.failed(), lab.failed()
    lab.open(lab.debug(used))
    pids = [lab.pid_of(left), lab.pid_of(used)]
    with conversing(lab.served, used["id"]) as kernel:
        assert kernel.execute("print(region)").text == "us\n"
        for run in (left, used):
            lab.served.call("DELETE", f"notebook-sched/runs/{run['id']}")
            assert lab.kept(run) is None
    assert not any(lives(pid) for pid in pids)
    assert used["id"] not in lab.kernels()


def test_a_kernel_that_dies_while_it_is_open_is_told_as_dead(lab: Lab, run: dict[str, Any]) -> None:
    copy = lab.debug(run)
    with conversing(lab.served, copy["kernel_id"]) as kernel:
        os.kill(lab.pid_of(run), signal.SIGKILL)
        kernel.hears_state("dead")
    wait_until(lambda: run["id"] not in lab.kernels(), 20, "the server forgets it")
    wait_until(lambda: lab.is_told_gone(run), 20, "it is told")


def test_its_time_stands_still_while_somebody_is_connected(lab: Lab, run: dict[str, Any]) -> None:
    copy = lab.debug(run)
    lab.keep(run, 1)
    with conversing(lab.served, copy["kernel_id"]) as kernel:
        kept = lab.kept(run)
        assert kept is not None
        assert kept.held
        assert kernel.execute("import time; time.sleep(1.5); print(region)").text == "us\n"


def test_it_is_kept_for_as_long_as_it_is_asked_for(lab: Lab, run: dict[str, Any]) -> None:
    longer = lab.keep(run, 7200)["kernel_alive_until"]
    assert longer > run["kernel_alive_until"]
    assert lab.keep(run, 60)["kernel_alive_until"] < run["kernel_alive_until"]
    kept = lab.kept(run)
    assert kept is not None
    assert kept.seconds_left <= 60


def test_it_survives_each_server_and_is_there_before_the_next_one_answers(workspace: Path, tmp_path: Path) -> None:
    answers: list[Any] = []
    with serving(workspace, tmp_path / "home", KEEP) as served:
        first = Lab(served, workspace)
        run, other = first.failed(), first.failed()
        copy, pid = first.debug(run), first.pid_of(run)
        removed = workspace / first.debug(other)["notebook"]
        session = first.open(copy)
        await_note(first, run, session)
        await_note(first, other, first.open(first.debug(other)))
        served.call("POST", "api/kernels", {"name": "python3"})
        with conversing(served, run["id"]) as kernel:
            assert kernel.execute("rows.append('found')").status == "ok"
            served.stop(signal.SIGKILL)
    removed.unlink()
    for how in (signal.SIGTERM, None):
        assert lives(pid)
        answers.clear()
        with serving(
            workspace, tmp_path / "home", KEEP, ready=lambda server: _first_answers(server, answers)
        ) as served:
            second = Lab(served, workspace)
            assert {kernel["id"] for kernel in answers[0]} == {run["id"], other["id"]}, "and none of the server's own"
            (again,) = answers[1]
            told = ("id", "path", "name", "type")
            assert [again[name] for name in told] == [session[name] for name in told], (
                "but not of the copy that is gone"
            )
            with conversing(served, run["id"]) as kernel:
                assert kernel.execute("print(rows[-1], region)").text == "found us\n"
                if how is not None:
                    assert served.stop(how) < AT_ONCE, "it waits for nobody"
                    continue
            assert second.debug(run)["notebook"] == copy["notebook"]
            served.call("DELETE", f"api/kernels/{run['id']}")
            assert not lives(pid)


def _first_answers(server: Served, answers: list[Any]) -> bool:
    answers += [server.call("GET", "api/kernels"), server.call("GET", "api/sessions")]
    return True


def await_note(lab: Lab, run: dict[str, Any], session: dict[str, Any]) -> None:
    """Until the next server could find the session."""
    note = kept_in(lab.workspace).place(run["id"]) / "adopted.json"
    wait_until(lambda: session["id"] in note.read_text(), 10, "its session is noted")


def test_a_kernel_that_does_not_answer_is_not_handed_over(lab: Lab, run: dict[str, Any]) -> None:
    pid = lab.pid_of(run)
    os.kill(pid, signal.SIGSTOP)
    found = lab.debug(run)
    assert (found["kernel_id"], found["replay_to"]) == (None, 2)
    assert "does not answer" in found["message"]
    assert (lab.workspace / found["notebook"]).is_file()
    assert run["id"] not in lab.kernels()
    os.kill(pid, signal.SIGCONT)
    assert lab.debug(run)["kernel_id"] == run["id"], "as soon as it does"
    assert lab.pid_of(run) == pid


def test_a_kernel_that_died_before_anybody_came_is_told(lab: Lab, run: dict[str, Any]) -> None:
    os.kill(lab.pid_of(run), signal.SIGKILL)
    wait_until(lambda: lab.kept(run) is None, 20, "its supervisor is gone")
    found = lab.debug(run)
    assert (found["kernel_id"], found["replay_to"]) == (None, 2)
    assert "not kept any more" in found["message"]


def test_a_running_run_is_taken_over_with_its_variables(lab: Lab) -> None:
    path = f"n{next(_numbers)}/long.ipynb"
    write_notebook(lab.workspace / path, "found = 'half of it'", "import time; time.sleep(600)")
    run_id = lab.served.start(path, keep_kernel_seconds=0)
    wait_until(lambda: lab.served.run(run_id)["progress"]["current"] == 1, 30, "its second cell is under way")
    copy = lab.served.call("POST", f"notebook-sched/runs/{run_id}/take-over", {})
    run = lab.served.run(run_id)
    assert (run["state"], run["reason"]) == ("cancelled", "user")
    assert (copy["kernel_id"], copy["cell_index"], copy["replay_to"]) == (run_id, 1, None)
    with conversing(lab.served, run_id) as kernel:
        assert kernel.execute("print(found)").text == "half of it\n"
    again = lab.served.call("POST", f"notebook-sched/runs/{run_id}/take-over", {})
    assert again["notebook"] == copy["notebook"]


def test_a_kernel_of_another_language_is_kept_and_opened_too(lab: Lab) -> None:
    run = lab.failed("region=us", "ls /no/such/place", kernelspec=BASH)
    copy = lab.debug(run)
    assert lab.kernels()[copy["kernel_id"]]["name"] == "bash"
    with conversing(lab.served, copy["kernel_id"]) as kernel:
        assert kernel.execute("echo $region").text == "us\n"
        pid = lab.pid_of(run)
        lab.served.call("POST", f"api/kernels/{run['id']}/restart")
    assert not lives(pid)
    with conversing(lab.served, copy["kernel_id"]) as kernel:
        assert kernel.execute("echo ${region:-none}").text == "none\n"
    lab.served.call("DELETE", f"api/kernels/{run['id']}")
    assert run["id"] not in lab.kernels()
