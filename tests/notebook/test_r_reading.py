from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_notebook_sched.notebook.parameters.literals import literal
from jupyter_notebook_sched.notebook.parameters.model import Parameter

from .parameter_cells import edited, only, read, right_hand_side
from .rscript import needs_r

LITERALS = [
    ("'us'", "string", "us"),
    ('"it\'s # not <- a comment"', "string", "it's # not <- a comment"),
    (r"'a\tb\\c\'d'", "string", "a\tb\\c'd"),
    (r"'\u00e9\U0001f600\u{e9}'", "string", "é😀é"),
    (r"'\x41\101'", "string", "AA"),
    ("'a\nb'", "string", "a\nb"),
    ("5", "number", 5),
    ("5L", "integer", 5),
    ("-5L", "integer", -5),
    ("1e3L", "integer", 1000),
    ("0x1F", "number", 31),
    ("1.5", "number", 1.5),
    (".5", "number", 0.5),
    ("-1e-3", "number", -0.001),
    ("Inf", "number", "Infinity"),
    ("-Inf", "number", "-Infinity"),
    ("NaN", "number", "NaN"),
    ("TRUE", "boolean", True),
    ("F", "boolean", False),
    ("NULL", "any", None),
    ("c('a', \"b\")", "array", ["a", "b"]),
    ("c(1, 2L, -3)", "array", [1, 2, -3]),
    ("c(1L,\n  # two\n  2L)", "array", [1, 2]),
    ("c(TRUE, FALSE)", "array", [True, False]),
    ("as.Date('2026-01-02')", "date", "2026-01-02"),
    (r'r"(C:\new)"', "string", r"C:\new"),
    (r"""R'---[a)"]--']---'""", "string", """a)"]--'"""),
    ("character(0)", "array", []),
    ("list(1, 'a', NULL)", "array", [1, "a", None]),
    ("list(list(1L), c(TRUE, FALSE))", "array", [[1], [True, False]]),
    ("list(a = 1, 'b c' = list(), `d` = list(e = NULL))", "object", {"a": 1, "b c": [], "d": {"e": None}}),
    ("structure(list(), names = character(0))", "object", {}),
    ("structure(list(1, 'b'), names = c('', 'a'))", "object", {"": 1, "a": "b"}),
]

MOMENTS = [
    ("as.POSIXct('2026-01-02 03:04:05')", "2026-01-02T03:04:05"),
    ('as.POSIXct("2026-01-02 03:04:05.5", tz = "UTC")', "2026-01-02T03:04:05.5Z"),
]


@pytest.mark.parametrize("assignment", [" <- ", " = ", "<-", " <-\n  "])
@pytest.mark.parametrize(("text", "type_", "default"), LITERALS)
def test_it_reads_literals(text: str, type_: str, default: Any, assignment: str) -> None:
    source = f"# Above\nx{assignment}{text}  # Help"
    found = only(source, "r")
    assert (found.type, found.default, type(found.default), found.help) == (type_, default, type(default), "Help")
    assert (right_hand_side(source, found), found.expression) == (text, None)


@pytest.mark.parametrize(("text", "default"), MOMENTS)
def test_it_reads_moments(text: str, default: str) -> None:
    found = only(f"x <- {text}", "r")
    assert (found.type, found.default, found.expression) == ("datetime", default, None)


@pytest.mark.parametrize(
    ("text", "type_"),
    [("NA", "any"), ("NA_character_", "string"), ("NA_integer_", "integer"), ("NA_real_", "number")],
)
def test_it_keeps_missing_values_missing(text: str, type_: str) -> None:
    found = only(f"x <- {text}", "r")
    assert (found.type, found.nullable, found.default, found.expression) == (type_, True, None, None)
    assert literal("r", None, found) == text


def test_it_reads_assign() -> None:
    source = "assign('my x', c(1L, 2L)) # Help"
    found = only(source, "r")
    assert (found.name, found.default, found.help, right_hand_side(source, found)) == (
        "my x",
        [1, 2],
        "Help",
        "c(1L, 2L)",
    )
    assert edited(source, {"my x": [3]}, "r") == "assign('my x', c(3L)) # Help"
    assert only("assign('x', 5)", "r").source == "assign('x', 5)"
    (problem,) = read("assign('x', 5, envir = e)", "r").problems
    assert "two arguments" in problem.message


def test_it_keeps_lists_lists() -> None:
    assert edited("x <- list(1, 2)\ny <- list()", {"x": [3, 4], "y": ["a"]}, "r") == 'x <- list(3, 4)\ny <- list("a")'


@pytest.mark.parametrize(
    "text",
    [
        "Sys.time()",
        "y",
        "1 + 2",
        "c()",
        "c(1, 'a')",
        "c(a = 1)",
        "c(1, NA)",
        "c(c(1), 2)",
        "2i",
        "list(a = 1, 2)",
        "list(a = 1, a = 2)",
        "list(x)",
        "list(NA)",
        "list(NaN)",
        "list(as.Date('2026-01-02'))",
        "list(1, )",
        "structure(list(1), class = 'a')",
        "as.POSIXct('2026-01-02 03:04', tz = 'Europe/Berlin')",
        "as.POSIXct('soon')",
        "c(TRUE, NA)",
        "1:10",
        r"'\x00'",
        r"'\q'",
        r"'\x41\u0041'",
        "if (a) 1 else 2",
        "a %in% b",
        "df$x",
        "as.Date('soon')",
        "-TRUE",
        "(5)",
        "x == 5",
        "{\n 1\n}",
        "f(a = 1, b <- 2)",
        "a |>\n  b()",
    ],
)
def test_it_shows_everything_else_as_an_expression(text: str) -> None:
    source = f"x <- {text}  # Help"
    found = only(source, "r")
    assert (found.expression, found.default, found.type, found.help) == (text, None, "any", "Help")


