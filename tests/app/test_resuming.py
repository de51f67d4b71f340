"""Continue from the failed cell in a real server: whoever has the kernel open keeps it, whatever becomes of the run."""

from __future__ import annotations

import json
import urllib.error
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..living import lives, wait_until
from ..serving import serving
from .conversing import conversing
from .test_adopting import CELLS, KEEP, Lab, end_kernels


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    root = tmp_path_factory.mktemp("resuming")
    workspace = root / "work"
    workspace.mkdir()
    with serving(workspace, root / "home", KEEP) as served:
        yield Lab(served, workspace)
    end_kernels(workspace)


def mend(lab: Lab, copy: dict[str, Any], index: int, source: str) -> None:
    """As a person edits the copy."""
    file = lab.workspace / copy["notebook"]
    notebook = json.loads(file.read_text())
    notebook["cells"][index]["source"] = source
    file.write_text(json.dumps(notebook))


def go_on(lab: Lab, run: dict[str, Any], **asked: Any) -> dict[str, Any]:
    started = lab.served.call("POST", f"notebook-sched/runs/{run['id']}/rerun", {"from_failed_cell": True} | asked)
    return lab.served.ended(started["id"])


def refusal(lab: Lab, run: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    with pytest.raises(urllib.error.HTTPError) as refused:
        go_on(lab, run)
    with refused.value as answer:
        return answer.code, json.loads(answer.read())


def test_a_notebook_that_is_open_on_the_kernel_stays_so_when_the_run_succeeds(lab: Lab) -> None:
    parent = lab.failed(*CELLS, "done = len(rows)")
    copy = lab.debug(parent)
    session = lab.open(copy)
    with conversing(lab.served, copy["kernel_id"]) as kernel:
        assert kernel.execute("rows.append(5)").status == "ok"
        mend(lab, copy, 2, "half = share(3, 6)")
        run = go_on(lab, parent, notebook=copy["notebook"])
        assert (run["state"], run["cause"], run["parent_run_id"]) == ("succeeded", "resume", parent["id"])
        assert [cell["outcome"] for cell in run["cells"]] == ["carried", "carried", "ok", "ok"]
        assert kernel.execute("print(half, done)").text == "0.5 6\n"
    assert lab.served.call("GET", f"api/sessions/{session['id']}")["kernel"]["id"] == copy["kernel_id"]
    assert lab.is_told_gone(parent)
    status, told = refusal(lab, parent)
    assert (status, told["reason"], "use Retry" in told["message"]) == (409, "no_kernel", True)
    lab.served.call("DELETE", f"api/kernels/{copy['kernel_id']}")


def test_the_run_that_fails_again_is_debugged_on_the_same_kernel(lab: Lab) -> None:
    parent = lab.failed()
    copy, pid = lab.debug(parent), lab.pid_of(parent)
    lab.open(copy)
    mend(lab, copy, 2, "half = share(3, 6)\nnope")
    with conversing(lab.served, copy["kernel_id"]) as kernel:
        run = go_on(lab, parent, notebook=copy["notebook"])
        assert run["error"]["name"] == "NameError"
        again = lab.debug(run)
        assert (again["kernel_id"], again["cell_index"]) == (copy["kernel_id"], 2)
        assert again["notebook"] != copy["notebook"], "its own output, in a copy of its own"
        assert list(lab.kernels()) == [copy["kernel_id"]]
        assert kernel.execute("print(half)").text == "0.5\n"
    assert (lab.pid_of(run), lab.kept(parent)) == (pid, None)
    mend(lab, again, 2, "half = share(3, 6)")
    last = go_on(lab, run, notebook=again["notebook"])
    assert last["state"] == "succeeded"
    lab.served.call("DELETE", f"api/kernels/{copy['kernel_id']}")
    wait_until(lambda: not lives(pid), 10)


def test_the_kernel_of_a_run_that_another_one_goes_on_with_is_that_ones(lab: Lab) -> None:
    parent = lab.failed()
    copy = lab.debug(parent)
    mend(lab, copy, 2, "import time; time.sleep(600)")
    asked = {"from_failed_cell": True, "notebook": copy["notebook"]}
    run = lab.served.call("POST", f"notebook-sched/runs/{parent['id']}/rerun", asked)
    wait_until(lambda: lab.served.run(run["id"])["progress"]["current"] == 2, 30, "its cell is under way")
    again = lab.debug(parent)
    assert (again["kernel_id"], again["replay_to"]) == (None, 2)
    assert f"The run {run['id']} goes on with this kernel" in again["message"]
    with pytest.raises(urllib.error.HTTPError) as refused:
        lab.keep(parent, 0)
    with refused.value as answer:
        assert (answer.code, json.loads(answer.read())["reason"]) == (409, "resumed_already")
    assert lab.keep(parent, 7200)["kernel_alive_until"], "it may be kept longer"
    assert lab.served.run(run["id"])["state"] == "running"
    lab.served.call("DELETE", f"api/kernels/{copy['kernel_id']}")
    ended = lab.served.ended(run["id"])
    assert (ended["state"], ended["reason"], ended["error"]) == ("failed", "kernel_died", None)
    assert lab.is_told_gone(parent)


def test_it_is_refused_where_the_variables_are_gone(lab: Lab) -> None:
    restarted, ended = lab.failed(), lab.failed()
    lab.debug(restarted)
    lab.served.call("POST", f"api/kernels/{restarted['id']}/restart")
    lab.keep(ended, 0)
    for run in (restarted, ended):
        status, told = refusal(lab, run)
        assert (status, told["reason"]) == (409, "no_kernel")
    lab.served.call("DELETE", f"api/kernels/{restarted['id']}")
    asked = {"notebook": restarted["notebook"], "source": "current"}
    again = lab.served.call("POST", f"notebook-sched/runs/{ended['id']}/rerun", asked)
    assert (again["cause"], lab.served.ended(again["id"])["state"]) == ("rerun", "failed"), "Retry is always there"


def test_it_goes_on_after_the_server_and_its_worker_were_restarted(tmp_path: Path) -> None:
    workspace = tmp_path / "work"
    workspace.mkdir()
    try:
        with serving(workspace, tmp_path / "home", KEEP) as served:
            parent = Lab(served, workspace).failed()
        with serving(workspace, tmp_path / "home", KEEP) as served:
            lab = Lab(served, workspace)
            copy = lab.debug(parent)
            mend(lab, copy, 2, "print(share(3, 6), rows)")
            run = go_on(lab, parent, notebook=copy["notebook"])
            assert run["state"] == "succeeded", run["message"]
            output = served.call("GET", f"notebook-sched/runs/{run['id']}/output")
            assert output["cells"][2]["outputs"][0]["text"] == "0.5 [0, 1, 2, 3, 4]\n"
    finally:
        end_kernels(workspace)
