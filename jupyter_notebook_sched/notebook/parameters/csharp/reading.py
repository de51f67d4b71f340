"""The parameters of a C# cell: ``var name = value;``, ``type name = value;`` and ``type name;`` at top level."""

from __future__ import annotations

import re

from ..assignments import CONTROL, FUNCTION, NO_ASSIGNMENT, SEVERAL, UPDATE, parameter, read_assignments, required
from ..declared_parameter import declared, typed
from ..model import Parameter, Problem
from ..offsets import Places
from ..tokens import Statement, Token, outside_brackets, split_at_commas
from ..value_type import described
from .lexing import continues, lex
from .types import type_of
from .value import read_value

_BLOCKS = frozenset({"if", "for", "foreach", "while", "do", "switch", "try", "lock", "unsafe", "fixed", "{"})
_REST_OF_BLOCKS = frozenset({"else", "catch", "finally"})
_MODIFIERS = frozenset({"const", "static", "readonly", "public", "private", "internal", "protected"})
_TYPES = frozenset({"class", "struct", "record", "enum", "interface", "namespace", "delegate", "event", "abstract"})
_NO_TYPES = frozenset({"return", "await", "goto", "throw", "yield", "new", *_MODIFIERS})
_TYPE = re.compile(r"(?:\w+\.)*\w+(?:<[\w.,<>?\[\]]+>)?\??(?:\[\]\??)*")
_DOCUMENTATION = re.compile(r"</?\w+[^<>]*>")


def read_cell(cell: str) -> tuple[list[Parameter], list[Problem]]:
    """Parameters and problems, each in the order of the cell."""
    return read_assignments(cell, lex, continues, _read)


def _read(places: Places, statement: Statement) -> Parameter | str | None:
    tokens = statement.tokens
    if not statement.whole:
        return "C# cannot read this statement: a bracket, a comment or a quote has no partner."
    begin = next((place for place, token in enumerate(tokens) if token.text not in _MODIFIERS), 0)
    first = tokens[begin].text
    if first in _REST_OF_BLOCKS or (first == "using" and "=" not in [token.text for token in tokens]):
        return None
    if first in _BLOCKS:
        return CONTROL
    if first in _TYPES:
        return NO_ASSIGNMENT
    plain = outside_brackets(tokens)
    equals = next((token for token in plain if token.text in ("=", "=>")), None)
    if equals is not None and equals.text == "=>":
        return FUNCTION
    left = tokens[begin : tokens.index(equals)] if equals is not None else tokens[begin:]
    return _declaration(places, statement, left, equals, begin)


def _declaration(
    places: Places, statement: Statement, left: list[Token], equals: Token | None, begin: int
) -> Parameter | str:
    tokens = statement.tokens
    if not left:
        return NO_ASSIGNMENT
    written = "".join(token.text for token in left[:-1])
    if left[0].text == "(" or "(" in written or left[-1].text == ")":
        return SEVERAL if equals is not None else FUNCTION if tokens[-1].text == "}" else NO_ASSIGNMENT
    if (
        len(left) < 2
        or left[-1].kind != "name"
        or not _TYPE.fullmatch(written)
        or written in _NO_TYPES
        or left[-1].text in _MODIFIERS
    ):
        changes = any(token.kind == "operator" and token.text.endswith("=") for token in outside_brackets(tokens))
        return UPDATE if changes else NO_ASSIGNMENT
    name = left[-1].text.removeprefix("@")
    kind = None if written == "var" else type_of(written)
    head = " ".join(places.text[tokens[0].start : left[-1].end].split())
    if equals is None:
        told = described(kind) if kind is not None and kind.name else {"type": "any"}
        bare = required(places, statement, name)
        known = {"kind": kind, "strict": True} if told["type"] != "any" else {}
        return declared(bare, **({"nullable": False} | told | known), head=f"{head} =")
    right = tokens[tokens.index(equals) + 1 :]
    if not right:
        return "It has no value; write 'var name = value;' to make it a parameter."
    if any(token.text == "=" for token in outside_brackets(right)) or _names_more(right):
        return SEVERAL
    found = parameter(places, statement, name, right, None)
    if found.help is not None and "<" in found.help:
        found = declared(found, help=_DOCUMENTATION.sub("", found.help).strip() or None)
    wanted = kind if kind is not None and kind.name else None
    return typed(found, read_value(right, wanted), f"{head} =", kind)


def _names_more(right: list[Token]) -> bool:
    """``int a = 1, b;``, but not the comma of ``Dictionary<string, int>``."""
    return any(len(part) == 1 and part[0].kind == "name" for part in split_at_commas(right)[1:])
