from __future__ import annotations

import copy
from typing import Any

import pytest

from jupyter_notebook_sched.errors import Invalid
from jupyter_notebook_sched.notebook.document import Notebook, canonical_source, code_cell, read_notebook
from jupyter_notebook_sched.notebook.parameters.injecting import inject, injected_source
from jupyter_notebook_sched.notebook.parameters.reading import read_parameters

from .parameter_cells import notebook, parameters_cell, read


def injected(document: Notebook, values: dict[str, Any]) -> Notebook:
    return inject(document, read_parameters(document["cells"], "python"), "python", values)


def example() -> Notebook:
    return notebook(code_cell("import os", [], "a"), *parameters_cell("x = 1\ny = 'a'"), code_cell("print(x)", [], "b"))


def test_it_writes_one_assignment_a_line_in_the_order_of_the_cell() -> None:
    parameters = read("a = 1\nb: date = None\nc = 2").parameters
    assert injected_source("python", parameters, {"b": None, "a": 5}) == "# Parameters\na = 5\nb = None"
    assert injected_source("r", read("a <- 1\n`b c` <- 2", "r").parameters, {"a": 3, "b c": "x"}) == (
        '# Parameters\na <- 3\n`b c` <- "x"'
    )
    assert injected_source("julia", read("a = 1", "julia").parameters, {"a": None}) == "# Parameters\na = nothing"


def test_it_adds_the_cell_right_after_the_parameters_cell() -> None:
    document = example()
    before = copy.deepcopy(document)
    made = injected(document, {"x": 2})
    assert [cell["source"] for cell in made["cells"]] == [
        "import os",
        "x = 1\ny = 'a'",
        "# Parameters\nx = 2",
        "print(x)",
    ]
    assert made["cells"][2] == {
        "cell_type": "code",
        "id": "injected-parameters",
        "metadata": {"tags": ["injected-parameters"]},
        "source": "# Parameters\nx = 2",
        "outputs": [],
        "execution_count": None,
    }
    made["cells"][0]["outputs"].append("changed")
    assert document == before


def test_it_replaces_what_was_injected_before() -> None:
    once = injected(example(), {"x": 2})
    assert [cell["source"] for cell in injected(once, {"y": "b"})["cells"]][2:] == ['# Parameters\ny = "b"', "print(x)"]
    assert injected(once, {}) == example()


def test_it_leaves_a_notebook_without_values_alone() -> None:
    assert injected(example(), {}) == example()
    bare = notebook(code_cell("x = 1", [], "a"))
    assert injected(bare, {}) == bare


def test_it_takes_a_free_id() -> None:
    document = example()
    document["cells"][0]["id"] = "injected-parameters"
    assert injected(document, {"x": 2})["cells"][2]["id"] == "injected-parameters-2"


def test_it_does_not_change_the_version_of_the_notebook() -> None:
    document = read_notebook(canonical_source(example()))
    assert canonical_source(injected(document, {"x": 2})) == canonical_source(document)


def test_it_refuses_values_where_there_is_no_parameters_cell() -> None:
    with pytest.raises(Invalid) as refused:
        injected(notebook(code_cell("x = 1", [], "a")), {"x": 2})
    assert (refused.value.reason, refused.value.errors[0].field) == ("no_parameters_cell", "parameters.x")


def test_it_refuses_a_language_that_it_cannot_write() -> None:
    with pytest.raises(Invalid) as refused:
        injected_source("cobol", [], {})
    assert refused.value.reason == "language_not_supported"


def test_it_refuses_a_value_that_belongs_to_no_parameter() -> None:
    with pytest.raises(Invalid) as refused:
        injected(example(), {"z": 1})
    assert refused.value.errors[0].field == "parameters.z"
