"""The top-level statements of a Python cell, with their places in it."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass

from ..model import Problem
from ..offsets import after_bytes, line_end, line_number, line_starts
from .pieces import pieces

MOST_PIECES = 2_000
MOST_PROBLEMS = 20

_FILENAME = "<parameters cell>"
_MAGIC = re.compile(r"[%!?]|[^\r\n#'\"]*\?{1,2}[ \t]*$", re.MULTILINE)

# Compiling tells of "\d" and the like; that is for who wrote the notebook, not for the server's log.
warnings.filterwarnings("ignore", module=re.escape(_FILENAME))


@dataclass(frozen=True, slots=True)
class Statement:
    """``start`` and ``end`` are character indexes in ``cell``; the node's own positions count within ``text``."""

    cell: str
    text: str
    base: int
    starts: list[int]
    node: ast.stmt

    @property
    def start(self) -> int:
        return self.index(self.node.lineno, self.node.col_offset)

    @property
    def end(self) -> int:
        return self.end_of(self.node)

    @property
    def line(self) -> int:
        return line_number(self.cell, self.start)

    def end_of(self, node: ast.stmt | ast.expr) -> int:
        assert node.end_lineno is not None and node.end_col_offset is not None  # the parser always sets them
        return self.index(node.end_lineno, node.end_col_offset)

    def index(self, line: int, column: int) -> int:
        return self.base + after_bytes(self.text, self.starts[line - 1], column)

    @property
    def rest_of_line(self) -> str:
        """What follows the statement in its last line."""
        return self.cell[self.end : line_end(self.cell, self.end)]


def statements(cell: str) -> tuple[list[Statement], list[Problem]]:
    """Every statement that Python can parse; one problem for each that it cannot."""
    try:
        return _parsed(cell, cell, 0), []
    except _REFUSED:
        return _piece_by_piece(cell)


def _piece_by_piece(cell: str) -> tuple[list[Statement], list[Problem]]:
    found: list[Statement] = []
    problems: list[Problem] = []
    for count, (start, end) in enumerate(pieces(cell)):
        if count == MOST_PIECES or len(problems) == MOST_PROBLEMS:
            problems.append(
                Problem(line_number(cell, start), "From here on the cell was not read: mend it above first.")
            )
            break
        text = cell[start:end]
        if _MAGIC.match(text):
            continue
        try:
            found += _parsed(cell, text, start)
        except _REFUSED as error:
            problems.append(_syntax_problem(cell, start, error))
    return found, problems


_REFUSED = (SyntaxError, ValueError, RecursionError, MemoryError)  # the last two: nested too deeply to be parsed


def _parsed(cell: str, text: str, base: int) -> list[Statement]:
    module = ast.parse(text, _FILENAME)
    starts = line_starts(text)
    return [Statement(cell, text, base, starts, node) for node in module.body]


def _syntax_problem(cell: str, start: int, error: BaseException) -> Problem:
    first = line_number(cell, start)
    if isinstance(error, SyntaxError) and error.lineno is not None:
        return Problem(first + error.lineno - 1, f"Python cannot read this line: {error.msg}.")
    return Problem(first, "Python cannot read this statement.")
