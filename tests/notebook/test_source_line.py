"""The line that stands for a cell which has failed, in a list of runs."""

from __future__ import annotations

import pytest

from jupyter_notebook_sched.notebook.execution.outcome import (
    LONGEST_NAME,
    LONGEST_SOURCE_LINE,
    LONGEST_TRACEBACK,
    LONGEST_VALUE,
    error_of_reply,
)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("1 / 0", "1 / 0"),
        ("\n\n  total = sum(rows)\nprint(total)", "total = sum(rows)"),
        ("# load the table\n\ndf = load()", "df = load()"),
        ("-- of the day\nselect 1", "select 1"),
        ("// in Scala\nval x = 1", "val x = 1"),
        ("%%sql\nselect 1", "%%sql"),
        ("#include <x>", "#include <x>"),
        ("# nothing but words", "# nothing but words"),
        ("", ""),
        ("\x1b[31mred\x1b[0m()", "red()"),
        ("x" * 1000, "x" * LONGEST_SOURCE_LINE + "…"),
        ("'\ud83d'", "'?'"),
    ],
)
def test_it_is_the_first_that_says_something(source: str, line: str) -> None:
    error = error_of_reply(3, {"id": "c", "source": source}, "ValueError", "no", [])
    assert error.source_line == line


def test_a_record_has_both_ends_of_what_is_long() -> None:
    value = "first" + "x" * 5_000_000 + "last"
    error = error_of_reply(0, {}, "N" * 1000, value, ["head", value, "tail"])
    for text, longest in (
        (error.name, LONGEST_NAME),
        (error.value, LONGEST_VALUE),
        (error.traceback, LONGEST_TRACEBACK),
    ):
        assert longest - 1 <= len(text) <= longest
    assert (error.value[:5], error.value[-4:]) == ("first", "last")
    assert f"… ({len(value)} characters) …" in error.value
    assert (error.traceback[:4], error.traceback[-4:]) == ("head", "tail")
    whole = error_of_reply(0, {}, "N", "x" * LONGEST_VALUE, [])
    assert whole.value == "x" * LONGEST_VALUE
