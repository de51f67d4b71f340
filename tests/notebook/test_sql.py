"""SQL as DuckDB runs it, and as sqlglot reads it in other dialects; and ``%%sql`` cells of Python notebooks."""

from __future__ import annotations

from functools import cache
from typing import Any

import duckdb
import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from jupyter_notebook_sched.errors import Invalid
from jupyter_notebook_sched.notebook.parameters.injecting import injected_source
from jupyter_notebook_sched.notebook.parameters.literals import literal

from .json_values import identical
from .parameter_cells import edited, only, read, right_hand_side

texts = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12),
    st.text(st.sampled_from("'\"\\;-$:{}\n\r%é😀N"), max_size=8),
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63) + 1, 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    texts,
)


@cache
def database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def duckdb_has(source: str) -> Any:
    database().execute(source)
    (row,) = database().execute("select getvariable('x')").fetchall()
    return row[0]


@given(scalars)
def test_it_sends_values_to_duckdb_unchanged(value: Any) -> None:
    source = injected_source("sql", [only("SET VARIABLE x = NULL;", "sql")], {"x": value})
    assert identical(duckdb_has(source), value), source


@given(st.one_of(st.lists(texts), st.lists(st.integers(-(2**63) + 1, 2**63 - 1))))
def test_it_sends_lists_to_duckdb_unchanged(value: list[Any]) -> None:
    source = injected_source("sql", [only("SET VARIABLE x = ['a'];", "sql")], {"x": value})
    assert duckdb_has(source) == value, source


@pytest.mark.parametrize(
    ("declared", "sent", "expected"),
    [
        ("SET VARIABLE x = 1.5;", 2, 2.0),
        ("SET VARIABLE x = 1.5e0;", "-Infinity", float("-inf")),
        ("SET VARIABLE x = [1.5e0];", [1, 2.5], [1.0, 2.5]),
        ("SET VARIABLE x = DATE '2026-01-02';", "2026-02-03", "2026-02-03"),
        ("SET VARIABLE x = TIMESTAMP '2026-01-02 03:04:05';", "2026-02-03T04:05:06", "2026-02-03T04:05:06"),
        ("SET VARIABLE x = [1, NULL];", [None, 2], [None, 2]),
    ],
)
def test_it_keeps_what_the_cell_has_in_duckdb(declared: str, sent: Any, expected: Any) -> None:
    arrived = duckdb_has(injected_source("sql", [only(declared, "sql")], {"x": sent}))
    assert (arrived.isoformat() if hasattr(arrived, "isoformat") else arrived) == expected


@pytest.mark.parametrize(
    ("declared", "dialect"),
    [
        ("DECLARE @x NVARCHAR(MAX) = N'a';", "tsql"),
        ("DECLARE x STRING DEFAULT 'a';", "bigquery"),
        ("DECLARE x STRING DEFAULT 'a';", "snowflake"),
        ("DECLARE OR REPLACE VARIABLE x STRING DEFAULT 'a';", "duckdb"),
    ],
)
@given(texts)
def test_it_writes_texts_that_the_dialect_reads(declared: str, dialect: str, text: str) -> None:
    parameter = only(declared, "sql")
    if dialect == "tsql" and ("\\\n" in text or "\\\r" in text):
        with pytest.raises(Invalid, match="end of a line"):
            literal("sql", text, parameter)
        return
    written = literal("sql", text, parameter)
    told = sqlglot.parse_one(f"select {written}", dialect=dialect).selects[0]
    if dialect != "duckdb":
        assert isinstance(told, exp.National | exp.Literal)
        assert told.name == text
        assert only(edited(declared, {"x": text}, "sql"), "sql").default == text


