"""The parameters of a Julia cell: ``name = value`` and ``name::Type = value`` at top level."""

from __future__ import annotations

from ..assignments import CONTROL, NO_ASSIGNMENT, SEVERAL, UPDATE, parameter, read_assignments
from ..model import Parameter, Problem
from ..offsets import Places
from ..tokens import Statement, outside_brackets
from .lexing import continues, lex
from .types import read_type
from .value import read_value

_UPDATES = frozenset(
    ["+=", "-=", "*=", "/=", "//=", "\\=", "^=", "%=", "&=", "|=", "÷=", "⊻=", "<<=", ">>=", ">>>=", ":=", ".="]
)
_LOADING = frozenset({"using", "import", "export"})


def read_cell(cell: str) -> tuple[list[Parameter], list[Problem]]:
    """Parameters and problems, each in the order of the cell."""
    return read_assignments(cell, lex, continues, _read)


def _read(places: Places, statement: Statement) -> Parameter | str | None:
    tokens = statement.tokens
    first = tokens[0]
    if not statement.whole:
        return "Julia cannot read this statement: a bracket, a block or a quote has no partner."
    if first.text in _LOADING or (len(tokens) == 1 and first.kind in ("string", "other_string")):
        return None
    if first.text == "const":
        return "A constant cannot be given another value; leave out 'const' to make it a parameter."
    plain = outside_brackets(tokens)
    if any(token.text in _UPDATES for token in plain):
        return UPDATE
    equals = [token for token in plain if token.text == "="]
    if not equals:
        return CONTROL if first.kind == "open" and first.text.isalpha() else NO_ASSIGNMENT
    place = tokens.index(equals[0])
    if len(equals) > 1 or any(token.text == "," for token in outside_brackets(tokens[:place])):
        return SEVERAL
    typed = place > 1 and tokens[1].text == "::"
    if first.kind != "name" or not (place == 1 or typed) or place + 1 == len(tokens):
        return "Only 'name = value' can be a parameter."
    right = tokens[place + 1 :]
    declared = read_type(tokens[2:place]) if typed else None
    return parameter(places, statement, first.text, right, read_value(right), declared)
