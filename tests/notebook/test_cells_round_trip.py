"""Generated cells of every language that is lexed here by rules of its own: edits touch only what they name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .json_values import identical
from .parameter_cells import edited, read


@dataclass(frozen=True)
class Spelling:
    """How a language writes a statement and a comment, and defaults of its own with a new value for each."""

    statement: str
    comments: tuple[str, ...]
    values: tuple[tuple[str, Any], ...]
    fillers: tuple[str, ...]


LANGUAGES = {
    "bash": Spelling(
        "{name}={value}",
        ('# it\'s "one" $(', "#"),
        (
            ("us", "it's $x"),
            ("'a # b'", "\n\\"),
            ('"x = 1"', "é😀!"),
            ("$'a\\'b'", ""),
            ("5", 6),
            ("-1.5", 2.25),
            ("true", False),
            ("(a 'b c')", ["d", "e'"]),
            ("(\n  1 # one )\n  2\n)", [3]),
            ("$HOME", "x"),
            ('"$(f "a # b" \')\')"', "y"),
        ),
        ("set -e", "if true; then\n  q=1\nfi", "cat <<A\nq='\nA", "f() { q=1; }", ""),
    ),
    "javascript": Spelling(
        "let {name} = {value}",
        ('// it\'s "one" `', "/* = 1; */"),
        (
            ("'us'", 'it\'s "x"'),
            ('"a // b"', "\n\\\u2028"),
            ("`x\n= 1`", "${x}`"),
            ("5", 6.5),
            ("5n", -7),
            ("-1.5e-3", 2),
            ("true", False),
            ("null", {"a": [None]}),
            ("[1, // one ]\n 2]", [3, 4.5]),
            ("{a: 1, 'b': [{}]}", {"__proto__": 1, "c": "d"}),
            ("new Date('2026-01-02')", "2026-02-03"),
            ("f(`a ${b}`) / 2", 1),
            ("/[/'\"]/g", [1]),
        ),
        ("import a from 'a'", "if (a) { q = 1 }", "const q = 1", "function f() { q = 1 }", ""),
    ),
    "julia": Spelling(
        "{name} = {value}",
        ('# it\'s "one" $(', "#= = 1 =#"),
        (
            ('"us"', "it's $x \""),
            ('"a # b"', "\n\\"),
            ('raw"x = 1"', "é😀"),
            ("5", 6),
            ("-1.5e-3", 2.5),
            ("true", False),
            ("nothing", {"a": [None]}),
            ("[1, # one ]\n 2]", [3]),
            ('Dict("a" => 1)', {"b$": [True]}),
            ("Date(2026, 1, 2)", "2026-02-03"),
            ('f("$(g("#"))")', 1),
        ),
        ("using Dates", "if a\n  q = 1\nend", "const q = 1", "f(x) = x", ""),
    ),
    "powershell": Spelling(
        "${name} = {value}",
        ('# it\'s "one" $(', "<# = 1 #>"),
        (
            ("'us'", "it's $x \u2019"),
            ('"a # `"b`""', "\n`\x85"),
            ("@'\nx = 1\n'@", "é😀"),
            ("5", 6),
            ("-1.5e-3", 2.5),
            ("$true", False),
            ("$null", {"a": [None]}),
            ("@(1, # one )\n 2)", [3]),
            ("@('a'\n'b')", ["c"]),
            ("@{a = 1; 'b' = @()}", {"c": "d"}),
            ("[datetime]'2026-01-02'", "2026-02-03"),
            ('"$(f "a # )")"', 1),
            ("Get-Date |\n  Out-String", "x"),
        ),
        ("Import-Module A", "if ($a) { $q = 1 }", "function f { $q = 1 }", "Write-Host a", ""),
    ),
    "r": Spelling(
        "{name} <- {value}",
        ('# it\'s "one" (', "#' = 1"),
        (
            ("'us'", 'it\'s "x"'),
            ('"a # b"', "\n\\"),
            ('r"(x <- 1)"', "é😀"),
            ("5", 6.5),
            ("5L", 7),
            ("-1.5e-3", 2),
            ("TRUE", False),
            ("NULL", {"a": [None, 1]}),
            ("c(1L, # one )\n 2L)", [3, 4]),
            ("list(a = 1, b = list())", {"c": ["d", 1]}),
            ("as.Date('2026-01-02')", "2026-02-03"),
            ("f('#') + 1", 1),
        ),
        ("library(a)", "if (a) { q <- 1 }", "f <- function(x) x", "print(a)", ""),
    ),
}
endings = st.sampled_from(["\n", "\r\n", "\n\n", " \n", "\n  "])


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=60)
@given(st.data())
def test_it_changes_one_value_and_reads_it_back(language: str, data: st.DataObject) -> None:
    spelling = LANGUAGES[language]
    chosen = data.draw(st.lists(st.sampled_from(spelling.values), min_size=1, max_size=6), label="values")
    pieces = [_line(spelling, number, value, data) for number, (value, _) in enumerate(chosen)]
    source = "".join(before + value + after for before, value, after in pieces)
    place = data.draw(st.integers(0, len(chosen) - 1), label="edited")
    name, sent = f"x{place}", chosen[place][1]

    before = {one.name: one for one in read(source, language).parameters}
    assert list(before) == [f"x{number}" for number in range(len(chosen))]
    written = edited(source, {name: sent}, language)
    head = "".join("".join(piece) for piece in pieces[:place]) + pieces[place][0]
    tail = pieces[place][2] + "".join("".join(piece) for piece in pieces[place + 1 :])
    assert written.startswith(head)
    assert written.endswith(tail)
    assert len(written) >= len(head) + len(tail)

    after = {one.name: one for one in read(written, language).parameters}
    assert list(after) == list(before)
    found = after.pop(name)
    assert found.expression is None
    assert identical(_doubles(found.default), _doubles(sent))
    assert found.help == before.pop(name).help
    assert all(identical(one.default, before[other].default) for other, one in after.items())
    assert edited(written, {name: found.default}, language) == written


def _line(spelling: Spelling, number: int, value: str, data: st.DataObject) -> tuple[str, str, str]:
    """What stands before a value, the value, and what stands behind it up to the next line."""
    filler = data.draw(st.sampled_from(spelling.fillers))
    head, tail = spelling.statement.replace("{name}", f"x{number}").split("{value}")
    comment = data.draw(st.sampled_from([*spelling.comments, ""]))
    return f"{filler}\n{head}", value, f"{tail} {comment}{data.draw(endings)}"


def _doubles(value: Any) -> Any:
    if isinstance(value, list):
        return [_doubles(item) for item in value]
    if isinstance(value, dict):
        return {key: _doubles(item) for key, item in value.items()}
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
