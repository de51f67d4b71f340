"""The parameters of an F# cell: ``let name = value`` and ``let mutable name: type = value`` at top level."""

from __future__ import annotations

from ..assignments import CONTROL, FUNCTION, NO_ASSIGNMENT, SEVERAL, UPDATE, parameter, read_assignments
from ..declared_parameter import typed
from ..model import Parameter, Problem
from ..offsets import Places
from ..tokens import Statement, outside_brackets
from .lexing import continues, lex
from .types import type_of
from .value import read_value

_BLOCKS = frozenset({"if", "for", "while", "match", "try", "begin", "do", "use"})
_MODIFIERS = frozenset({"mutable", "private", "internal", "public"})
_LOADING = frozenset({"open"})


def read_cell(cell: str) -> tuple[list[Parameter], list[Problem]]:
    """Parameters and problems, each in the order of the cell."""
    return read_assignments(cell, lex, continues, _read)


def _read(places: Places, statement: Statement) -> Parameter | str | None:
    tokens = statement.tokens
    if not statement.whole:
        return "F# cannot read this statement: a bracket, a comment or a quote has no partner."
    begin = _after_attribute(statement)
    if begin == len(tokens) or tokens[begin].text in _LOADING:
        return None
    first = tokens[begin].text
    if first != "let":
        updates = any(token.text in ("<-", ":=") for token in outside_brackets(tokens))
        return CONTROL if first in _BLOCKS else UPDATE if updates else NO_ASSIGNMENT
    name_at = next((at for at in range(begin + 1, len(tokens)) if tokens[at].text not in _MODIFIERS), len(tokens))
    equals = next((at for at, token in enumerate(tokens) if token.text == "=" and token in outside_brackets(tokens)), 0)
    if not equals or equals + 1 == len(tokens):
        return "It has no value; write 'let name = value' to make it a parameter."
    left, right = tokens[name_at:equals], tokens[equals + 1 :]
    if not left or left[0].kind == "open" or (len(left) > 1 and left[1].text == ","):
        return SEVERAL
    if left[0].text in ("rec", "inline") or left[0].kind != "name" or (len(left) > 1 and left[1].text != ":"):
        return FUNCTION
    if right[0].text == "fun" or right[0].text == "function":
        return FUNCTION
    written = places.text[left[2].start : left[-1].end] if len(left) > 2 else ""
    plain = parameter(places, statement, left[0].text.strip("`"), right, None)
    head = " ".join(places.text[tokens[begin].start : left[-1].end].split())
    return typed(plain, read_value(right), f"{head} =", type_of(written) if written else None)


def _after_attribute(statement: Statement) -> int:
    """Where the statement begins behind ``[<Literal>]``."""
    tokens = statement.tokens
    if tokens[0].text != "[<":
        return 0
    return next((place + 1 for place, token in enumerate(tokens) if token.text == ">]"), len(tokens))
