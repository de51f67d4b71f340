"""JavaScript source as tokens. Line breaks at which no statement ends (ECMAScript, *Automatic Semicolon Insertion*) are
left out. A template without substitutions is a string, any other an ``other_string``, and so are regular expressions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..tokens import Token, before_brackets

_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\f\v\u00a0\ufeff]+)
  | (?P<newline>\r\n|[\r\n\u2028\u2029])
  | (?P<comment>//[^\r\n\u2028\u2029]*|/\*.*?\*/|\A\#![^\r\n]*)
  | (?P<torn_comment>/\*)
  | (?P<string>"(?:\\(?:\r\n|.)|[^"\\\r\n])*"|'(?:\\(?:\r\n|.)|[^'\\\r\n])*')
  | (?P<template>`)
  | (?P<number>(?:0[xXbBoO][0-9a-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?)n?)
  | (?P<name>[@\#]?(?:[^\W\d]|\$)[\w$\u200c\u200d]*)
  | (?P<slash>/)
  | (?P<operator>>>>=|\.\.\.|===|!==|\*\*=|<<=|>>=|>>>|&&=|\|\|=|\?\?=|=>|==|!=|<=|>=|&&|\|\||\?\?|\?\.|\+\+|--
      |[-+*%&|^]=|<<|>>|\*\*|[-+*%&|^!~<>=?:.])
  | (?P<open>[(\[{])
  | (?P<close>[)\]}])
  | (?P<separator>[;,])
  | (?P<torn>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_REGULAR = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\r\n]){0,1000}\]|[^/\\\[\r\n])+/\w*")
_DIVISION = re.compile(r"/=?")
_IN_TEMPLATE = re.compile(r"\\.|`|\$\{", re.DOTALL)
_IN_SUBSTITUTION = re.compile(r"""//[^\r\n]*|/\*.*?\*/|"(?:\\.|[^"\\\r\n])*"|'(?:\\.|[^'\\\r\n])*'|[`{}]""", re.DOTALL)
_VALUES = frozenset({"name", "number", "string", "other_string", "close"})
_BEFORE_VALUE = frozenset({"return", "typeof", "case", "in", "of", "delete", "void", "await", "new", "instanceof"})
_UNARY = frozenset({"++", "--", "!", "~"})
_ON_NEXT_LINE = frozenset({"(", "[", ",", "else", "catch", "finally", "in", "instanceof"})
_WAITING = frozenset({"let", "var", "const", "export", "new", "typeof", "await", "else", "extends", "of", "in", "as"})
_CONDITIONED = frozenset({"if", "for", "while", "with"})


def lex(cell: str, start: int) -> Iterator[Token]:
    """Tokens from ``start`` on, up to one that is torn."""
    held: list[Token] = []  # line breaks, and comments behind them, until it is seen whether the statement goes on
    for token in _tokens(cell, start):
        if token.kind == "newline" or (held and token.kind == "comment"):
            held.append(token)
            continue
        if not _goes_on(token):
            yield from held
        held = []
        yield token
    yield from held


def _goes_on(token: Token) -> bool:
    """Whether a line that begins with this token belongs to the statement of the line before."""
    if token.kind == "operator":
        return token.text not in _UNARY
    return token.text in _ON_NEXT_LINE or token.text.startswith("`")


def _tokens(cell: str, position: int) -> Iterator[Token]:
    previous = Token("newline", "", position, position)
    while position < len(cell):
        found = _TOKEN.match(cell, position)
        assert found is not None
        kind, end = found.lastgroup or "torn", found.end()
        if kind == "template":
            kind, end = _template(cell, end)
        elif kind == "slash":
            kind, end = _slash(cell, position, previous)
        elif kind == "torn_comment":
            kind = "torn"
        token = Token(kind, cell[position:end], position, end)
        position = end
        if kind == "space":
            continue
        if kind not in ("comment", "newline"):
            previous = token
        yield token
        if kind == "torn":
            return


def _template(cell: str, start: int) -> tuple[str, int]:
    """Follows a template into its substitutions and the templates in those."""
    kind, position, closers = "string", start, ["`"]
    while closers:
        in_text = closers[-1] == "`"
        found = (_IN_TEMPLATE if in_text else _IN_SUBSTITUTION).search(cell, position)
        if found is None:
            return "torn", start
        position = found.end()
        if found[0] == closers[-1]:
            closers.pop()
        elif found[0] in ("${", "{"):
            closers.append("}")
            kind = "other_string"
        elif found[0] == "`":
            closers.append("`")
    return kind, position


def _slash(cell: str, position: int, previous: Token) -> tuple[str, int]:
    """A division behind a value, else a regular expression."""
    divides = previous.kind in _VALUES and previous.text not in _BEFORE_VALUE
    found = None if divides else _REGULAR.match(cell, position)
    if found is not None:
        return "other_string", found.end()
    found = _DIVISION.match(cell, position)
    assert found is not None
    return "operator", found.end()


def continues(tokens: list[Token]) -> bool:
    """Whether JavaScript waits for more: behind an operator, or a condition that has no body yet."""
    if not tokens:
        return False
    last = tokens[-1]
    if last.kind == "operator":
        return last.text not in ("++", "--")
    if last.text in _WAITING or last.text == ",":
        return True
    return last.text == ")" and before_brackets(tokens) in _CONDITIONED
