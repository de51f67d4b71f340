"""What may be wrong, or strange, with the file that a run begins with, and with its folder."""

from __future__ import annotations

import json
from typing import Any

import nbformat
import pytest

from jupyter_notebook_sched.errors import Invalid

from ..house import House
from ..written import document, markdown
from .kinds import WHO, KindHouse, outcomes, printed

UNREADABLE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "it is empty"),
    "no JSON": (b"print(1)", "its JSON is broken at line 1"),
    "torn": (json.dumps(document("1")).encode()[:-20], "its JSON is broken"),
    "another encoding": ("é".encode("latin-1") + b"{}", "is not UTF-8 text"),
    "JSON, but no notebook": (b'{"a": 1}', "it is JSON, but not a notebook"),
    "a list": (b"[1]", "it is JSON, but not a notebook"),
    "no cells": (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "it has no list of cells"),
    "a cell of no kind": (b'{"nbformat": 4, "cells": [{"cell_type": "heading"}]}', "cell 1 is not a code, markdown"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_it_refuses_an_unreadable_notebook_and_says_what_is_wrong_with_it(name: str, house: House) -> None:
    content, why = UNREADABLE[name]
    (house.workspace / "a.ipynb").write_bytes(content)
    with pytest.raises(Invalid) as refused:
        house.run("a.ipynb")
    assert refused.value.reason == "notebook_unreadable"
    assert why in str(refused.value)
    assert "restore it from a checkpoint, or save it again" in str(refused.value)


def test_it_refuses_a_notebook_of_a_format_that_it_does_not_know(house: House) -> None:
    (house.workspace / "a.ipynb").write_text(json.dumps(document("1") | {"nbformat": 5}))
    with pytest.raises(Invalid) as refused:
        house.run("a.ipynb")
    assert refused.value.reason == "notebook_too_new"
    assert "format 5, which is newer than format 4; save it as format 4 or upgrade" in str(refused.value)


def written(house: KindHouse, name: str, content: dict[str, Any]) -> str:
    (house.workspace / name).write_text(json.dumps(content))
    return name


def test_it_runs_a_notebook_of_a_newer_minor_format_and_keeps_what_it_does_not_know(forking_house: KindHouse) -> None:
    newer = document(WHO, "print('ran')") | {"nbformat_minor": 99, "unheard_of": {"a": 1}}
    newer["cells"][1]["new_thing"] = [1]
    run = forking_house.ended(forking_house.run(written(forking_house, "newer.ipynb", newer)).id)
    assert (run.state, run.message, outcomes(run)) == ("succeeded", None, ["ok"])
    output = forking_house.output(run)
    assert (output["nbformat"], output["nbformat_minor"], output["unheard_of"]) == (4, 99, {"a": 1})
    assert output["cells"][1]["new_thing"] == [1]
    assert printed(output) == "ran\n"
    forking_house.prove_end(run)


def test_it_runs_a_notebook_of_format_three_as_one_of_format_four(forking_house: KindHouse) -> None:
    code = {"cell_type": "code", "language": "python", "metadata": {}, "outputs": [], "collapsed": False}
    cells = [code | {"input": [WHO]}, {"cell_type": "heading", "level": 2, "metadata": {}, "source": ["Title"]}]
    cells += [code | {"input": ["print('ran')\n", "1 / 0"]}]
    older = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": "old"}, "worksheets": [{"cells": cells}]}
    run = forking_house.ended(forking_house.run(written(forking_house, "older.ipynb", older)).id)
    assert (run.state, run.reason, run.message) == (
        "failed",
        "cell_error",
        "cell 3: ZeroDivisionError: division by zero",
    )
    output = forking_house.output(run)
    assert output["nbformat"] == 4
    assert output["cells"][1]["source"] == "## Title"
    assert printed(output) == "ran\n"
    forking_house.prove_end(run)


@pytest.mark.parametrize("cells", [(), (markdown("only text"),), ("", " \n")])
def test_it_succeeds_with_nothing_to_run(cells: tuple[Any, ...], forking_house: KindHouse) -> None:
    run = forking_house.ended(forking_house.run(forking_house.notebook("empty.ipynb", *cells)).id)
    assert (run.state, run.reason, run.message) == ("succeeded", None, None)
    assert [cell.outcome for cell in run.cells] == ["skipped"] * sum(cell in ("", " \n") for cell in cells)
    assert [cell["source"] for cell in forking_house.output(run)["cells"]] == [
        nbformat.from_dict(cell)["source"] if isinstance(cell, dict) else cell for cell in cells
    ]
    forking_house.prove_end(run)


def test_it_runs_the_version_that_was_asked_for_though_the_file_is_gone(house: House) -> None:
    house.notebook("a/deleted.ipynb", "print('as it was')")
    house.notebook("a/changed.ipynb", "print('as it was')")
    made = [house.run("a/deleted.ipynb"), house.run("a/changed.ipynb")]
    (house.workspace / "a" / "deleted.ipynb").unlink()
    (house.workspace / "a" / "changed.ipynb").write_text("broken by now")
    house.start_worker()
    for run in made:
        ended = house.ended(run.id)
        assert (ended.state, ended.message) == ("succeeded", None)
        assert house.output(ended)["cells"][0]["outputs"][0]["text"] == "as it was\n"


def test_it_goes_on_with_a_notebook_that_deletes_its_own_folder(kind_house: KindHouse) -> None:
    delete = "import os, shutil\nshutil.rmtree(os.getcwd())\nprint('deleted')"
    run = kind_house.ran(delete, "print('on')", "open('a', 'w')", "1")
    assert not kind_house.folder(run).exists()
    assert (run.state, run.reason, outcomes(run)) == ("failed", "cell_error", ["ok", "ok", "failed", "not_run"])
    assert "FileNotFoundError" in str(run.message)
    assert printed(kind_house.output(run)) == "deleted\non\n"
    gone = kind_house.ran("import os, shutil\nshutil.rmtree(os.getcwd())")
    assert (gone.state, gone.message) == ("succeeded", None)


def test_it_goes_on_with_a_notebook_that_closes_the_scratch_directory_of_its_run(kind_house: KindHouse) -> None:
    """Its kernel's sockets lie there; those that are connected go on without their names."""
    delete = (
        "import json, os, shutil\nfrom ipykernel.connect import get_connection_file\n"
        "shutil.rmtree(os.path.dirname(get_connection_file()))\nprint('deleted')"
    )
    run = kind_house.ran(delete, "print('on')")
    assert (run.state, run.message, outcomes(run)) == ("succeeded", None, ["ok", "ok"])
    assert printed(kind_house.output(run)) == "deleted\non\n"
