"""Cells that are Python only after IPython has gone through them, read and edited as they stand."""

from __future__ import annotations

from typing import Any

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from jupyter_notebook_sched.notebook.document import code_cell
from jupyter_notebook_sched.notebook.parameters.reading import read_parameters

from .parameter_cells import edited, only, read, right_hand_side

CELLS = [
    "    a = 1\n    b = 'é😀'  # Help\n",
    "\ta = [1,\n\t     2]\n\n\tb = 2",
    "\n\n  # Above\n  a = 1\r\n  b = 2",
    ">>> a = 1\n>>> b = 2",
    ">>> a = [1,\n...      2]\n>>> if a:\n...     c = 1\n>>> b = {'é': '😀'}",
    "In [1]: a = 1\n   ...: b = 2",
    "    a = '''x\n      y'''\n    b = 2",
    ">>> a = \\\n... 1\n>>> b = 2",
]


def run(cell: str) -> dict[str, Any]:
    """What IPython's own reading of the cell sets."""
    namespace: dict[str, Any] = {}
    exec(TransformerManager().transform_cell(cell), namespace)  # type: ignore[no-untyped-call]
    return {name: namespace[name] for name in ("a", "b")}


@pytest.mark.parametrize("cell", CELLS)
def test_it_reads_what_ipython_runs(cell: str) -> None:
    found = {parameter.name: parameter for parameter in read(cell).parameters}
    assert {name: parameter.default for name, parameter in found.items()} == run(cell)
    assert all(right_hand_side(cell, parameter).strip() in parameter.source for parameter in found.values())


@pytest.mark.parametrize("cell", CELLS)
def test_it_edits_nothing_but_right_hand_sides_of_what_ipython_runs(cell: str) -> None:
    _, b = read(cell).parameters
    before, _, behind = cell.rpartition(right_hand_side(cell, b))
    fresh = edited(cell, {"b": 5})
    assert fresh == f"{before}5{behind}"
    assert run(edited(fresh, {"a": "two\nlines"})) == {"a": "two\nlines", "b": 5}


def test_it_takes_the_first_indentation_away_as_ipython_8_does() -> None:
    found = read("  a = 1\nb = 2")
    assert ([parameter.default for parameter in found.parameters], found.problems) == ([1, 2], ())


def test_it_reads_what_stands_below_a_cell_magic() -> None:
    assert only("%%time\n    a = 1").default == 1
    assert edited("%%capture\n    a = 1", {"a": 2}) == "%%capture\n    a = 2"


@pytest.mark.parametrize(
    "command",
    ["!ls *.csv", "!ls é  # no comment", "%pwd", "%time f(1); g()", "!ls \\\n   -l", "!x", "!grep '(\"' \\\n\tx"],
)
def test_it_shows_assigned_commands_as_expressions(command: str) -> None:
    source = f"first = 1\nx = {command}\nlast = 'é'"
    found = read(source)
    first, x, last = found.parameters
    assert found.problems == ()
    assert (x.type, x.expression, x.default) == ("any", command, None)
    assert (first.default, last.default) == (1, "é")
    assert edited(source, {"x": [1], "last": "z"}) == "first = 1\nx = [1]\nlast = 'z'"


def test_it_passes_over_commands_wherever_they_stand() -> None:
    source = "!pip install \\\n  x = 1\n%cd x\nif b:\n    !ls 'a\n    y = %pwd\n!\nb?\n?b\n,f a\n;f a\n/f 1\nb = 1"
    found = read(source)
    assert [(parameter.name, parameter.default) for parameter in found.parameters] == [("b", 1)]
    assert [(problem.line, "inside a block" in problem.message) for problem in found.problems] == [(4, True)]


@pytest.mark.parametrize("source", ["x == !ls", "x += !ls", "f(x=!ls)", "x = y = !ls", "x = 'a' !ls", "x = !"])
def test_it_takes_nothing_for_a_command_that_ipython_does_not(source: str) -> None:
    found = read(f"{source}\nlast = 1")
    assert [parameter.name for parameter in found.parameters] == ["last"]
    assert [problem.line for problem in found.problems] == [1]


def test_it_reads_commands_beside_what_cannot_be_read() -> None:
    found = read("a = (\nb = !ls\nc = 1 2\nd = 3")
    assert [parameter.name for parameter in found.parameters] == ["b", "d"]


def test_it_knows_what_prompted_and_indented_cells_bind() -> None:
    parameters = code_cell("a = 1\nb = 2", ["parameters"], "p")
    below = [code_cell("    a = 3", [], "q"), code_cell("b = !ls", [], "r")]
    told = read_parameters([parameters, *below], "python").problems
    assert [(problem.cell, problem.message[:1]) for problem in told] == [(1, "a"), (2, "b")]


def test_it_does_not_go_through_a_long_broken_cell_for_each_of_its_lines() -> None:
    source = "(\n" * 30_000 + "x = !ls\n" * 10_000
    assert read(source).parameters == ()


@pytest.mark.parametrize("magic", ["timeit", "python", "python3"])
def test_it_offers_nothing_below_a_magic_that_keeps_nothing(magic: str) -> None:
    found = read(f"%%{magic}\na = 1")
    (problem,) = found.problems
    assert (found.parameters, f"%%{magic}" in problem.message) == ((), True)


@pytest.mark.parametrize(
    ("source", "line"), [("a = 1\n\n\nb = 'x\nc = 2", 4), ("a = 1\nb = '''x\nc", 2), ("a = 1\n\nb = (1]", 3)]
)
def test_it_tells_one_line_of_a_problem(source: str, line: int) -> None:
    problem = read(source).problems[0]
    assert (problem.line, "line 1" in problem.message) == (line, False)
