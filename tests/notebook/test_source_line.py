"""The line that stands for a cell which has failed, in a list of runs."""

from __future__ import annotations

import pytest

from jupyter_notebook_sched.notebook.execution.outcome import LONGEST_SOURCE_LINE, error_of_reply


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
