"""The output notebook: whole at every moment, immutable at the end, and able to say where it comes from."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
import subprocess

import nbformat
import pytest

from jupyter_notebook_sched.domain.run import RunDetail
from jupyter_notebook_sched.notebook.execution.saving import EncodedNotebook

from ..house import House
from ..living import wait_until

GROWING = "import time\nfor n in range(100):\n    print(n, 'x' * 2_000, flush=True)\n    time.sleep(0.06)"


def text_of(run: RunDetail, house: House, cell: int = 0) -> str:
    return "".join(
        "".join(o["text"]) for o in house.output(run)["cells"][cell]["outputs"] if o["output_type"] == "stream"
    )


def test_it_is_never_torn_and_fills_while_the_run_goes_on(busy_house: House) -> None:
    busy_house.notebook("grows.ipynb", GROWING)
    run = busy_house.run("grows.ipynb")
    wait_until(lambda: busy_house.get(run.id).output)
    output = busy_house.get(run.id).output
    assert output is not None
    file = busy_house.context.archive.root / output
    wait_until(file.exists)
    sizes, states = set(), set()
    while busy_house.get(run.id).state == "running":
        content = file.read_bytes()
        parsed = json.loads(content)
        sizes.add(len(content))
        states.add(parsed["metadata"]["notebook_sched"]["state"])
    assert len(sizes) >= 2, "it was replaced while the cell printed"
    assert "running" in states
    ended = busy_house.ended(run.id)
    assert ended.output == output
    assert text_of(ended, busy_house).count("\n") == 100


def test_it_is_immutable_and_hashed_once_the_run_has_ended(busy_house: House) -> None:
    busy_house.notebook("one.ipynb", "print(1)")
    run = busy_house.ended(busy_house.run("one.ipynb").id)
    assert run.output is not None
    file = busy_house.context.archive.root / run.output
    assert file.stat().st_mode & 0o777 == 0o444
    assert hashlib.sha256(file.read_bytes()).hexdigest() == run.output_sha256
    assert sorted(path.name for path in file.parent.iterdir()) == ["one.ipynb"]
    assert run.output == f"runs/{run.created_at:%Y/%m/%d}/{run.id}/1/one.ipynb"


def test_it_is_a_valid_notebook(busy_house: House) -> None:
    busy_house.notebook(
        "rich.ipynb", "from IPython.display import display, HTML\ndisplay(HTML('<b>x</b>'))\n1 + 1", "1 / 0"
    )
    run = busy_house.ended(busy_house.run("rich.ipynb").id)
    nbformat.validate(nbformat.from_dict(busy_house.output(run)))


def test_it_says_where_it_comes_from(busy_house: House) -> None:
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", str(busy_house.workspace)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "first"], check=True)
    commit = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
    busy_house.notebook("folder/says.ipynb", "print(x)", "1 / 0", "2", parameters="x = 1")
    run = busy_house.ended(busy_house.run("folder/says.ipynb", parameters={"x": 2}, name="Says").id)
    facts = busy_house.output(run)["metadata"]["notebook_sched"]
    assert facts["run_id"] == run.id
    assert (facts["name"], facts["notebook"], facts["cause"], facts["attempt"]) == (
        "Says",
        "folder/says.ipynb",
        "api",
        1,
    )
    assert (facts["source_version"], facts["parameters"]) == (run.source_version, {"x": 2})
    assert (facts["state"], facts["reason"], facts["error"]["name"]) == ("failed", "cell_error", "ZeroDivisionError")
    assert [cell["outcome"] for cell in facts["cells"]] == ["ok", "ok", "ok", "failed", "not_run"]
    assert facts["kernel"] == "python3"
    assert (facts["host"], facts["python"]) == (platform.node(), platform.python_version())
    assert facts["packages"]["ipykernel"] == importlib.metadata.version("ipykernel")
    assert facts["git_commit"] == commit
    assert facts["started_at"] < facts["finished_at"]


def test_it_times_each_cell(busy_house: House) -> None:
    busy_house.notebook("times.ipynb", "import time; time.sleep(0.3)", "1")
    run = busy_house.ended(busy_house.run("times.ipynb").id)
    slow, quick = run.cells
    assert slow.seconds is not None
    assert quick.seconds is not None
    assert slow.seconds >= 0.3 > quick.seconds
    cell = busy_house.output(run)["cells"][0]
    assert cell["metadata"]["execution"]["iopub.status.busy"] < cell["metadata"]["execution"]["iopub.status.idle"]
    assert cell["execution_count"] == 1


def test_it_names_the_kernel_that_it_ran_on(busy_house: House) -> None:
    """So that a copy of it opens with that kernel, whatever the source named."""
    busy_house.notebook("unnamed.ipynb", "1", kernelspec=None)
    run = busy_house.ended(busy_house.run("unnamed.ipynb").id)
    assert busy_house.output(run)["metadata"]["kernelspec"]["name"] == "python3"
    busy_house.notebook("other.ipynb", "1", kernelspec={"name": "gone", "display_name": "Gone", "language": "python"})
    run = busy_house.ended(busy_house.run("other.ipynb", kernel="python3").id)
    spec = busy_house.output(run)["metadata"]["kernelspec"]
    assert (spec["name"], spec["language"]) == ("python3", "python")


def test_it_merges_what_is_printed_in_many_pieces(busy_house: House) -> None:
    busy_house.notebook("pieces.ipynb", "for n in range(500):\n    print(n, end=' ', flush=True)")
    run = busy_house.ended(busy_house.run("pieces.ipynb").id)
    assert len(busy_house.output(run)["cells"][0]["outputs"]) == 1
    assert text_of(run, busy_house).split() == [str(n) for n in range(500)]


def test_it_keeps_every_character(busy_house: House) -> None:
    busy_house.notebook("odd.ipynb", r"print('\x00 nul', '\u2028', '\x1b[31mred', '😀')")
    run = busy_house.ended(busy_house.run("odd.ipynb").id)
    assert run.state == "succeeded", run.message
    assert text_of(run, busy_house) == "\x00 nul \u2028 \x1b[31mred 😀\n"


def test_it_can_be_written_even_with_half_a_surrogate_pair() -> None:
    half = {"cells": [{"source": "\ud800 and 😀"}], "metadata": {"title": "\ud800"}}
    assert json.loads(EncodedNotebook(half).encoded()) == half


def test_it_updates_displays_in_place(busy_house: House) -> None:
    source = "d = display('old', display_id=True)\nprint('between')\nprint('more')\nd.update('new')"
    busy_house.notebook("updates.ipynb", source)
    run = busy_house.ended(busy_house.run("updates.ipynb").id)
    texts = [o.get("data", {}).get("text/plain", o.get("text")) for o in busy_house.output(run)["cells"][0]["outputs"]]
    assert texts == ["'new'", "between\nmore\n"]


@pytest.mark.parametrize("name", ["with space é.ipynb", "報告" * 40 + ".ipynb", ".hidden.ipynb", "a'b\"c$d;e.ipynb"])
def test_it_is_filed_under_any_name_that_a_notebook_can_have(busy_house: House, name: str) -> None:
    busy_house.notebook(name, "print(1)")
    run = busy_house.ended(busy_house.run(name).id)
    assert run.state == "succeeded", run.message
    assert text_of(run, busy_house) == "1\n"


def test_it_leaves_the_source_alone(busy_house: House) -> None:
    busy_house.notebook("untouched.ipynb", "print(x)", parameters="x = 1")
    before = (busy_house.workspace / "untouched.ipynb").read_bytes()
    busy_house.ended(busy_house.run("untouched.ipynb", parameters={"x": 2}).id)
    assert (busy_house.workspace / "untouched.ipynb").read_bytes() == before
