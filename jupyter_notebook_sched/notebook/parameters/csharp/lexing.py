"""C# source as tokens. Line ends end nothing there; a block that stands for itself ends with its bracket."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..tokens import Token

_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\f\v\u00a0\ufeff]+)
  | (?P<newline>\r\n|\r|\n)
  | (?P<directive>\#[^\r\n]*)
  | (?P<comment>//[^\r\n]*|/\*.*?\*/)
  | (?P<torn_comment>/\*)
  | (?P<raw>\$*(?P<quotes>\"{3,}))
  | (?P<other_string>\$\"(?:\\.|\{\{|\}|\{[^{}]*\}|[^\"\\\r\n{}])*\"
        | (?:\$@|@\$)\"(?:\"\"|\{\{|\}|\{[^{}]*\}|[^\"{}])*\")
  | (?P<verbatim>@\"(?:\"\"|[^\"])*\")
  | (?P<string>\"(?:\\.|[^\"\\\r\n])*\"(?:u8)?)
  | (?P<character>'(?:\\[^\r\n][^'\r\n]{0,8}|[^'\\\r\n])')
  | (?P<number>0[xXbB][0-9a-fA-F_]+[uUlL]{0,2}|(?:\d[\d_]*)?\.\d[\d_]*(?:[eE][+-]?\d+)?[fFdDmM]?
        |\d[\d_]*(?:[eE][+-]?\d+)?(?:[fFdDmM]|[uUlL]{1,2})?)
  | (?P<name>@?[^\W\d]\w*)
  | (?P<operator>=>|==|!=|<=|>=|\?\?=?|\?\.|&&|\|\||\+\+|--|[-+*/%&|^]=|->|::|\.\.|[-+*/%&|^!~<>=?:.])
  | (?P<open>[(\[{])
  | (?P<close>[)\]}])
  | (?P<separator>[;,])
  | (?P<torn>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_TORN = frozenset({"torn", "torn_comment"})
_QUOTES = re.compile(r"\"{3,}")


def lex(cell: str, start: int) -> Iterator[Token]:
    """Tokens from ``start`` on, up to one that is torn. A block or a body that stands for itself gets a ``;``."""
    depth, assigns, begun, position = 0, False, False, start
    while position < len(cell):
        found = _TOKEN.match(cell, position)
        assert found is not None
        kind, end = found.lastgroup or "torn", found.end()
        if kind == "raw":
            kind, end = _raw(cell, len(found["quotes"]), end)
        if kind == "directive" and begun:  # only a line may be one
            kind = "torn"
        position = end
        if kind in ("space", "directive"):
            continue
        text = cell[found.start() : end]
        yield Token("torn" if kind in _TORN else kind, text, found.start(), end)
        if kind in _TORN:
            return
        begun = kind != "newline" and (begun or kind != "comment")
        depth = max(depth + {"open": 1, "close": -1}.get(kind, 0), 0)
        if depth == 0 and text == "}" and not assigns:
            yield Token("separator", ";", end, end)
        assigns = (assigns or (depth == 0 and text in ("=", "=>"))) and not (depth == 0 and text in (";", "}"))


def _raw(cell: str, quotes: int, start: int) -> tuple[str, int]:
    """A raw string ends with as many quotes as it begins with."""
    for found in _QUOTES.finditer(cell, start):
        if len(found[0]) >= quotes:
            return "raw", found.end()
    return "torn", start


def continues(tokens: list[Token]) -> bool:
    """Only a semicolon ends a statement."""
    return True
