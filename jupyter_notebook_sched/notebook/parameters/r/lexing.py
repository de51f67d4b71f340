"""R source as tokens, and where its statements go on in the next line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..tokens import Token, before_brackets

_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\f\u00a0]+)
  | (?P<newline>\r\n|\r|\n)
  | (?P<comment>\#[^\r\n]*)
  | (?P<other_string>[rR](?P<quote>["'])(?P<dashes>-*)
        (?:\(.*?\)(?P=dashes)(?P=quote) | \[.*?\](?P=dashes)(?P=quote) | \{.*?\}(?P=dashes)(?P=quote)))
  | (?P<torn_raw>[rR]["']-*[(\[{])
  | (?P<string>"(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*')
  | (?P<number>(?:0[xX][0-9a-fA-F]+(?:\.[0-9a-fA-F]*)?(?:[pP][+-]?\d+)? | (?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[Li]?)
  | (?P<name>`(?:\\.|[^`\\])*` | (?:[^\W\d_]|\.(?!\d))[\w.]*)
  | (?P<operator><<-|<-|->>|->|\|>|\|\||&&|==|<=|>=|!=|:::|::|:=|%[^%\r\n]*%|[-+*/^<>=!&|~?:$@\\])
  | (?P<open>[(\[{])
  | (?P<close>[)\]}])
  | (?P<separator>[;,])
  | (?P<torn>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_CONDITIONED = frozenset({"if", "while", "for", "function"})


def lex(cell: str, start: int) -> Iterator[Token]:
    """Tokens from ``start`` on, up to one that is torn."""
    for found in _TOKEN.finditer(cell, start):
        kind = found.lastgroup or "torn"
        torn = kind in ("torn", "torn_raw")
        if kind != "space":
            yield Token("torn" if torn else kind, found[0], found.start(), found.end())
        if torn:
            return


def continues(tokens: list[Token]) -> bool:
    """Whether R waits for more: after an operator, or after a condition or ``else`` that has no body yet."""
    if not tokens:
        return False
    last = tokens[-1]
    if last.kind == "operator" or last.text in ("else", "repeat", ","):
        return True
    return last.text == ")" and before_brackets(tokens) in _CONDITIONED
