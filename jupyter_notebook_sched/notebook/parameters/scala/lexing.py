"""Scala source as tokens; a line end that does not end a statement is no token."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..tokens import Token, nested_comment_end

_OPERATOR = r"(?:(?!//|/\*)[-+*/%&|^<>=!~?:\#@\\⇒→←∀-⋿])+"
_TOKEN = re.compile(
    rf"""
    (?P<space>[ \t\f\u00a0]+)
  | (?P<newline>\r\n|\r|\n)
  | (?P<comment>//[^\r\n]*)
  | (?P<block_comment>/\*)
  | (?P<other_string>[^\W\d]\w*(?:\"{{3}}.*?\"{{3}}(?!\") | \"(?!\"\")(?:\\.|[^\"\\\r\n])*\"))
  | (?P<raw>\"{{3}}.*?\"{{3}}(?!\"))
  | (?P<torn_raw>\"{{3}})
  | (?P<string>\"(?:\\.|[^\"\\\r\n])*\")
  | (?P<character>'(?:\\u+[0-9a-fA-F]{{4}}|\\.|[^'\\\r\n])')
  | (?P<symbol>'[^\W\d]\w*)
  | (?P<number>0[xXbB][0-9a-fA-F_]+[lL]?|(?:\d[\d_]*)?\.\d[\d_]*(?:[eE][+-]?\d+)?[fFdD]?
        |\d[\d_]*(?:[eE][+-]?\d+)?[lLfFdD]?)
  | (?P<name>`[^`\r\n]+`|(?:[^\W\d]|\$)[\w$]*(?:(?<=_){_OPERATOR})?)
  | (?P<operator>{_OPERATOR}|\.)
  | (?P<open>[(\[{{])
  | (?P<close>[)\]}}])
  | (?P<separator>[;,])
  | (?P<torn>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_GOES_ON = frozenset(  # what cannot end a statement
    [
        *("abstract", "case", "catch", "class", "def", "do", "else", "extends", "final", "finally", "for", "forSome"),
        *("if", "implicit", "import", "lazy", "match", "new", "object", "override", "package", "private"),
        *("protected", "sealed", "super", "then", "throw", "trait", "try", "val", "var", "while", "with", "yield"),
    ]
)
_GOES_BACK = frozenset(  # what cannot begin one
    ["catch", "else", "extends", "finally", "forSome", "match", "with", "yield", "then", "do", ",", ";"]
)
_INDENTS = frozenset({"=", "then", "do", "else", "=>", "<-", "yield", "try", "catch", "finally", "match", ":"})


def lex(cell: str, start: int) -> Iterator[Token]:
    """Tokens from ``start`` on, up to one that is torn.

    A line that begins with an operator, or is indented below one that ends with ``=``, ``then`` and the like, belongs
    to the statement before: Scala 3 reads it so, and Scala 2 would find nothing useful to do with it alone.
    """
    tokens = list(_tokens(cell, start))
    following = _significant(tokens)
    depth, begins, block, previous = 0, 0, False, ""
    for token, after in zip(tokens, following, strict=True):
        if token.kind == "newline" and depth <= 0 and previous and after is not None:
            block = block or previous in _INDENTS
            if (block and _column(cell, after) > begins) or _goes_back(cell, after):
                continue
        if token.kind == "newline" and depth <= 0:
            block, previous = False, ""
        elif token.kind not in ("newline", "comment"):
            if not previous:
                begins = _column(cell, token)
            previous = token.text
            depth += {"open": 1, "close": -1}.get(token.kind, 0)
        yield token


def _significant(tokens: list[Token]) -> list[Token | None]:
    """For each token the next one that is no line end and no comment."""
    found: list[Token | None] = [None] * len(tokens)
    after: Token | None = None
    for place in range(len(tokens) - 1, -1, -1):
        found[place] = after
        if tokens[place].kind not in ("newline", "comment"):
            after = tokens[place]
    return found


def _goes_back(cell: str, token: Token) -> bool:
    infix = token.kind == "operator" and (token.text == "." or cell[token.end : token.end + 1].isspace())
    return infix or token.text in _GOES_BACK


def _column(cell: str, token: Token) -> int:
    return token.start - max(cell.rfind("\n", 0, token.start), cell.rfind("\r", 0, token.start)) - 1


def _tokens(cell: str, start: int) -> Iterator[Token]:
    position = start
    while position < len(cell):
        found = _TOKEN.match(cell, position)
        assert found is not None
        kind, end = found.lastgroup or "torn", found.end()
        if kind == "block_comment":
            closed = nested_comment_end(cell, end, _COMMENT_EDGE, "/*")
            kind, end = ("torn", end) if closed is None else ("comment", closed)
        kind = {"torn_raw": "torn", "symbol": "name"}.get(kind, kind)
        position = end
        if kind != "space":
            yield Token(kind, cell[found.start() : end], found.start(), end)
        if kind == "torn":
            return


def continues(tokens: list[Token]) -> bool:
    """Whether Scala waits for more: after an operator or a word that cannot end a statement, or after a condition."""
    if not tokens:
        return False
    last = tokens[-1]
    if last.text in _GOES_ON or last.text == ",":
        return True
    if last.kind == "operator":
        return True
    return last.text == ")" and tokens[0].text in ("if", "while", "for") and _is_condition(tokens)


def _is_condition(tokens: list[Token]) -> bool:
    """Whether the brackets that end here are those of the ``if`` before them."""
    depth = 0
    for place in range(len(tokens) - 1, 0, -1):
        depth += {"open": -1, "close": 1}.get(tokens[place].kind, 0)
        if depth == 0:
            return tokens[place - 1].text in ("if", "while", "for")
    return False
