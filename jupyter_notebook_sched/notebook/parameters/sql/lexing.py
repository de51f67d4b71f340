"""SQL as tokens. Statements end with semicolons; where those are left out, before a word that begins one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..tokens import Token

_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\f\u00a0\ufeff]+)
  | (?P<newline>\r\n|\r|\n)
  | (?P<comment>--[^\r\n]*|/\*.*?\*/)
  | (?P<torn_comment>/\*)
  | (?P<meta>\\[a-z]+[^\r\n]*)
  | (?P<national>[nN]'(?:''|[^'])*')
  | (?P<other_string>[eEbBxX]'(?:\\.|''|[^'\\])*'|[uU]&'(?:''|[^'])*'|(?P<dollar>\$\w*\$).*?(?P=dollar))
  | (?P<string>'(?:\\.|''|[^'\\])*')
  | (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
  | (?P<name>@{0,2}[^\W\d][\w$]*|\"(?:\"\"|[^\"])+\"|`[^`\r\n]+`)
  | (?P<operator>:=|::|<>|!=|<=|>=|\|\||=>|->>?|[-+*/%<>=~!&|^?.@:$\#])
  | (?P<open>[(\[{])
  | (?P<close>[)\]}])
  | (?P<separator>[;,])
  | (?P<torn>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_KINDS = {"torn_comment": "torn", "dollar": "other_string"}
_PLAIN_STRING = re.compile(r"'(?:''|[^'])*'")
_BEGINS = frozenset(
    [
        *("declare", "set", "select", "insert", "update", "delete", "create", "drop", "alter", "use", "go", "print"),
        *("exec", "execute", "begin", "commit", "merge", "pragma", "install", "load", "attach", "truncate"),
    ]
)


def lex(cell: str, start: int) -> Iterator[Token]:
    """Tokens from ``start`` on, up to one that is torn."""
    depth, begun, line_end = 0, list[str](), None
    for token in _tokens(cell, start):
        if line_end is not None:
            opens = token.text.lower() in _BEGINS or token.kind == "meta"
            if begun and depth == 0 and opens:
                yield Token("separator", ";", line_end.start, line_end.start)
            yield line_end
            line_end = None
        if token.kind == "newline":
            line_end = token
            continue
        yield token
        depth = max(depth + {"open": 1, "close": -1}.get(token.kind, 0), 0)
        begun = [] if token.text == ";" else [*begun, token.text] if token.kind != "comment" and not begun else begun
    if line_end is not None:
        yield line_end


def _tokens(cell: str, start: int) -> Iterator[Token]:
    position, begun = start, list[str]()
    while position < len(cell):
        plain = cell[position] == "'" and _is_plain(begun)
        found = (_PLAIN_STRING.match(cell, position) if plain else None) or _TOKEN.match(cell, position)
        assert found is not None
        kind = "string" if found.re is _PLAIN_STRING else _KINDS.get(found.lastgroup or "", found.lastgroup or "torn")
        if kind == "meta" and cell[: found.start()].rpartition("\n")[2].strip():
            kind = "torn"  # only a line may be one
        position = found.end()
        if kind == "space":
            continue
        token = Token(kind, found[0], found.start(), found.end())
        yield token
        if kind == "torn":
            return
        if token.text == ";" or (token.text.lower() in _BEGINS and kind == "name"):
            begun = []
        if len(begun) < 2 and kind in ("name", "operator"):
            begun.append(token.text.lower())


def _is_plain(begun: list[str]) -> bool:
    """Whether a backslash is only that in texts of this statement, as in Transact-SQL and DuckDB."""
    return (begun[:1] == ["declare"] and begun[-1].startswith("@")) or begun in (["set", "variable"], ["set", "var"])


def continues(tokens: list[Token]) -> bool:
    """Only a semicolon ends a statement, and the line a command of psql."""
    return not tokens or tokens[0].kind != "meta"
