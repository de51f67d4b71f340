"""The parameters of a Scala cell: ``val name = value`` and ``var name: Type = value`` at top level."""

from __future__ import annotations

from ..assignments import CONTROL, FUNCTION, NO_ASSIGNMENT, SEVERAL, UPDATE, parameter, read_assignments
from ..declared_parameter import typed
from ..model import Parameter, Problem
from ..offsets import Places
from ..tokens import Statement, Token, outside_brackets
from .lexing import continues, lex
from .types import type_of
from .value import read_value

_BLOCKS = frozenset({"if", "for", "while", "do", "try", "{", "match"})
_MODIFIERS = frozenset({"lazy", "implicit", "final", "private", "protected", "override", "inline"})
_LOADING = frozenset({"import", "package", "export"})


def read_cell(cell: str) -> tuple[list[Parameter], list[Problem]]:
    """Parameters and problems, each in the order of the cell."""
    return read_assignments(cell, lex, continues, _read)


def _read(places: Places, statement: Statement) -> Parameter | str | None:
    tokens = statement.tokens
    if not statement.whole:
        return "Scala cannot read this statement: a bracket, a comment or a quote has no partner."
    begin = next((place for place, token in enumerate(tokens) if token.text not in _MODIFIERS), 0)
    first = tokens[begin].text
    if first in _LOADING:
        return None
    if first not in ("val", "var"):
        return _why_none(first, tokens)
    equals = next((place for place, token in enumerate(tokens) if token.text == "=" and _outside(tokens, place)), None)
    if equals is None or equals + 1 == len(tokens):
        return "It has no value; write 'val name = value' to make it a parameter."
    names = tokens[begin + 1 : equals]
    if names and (names[0].kind == "open" or any(token.text == "," for token in outside_brackets(names))):
        return SEVERAL
    if not names or names[0].kind != "name" or (len(names) > 1 and names[1].text != ":"):
        return "Only 'val name = value' or 'var name = value' can be a parameter."
    right = tokens[equals + 1 :]
    written = places.text[names[2].start : names[-1].end] if len(names) > 2 else ""
    plain = parameter(places, statement, names[0].text.strip("`"), right, None)
    head = places.text[tokens[0].start : names[-1].end]
    return typed(plain, read_value(right), " ".join(head.split()) + " =", type_of(written) if written else None)


def _outside(tokens: list[Token], place: int) -> bool:
    return sum({"open": 1, "close": -1}.get(token.kind, 0) for token in tokens[:place]) == 0


def _why_none(first: str, tokens: list[Token]) -> str:
    if first == "def":
        return FUNCTION
    if first in _BLOCKS:
        return CONTROL
    assigns = [token.text for token in outside_brackets(tokens) if token.kind == "operator" and token.text[-1] == "="]
    return UPDATE if assigns and assigns[0] not in ("==", "!=", "<=", ">=") else NO_ASSIGNMENT