@pytest.mark.parametrize(
    ("text", "type_", "default"),
    [
        ("DECLARE @x INT = {5}  -- Help", "integer", 5),
        ("DECLARE @x NVARCHAR(50) = {N'it''s é'};  -- Help", "string", "it's é"),
        ("DECLARE @x BIT = {1};  -- Help", "boolean", True),
        ("DECLARE @x AS FLOAT = {-1.5e3}; -- Help", "number", -1500.0),
        ("SET @x = {2.5}; -- Help", "number", 2.5),
        ("SET @x := {'a -- b'}; /* Help */", "string", "a -- b"),
        ("SET VARIABLE x = {[1, 2]}; -- Help", "array", [1, 2]),
        ("SET VARIABLE x = {DATE '2026-01-02'}; -- Help", "date", "2026-01-02"),
        ("set var x = {NULL}; -- Help", "any", None),
        ("DECLARE x INT64 DEFAULT {5}; -- Help", "integer", 5),
        ("DECLARE x STRING DEFAULT {'a\\\\b\\n'}; -- Help", "string", "a\\b\n"),
        ("SET x = {'us'}; -- Help", "string", "us"),
        ("SET SESSION x TO {true}; -- Help", "boolean", True),
        ("-- Help\nSET x = {5};", "integer", 5),
        ("-- Help\n\\set x {'it''s\\n'}", "string", "it's\n"),
        ("-- Help\n\\set x {5}", "integer", 5),
        ("-- Help\n\\set x {word}", "string", "word"),
    ],
)
def test_it_reads_what_is_set(text: str, type_: str, default: Any) -> None:
    source, value = text.replace("{", "").replace("}", ""), text[text.index("{") + 1 : text.index("}")]
    found = only(source, "sql")
    assert (found.name, found.type, found.help) == ("x", type_, "Help")
    assert identical(found.default, default)
    assert right_hand_side(source, found) == value


@pytest.mark.parametrize(
    "text",
    [
        "SET x = {'C:\\x'};",
        "SET x = {a + 1};",
        "SET VARIABLE x = {(SELECT\n 1)};",
        "SET x = {E'\\n'};",
        "\\set x {a b}",
    ],
)
def test_it_shows_what_it_would_have_to_guess_as_an_expression(text: str) -> None:
    source, value = text.replace("{", "").replace("}", ""), text[text.index("{") + 1 : text.index("}")]
    found = only(source, "sql")
    assert (found.expression, found.default, found.type) == (value, None, "any")


def test_it_reads_statements_without_semicolons_and_tells_the_rest() -> None:
    source = "DECLARE @a INT = 1\nDECLARE @b DATE\nSET @c = 2\nSET @d = 3, @e = 4;\nSET NOCOUNT ON\nSELECT @a\nUSE x;"
    found = read(source, "sql")
    assert [(each.name, each.default, each.required) for each in found.parameters] == [
        ("a", 1, False),
        ("b", None, True),
        ("c", 2, False),
    ]
    assert [problem.line for problem in found.problems] == [4, 6]
    assert edited(source, {"b": "2026-01-02", "a": 5}, "sql").startswith(
        "DECLARE @a INT = 5\nDECLARE @b DATE = '2026-01-02'\nSET @c"
    )


@pytest.mark.parametrize(
    ("declared", "sent", "expected"),
    [
        ("DECLARE @x NVARCHAR(9) = 'a'", "é'", "DECLARE @x NVARCHAR(9) = N'é''';"),
        ("DECLARE @x BIT = 0", True, "DECLARE @x BIT = 1;"),
        ("DECLARE @x DATE", "2026-01-02", "DECLARE @x DATE = '2026-01-02';"),
        ("DECLARE OR REPLACE VARIABLE x INT DEFAULT 5", 6, "SET VARIABLE x = 6;"),
        ("DECLARE x STRING DEFAULT 'a'", "\\'", "DECLARE x STRING DEFAULT '\\\\\\'';"),
        ("SET x TO 'a'", "b", "SET x TO 'b';"),
        ("SET x = 1.5", 0.1, "SET x = 0.1;"),
        ("SET x = 1e5", 0.1, "SET x = 0.1e0;"),
        ("\\set x 5", 6, "\\set x 6"),
        ("\\set x a", "it's\n\\", "\\set x 'it''s\\n\\\\'"),
    ],
)
def test_it_sets_it_again_as_the_cell_sets_it(declared: str, sent: Any, expected: str) -> None:
    assert injected_source("sql", [only(declared, "sql")], {"x": sent}) == f"-- Parameters\n{expected}"


