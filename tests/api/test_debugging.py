"""A run opened again where its kernel is not kept: the copy, why there is no kernel, and what leads there again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_notebook_sched.apart.tasks import LARGEST_AT_HAND

from ..app.conversing import conversing
from ..serving import serving
from ..written import write_notebook
from .asking import Api, Live

SECRET = "hunter2 of the tests"
CALL = "{{ secret('PASSWORD') }}"
PARAMETERS = "password = ''\nday = ''\nx = 1"
NONE_KEPT = "--NotebookSched.keep_kernel_seconds=0"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server that knows a secret, and keeps no kernels."""
    root = tmp_path_factory.mktemp("live")
    (root / "work").mkdir()
    with serving(root / "work", root / "home", NONE_KEPT, NOTEBOOK_SCHED_SECRET_PASSWORD=SECRET) as served:
        yield Live(served, root / "work")


def failed(live: Live, path: str, *cells: str, **fields: Any) -> dict[str, Any]:
    write_notebook(live.workspace / path, *(cells or ("a = 1", "1 / 0")), parameters=PARAMETERS)
    run = live.served.ended(live.served.start(path, **fields))
    assert run["state"] == "failed", run
    return run


def debug(live: Live, run: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = live("POST", f"runs/{run['id']}/debug").ok()
    return found


def test_it_says_what_it_takes_to_get_there_again(live: Live) -> None:
    run = failed(live, "a/n.ipynb", "import time; time.sleep(0.3)", "# the trouble\n\n1 / 0  # here\nlast = 2")
    found = debug(live, run)
    assert (found["cell_index"], found["kernel_id"], found["replay_to"], found["secrets"]) == (2, None, 2, [])
    assert found["replay_seconds"] == pytest.approx(sum(cell["seconds"] for cell in run["cells"][:2]), abs=0.01)
    assert "keep_kernel_seconds" in found["message"]
    assert run["error"]["source_line"] == "1 / 0  # here"


@pytest.mark.parametrize(
    ("cell", "state", "said"),
    [
        ("import os; os._exit(1)", "failed", "it died during the run"),
        ("print('fine')", "succeeded", "ends with it"),
        ("undefined", "failed", "keep_kernel_seconds is 0"),
    ],
)
def test_it_says_why_there_is_no_kernel(live: Live, cell: str, state: str, said: str) -> None:
    run = live.run("why/n.ipynb", cell)
    assert run["state"] == state
    found = debug(live, run)
    assert said in found["message"]
    assert (live.workspace / found["notebook"]).is_file()
    refusal = live("POST", f"runs/{run['id']}/kernel", {"keep_seconds": 60}).refusal(409)
    assert refusal["reason"] == "no_kernel"
    assert said in refusal["message"]


def test_a_run_that_goes_on_is_copied_and_left_alone(live: Live) -> None:
    write_notebook(live.workspace / "slow" / "n.ipynb", "print('so far')", "import time; time.sleep(60)")
    run_id = live.served.start("slow/n.ipynb")
    while live.served.run(run_id)["progress"]["current"] != 1 or live("GET", f"runs/{run_id}/output").status != 200:
        pass
    found = live("POST", f"runs/{run_id}/debug").ok()
    assert found["kernel_id"] is None
    assert "take it over" in found["message"]
    assert live.served.run(run_id)["state"] == "running"
    assert live("POST", f"runs/{run_id}/kernel", {"keep_seconds": 60}).refusal(409)["reason"] == "no_kernel"
    live("POST", f"runs/{run_id}/cancel")
    live.served.ended(run_id)
    assert live("POST", f"runs/{run_id}/take-over").refusal(409)["reason"] == "already_ended"


async def test_a_run_that_waits_cannot_be_taken_over(api: Api, workspace: Path) -> None:
    write_notebook(workspace / "n.ipynb", "1")
    run = (await api("POST", "runs", {"notebook": "n.ipynb"})).ok(201)
    assert (await api("POST", f"runs/{run['id']}/take-over")).refusal(409)["reason"] == "not_started"
    assert (await api("POST", f"runs/{run['id']}/debug")).refusal(409)["reason"] == "no_output"
    assert (await api("GET", f"runs/{run['id']}")).ok()["state"] == "queued"


@pytest.mark.parametrize("action", ["debug", "kernel", "take-over", "replay"])
async def test_an_unknown_run_is_not_found(api: Api, action: str) -> None:
    body = {"kernel": {"keep_seconds": 1}, "replay": {"kernel_id": "x"}}.get(action, {})
    assert (await api("POST", f"runs/0190a5b8-0000-7000-8000-000000000000/{action}", body)).refusal(404)


@pytest.mark.parametrize("seconds", [-1, 31_536_001, "60", None, 1.5])
async def test_it_is_kept_for_a_number_of_seconds(api: Api, seconds: Any) -> None:
    assert (await api("POST", "runs/x/kernel", {"keep_seconds": seconds})).fields() == {"keep_seconds"}


def test_an_output_that_was_removed_is_told(live: Live) -> None:
    run = failed(live, "pruned/n.ipynb")
    (live.workspace / ".notebook-sched" / "archive" / run["output"]).unlink()
    refusal = live("POST", f"runs/{run['id']}/debug").refusal(409)
    assert refusal["reason"] == "no_output"
    assert "removed" in refusal["message"]


def test_a_large_output_is_copied_as_it_is(live: Live) -> None:
    """In a process of its own; so is the copy found again."""
    run = failed(live, "large/n.ipynb", f"print('x' * {2 * LARGEST_AT_HAND})", "1 / 0")
    output = json.loads((live.workspace / ".notebook-sched" / "archive" / run["output"]).read_bytes())
    found = debug(live, run)
    copy = json.loads((live.workspace / found["notebook"]).read_bytes())
    assert (copy["cells"], copy["nbformat_minor"]) == (output["cells"], output["nbformat_minor"])
    assert debug(live, run) == found
    assert len(list((live.workspace / "large").glob("*-debug-*"))) == 1
    assert [file.name for file in (live.workspace / "large").iterdir() if file.name.startswith(".")] == []


def test_a_large_output_that_is_damaged_is_refused_the_same(live: Live) -> None:
    run = failed(live, "large-damaged/n.ipynb")
    file = live.workspace / ".notebook-sched" / "archive" / run["output"]
    file.chmod(0o600)
    file.write_bytes(b"[" * (LARGEST_AT_HAND + 1))
    assert live("POST", f"runs/{run['id']}/debug").refusal(422)["reason"] in (
        "notebook_unreadable",
        "notebook_too_large",
    )
    assert list((live.workspace / "large-damaged").glob("*-debug-*")) == []


def with_secrets(live: Live, path: str) -> dict[str, Any]:
    values = {"password": CALL, "day": "{{ scheduled_for | date }}", "x": 7}
    return failed(live, path, "assert password and x == 7", "1 / 0", parameters=values, templates=True)


def test_the_cells_above_run_again_in_a_fresh_kernel_with_the_secrets_of_the_run(live: Live) -> None:
    run = with_secrets(live, "secret/n.ipynb")
    found = debug(live, run)
    assert found["secrets"] == ["PASSWORD"]
    copy = (live.workspace / found["notebook"]).read_text()
    assert SECRET not in copy
    cells = json.loads(copy)["cells"]
    kernel_id = live.served.call("POST", "api/kernels", {"name": "python3"})["id"]
    with conversing(live.served, kernel_id) as kernel:
        for cell in cells[: found["replay_to"]]:
            assert kernel.execute(cell["source"]).status == "ok" or "assert" in cell["source"]
            if "injected-parameters" in cell["metadata"].get("tags", []):
                assert live("POST", f"runs/{run['id']}/replay", {"kernel_id": kernel_id}).ok() == {}
        assert kernel.execute(f"print(password == {SECRET!r}, x, day)").text == f"True 7 {run['parameters']['day']}\n"
        assert kernel.execute(cells[1]["source"]).status == "ok", "the injected cell once more"
        assert kernel.execute(f"print(password == {SECRET!r})").text == "True\n"
        history = kernel.execute("print([line for *_, line in get_ipython().history_manager.get_tail(99)])").text
        assert not re.search(r"password = .hunter", history)
    live.served.call("DELETE", f"api/kernels/{kernel_id}")


def test_a_replay_needs_a_kernel_and_its_secrets(live: Live) -> None:
    run = with_secrets(live, "secret-less/n.ipynb")
    refusal = live("POST", f"runs/{run['id']}/replay", {"kernel_id": "nobody"}).refusal(409)
    assert refusal["reason"] == "no_kernel"
    assert live("POST", f"runs/{run['id']}/replay", {}).fields() == {"kernel_id"}


def test_a_kernel_that_refuses_the_values_is_told_without_them(live: Live) -> None:
    run = with_secrets(live, "secret-refused/n.ipynb")
    kernel_id = live.served.call("POST", "api/kernels", {"name": "bash"})["id"]
    refusal = live("POST", f"runs/{run['id']}/replay", {"kernel_id": kernel_id}).refusal(409)
    assert refusal["reason"] == "replay_failed"
    assert SECRET not in json.dumps(refusal)
    live.served.call("DELETE", f"api/kernels/{kernel_id}")
