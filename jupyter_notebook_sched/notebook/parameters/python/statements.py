"""The top-level statements of a Python cell, with their places in it."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from itertools import accumulate

from ..assignments import UNREAD
from ..model import Problem
from ..offsets import Places
from .ipython import Code, readings, without_commands
from .parsing import REFUSED, parsed, refusal
from .pieces import pieces

MOST_CHARACTERS_IN_PIECES = 200_000
MOST_PROBLEMS = 20

_MAGIC = re.compile(r"[%!?]|[^\r\n#'\"]*\?{1,2}[ \t]*$", re.MULTILINE)


class Columns:
    """Where the parser's columns, which count UTF-8 bytes of what IPython makes of it, are in the cell's text."""

    def __init__(self, places: Places, code: Code) -> None:
        self.places, self.code = places, code
        self._ascii = code.places.text.isascii()
        self._lines: dict[int, list[int]] = {}

    def start(self, line: int) -> int:
        """Where Python begins in that line."""
        return self.places.line_starts[line - 1] + self.code.taken_from(line)

    def index(self, line: int, column: int) -> int:
        if self._ascii:
            return self.start(line) + column
        if line not in self._lines:
            text = self.code.line_text(line)
            self._lines[line] = [] if text.isascii() else [0, *accumulate(len(one.encode()) for one in text)]
        ends = self._lines[line]
        return self.start(line) + (bisect_left(ends, column) if ends else column)


class Statement:
    """``start`` and ``end`` are character indexes in the cell, lines count from 1; those of the node do not."""

    __slots__ = ("cell", "columns", "end", "first_line", "last_line", "line", "node", "places", "start")

    def __init__(self, columns: Columns, first_line: int, node: ast.stmt) -> None:
        assert node.end_lineno is not None
        self.columns = columns
        self.places = columns.places
        self.cell = columns.places.text
        self.first_line = first_line
        self.node = node
        self.line = first_line + node.lineno - 1
        self.last_line = first_line + node.end_lineno - 1
        self.start = columns.index(self.line, node.col_offset)
        self.end = self.end_of(node)

    def end_of(self, node: ast.stmt | ast.expr) -> int:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.columns.index(self.first_line + node.end_lineno - 1, node.end_col_offset)

    def line_text(self, line: int) -> str:
        start = self.columns.start(line)
        return self.cell[start : self.places.line_end(start)]

    @property
    def is_shifted(self) -> bool:
        """Whether IPython takes something away at the beginning of lines."""
        return any(self.columns.code.taken)


def statements(places: Places) -> tuple[list[Statement], list[Problem]]:
    """Every statement that Python can parse of what IPython makes of the cell; one problem for each that it cannot."""
    refused: BaseException = SyntaxError()
    for code in readings(places):
        try:
            return _parsed(Columns(places, code), 1, code.places.text), []
        except REFUSED as error:
            refused = error
    if len(places.text) > MOST_CHARACTERS_IN_PIECES:
        return [], [_syntax_problem(1, refused)]
    return _piece_by_piece(places, code)


def _piece_by_piece(places: Places, code: Code) -> tuple[list[Statement], list[Problem]]:
    found: list[Statement] = []
    problems: list[Problem] = []
    columns = Columns(places, code)
    for start, end in pieces(code.places.text):
        first_line, text = code.places.line(start), code.places.text[start:end]
        if len(problems) == MOST_PROBLEMS:
            return found, [*problems, Problem(first_line, UNREAD)]
        if _MAGIC.match(text):
            continue
        try:
            found += _parsed(columns, first_line, without_commands(text))
        except REFUSED as error:
            problems.append(_syntax_problem(first_line, error))
    return found, problems


def _parsed(columns: Columns, first_line: int, text: str) -> list[Statement]:
    return [Statement(columns, first_line, node) for node in parsed(text)]


def _syntax_problem(first_line: int, error: BaseException) -> Problem:
    if isinstance(error, SyntaxError) and error.lineno is not None:
        return Problem(first_line + error.lineno - 1, f"Python cannot read this line: {refusal(error)}.")
    return Problem(first_line, "Python cannot read this statement.")