@pytest.mark.parametrize(
    ("declared", "sent", "why"),
    [
        ("SET x = 'a'", "a\\b", "backslash"),
        ("SET @x = 'a'", "a\\b", "backslash"),
        ("SET x = 'a'", "a\0b", "NUL"),
        ("SET x = NULL", [1], "list"),
        ("SET VARIABLE x = [1]", [1, "a"], "one type"),
        ("SET VARIABLE x = NULL", {"a": 1}, "objects"),
        ("SET x = 5", 2**63, "whole number"),
        ("SET x = 1.5", "NaN", "finite"),
        ("DECLARE @x VARCHAR(9) = 'a'", "é", "NVARCHAR"),
        ("DECLARE @x INT = 5", 2**31, "from -2147483648"),
        ("\\set x a", None, "null"),
    ],
)
def test_it_refuses_what_databases_read_differently(declared: str, sent: Any, why: str) -> None:
    parameter = only(declared, "sql")
    with pytest.raises(Invalid, match=why) as refused:
        injected_source("sql", [parameter], {"x": sent})
    assert (refused.value.reason, refused.value.errors[0].field) == ("value_not_representable", "parameters.x")


CELL = "%%sql duckdb://  😀\n-- How many\nSET VARIABLE n = 5;\nSET VARIABLE s = 'a';  -- Name\n"


def test_it_reads_and_edits_a_sql_cell_of_a_python_notebook() -> None:
    found = read(CELL)
    assert found.problems == ()
    assert [(each.name, each.type, each.default, each.help) for each in found.parameters] == [
        ("n", "integer", 5, "How many"),
        ("s", "string", "a", "Name"),
    ]
    assert right_hand_side(CELL, found.parameters[1]) == "'a'"
    assert edited(CELL, {"s": "it's"}) == CELL.replace("'a'", "'it''s'")


def test_it_injects_into_a_python_notebook_what_begins_with_the_same_magic() -> None:
    source = injected_source("python", read(CELL).parameters, {"s": "b", "n": 6})
    assert source == "%%sql duckdb://  😀\n-- Parameters\nSET VARIABLE n = 6;\nSET VARIABLE s = 'b';"


@pytest.mark.parametrize("text", ["{x}", "a$b", ":name", "a :b", "\\:x"])
def test_it_refuses_texts_in_which_the_sql_magic_would_fill_in_something(text: str) -> None:
    with pytest.raises(Invalid, match="magic"):
        injected_source("python", read(CELL).parameters, {"s": text})


def test_it_sends_a_time_through_the_sql_magic() -> None:
    assert "'07:30 http://x'" in injected_source("python", read(CELL).parameters, {"s": "07:30 http://x"})


@pytest.mark.parametrize("magic", ["%%bash", "%%writefile x.py", "%%html", "%%mine --a", "%%cython"])
def test_it_tells_that_a_magic_hides_the_variables(magic: str) -> None:
    found = read(f"{magic}\nx=1")
    assert found.parameters == ()
    (problem,) = found.problems
    assert (problem.line, magic.split()[0] in problem.message) == (1, True)


def test_it_reads_cells_in_another_language_where_their_variables_last() -> None:
    source = "%%R -o y\nx <- c('a') # Help"
    (found,) = read(source).parameters
    assert (found.default, found.help) == (["a"], "Help")
    assert injected_source("python", [found], {"x": ["b"]}) == '%%R -o y\n# Parameters\nx <- c("b")'
    source = "#!fsharp\nlet x = 5"
    (found,) = read(source, "csharp").parameters
    assert edited(source, {"x": 6}, "csharp") == "#!fsharp\nlet x = 6"
    assert injected_source("csharp", [found], {"x": 6}) == "#!fsharp\n// Parameters\nlet x = 6"


def test_it_reads_what_follows_the_last_of_many_magics() -> None:
    (found,) = read("#!csharp\n" * 5_000 + "#!fsharp\nlet x = 5", "csharp").parameters
    assert found.default == 5


def test_it_tells_the_line_of_the_whole_cell() -> None:
    found = read("%%sql\nSELECT 1;\nSET x = 5;")
    assert [problem.line for problem in found.problems] == [2]


@given(st.text(st.sampled_from("\"'`$()[]{}<>=\\\n\r x1,;:.@*/-setSELCN%"), max_size=40))
def test_it_survives_any_text(text: str) -> None:
    read(f"SET x = 1;\n{text}", "sql")
    read(f"%%sql{text}")


@pytest.mark.parametrize("text", ["(", "[", '"', "/*", "'", "$a$", "--\n", "SET x =\n", "\\", "SET\n", "N'"])
def test_it_gives_up_on_text_that_is_broken_all_over(text: str) -> None:
    found = read(f"SET x = 1;\n{text * 20_000}", "sql")
    assert len(found.parameters) <= 2
    assert len(found.problems) <= 101
