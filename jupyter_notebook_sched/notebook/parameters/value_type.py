"""What Scala, C# and F# share: a value has a type there, which its declaration or its literal tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .model import Json


@dataclass(frozen=True, slots=True)
class ValueType:
    """A type. ``name`` is one of ``SCALARS``, list, array, set, map (``of`` its values), option or any.

    ``spelled`` is what the language calls it where several of its own are one kind here, such as ``Seq``.
    """

    name: str
    of: ValueType | None = None
    spelled: str = ""


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal as read: its value in wire form, and what the language takes it for."""

    json: Json
    kind: ValueType


ANY = ValueType("any")
INTEGERS = {
    "int8": (-(2**7), 2**7 - 1),
    "uint8": (0, 2**8 - 1),
    "int16": (-(2**15), 2**15 - 1),
    "uint16": (0, 2**16 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "uint32": (0, 2**32 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint64": (0, 2**64 - 1),
    "big": None,
}
FLOATING = frozenset({"float32", "float64", "decimal"})
SCALARS = {
    **dict.fromkeys(INTEGERS, "integer"),
    **dict.fromkeys(FLOATING, "number"),
    "bool": "boolean",
    "char": "string",
    "string": "string",
    "date": "date",
    **dict.fromkeys(("datetime", "offset", "instant"), "datetime"),
    "null": "any",
}
ARRAYS = frozenset({"list", "array", "set"})
_ITEMS = frozenset({"string", "integer", "number", "boolean"})


def described(kind: ValueType) -> dict[str, Any]:
    """What a type says about a parameter: the fields of ``Parameter`` that follow from it."""
    if kind.name == "option":
        return described(kind.of or ANY) | {"nullable": True}
    if kind.name in ARRAYS:
        inner = described(kind.of or ANY)
        items = inner["type"] if inner["type"] in _ITEMS and not inner.get("nullable") else None
        return {"type": "array", "items": items, "floating": inner.get("floating", False) and items == "number"}
    if kind.name == "map":
        return {"type": "object"}
    return {"type": SCALARS.get(kind.name, "any"), "floating": kind.name in FLOATING}


def natural(value: Json) -> ValueType:
    """The type that a language with these types would find by itself for a JSON value."""
    if value is None:
        return ValueType("null")
    if isinstance(value, bool):
        return ValueType("bool")
    if isinstance(value, int):
        fitting = (name for name in ("int32", "int64") if within(value, name))
        return ValueType(next(fitting, "big"))
    if isinstance(value, float):
        return ValueType("float64")
    if isinstance(value, str):
        return ValueType("string")
    if isinstance(value, list):
        return ValueType("list", common([natural(item) for item in value]))
    return ValueType("map", common([natural(item) for item in value.values()]))


def within(value: int, name: str) -> bool:
    bounds = INTEGERS[name]
    return bounds is None or bounds[0] <= value <= bounds[1]


def common(kinds: list[ValueType]) -> ValueType:
    """The one type of all of these; whole numbers widen, everything else that differs is ``any``."""
    found = set(kinds)
    if len(found) == 1 and found != {ValueType("null")}:
        return found.pop()
    if found == {ValueType("string"), ValueType("null")}:
        return ValueType("string")
    return ValueType("int64") if found == {ValueType("int32"), ValueType("int64")} else ANY


def joined(kind: str, items: list[Literal], of: ValueType | None = None, spelled: str = "") -> Literal | None:
    """An array of these elements; None where ``"NaN"`` would be a number in one place and a text in another."""
    of = of or common([item.kind for item in items])
    if of.name not in FLOATING and any(map(_holds_stand_in, items)):
        return None
    return Literal([item.json for item in items], ValueType(kind, of, spelled))


def mapped(names: list[str], items: list[Literal], of: ValueType | None = None, spelled: str = "") -> Literal | None:
    if len(set(names)) < len(names) or any(map(_holds_stand_in, items)):
        return None
    of = of or common([item.kind for item in items])
    return Literal(dict(zip(names, (item.json for item in items), strict=True)), ValueType("map", of, spelled))


def _holds_stand_in(literal: Literal) -> bool:
    if isinstance(literal.json, list):
        inner = literal.kind.of
        return inner is not None and inner.name in FLOATING and any(isinstance(item, str) for item in literal.json)
    return literal.kind.name in FLOATING and isinstance(literal.json, str)


def negated(literal: Literal | None) -> Literal | None:
    """The number with the other sign; None for everything else."""
    if literal is None or SCALARS.get(literal.kind.name) not in ("integer", "number"):
        return None
    if isinstance(literal.json, str):
        other = {"Infinity": "-Infinity", "-Infinity": "Infinity"}
        return Literal(other.get(literal.json, literal.json), literal.kind)
    return Literal(-literal.json, literal.kind) if isinstance(literal.json, int | float) else None
