"""TypeScript's types, as far as they say something of a parameter."""

from __future__ import annotations

from ..model import Json, Kind
from ..tokens import Token
from .value import BIG, read_value

_NAMED = {
    "string": Kind(type="string"),
    "number": Kind(type="number"),
    "boolean": Kind(type="boolean"),
    "bigint": BIG,
    "Date": Kind(type="datetime"),
    "object": Kind(type="object"),
    "any": Kind(nullable=True),
    "unknown": Kind(nullable=True),
}
_NOTHING = frozenset({"null", "undefined"})
_LISTS = frozenset({"Array", "ReadonlyArray"})
_TABLES = frozenset({"Record", "Partial"})
_DEPTH = {"<": 1, ">": -1, ">>": -2, ">>>": -3}


def read_annotation(tokens: list[Token]) -> Kind:
    """What the type says; a kind of type ``any`` where that is nothing that we know."""
    parts = [part for part in _alternatives(tokens) if part]
    empty = [part for part in parts if len(part) == 1 and part[0].text in _NOTHING]
    rest = [part for part in parts if part not in empty]
    choices = _choices(rest)
    if choices is not None:
        return Kind(type=_type_of(choices), choices=(*choices, None) if empty else choices, nullable=bool(empty))
    kind = _single(rest[0]) if len(rest) == 1 else Kind(nullable=True)
    return Kind(type=kind.type, **kind.declared() | {"nullable": kind.nullable or bool(empty)})


def _alternatives(tokens: list[Token]) -> list[list[Token]]:
    """The parts between the ``|`` that are in no bracket."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += {"open": 1, "close": -1}.get(token.kind, _DEPTH.get(token.text, 0))
        if token.text == "|" and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _choices(parts: list[list[Token]]) -> tuple[Json, ...] | None:
    """The values of a union of literals, all of one type."""
    values = [read_value(part) if part[0].kind in ("string", "number") else None for part in parts]
    found = [value for value in values if value is not None and value.kind is None]
    if not found or len(found) < len(values) or len({value.type for value in found}) > 1:
        return None
    return tuple(value.json for value in found)


def _type_of(choices: tuple[Json, ...]) -> str:
    return "string" if isinstance(choices[0], str) else "number"


def _single(tokens: list[Token]) -> Kind:
    if tokens[0].text == "readonly":
        tokens = tokens[1:]
    texts = [token.text for token in tokens]
    match texts:
        case [name] if name in _NAMED:
            return _NAMED[name]
        case [*_, "[", "]"]:
            return _array_of(tokens[:-2])
        case [name, "<", *_, ">"] if name in _LISTS:
            return _array_of(tokens[2:-1])
        case [name, "<", *_, ">>" | ">>>"] if name in _LISTS:
            return Kind(type="array")
        case [name, "<", *_, ">" | ">>" | ">>>"] if name in _TABLES:
            return Kind(type="object")
        case ["{", *_, "}"]:
            return Kind(type="object")
        case ["[", *_, "]"]:
            return Kind(type="array")
    return Kind(nullable=True)


def _array_of(tokens: list[Token]) -> Kind:
    if [token.text for token in tokens[:1]] == ["("] and tokens[-1].text == ")":
        tokens = tokens[1:-1]
    element = read_annotation(tokens) if tokens else Kind()
    if element.type in ("string", "number", "boolean") and not element.nullable and element.choices is None:
        return Kind(type="array", items=element.type)
    return Kind(type="array")
