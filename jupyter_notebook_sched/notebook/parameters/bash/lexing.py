"""Bash source as tokens. Compound commands (``if … fi``) count as brackets; here-documents are passed over.

Beside the usual kinds there are ``assignment``, which is a name with its ``=`` or ``+=``, and ``word``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..tokens import Token
from .words import word_end

_TOKEN = re.compile(
    r"""
    (?P<space>(?:[ \t]|\\\r?\n)+)
  | (?P<newline>\r\n|\r|\n)
  | (?P<comment>\#[^\r\n]*)
  | (?P<separator>;(?![;&]))
  | (?P<operator>&&|\|\||;;&?|;&|\|&|&>>?|<<<|<<-?|>>|<>|[<>]&|>\||[&|<>])
  | (?P<open>\()
  | (?P<close>\))
  | (?P<assignment>[A-Za-z_][A-Za-z0-9_]*(?:\[[^\]\s]*\])?\+?=)
    """,
    re.VERBOSE,
)
_OPENERS = {"if": "fi", "case": "esac", "for": "done", "while": "done", "until": "done", "select": "done", "{": "}"}
_CLOSERS = frozenset(_OPENERS.values())
_BEFORE_COMMAND = frozenset({"&&", "||", "|", "|&", "&", ";", "then", "do", "else", "elif", "!", "time"})
_HERE = frozenset({"<<", "<<-"})
_DELIMITER_QUOTES = re.compile(r"[\"'\\]")


def lex(cell: str, start: int) -> Iterator[Token]:
    """Tokens from ``start`` on, up to one that is torn."""
    position, previous, closers, here = start, Token("newline", "", start, start), list[str](), list[tuple[str, bool]]()
    while position < len(cell):
        token = _token(cell, position, previous)
        position = token.end
        if token.kind == "space":
            continue
        if token.kind == "word" and previous.text in _HERE:
            here.append((_DELIMITER_QUOTES.sub("", token.text), previous.text == "<<-"))
        if token.kind in ("word", "open", "close"):
            token = _bracket(token, previous, closers)
        if token.kind == "newline" and here:
            position = _after_documents(cell, position, here)
            here.clear()
        if token.kind != "comment":
            previous = token if previous.text != "function" else Token("close", "", token.start, token.end)
        yield token
        if token.kind == "torn":
            return


def _token(cell: str, position: int, previous: Token) -> Token:
    found = _TOKEN.match(cell, position)
    assigned = previous.kind == "assignment" and previous.end == position  # then "a=b" is a text
    if found is not None and not (assigned and found.lastgroup in ("assignment", "comment")):
        return Token(found.lastgroup or "torn", found[0], position, found.end())
    end = word_end(cell, position)
    if end is None or end == position:
        return Token("torn", cell[position], position, position + 1)
    return Token("word", cell[position:end], position, end)


def _bracket(token: Token, previous: Token, closers: list[str]) -> Token:
    """Opens or closes where bash would; the bracket behind a pattern of ``case`` is none."""
    if token.text == "(" or (token.text in _OPENERS and _before_command(previous)):
        closers.append(")" if token.text == "(" else _OPENERS[token.text])
        return Token("open", token.text, token.start, token.end)
    if token.text == ")" and closers and closers[-1] != ")":
        return Token("operator", token.text, token.start, token.end)
    if token.text == ")" or (token.text in _CLOSERS and _before_command(previous)):
        if closers and closers[-1] == token.text:
            closers.pop()
        return Token("close", token.text, token.start, token.end)
    return token


def _before_command(previous: Token) -> bool:
    return previous.kind in ("newline", "open", "close") or previous.text in _BEFORE_COMMAND or previous.text == ")"


def _after_documents(cell: str, position: int, here: list[tuple[str, bool]]) -> int:
    """Where the cell goes on behind the texts of these here-documents; at its end where one of them has none."""
    for delimiter, indented in here:
        closing = re.compile(("^\t*" if indented else "^") + re.escape(delimiter) + "\r?$", re.MULTILINE)
        found = closing.search(cell, position)
        if found is None:
            return len(cell)
        position = min(found.end() + 1, len(cell))
    return position


def continues(tokens: list[Token]) -> bool:
    """Whether bash waits for more: behind a pipe, ``&&`` and ``||``."""
    return bool(tokens) and tokens[-1].text in ("&&", "||", "|", "|&")
