"""The parameters of an R cell: ``name <- value``, ``name = value`` and ``assign("name", value)`` at top level."""

from __future__ import annotations

from ..assignments import CONTROL, FUNCTION, NO_ASSIGNMENT, SEVERAL, parameter, read_assignments
from ..model import Parameter, Problem
from ..offsets import Places
from ..tokens import Statement, Token, outside_brackets, split_at_commas
from .lexing import continues, lex
from .value import decode, read_value

_ASSIGNMENTS = frozenset({"<-", "=", "<<-", "->", "->>", ":="})
_BLOCKS = frozenset({"if", "for", "while", "repeat", "function", "break", "next"})
_ATTACHING = frozenset({"library", "require", "requireNamespace", "suppressPackageStartupMessages"})


def read_cell(cell: str) -> tuple[list[Parameter], list[Problem]]:
    """Parameters and problems, each in the order of the cell."""
    return read_assignments(cell, lex, continues, _read)


def _read(places: Places, statement: Statement) -> Parameter | str | None:
    tokens = statement.tokens
    texts = [token.text for token in tokens[:3]]
    if not statement.whole:
        return "R cannot read this statement: a bracket or quote has no partner."
    if texts[0] in _BLOCKS:
        return CONTROL
    if texts[0] in _ATTACHING:
        return None
    if texts[:2] == ["assign", "("] and tokens[-1].text == ")":
        return _by_function(places, statement, split_at_commas(tokens[2:-1]))
    if len(tokens) < 3 or tokens[0].kind != "name" or texts[1] not in ("<-", "="):
        assigns = any(token.text in _ASSIGNMENTS for token in outside_brackets(tokens))
        return "Only 'name <- value' or 'name = value' can be a parameter." if assigns else NO_ASSIGNMENT
    if texts[2] in ("function", "\\"):
        return FUNCTION
    if any(token.text in _ASSIGNMENTS for token in outside_brackets(tokens[2:])):
        return SEVERAL
    name = decode(texts[0][1:-1]) if texts[0].startswith("`") else texts[0]
    return (
        parameter(places, statement, name, tokens[2:], read_value(tokens[2:])) if name else "R cannot read this name."
    )


def _by_function(places: Places, statement: Statement, arguments: list[list[Token]]) -> Parameter | str:
    if len(arguments) != 2 or len(arguments[0]) != 1 or arguments[0][0].kind != "string" or not arguments[1]:
        return 'Only assign("name", value) with two arguments can be a parameter.'
    name = decode(arguments[0][0].text[1:-1])
    if not name:
        return "R cannot read this name."
    return parameter(places, statement, name, arguments[1], read_value(arguments[1]))
