"""F# is not run here: its literals are read by tree-sitter's grammar, and mean what was sent."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jupyter_notebook_sched.errors import Invalid
from jupyter_notebook_sched.notebook.parameters.injecting import injected_source
from jupyter_notebook_sched.notebook.parameters.literals import literal
from jupyter_notebook_sched.notebook.parameters.model import Parameter

from .grammars import fsharp
from .json_values import identical, values
from .parameter_cells import only

ANY = Parameter("x", "any", nullable=True)
odd = st.text(st.sampled_from("'\"`$\\\n%é{(!1xU#\0\u2028😀"), max_size=8)


def told(value: Any, parameter: Parameter = ANY) -> str:
    comment, _, line = injected_source("fsharp", [parameter], {"x": value}).partition("\n")
    assert comment == "// Parameters"
    return line


@given(st.one_of(values, odd))
@example([-1, [-1.5, "a"], {"": -(2**63)}])
@example([2**31, 1])
def test_it_writes_what_a_grammar_of_fsharp_reads_as_the_value(value: Any) -> None:
    assert identical(fsharp.assigned(told(value)), ("x", value)), told(value)


@pytest.mark.parametrize("sent", ["NaN", "Infinity", "-Infinity"])
def test_it_writes_numbers_that_json_has_not(sent: str) -> None:
    _, found = fsharp.assigned(told(sent, only("let x = 1.5", "fsharp")))
    assert (math.isnan(found) and sent == "NaN") or found == float(sent)


@pytest.mark.parametrize(
    ("declared", "sent", "expected"),
    [
        ("let x: float = 1.0", 2, "let x: float = 2.0"),
        ("let x = 1.5f", 2, "let x = 2.0f"),
        ("let x = 5L", 6, "let x = 6L"),
        ("let x = 5", 2**40, "let x = 1099511627776L"),
        ("let mutable x = 5", -6, "let mutable x = -6"),
        ("let x = 5I", 6, "let x = 6I"),
        ("let x: int option = None", 5, "let x: int option = Some(5)"),
        ("let x = Some 1", None, "let x = None"),
        ("let x = [| 1; 2 |]", [3], "let x = [| 3 |]"),
        ("let x: float list = []", [1], "let x: float list = [1.0]"),
        ("let x: float list = [1.0]", [], "let x: float list = ([]: list<float>)"),
        ("let x: Map<string, int> = Map.empty", {"a": 1}, 'let x: Map<string, int> = Map.ofList [("a", 1)]'),
        ("let x = set [1]", [2, 3], "let x = Set.ofList [2; 3]"),
        ("let x: obj = null", 5, "let x: obj = 5"),
        ("let x = 1.5M", 0.1, "let x = 0.1M"),
        ("let x: char = 'a'", "\n", "let x: char = '\\n'"),
        ("let x = System.DateTime(2026, 1, 2)", "2026-02-03T04:05:06", "let x = System.DateTime(2026, 2, 3, 4, 5, 6)"),
        ("let x = DateOnly(2026, 1, 2)", "2026-02-03", "let x = System.DateOnly(2026, 2, 3)"),
    ],
)
def test_it_keeps_what_the_cell_declares(declared: str, sent: Any, expected: str) -> None:
    assert told(sent, only(declared, "fsharp")) == expected


@pytest.mark.parametrize(
    ("declared", "sent", "why"),
    [
        ("let x: int = 5", 2**31, "from -2147483648 to"),
        ("let x: byte = 5uy", -1, "from 0 to 255"),
        ("let x: char = 'a'", "ab", "single character"),
        ("let x: char = 'a'", "😀", "single character"),
        ("let x: decimal = 1.5M", 1e300, "28 digits"),
        ("let x: float32 = 1.5f", 1e300, "32 bits"),
        ("let x: int list = [1]", [2**40], "from -2147483648 to"),
        ("let x = System.DateTime(2026, 1, 2)", "2026-02-03T04:05:06+01:00", "no offset"),
    ],
)
def test_it_refuses_what_the_declared_type_cannot_hold(declared: str, sent: Any, why: str) -> None:
    with pytest.raises(Invalid, match=why) as refused:
        literal("fsharp", sent, only(declared, "fsharp"))
    assert (refused.value.reason, refused.value.errors[0].field) == ("value_not_representable", "parameters.x")
