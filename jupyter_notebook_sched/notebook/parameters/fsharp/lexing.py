"""F# source as tokens; a line end is one only where the next line is not indented below its statement."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..tokens import Token, nested_comment_end

_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\f\u00a0\ufeff]+)
  | (?P<newline>\r\n|\r|\n)
  | (?P<directive>\#(?:[!a-zA-Z]|\ *(?:if|else|endif)\b)[^\r\n]*)
  | (?P<comment>//[^\r\n]*)
  | (?P<block_comment>\(\*(?!\)))
  | (?P<other_string>\$+\"{3}.*?\"{3}(?!\") | \$\"(?:\\.|\{\{|\}|\{[^{}]*\}|[^\"\\{}])*\"
        | (?:\$@|@\$)\"(?:\"\"|[^\"])*\")
  | (?P<raw>\"{3}.*?\"{3}B?)
  | (?P<torn_raw>\$*\"{3})
  | (?P<verbatim>@\"(?:\"\"|[^\"])*\"B?)
  | (?P<string>\"(?:\\.|[^\"\\])*\"B?)
  | (?P<character>'(?:\\[^\r\n'][^'\r\n]{0,8}|\\'|[^'\\\r\n])'B?)
  | (?P<symbol>[\'^][^\W\d]\w*)
  | (?P<number>0[xXoObB][0-9a-fA-F_]+[a-zA-Z]{0,2}|\d[\d_]*(?:\.(?!\.)[\d_]*)?(?:[eE][+-]?\d+)?[a-zA-Z]{0,2})
  | (?P<name>``(?:[^`\r\n]|`(?!`))+``|[^\W\d](?:[\w]|'(?!'))*)
  | (?P<open>\[<|\[\||\{\||[(\[{])
  | (?P<close>>\]|\|\]|\|\}|[)\]}])
  | (?P<operator>\|>|<\||<-|->|=>|::|:>|:\?>?|\.\.|&&|\|\||>>|<<|<>|<=|>=|:=|==|!=|\*\*
        |[-+*/%&|^!~<>=?:.@$\#])
  | (?P<separator>;;|[;,])
  | (?P<torn>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT_EDGE = re.compile(r"\(\*(?!\))|\*\)")
_GOES_ON = frozenset({"then", "else", "elif", "with", "in", "do", "done", "and", "end", "|", ">>", ";"})


def lex(cell: str, start: int) -> Iterator[Token]:
    """Tokens from ``start`` on, up to one that is torn."""
    tokens = list(_tokens(cell, start))
    following = _significant(tokens)
    begins: int | None = None
    depth = 0
    for token, after in zip(tokens, following, strict=True):
        if token.kind == "newline" and depth <= 0 and begins is not None and after is not None:
            column = _column(cell, after)
            if column > begins or (column == begins and _goes_on(after)):
                continue
        if token.kind not in ("newline", "comment") and begins is None:
            begins = _column(cell, token)
        depth += {"open": 1, "close": -1}.get(token.kind, 0)
        ended = depth <= 0 and (token.kind == "newline" or token.text == ";;")
        begins = None if ended else begins
        yield Token("separator", ";", token.start, token.end) if token.text == ";;" else token


def _significant(tokens: list[Token]) -> list[Token | None]:
    """For each token the next one that is no line end and no comment."""
    found: list[Token | None] = [None] * len(tokens)
    after: Token | None = None
    for place in range(len(tokens) - 1, -1, -1):
        found[place] = after
        if tokens[place].kind not in ("newline", "comment"):
            after = tokens[place]
    return found


def _goes_on(token: Token) -> bool:
    return token.text in _GOES_ON or token.kind == "close" or (token.kind == "operator" and token.text != "!")


def _column(cell: str, token: Token) -> int:
    return token.start - max(cell.rfind("\n", 0, token.start), cell.rfind("\r", 0, token.start)) - 1


def _tokens(cell: str, start: int) -> Iterator[Token]:
    position, begun = start, False
    while position < len(cell):
        found = _TOKEN.match(cell, position)
        assert found is not None
        kind, end = found.lastgroup or "torn", found.end()
        if kind == "block_comment":
            closed = nested_comment_end(cell, end, _COMMENT_EDGE, "(*")
            kind, end = ("torn", end) if closed is None else ("comment", closed)
        if kind == "directive" and begun:  # only a line may be one
            kind, end = "operator", found.start() + 1
        kind = {"torn_raw": "torn", "symbol": "name"}.get(kind, kind)
        position, begun = end, kind != "newline" and (begun or kind not in ("space", "comment"))
        if kind not in ("space", "directive"):
            yield Token(kind, cell[found.start() : end], found.start(), end)
        if kind == "torn":
            return


def continues(tokens: list[Token]) -> bool:
    """Indentation has told it already; what is left is a line that ends with ``=``."""
    return bool(tokens) and tokens[-1].text in ("=", ",")
