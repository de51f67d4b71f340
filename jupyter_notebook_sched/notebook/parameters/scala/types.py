"""The types of Scala that a parameter may be declared to have."""

from __future__ import annotations

import re

from ..value_type import ANY, ValueType

SCALARS = {
    "Byte": "int8",
    "Short": "int16",
    "Int": "int32",
    "Long": "int64",
    "BigInt": "big",
    "Float": "float32",
    "Double": "float64",
    "BigDecimal": "decimal",
    "Boolean": "bool",
    "Char": "char",
    "String": "string",
    "LocalDate": "date",
    "LocalDateTime": "datetime",
    "OffsetDateTime": "offset",
    "Instant": "instant",
    "Any": "any",
    "AnyRef": "any",
    "Null": "null",
}
CONTAINERS = {
    **dict.fromkeys(("List", "Seq", "Vector", "IndexedSeq", "Iterable", "Traversable"), "list"),
    "Array": "array",
    "Set": "set",
    "Map": "map",
    "Option": "option",
}
_PACKAGES = re.compile(r"(?:scala|java)(?:\.[a-z]\w*)*\.(?=[A-Z])")


def type_of(text: str) -> ValueType:
    """The type that this text names; one of the name ``""`` for a type of somebody's own."""
    plain = _PACKAGES.sub("", re.sub(r"\s", "", text))
    if plain in SCALARS:
        return ValueType(SCALARS[plain])
    name, _, rest = plain.partition("[")
    if name not in CONTAINERS:
        return ValueType("")
    if not rest:
        return ValueType(CONTAINERS[name], None, name)
    inner = rest[:-1]
    if name == "Map":
        key, _, inner = inner.partition(",")
        if key != "String":
            return ValueType("")
    of = type_of(inner) if inner else ANY
    return ValueType(CONTAINERS[name], of, name) if of.name else ValueType("")


def spelled(kind: ValueType) -> str:
    """The type in Scala's words."""
    if kind.name in _NAMES:
        return _NAMES[kind.name]
    name = kind.spelled or {"list": "List", "array": "Array", "set": "Set", "map": "Map"}[kind.name]
    inner = spelled(kind.of or ANY)
    return f"{name}[String, {inner}]" if kind.name == "map" else f"{name}[{inner}]"


_NAMES = {ours: name for name, ours in SCALARS.items() if name != "AnyRef"}