def test_it_knows_what_vectors_hold() -> None:
    assert [only(f"x <- {text}", "r").items for text in ("c(1L)", "c(1L, 2)", "c('a')", "c(TRUE)")] == [
        "integer",
        "number",
        "string",
        "boolean",
    ]


@pytest.mark.parametrize(
    "source",
    [
        "a <- b <- 1",
        "1 -> a",
        "a <<- 1",
        "a$b <- 1",
        "a[1] <- 1",
        "'a' <- 1",
        "names(a) <- 'x'",
        "f <- function(x) x",
        "f <- \\(x) x",
        "if (b) a <- 1",
        "if (b)\n  a <- 1",
        "for (i in 1:3)\n{\n  a <- i\n}",
        "if (b) {\n  a <- 1\n} else {\n  a <- 2\n}",
        "print(a)",
        "a <- 5)",
        "a <- 'torn",
        "a <- c(1,",
        "a <- (b <- 1",
    ],
)
def test_it_tells_what_it_does_not_read_and_reads_the_rest(source: str) -> None:
    found = read(f"first <- 1\n{source}\nlast <- '2'", "r")
    assert [parameter.name for parameter in found.parameters] == ["first", "last"]
    assert [problem.line for problem in found.problems] == [2]


def test_it_says_nothing_of_comments_and_libraries() -> None:
    source = "#' Title\nlibrary(dplyr)\nrequire('x'); suppressPackageStartupMessages(library(y))\n\nx <- 1"
    assert only(source, "r").name == "x"


def test_it_reads_several_statements_in_a_line_and_odd_names() -> None:
    found = read("a <- 1; `my x` <- 2 # Help\n.b.c = 3; été <- '😀'; z <- 'é' # Z", "r").parameters
    assert [(parameter.name, parameter.help) for parameter in found] == [
        ("a", None),
        ("my x", "Help"),
        (".b.c", None),
        ("été", None),
        ("z", "Z"),
    ]


def test_it_edits_right_hand_sides_only() -> None:
    source = "x <- 'us' # '😀'\nn=5L;y <- c(\n 1,\n 2) # two\r\nd <- as.Date('2026-01-01')\n"
    values: dict[str, Any] = {"x": 'f"r', "n": 6, "y": [3, 4.5], "d": "2026-02-03"}
    assert edited(source, values, "r") == (
        "x <- 'f\"r' # '😀'\nn=6L;y <- c(3, 4.5) # two\r\nd <- as.Date('2026-02-03')\n"
    )
    assert edited(source, {"x": "us", "n": 5, "y": [1, 2]}, "r") == source


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20), st.sampled_from("'\""))
def test_it_reads_any_text_that_it_writes(text: str, quote: str) -> None:
    written = literal("r", text, Parameter("x", "string"), quote)
    assert only(f"x <- {written} # Help", "r").default == text


@given(st.one_of(st.floats(allow_nan=False), st.integers(-(2**53), 2**53)))
def test_it_reads_any_number_that_it_writes(value: float) -> None:
    sent = {float("inf"): "Infinity", float("-inf"): "-Infinity"}.get(value, value)
    written = literal("r", sent, Parameter("x", "number"))
    assert only(f"x <- {written}", "r").default == sent


@needs_r
def test_it_agrees_with_r_about_literals() -> None:
    from .rscript import as_r_has_it, values_after

    names = [f"x{number}" for number in range(len(LITERALS))]
    code = "\n".join(f"{name} <- {text}" for name, (text, _, _) in zip(names, LITERALS, strict=True))
    told = values_after(code, names)
    special = {"Infinity": float("inf"), "-Infinity": float("-inf")}
    for arrived, (text, _, default) in zip(told, LITERALS, strict=True):
        if default != "NaN":
            expected = special.get(default, default) if isinstance(default, str) else default
            assert as_r_has_it(arrived) == as_r_has_it(expected), text


@needs_r
@pytest.mark.parametrize(
    "source",
    ["a <- (\n1\n) ; b = 'x;#\ny'", "f(1,\n2)\nif (a)\n b\nc <-\n  1 +\n 2\nd %>%\ne()", 'x <- r"--(a)" b)--"\ny'],
)
def test_it_cuts_statements_where_r_does(source: str) -> None:
    from jupyter_notebook_sched.notebook.parameters.r.lexing import continues, lex
    from jupyter_notebook_sched.notebook.parameters.tokens import statements

    program = f"cat(length(parse(text = {json.dumps(source)}, keep.source = FALSE)))"
    told = subprocess.run(["Rscript", "--vanilla", "-e", program], capture_output=True, text=True, check=True)
    assert len(statements(lex(source, 0), continues)) == int(told.stdout)


@pytest.mark.parametrize("text", ["(", "c(1,", '"', "'", "`", 'r"(', "->", "if (x)\n", "{", "x <- '\n", "£\n"])
def test_it_gives_up_on_text_that_is_broken_all_over(text: str) -> None:
    found = read(f"first <- 1\nx <- {text * 20_000}", "r")
    assert found.parameters[0].name == "first"
    assert len(found.parameters) <= 2
    assert len(found.problems) <= 101
