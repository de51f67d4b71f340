"""The parameters of a JavaScript or TypeScript cell: ``let name = value``, ``var`` and plain assignments."""

from __future__ import annotations

from ..assignments import (
    CONTROL,
    FUNCTION,
    NO_ASSIGNMENT,
    SEVERAL,
    UPDATE,
    parameter,
    read_assignments,
    required,
)
from ..model import Kind, Parameter, Problem
from ..offsets import Places
from ..tokens import Statement, Token, before_brackets, outside_brackets, split_at_commas
from .annotation import read_annotation
from .lexing import continues, lex
from .value import read_value

_BLOCKS = frozenset({"if", "for", "while", "do", "switch", "try", "with", "{", "return", "throw"})
_DEFINITIONS = frozenset({"function", "class", "async"})
_SILENT = frozenset({"import", "interface", "type", "declare", "namespace", "enum"})
_UPDATES = frozenset(
    ["+=", "-=", "*=", "/=", "%=", "**=", "&=", "|=", "^=", "<<=", ">>=", ">>>=", "&&=", "||=", "??=", "++", "--"]
)


def read_cell(cell: str) -> tuple[list[Parameter], list[Problem]]:
    """Parameters and problems, each in the order of the cell."""
    return read_assignments(cell, lex, continues, _read)


def _read(places: Places, statement: Statement) -> Parameter | str | None:
    tokens = statement.tokens
    if not statement.whole:
        return "JavaScript cannot read this statement: a bracket, a comment or a quote has no partner."
    if tokens[0].text == "export":
        tokens = tokens[1:]
    first = tokens[0].text if tokens else ""
    if (first in _SILENT and (len(tokens) < 2 or tokens[1].text != "=")) or (
        len(tokens) == 1 and tokens[0].kind == "string"
    ):
        return None
    if first == "const":
        return "A constant cannot be given another value; write 'let' instead of 'const' to make it a parameter."
    if first in _BLOCKS:
        return CONTROL
    if first in _DEFINITIONS:
        return FUNCTION
    declared = first in ("let", "var")
    return _assigned(places, statement, tokens[1:] if declared else tokens, declared)


def _assigned(places: Places, statement: Statement, tokens: list[Token], declared: bool) -> Parameter | str:
    plain = outside_brackets(tokens)
    equals = next((token for token in plain if token.text == "="), None)
    place = tokens.index(equals) if equals is not None else len(tokens)
    left, right = tokens[:place], tokens[place + 1 :]
    if any(token.text in _UPDATES for token in plain):
        return UPDATE
    if equals is None and not declared:
        return NO_ASSIGNMENT
    if not left or left[0].kind != "name" or len(left) == 2 or (len(left) > 2 and not _is_annotated(left, declared)):
        several = bool(left) and (left[0].kind == "open" or any(token.text == "," for token in left))
        return SEVERAL if several else "Only 'let name = value' can be a parameter."
    kind = read_annotation(left[3 if left[1].text == "!" else 2 :]) if len(left) > 2 else None
    if equals is None:
        return required(places, statement, left[0].text, kind)
    return _valued(places, statement, left[0].text, right, kind)


def _is_annotated(left: list[Token], declared: bool) -> bool:
    """``name: type``, also where the type has commas between angle brackets; no further name behind a comma."""
    if not declared or (left[1].text != ":" and [token.text for token in left[1:3]] != ["!", ":"]):
        return False
    last = split_at_commas(left)[-1]
    return len(last) == len(left) or any(token.text.startswith("<") for token in left)


def _valued(places: Places, statement: Statement, name: str, right: list[Token], kind: Kind | None) -> Parameter | str:
    if not right:
        return "Only 'let name = value' can be a parameter."
    plain = outside_brackets(right)
    if any(token.text == "=>" for token in plain) or right[0].text in _DEFINITIONS:
        return FUNCTION
    if any(token.text in ("=", ",") for token in plain):
        return SEVERAL
    literal = _literal_part(right)
    value = read_value(literal)
    right = literal if value is not None else right
    if value is not None and value.type == "date" and kind is not None and kind.type == "datetime":
        kind = Kind(type="date", nullable=kind.nullable)
    return parameter(places, statement, name, right, value, kind)


def _literal_part(right: list[Token]) -> list[Token]:
    """Without ``as type``, ``satisfies type`` and one pair of brackets, which leave a value what it is."""
    told = next((token for token in outside_brackets(right) if token.text in ("as", "satisfies")), None)
    right = right[: right.index(told)] if told is not None else right
    closed = len(right) > 2 and right[0].text == "(" and right[-1].text == ")" and before_brackets(right) == ""
    return right[1:-1] if closed else right
