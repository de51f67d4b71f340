from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from jupyter_notebook_sched.errors import Invalid
from jupyter_notebook_sched.notebook.document import canonical_source, code_cell, read_notebook

from .parameter_cells import notebook

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def example() -> dict[str, Any]:
    cell = code_cell("x = 1", ["parameters"], "a")
    cell["metadata"]["slideshow"] = {"slide_type": "slide"}
    text = {"cell_type": "markdown", "id": "b", "metadata": {}, "source": "Zürich"}
    return notebook(cell, text, code_cell("print(x)", [], "c"), kernelspec=KERNEL)


def run(document: dict[str, Any]) -> dict[str, Any]:
    """What JupyterLab, nbclient, papermill and Colab leave in a notebook that they have run."""
    ran = copy.deepcopy(document)
    for count, cell in enumerate(ran["cells"], start=1):
        if cell["cell_type"] == "code":
            cell["execution_count"] = count
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "1\n"}]
            cell["metadata"] |= {
                "execution": {"iopub.execute_input": "2026-01-01T00:00:00Z"},
                "ExecuteTime": {"start_time": "…"},
                "executionInfo": {"status": "ok"},
                "outputId": "1",
                "papermill": {"duration": 0.1},
                "notebook_sched": {"outcome": "ok"},
                "trusted": True,
            }
    ran["cells"].insert(1, code_cell("x = 2", ["injected-parameters"], "injected"))
    ran["metadata"] |= {
        "kernelspec": KERNEL | {"display_name": "Python 3 (ipykernel)"},
        "language_info": {"name": "python", "version": "3.13.1", "mimetype": "text/x-python"},
        "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {}}},
        "papermill": {"duration": 2},
        "notebook_sched": {"run": "…"},
        "signature": "sha256:…",
        "orig_nbformat": 4,
    }
    return ran


def test_it_gives_the_same_bytes_however_often_the_notebook_ran() -> None:
    document = example()
    assert canonical_source(run(document)) == canonical_source(document) == canonical_source(run(run(document)))


def test_it_changes_with_the_code_the_tags_and_the_kernel() -> None:
    document = example()
    changed = [copy.deepcopy(document) for _ in range(4)]
    changed[0]["cells"][0]["source"] = "x = 2"
    changed[1]["cells"][0]["metadata"]["tags"] = []
    changed[2]["metadata"]["kernelspec"] = KERNEL | {"name": "other"}
    changed[3]["cells"][0]["metadata"]["slideshow"] = {"slide_type": "skip"}
    assert len({canonical_source(one) for one in [document, *changed]}) == 5


def test_it_does_not_depend_on_how_the_file_is_written() -> None:
    document = example()
    reordered = dict(reversed(document.items()))
    split = copy.deepcopy(document)
    split["cells"][0]["source"] = ["x ", "= 1"]
    files = [
        json.dumps(document).encode(),
        json.dumps(reordered, indent=1, ensure_ascii=False).encode(),
        json.dumps(split, indent=4).encode(),
    ]
    assert len({canonical_source(read_notebook(file)) for file in files}) == 1


def test_it_is_a_notebook_again_with_the_same_canonical_form() -> None:
    import nbformat

    once = canonical_source(run(example()))
    again = read_notebook(once)
    nbformat.validate(nbformat.from_dict(again))  # type: ignore[no-untyped-call]
    assert canonical_source(again) == once
    assert "Zürich".encode() in once
    assert once.endswith(b"}\n")


def test_it_leaves_the_document_as_it_was() -> None:
    document = run(example())
    before = copy.deepcopy(document)
    canonical_source(document)
    assert document == before


def test_it_keeps_half_a_surrogate_pair_as_an_escape() -> None:
    document = notebook(code_cell("\ud83d", [], "a"))
    assert read_notebook(canonical_source(document))["cells"][0]["source"] == "\ud83d"


def test_it_refuses_a_number_that_json_cannot_write() -> None:
    with pytest.raises(Invalid) as refused:
        canonical_source(read_notebook(b'{"nbformat": 4, "cells": [], "metadata": {"x": 1e999}}'))
    assert refused.value.reason == "notebook_unreadable"


def test_it_gives_the_same_bytes_after_a_real_kernel_ran_it() -> None:
    import nbformat
    from nbclient import NotebookClient

    document = example()
    kernel = nbformat.from_dict(copy.deepcopy(document))  # type: ignore[no-untyped-call]
    ran = NotebookClient(kernel, timeout=60).execute()
    assert ran["cells"][2]["outputs"][0]["text"] == "1\n"
    assert ran["metadata"]["language_info"]["version"]
    saved = nbformat.writes(ran).encode()  # type: ignore[no-untyped-call]
    assert canonical_source(read_notebook(saved)) == canonical_source(document)
