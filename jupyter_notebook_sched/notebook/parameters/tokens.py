"""Tokens of a language whose statements end where its lines do, and the top-level statements they make."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from .offsets import Places

MOST_TORN = 5


@dataclass(frozen=True, slots=True)
class Token:
    """``kind``: name, number, string, other_string, operator, open, close, separator, newline, comment, torn.

    A string is one whose text is all there is to it; ``other_string`` stands for raw, interpolated and prefixed ones.
    ``torn`` is what is no token, such as a quote that never closes, and the last one. Spaces are no tokens.
    """

    kind: str
    text: str
    start: int
    end: int


Lexer = Callable[[str, int], Iterable[Token]]
"""The tokens of a text from an index on."""


@dataclass(slots=True)
class Statement:
    """A top-level statement. ``whole`` is False where a bracket or quote does not close.

    ``comment`` stands behind it, ``above`` on the lines right before it.
    """

    tokens: list[Token] = field(default_factory=list)
    comment: str | None = None
    whole: bool = True
    above: list[str] = field(default_factory=list)


def statements(tokens: Iterable[Token], continues: Callable[[list[Token]], bool]) -> list[Statement]:
    """Cut at line ends and semicolons outside brackets, except where the statement so far ``continues``."""
    found: list[Statement] = []
    current, last_of_line, depth = Statement(), Statement(), 0
    above: list[str] = []
    for token in tokens:
        ends = depth == 0 and (token.text == ";" or (token.kind == "newline" and not continues(current.tokens)))
        if token.kind == "comment":
            if depth == 0:
                (current if current.tokens else last_of_line).comment = token.text
        elif token.kind != "newline" and not ends:
            depth += {"open": 1, "close": -1}.get(token.kind, 0)
            current.whole = current.whole and depth >= 0 and token.kind != "torn"
            depth = max(depth, 0)
            if not current.tokens:
                current.above, above = above, []
            current.tokens.append(token)
        if ends and current.tokens:
            found.append(current)
            current, last_of_line = Statement(), current
        if token.kind == "newline":
            alone = not current.tokens and not last_of_line.tokens
            if alone and last_of_line.comment is not None:
                above.append(last_of_line.comment)
            else:
                above = []
            last_of_line = Statement()
    if current.tokens:
        current.whole = current.whole and depth == 0
        found.append(current)
    return found


def all_statements(
    places: Places, lex: Lexer, continues: Callable[[list[Token]], bool]
) -> tuple[list[Statement], int | None]:
    """The statements of a cell. One that never closes ends with its first line, and the rest is read all the same.

    After ``MOST_TORN`` of those it is given up; the second value is then where the rest begins that was not read.
    """
    found: list[Statement] = []
    position = 0
    for _ in range(MOST_TORN):
        fresh = statements(lex(places.text, position), continues)
        found += fresh
        if not fresh or fresh[-1].whole:
            return found, None
        position = places.line_end(fresh[-1].tokens[0].start)
    return found, position


def split_at_commas(tokens: list[Token]) -> list[list[Token]]:
    """The parts between the commas that are in no bracket."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += {"open": 1, "close": -1}.get(token.kind, 0)
        if token.text == "," and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def outside_brackets(tokens: list[Token]) -> list[Token]:
    """The tokens that are in no bracket."""
    found, depth = [], 0
    for token in tokens:
        if token.kind == "close":
            depth -= 1
        if depth == 0 and token.kind not in ("open", "close"):
            found.append(token)
        if token.kind == "open":
            depth += 1
    return found


def before_brackets(tokens: list[Token]) -> str:
    """The text of the token before the bracket that the last token closes."""
    depth = 0
    for place in range(len(tokens) - 1, 0, -1):
        depth += {"open": -1, "close": 1}.get(tokens[place].kind, 0)
        if depth == 0:
            return tokens[place - 1].text
    return ""


def nested_comment_end(cell: str, position: int, edge: re.Pattern[str], opening: str) -> int | None:
    """Where a comment ends that may hold others like it, from behind its ``opening`` on; None where it never does."""
    depth = 1
    for found in edge.finditer(cell, position):
        depth += 1 if found[0] == opening else -1
        if depth == 0:
            return found.end()
    return None
