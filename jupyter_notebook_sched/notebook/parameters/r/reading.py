"""The parameters of an R cell: ``name <- value`` and ``name = value`` at top level."""

from __future__ import annotations

from ..model import Parameter, Problem, Value
from ..offsets import line_end, line_number, to_utf16
from ..tokens import Statement, all_statements, outside_brackets
from .lexing import continues, lex
from .value import decode, read_value

_ASSIGNMENTS = frozenset({"<-", "=", "<<-", "->", "->>", ":="})
_BLOCKS = frozenset({"if", "for", "while", "repeat", "function", "break", "next"})
_ATTACHING = frozenset({"library", "require", "requireNamespace", "suppressPackageStartupMessages"})


def read_cell(cell: str) -> tuple[list[Parameter], list[Problem]]:
    """Parameters and problems, each in the order of the cell."""
    parameters, problems = [], []
    for statement in all_statements(cell, lex, continues):
        told = _read(cell, statement)
        if isinstance(told, Parameter):
            parameters.append(told)
        elif told is not None:
            problems.append(Problem(line_number(cell, statement.tokens[0].start), told))
    return parameters, problems


def _read(cell: str, statement: Statement) -> Parameter | str | None:
    tokens = statement.tokens
    texts = [token.text for token in tokens]
    if not statement.whole:
        return "R cannot read this statement: a bracket or quote has no partner."
    if texts[0] in _BLOCKS:
        return "What is assigned inside a block is not read; assign it plainly to make it a parameter."
    if texts[0] in _ATTACHING:
        return None
    if len(tokens) < 3 or tokens[0].kind != "name" or texts[1] not in ("<-", "="):
        assigns = any(token.text in _ASSIGNMENTS for token in outside_brackets(tokens))
        return "Only 'name <- value' or 'name = value' can be a parameter." if assigns else _NO_ASSIGNMENT
    if texts[2] in ("function", "\\"):
        return "A function is not a parameter; move it to another cell."
    if any(token.text in _ASSIGNMENTS for token in outside_brackets(tokens[2:])):
        return "Several names are set at once; give each its own line to make them parameters."
    name = decode(texts[0][1:-1]) if texts[0].startswith("`") else texts[0]
    return _parameter(cell, statement, name) if name else "R cannot read this name."


_NO_ASSIGNMENT = "This line assigns nothing, so it is not a parameter; move it to another cell."


def _parameter(cell: str, statement: Statement, name: str) -> Parameter:
    right, end = statement.tokens[2:], statement.tokens[-1].end
    value = read_value(right)
    seen = value or Value(None, "any")
    stop = line_end(cell, end) if statement.comment is not None else end
    return Parameter(
        name,
        seen.type,
        nullable=value is not None and value.json is None,
        default=seen.json,
        help=(statement.comment or "").lstrip("#'").strip() or None,
        source=cell[statement.tokens[0].start : stop],
        range=(to_utf16(cell, right[0].start), to_utf16(cell, end)),
        expression=cell[right[0].start : end] if value is None else None,
        items=seen.items,
    )
