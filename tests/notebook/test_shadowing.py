"""Parameters that a later cell sets again."""

from __future__ import annotations

import pytest

from jupyter_notebook_sched.notebook.document import INJECTED_TAG, code_cell
from jupyter_notebook_sched.notebook.parameters.model import Problem
from jupyter_notebook_sched.notebook.parameters.reading import read_parameters

from .parameter_cells import parameters_cell


def told(source: str, language: str = "python", tags: list[str] | None = None) -> list[Problem]:
    cells = [
        code_cell("x = 0\ny = 0", [], "above"),
        *parameters_cell("x = 1\ny = 2"),
        {"cell_type": "markdown", "source": "x = 3", "metadata": {}, "id": "m"},
        code_cell(source, tags or [], "below"),
    ]
    return list(read_parameters(cells, language).problems)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("x = 5", 1),
        ("print(x)\n\nx = x + 1", 3),
        ("x += 1", 1),
        ("x: int = 5", 1),
        ("a = x = 5", 1),
        ("(a, *x), b = f()", 1),
        ("for x in y:\n    pass", 1),
        ("with f() as x:\n    pass", 1),
        ("import x", 1),
        ("import a as x", 1),
        ("import x.y", 1),
        ("from a import b, x", 1),
        ("def x(): pass", 1),
        ("class x: pass", 1),
        ("if a:\n    x = 5", 2),
        ("try:\n    pass\nexcept E as x:\n    pass", 3),
        ("while True:\n    if (x := f()):\n        break", 2),
        ("[x := a for a in b]", 1),
        ("del x", 1),
        ("match a:\n    case {'k': x}:\n        pass", 2),
        ("%matplotlib inline\nbroken = = 1\nx = 5", 3),
        ("%%time\nx = 5", 2),
    ],
)
def test_it_tells_where_a_parameter_is_set_again(source: str, line: int) -> None:
    (problem,) = told(source)
    assert (problem.cell, problem.line) == (3, line)
    assert problem.message.startswith(f"x is set again in cell 4, line {line}")
    assert problem.to_json() == {"line": line, "message": problem.message, "cell": 3}


@pytest.mark.parametrize(
    "source",
    [
        "print(x)",
        "z = x",
        "def f():\n    x = 5",
        "def f(x=x): return x",
        "lambda x: (x := 1)",
        "class A:\n    x = 5",
        "[x for x in y]",
        "{x: 1 for x in y}",
        "x.a = 5",
        "x['a'] = 5",
        "f(x=5)",
        "x == 5",
        "x: int",
        "'x = 5'",
        "# x = 5",
        "%%bash\nx=5",
        "%env x=5",
        "import a.x",
        "from x import a",
        "global_x = 1",
    ],
)
def test_it_does_not_cry_wolf(source: str) -> None:
    assert told(source) == []


@pytest.mark.parametrize("tag", [INJECTED_TAG, "skip-execution"])
def test_it_passes_over_cells_that_are_injected_or_not_run(tag: str) -> None:
    assert told("x = 5", tags=[tag]) == []


def test_it_tells_each_parameter_once_and_after_what_is_in_the_cell_itself() -> None:
    cells = [
        *parameters_cell("x = 1\ny = 2\nf()"),
        code_cell("y = 3\nx = 4\nx = 5", [], "a"),
        code_cell("x = 6", [], "b"),
    ]
    found = read_parameters(cells, "python").problems
    assert [(problem.cell, problem.line) for problem in found] == [(None, 3), (1, 1), (1, 2)]
    assert read_parameters(cells, "python", with_problems=False).problems == ()


def test_it_reads_other_languages_by_their_own_readers() -> None:
    cells = [*parameters_cell("x <- 1\ny <- 2"), code_cell("print(y)\n# x <- 1\nx <- 3", [], "a")]
    assert [(problem.cell, problem.line) for problem in read_parameters(cells, "r").problems] == [(1, 3)]
