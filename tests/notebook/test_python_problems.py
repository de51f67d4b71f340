from __future__ import annotations

import pytest

from jupyter_notebook_sched.notebook.document import code_cell
from jupyter_notebook_sched.notebook.parameters.model import ReadParameters
from jupyter_notebook_sched.notebook.parameters.reading import read_parameters

from .parameter_cells import parameters_cell, read, right_hand_side


def told(source: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.message) for problem in read(source).problems]


@pytest.mark.parametrize(
    "source",
    ["import os", "from a import (b,\n c)", '"""What this is"""', "pass", "...", "# only a comment", "", "\n\n"],
)
def test_it_says_nothing_of_imports_docstrings_and_comments(source: str) -> None:
    assert read(source) == ReadParameters(0, (), ())


def test_it_keeps_places_right_below_a_syntax_error() -> None:
    source = "é = '😀'\nbroken = = 1\nx = '😀'  # Help"
    found = read(source)
    assert [right_hand_side(source, parameter) for parameter in found.parameters] == ["'😀'", "'😀'"]
    assert told(source) == [(2, "Python cannot read this line: invalid syntax.")]


def test_it_passes_over_magics() -> None:
    found = read("%matplotlib inline\n!pip list\nx = 1  # Help\nx?\n")
    assert [(parameter.name, parameter.help) for parameter in found.parameters] == [("x", "Help")]
    assert found.problems == ()
    assert [parameter.name for parameter in read("%%time\nx = '''\n%not magic\n'''").parameters] == ["x"]
    ((line, message),) = told("%%bash\nx=1")
    assert (line, "%%bash" in message) == (1, True)


@pytest.mark.parametrize(
    "source",
    [
        "(" * 5000,
        "x = " + "[" * 400 + "]" * 400,
        "x = " + "[" * 190 + "]" * 190,
        "x = " + "-" * 50_000 + "1",
        "x = " + "- " * 1500 + "1",
        "x: " + "a|" * 2500 + "b",
        "x = 1" + "+1" * 5000,
        "\n".join("(" * 500),
        "x = (" + "(" * 80 + "date(2026, 1, 1)" + ",)" * 80 + "," + "(" * 80 + "'a'" + ",)" * 80 + ")",
        "x = (" + "(" * 80 + "date(2026, 1, 1)" + ", None)" * 80 + "," + "(" * 80 + "'a'" + ", None)" * 80 + ")",
    ],
    ids=[
        "brackets",
        "too deep a list",
        "deep list",
        "signs",
        "spaced signs",
        "union",
        "sum",
        "broken lines",
        "deep tuples",
        "deep tuples with None",
    ],
)
def test_it_survives_text_made_to_break_parsers(source: str) -> None:
    found = read(f"first = 1\n{source}")
    assert [parameter.name for parameter in found.parameters][:1] == ["first"]
    assert len(found.problems) <= 21


def test_it_lets_the_last_assignment_of_a_name_count_and_says_so() -> None:
    found = read("x = 1\ny = 2\nx = 'b'")
    assert [(parameter.name, parameter.default) for parameter in found.parameters] == [("x", "b"), ("y", 2)]
    assert [(problem.line, "x is set again" in problem.message) for problem in found.problems] == [(3, True)]


@pytest.mark.parametrize(
    "source", ["x: int = 'a'", "x: Literal['a'] = 'b'", "x: Annotated[int, Ge(1)] = 0", "x: date = 'soon'"]
)
def test_it_tells_of_a_default_that_does_not_fit_its_annotation(source: str) -> None:
    (problem,) = read(source).problems
    assert problem.message.startswith("The default of x does not fit what it declares")


def test_it_reads_the_first_tagged_cell_and_tells_of_the_others() -> None:
    plain = code_cell("z = 0", [], "z")
    cells = [plain, *parameters_cell("x = 1"), plain, *parameters_cell("x = 2")]
    found = read_parameters(cells, "python")
    assert (found.cell_index, [parameter.default for parameter in found.parameters]) == (1, [1])
    assert [problem.message for problem in found.problems] == [
        "Cell 4 is tagged parameters too, but only the first such cell is used.",
        "x is set again in cell 4, line 1: from there on the value of a run does not count. Use another name there.",
    ]
    assert read_parameters([plain], "python") == ReadParameters(None, (), ())


def test_it_says_that_it_cannot_read_a_language_it_does_not_know() -> None:
    found = read("int x = 1;", "cobol")
    assert (found.cell_index, found.parameters) == (0, ())
    assert [problem.line for problem in found.problems] == [1]


def test_it_tells_a_hundred_problems_at_most() -> None:
    problems = read("f()\n" * 500).problems
    assert len(problems) == 101
    assert problems[-1].message == "There are 400 more problems from here on."
