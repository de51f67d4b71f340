"""The parameters of a PowerShell cell: ``$name = value`` and ``[type]$name = value`` at top level."""

from __future__ import annotations

import re

from ..assignments import CONTROL, FUNCTION, NO_ASSIGNMENT, SEVERAL, UPDATE, parameter, read_assignments
from ..model import Kind, Parameter, Problem, Value
from ..offsets import Places
from ..tokens import Statement, Token, outside_brackets
from .lexing import behind_types, continues, lex
from .types import read_types
from .value import read_moment, read_value

_BLOCKS = frozenset({"if", "for", "foreach", "while", "do", "switch", "try", "trap", "{", "return", "throw", "&"})
_DEFINITIONS = frozenset({"function", "filter", "class", "enum", "workflow", "configuration"})
_SETTING_UP = frozenset({"using", "import-module", "set-strictmode", "add-type", "set-location"})
_UPDATES = frozenset({"+=", "-=", "*=", "/=", "%=", "??=", "++", "--"})
_ESCAPED = re.compile(r"`(.)", re.DOTALL)
_ONLY = "Only '$name = value' can be a parameter."


def read_cell(cell: str) -> tuple[list[Parameter], list[Problem]]:
    """Parameters and problems, each in the order of the cell."""
    found, problems = read_assignments(cell, lex, continues, _read)
    places, last = Places(cell), {one.name.lower(): one.name for one in found}
    for one in found:
        counts = last[one.name.lower()]
        if one.name != counts and one.range is not None:
            line = places.line(places.index(one.range[0]))
            problems.append(Problem(line, f"PowerShell does not tell {one.name} and {counts} apart; the last counts."))
    return [one for one in found if last[one.name.lower()] == one.name], problems


def _read(places: Places, statement: Statement) -> Parameter | str | None:
    tokens = statement.tokens
    first = tokens[0].text.lower()
    if not statement.whole:
        return "PowerShell cannot read this statement: a bracket, a comment or a quote has no partner."
    if first in _SETTING_UP:
        return None
    if first == "param":
        return "What a param block declares is not read; assign each name plainly to make it a parameter."
    if first in _DEFINITIONS:
        return FUNCTION
    if first in _BLOCKS:
        return CONTROL
    return _assigned(places, statement, tokens)


def _assigned(places: Places, statement: Statement, tokens: list[Token]) -> Parameter | str:
    plain = outside_brackets(tokens)
    if any(token.text in _UPDATES for token in plain):
        return UPDATE
    equals = [token for token in plain if token.text == "="]
    if not equals:
        return NO_ASSIGNMENT
    place = tokens.index(equals[0])
    head, right = tokens[behind_types(tokens) : place], tokens[place + 1 :]
    if len(equals) > 1 or any(token.text == "," for token in head):
        return SEVERAL
    name = _name(head[0].text) if len(head) == 1 and head[0].kind == "variable" else None
    if name is None or not right:
        return _ONLY
    if right[0].text == "{":
        return FUNCTION
    declared = read_types(tokens[: behind_types(tokens)])
    value = _converted(read_value(right), declared)
    if declared is not None and declared.type == "datetime" and value is not None and value.type == "date":
        declared = Kind("date", nullable=declared.nullable)
    return parameter(places, statement, name, right, value, declared)


def _name(variable: str) -> str | None:
    """The name without its braces; None for one in a scope or a drive of its own, such as ``$env:X``."""
    name = _ESCAPED.sub(r"\1", variable[2:-1]) if variable.startswith("${") else variable[1:]
    return name if name and ":" not in name and name not in ("$", "^", "?") else None


def _converted(value: Value | None, declared: Kind | None) -> Value | None:
    """The value as its type leaves it; None where PowerShell would make something else of it."""
    if value is None or declared is None or declared.type == value.type:
        return value
    if declared.type == "datetime" and isinstance(value.json, str):
        return value if value.type == "date" else read_moment(value.json, declared.python or "datetime")
    if declared.type == "number" and value.type == "integer":
        return value
    return value if value.json is None and declared.nullable else None
