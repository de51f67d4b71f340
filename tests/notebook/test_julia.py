"""Julia is not run here: what is written down follows the manual's chapters on strings, integers and arrays."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_notebook_sched.errors import Invalid
from jupyter_notebook_sched.notebook.parameters.injecting import injected_source
from jupyter_notebook_sched.notebook.parameters.literals import literal
from jupyter_notebook_sched.notebook.parameters.model import Parameter

from .json_values import identical
from .parameter_cells import edited, only, read, right_hand_side

ANY = Parameter("x", "any", nullable=True)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "nothing"),
        (True, "true"),
        (3, "3"),
        (-(2**63), "-9223372036854775808"),
        (10**40, "1" + "0" * 40),
        (0.1, "0.1"),
        (1e16, "1e+16"),
        (5e-324, "5e-324"),
        ("it's", '"it\'s"'),
        ('"', '"\\""'),
        ("\\", '"\\\\"'),
        ("$x", '"\\$x"'),
        ("$(rm(1))", '"\\$(rm(1))"'),
        ("a\nb\r\t", '"a\\nb\\r\\t"'),
        ("\0" + "1", '"\\u00001"'),
        ("é😀\u2028", '"é😀\\u2028"'),
        ("\U000e0001f", '"\\U000e0001f"'),
        ([], "[]"),
        ([1, 2], "[1, 2]"),
        ([1, 2.5], "Any[1, 2.5]"),
        ([True, 2], "Any[true, 2]"),
        (["a", None], 'Any["a", nothing]'),
        ([[1], [2]], "[[1], [2]]"),
        ([[True], [2]], "Any[[true], [2]]"),
        ([[], [2]], "Any[[], [2]]"),
        ([[1, True]], "Any[Any[1, true]]"),
        ({}, "Dict{String,Any}()"),
        ({"a$": [1], "b": None}, 'Dict{String,Any}("a\\$" => [1], "b" => nothing)'),
    ],
)
def test_it_writes_base_julia(value: Any, expected: str) -> None:
    assert literal("julia", value, ANY) == expected


@pytest.mark.parametrize(
    ("declared", "sent", "expected"),
    [
        ("x = 1.5", 2, "x = 2.0"),
        ("x = 1.5", "-Infinity", "x = -Inf"),
        ("x = 1.5", "NaN", "x = NaN"),
        ("x = 1", 2, "x = 2"),
        ("x = [1.5]", [1, "NaN"], "x = [1.0, NaN]"),
        ('x = ["a"]', [], "x = String[]"),
        ("x = [1]", [], "x = Int[]"),
        ("x = nothing", "NaN", 'x = "NaN"'),
        ("x::Float64 = 1", 2, "x = 2.0"),
        ("x::Vector{Float64} = []", [1], "x = [1.0]"),
        ("x = missing", None, "x = missing"),
        ("x::Union{Int, Missing} = 1", None, "x = missing"),
        ("x::Union{Int, Nothing} = 1", None, "x = nothing"),
        ("x = Date(2026)", "2026-02-03", "x = Date(2026, 2, 3)"),
        ("x = Dates.Date(2026)", "2026-02-03", "x = Dates.Date(2026, 2, 3)"),
        ("x = DateTime(2026)", "2026-02-03 04:05", "x = DateTime(2026, 2, 3, 4, 5, 0)"),
        ("x = DateTime(2026)", "2026-02-03T04:05:06.007", "x = DateTime(2026, 2, 3, 4, 5, 6, 7)"),
        ("x = Dict()", {"a": {}}, 'x = Dict{String,Any}("a" => Dict{String,Any}())'),
    ],
)
def test_it_keeps_what_the_cell_declares(declared: str, sent: Any, expected: str) -> None:
    assert injected_source("julia", [only(declared, "julia")], {"x": sent}) == f"# Parameters\n{expected}"


def test_it_refuses_half_a_surrogate_pair() -> None:
    with pytest.raises(Invalid) as refused:
        literal("julia", "\ud83d", ANY)
    assert refused.value.reason == "value_not_representable"


@pytest.mark.parametrize(
    ("sent", "told"), [("2026-01-02T03:04:05Z", "no time zone"), ("2026-01-02T03:04:05.000001", "milliseconds")]
)
def test_it_refuses_moments_that_julia_cannot_hold(sent: str, told: str) -> None:
    with pytest.raises(Invalid, match=told) as refused:
        literal("julia", sent, only("x = DateTime(2026)", "julia"))
    assert refused.value.reason == "value_not_representable"


@pytest.mark.parametrize(
    ("type_", "declared"),
    [
        ("Int = 1", {"type": "integer", "minimum": -(2**63), "maximum": 2**63 - 1}),
        ("UInt8 = 1", {"type": "integer", "minimum": 0, "maximum": 255}),
        ("Float32 = 1", {"type": "number", "floating": True}),
        ("Bool = true", {"type": "boolean"}),
        ('String = "a"', {"type": "string"}),
        ("Date = today()", {"type": "date", "expression": "today()"}),
        ("Dates.DateTime = now()", {"type": "datetime"}),
        ("Union{Int, Nothing} = nothing", {"type": "integer", "nullable": True, "python": None}),
        ("Union{Missing, String} = missing", {"type": "string", "nullable": True, "python": "missing"}),
        ("Union{Int, String} = 1", {"type": "integer", "nullable": False}),
        ("Vector{Int} = [1]", {"type": "array", "items": "integer"}),
        ("Vector{Vector{Int}} = [[1]]", {"type": "array", "items": None}),
        ("Dict{String, Int} = Dict()", {"type": "object"}),
        ("Any = 1", {"type": "any", "nullable": True}),
        ("Foo{Bar} = 1", {"type": "integer"}),
    ],
)
def test_it_reads_types(type_: str, declared: dict[str, Any]) -> None:
    found = only(f"x::{type_}", "julia")
    assert {name: getattr(found, name) for name in declared} == declared


@pytest.mark.parametrize(
    ("text", "type_", "default"),
    [
        ('"us"', "string", "us"),
        ('"a = b # c"', "string", "a = b # c"),
        (r'"\$x \"q\" \u00e9\U0001f600\x41\101\e"', "string", '$x "q" é😀AA\x1b'),
        ('raw"C:\\new"', "string", "C:\\new"),
        ('"a\nb"', "string", "a\nb"),
        ("3", "integer", 3),
        ("-1_000", "integer", -1000),
        ("1.5", "number", 1.5),
        (".5", "number", 0.5),
        ("1.", "number", 1.0),
        ("-1e-3", "number", -0.001),
        ("Inf", "number", "Infinity"),
        ("-Inf", "number", "-Infinity"),
        ("NaN", "number", "NaN"),
        ("true", "boolean", True),
        ("nothing", "any", None),
        ("[1, 2]", "array", [1, 2]),
        ('["a",\n "b",\n]', "array", ["a", "b"]),
        ("[[1], [2]]", "array", [[1], [2]]),
        ('Any[1, "a", nothing]', "array", [1, "a", None]),
        ("String[]", "array", []),
        ("[1.5, NaN]", "array", [1.5, "NaN"]),
        ('Dict("a" => 1, "b\\$" => [nothing],)', "object", {"a": 1, "b$": [None]}),
        ('Dict{String,Any}("a" => Dict())', "object", {"a": {}}),
        ("Date(2026, 1, 2)", "date", "2026-01-02"),
        ('Date("2026-01-02")', "date", "2026-01-02"),
        ("Dates.Date(2026)", "date", "2026-01-01"),
        ("DateTime(2026, 1, 2, 3, 4, 5, 6)", "datetime", "2026-01-02T03:04:05.006000"),
        ('Dates.DateTime("2026-01-02T03:04:05")', "datetime", "2026-01-02T03:04:05"),
    ],
)
def test_it_reads_literals(text: str, type_: str, default: Any) -> None:
    source = f"# Above\n#= block #= nested =# =#\nx = {text}  # Help\n"
    found = only(source, "julia")
    assert (found.type, found.help, found.expression) == (type_, "Help", None)
    assert identical(found.default, default)
    assert right_hand_side(source, found) == text


@pytest.mark.parametrize(
    "text",
    [
        '"$x"',
        '"a $(f("b # c")) d"',
        '"""text"""',
        'r"regex"',
        'raw"a\\"b"',
        "`ls`",
        "'c'",
        "0x1f",
        "0b101",
        "1f0",
        "1//2",
        "2x",
        "1:10",
        "[1 2; 3 4]",
        "[i for i in 1:3 if i > 1]",
        "a'",
        "a[end]",
        "(1, 2)",
        "1, 2",
        "Dict(1 => 2)",
        'Dict("a" => x)',
        'Dict("a" => missing)',
        'Dict("a" => NaN)',
        "[missing, 1]",
        "[Date(2026, 1, 2)]",
        "Date(2026, 13, 1)",
        'DateTime("2026-01-02T03:04:05Z")',
        'Date("2/1/2026")',
        "now()",
        ":symbol",
        ":end",
        "x == 5",
        "f(a = 1)",
        "if a\n 1\nelse\n 2\nend",
        "begin\n y = 1\nend",
        "map(z) do i\n i\nend",
        "1 +\n 2",
        'Any[NaN, "NaN"]',
        r'"\q"',
    ],
)
def test_it_shows_everything_else_as_an_expression(text: str) -> None:
    source = f"first = 1\nx = {text}  # Help\nlast = 2"
    first, found, last = read(source, "julia").parameters
    assert (found.expression, found.default, found.type, found.help) == (text, None, "any", "Help")
    assert (first.default, last.default) == (1, 2)


@pytest.mark.parametrize(
    "source",
    [
        "a = b = 1",
        "a, b = 1, 2",
        "(a, b) = (1, 2)",
        "a += 1",
        "a .= 1",
        "a[1] = 1",
        "a.b = 1",
        "const a = 1",
        "global a = 1",
        "f(x) = 2x",
        "function f(x)\n  a = x\nend",
        "if b\n  a = 1\nelse\n  a = 2\nend",
        "for i in 1:3\n  a = i\nend",
        "mutable struct A\n  b\nend",
        "abstract type A end",
        "println(a)",
        "a != 1",
        "a = (1",
        "a = [1,",
        'a = "torn',
        "a = 1)",
        "begin\n  a = 1",
    ],
)
def test_it_tells_what_it_does_not_read_and_reads_the_rest(source: str) -> None:
    found = read(f"first = 1\n{source}\nlast = 2", "julia")
    names = [parameter.name for parameter in found.parameters]
    assert (names[0], names[-1]) == ("first", "last")
    assert found.problems[0].line == 2
    assert len(names) == 2 or "a = 1" in source


def test_it_says_nothing_of_comments_docstrings_and_packages() -> None:
    source = (
        '"""\nDoc\n"""\nusing Dates, CSV: read\nimport A\n# c\n#= a = 1\n=#\nx::Int = 1; α_2! = "😀" # Help\ny = \'"\''
    )
    found = read(source, "julia")
    assert found.problems == ()
    assert [(parameter.name, parameter.default, parameter.help) for parameter in found.parameters] == [
        ("x", 1, None),
        ("α_2!", "😀", "Help"),
        ("y", None, None),
    ]


def test_it_edits_right_hand_sides_only() -> None:
    source = 'x = "us" # 😀\nn::Int=5;y=[1,\n 2] # two\r\nf = 0.5'
    values: dict[str, Any] = {"x": 'f$"r', "n": 6, "y": [3], "f": 2}
    assert edited(source, values, "julia") == 'x = "f\\$\\"r" # 😀\nn::Int=6;y=[3] # two\r\nf = 2.0'
    assert edited(source, {"x": "us", "n": 5, "y": [1, 2], "f": 0.5}, "julia") == source


@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_it_reads_any_text_that_it_writes(text: str) -> None:
    assert only(f"x = {literal('julia', text, ANY)} # Help", "julia").default == text


@given(st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.integers()))
def test_it_reads_any_number_that_it_writes(value: float) -> None:
    assert identical(only(f"x = {literal('julia', value, ANY)}", "julia").default, value)


@given(st.text(st.sampled_from("\"'`$()[]#=\\\nx1 ,;."), max_size=30))
def test_it_survives_any_text(text: str) -> None:
    read(f"first = 1\n{text}", "julia")
    read(f"first <- 1\n{text}", "r")


@pytest.mark.parametrize(
    "text", ["(", "[", '"', '"$(', '"""', "#=", "begin\n", "end\n", "'", "`", 'raw"', 'x = "\n', "£\n"]
)
def test_it_gives_up_on_text_that_is_broken_all_over(text: str) -> None:
    found = read(f"first = 1\nx = {text * 20_000}", "julia")
    assert found.parameters[0].name == "first"
    assert len(found.parameters) <= 2
    assert len(found.problems) <= 101
