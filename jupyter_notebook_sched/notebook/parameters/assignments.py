"""What R and Julia share: a cell of statements, some of which assign a value to a name."""

from __future__ import annotations

from collections.abc import Callable

from .model import Parameter, Problem, Value
from .offsets import Places
from .tokens import Lexer, Statement, Token, all_statements

CONTROL = "What is assigned inside a block is not read; assign it plainly to make it a parameter."
FUNCTION = "A function is not a parameter; move it to another cell."
NO_ASSIGNMENT = "This line assigns nothing, so it is not a parameter; move it to another cell."
SEVERAL = "Several names are set at once; give each its own line to make them parameters."
UNREAD = "From here on the cell was not read: mend it above first."
UPDATE = "An assignment that changes a value is not read; set the name to a plain value instead."

Reader = Callable[[Places, Statement], Parameter | str | None]
"""A parameter, the sentence that says why a statement is none, or None where there is nothing to say."""


def read_assignments(
    cell: str, lex: Lexer, continues: Callable[[list[Token]], bool], read: Reader
) -> tuple[list[Parameter], list[Problem]]:
    """Parameters and problems, each in the order of the cell."""
    places = Places(cell)
    found, unread = all_statements(places, lex, continues)
    parameters, problems = [], []
    for statement in found:
        told = read(places, statement)
        if isinstance(told, Parameter):
            parameters.append(told)
        elif told is not None:
            problems.append(Problem(places.line(statement.tokens[0].start), told))
    if unread is not None:
        problems.append(Problem(places.line(unread), UNREAD))
    return parameters, problems


def parameter(places: Places, statement: Statement, name: str, right: list[Token], value: Value | None) -> Parameter:
    """The parameter ``name`` with these tokens on its right-hand side, which mean ``value`` if they are a literal."""
    start, end = right[0].start, right[-1].end
    seen = value or Value(None, "any")
    source_end = places.line_end(end) if statement.comment is not None else end
    return Parameter(
        name,
        seen.type,
        nullable=value is not None and value.json is None,
        default=seen.json,
        help=(statement.comment or "").lstrip("#'").strip() or None,
        source=places.text[statement.tokens[0].start : source_end],
        range=(places.utf16(start), places.utf16(end)),
        expression=places.text[start:end] if value is None else None,
        items=seen.items,
        floating=seen.floating,
    )
