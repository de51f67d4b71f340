"""Cells that nobody meant to be read: nothing raises, and what is offered is a valid schema that takes its defaults."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from jupyter_notebook_sched.notebook.document import code_cell
from jupyter_notebook_sched.notebook.parameters.reading import read_parameters
from jupyter_notebook_sched.notebook.parameters.schema import json_schema

from .parameter_cells import parameters_cell, read, right_hand_side

FRAGMENTS = st.sampled_from(
    [
        *("x", "y", " = ", "=", ":", " ", "\n", "\t", "\r\n", ";", ",", "|", "*", ":=", "\\", "\\\n", "\ud800", "\0"),
        *("#@param ", '{type:"slider", min:0}', "['a']", "{", "}", "[", "]", "(", ")", "'", '"', '"""', "'''"),
        *("#", "# type: ", "1", "-1.5e3", "None", "date(2026,1,1)", "float('nan')", "{'a': 1}", "lambda: 1", "C.A"),
        *("yield", "await x", "int", "list[int]", "Literal['a']", "Annotated[int, Ge(0)]", "Field(pattern='(')"),
        *("Optional[", "'int'", "f'{x}'", "if x:\n  ", "class C(Enum):\n  A = 1\n", "import a as x\n", "@d\n"),
        *("%time", "!ls", "?", "type X = int", "del x", "\u2028", "😀"),
    ]
)


@given(st.lists(FRAGMENTS, max_size=25).map("".join), st.lists(FRAGMENTS, max_size=8).map("".join))
def test_it_reads_whatever_is_there(source: str, other: str) -> None:
    cells = [code_cell(other, [], "a"), *parameters_cell(f"first = 1\n{source}"), code_cell(other, [], "b")]
    found = read_parameters(cells, "python")
    schema = json_schema(found.parameters, found.title, found.description)
    Draft202012Validator.check_schema(schema)
    json.dumps([schema, [one.to_json() for one in found.parameters]], allow_nan=False).encode()
    assert len(found.problems) <= 101
    assert [problem.line for problem in found.problems if problem.line < 1] == []


@given(st.text(max_size=60))
def test_it_reads_any_text(source: str) -> None:
    assert [parameter.name for parameter in read(f"first = 1\n{source}\n").parameters][:1] == ["first"]


def test_it_finds_its_places_in_one_long_line_of_wide_characters() -> None:
    source = "; ".join(f"é{number} = '😀{number}'" for number in range(2_000))
    found = read(source).parameters
    assert len(found) == 2_000
    assert right_hand_side(source, found[-1]) == "'😀1999'"
