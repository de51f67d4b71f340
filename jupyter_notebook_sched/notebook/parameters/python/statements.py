"""The top-level statements of a Python cell, with their places in it."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass

from ..assignments import UNREAD
from ..model import Problem
from ..offsets import Places
from .pieces import pieces

MOST_CHARACTERS_IN_PIECES = 200_000
MOST_PROBLEMS = 20

_FILENAME = "<parameters cell>"
_MAGIC = re.compile(r"[%!?]|[^\r\n#'\"]*\?{1,2}[ \t]*$", re.MULTILINE)

# Compiling tells of "\d" and the like; that is for who wrote the notebook, not for the server's log.
warnings.filterwarnings("ignore", module=re.escape(_FILENAME))


@dataclass(frozen=True, slots=True)
class Statement:
    """``start`` and ``end`` are character indexes in the cell; the node counts its lines from ``first_line``."""

    places: Places
    first_line: int
    node: ast.stmt

    @property
    def cell(self) -> str:
        return self.places.text

    @property
    def start(self) -> int:
        return self.index(self.node.lineno, self.node.col_offset)

    @property
    def end(self) -> int:
        return self.end_of(self.node)

    @property
    def line(self) -> int:
        return self.first_line + self.node.lineno - 1

    def end_of(self, node: ast.stmt | ast.expr) -> int:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.index(node.end_lineno, node.end_col_offset)

    def index(self, line: int, column: int) -> int:
        return self.places.after_bytes(self.first_line + line - 1, column)

    @property
    def rest_of_line(self) -> str:
        """What follows the statement in its last line."""
        return self.cell[self.end : self.places.line_end(self.end)]


def statements(places: Places) -> tuple[list[Statement], list[Problem]]:
    """Every statement that Python can parse; one problem for each that it cannot."""
    try:
        return _parsed(places, 1, places.text), []
    except _REFUSED as error:
        if len(places.text) > MOST_CHARACTERS_IN_PIECES:
            return [], [_syntax_problem(1, error)]
        return _piece_by_piece(places)


def _piece_by_piece(places: Places) -> tuple[list[Statement], list[Problem]]:
    found: list[Statement] = []
    problems: list[Problem] = []
    for start, end in pieces(places.text):
        first_line, text = places.line(start), places.text[start:end]
        if len(problems) == MOST_PROBLEMS:
            return found, [*problems, Problem(first_line, UNREAD)]
        if _MAGIC.match(text):
            continue
        try:
            found += _parsed(places, first_line, text)
        except _REFUSED as error:
            problems.append(_syntax_problem(first_line, error))
    return found, problems


_REFUSED = (SyntaxError, ValueError, RecursionError, MemoryError)  # the last two: nested too deeply to be parsed


def _parsed(places: Places, first_line: int, text: str) -> list[Statement]:
    return [Statement(places, first_line, node) for node in ast.parse(text, _FILENAME).body]


def _syntax_problem(first_line: int, error: BaseException) -> Problem:
    if isinstance(error, SyntaxError) and error.lineno is not None:
        return Problem(first_line + error.lineno - 1, f"Python cannot read this line: {error.msg}.")
    return Problem(first_line, "Python cannot read this statement.")
