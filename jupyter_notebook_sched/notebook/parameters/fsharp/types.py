"""The types of F# that a parameter may be declared to have."""

from __future__ import annotations

import re

from ..value_type import ANY, ValueType

SCALARS = {
    "sbyte": "int8",
    "byte": "uint8",
    "int16": "int16",
    "uint16": "uint16",
    "int": "int32",
    "uint": "uint32",
    "int8": "int8",
    "uint8": "uint8",
    "int32": "int32",
    "uint32": "uint32",
    "int64": "int64",
    "uint64": "uint64",
    "bigint": "big",
    "BigInteger": "big",
    "Numerics.BigInteger": "big",
    "float": "float64",
    "double": "float64",
    "Double": "float64",
    "float32": "float32",
    "single": "float32",
    "decimal": "decimal",
    "bool": "bool",
    "char": "char",
    "string": "string",
    "String": "string",
    "obj": "any",
    "DateOnly": "date",
    "DateTime": "datetime",
    "DateTimeOffset": "offset",
    "Boolean": "bool",
    "Int32": "int32",
}
_NAMES = {
    "int8": "sbyte",
    "uint8": "byte",
    "int16": "int16",
    "uint16": "uint16",
    "int32": "int",
    "uint32": "uint32",
    "int64": "int64",
    "uint64": "uint64",
    "big": "bigint",
    "float32": "float32",
    "float64": "float",
    "decimal": "decimal",
    "bool": "bool",
    "char": "char",
    "string": "string",
    "any": "obj",
    "null": "obj",
    "date": "System.DateOnly",
    "datetime": "System.DateTime",
    "offset": "System.DateTimeOffset",
}
_AFTER = {"list": "list", "array": "array", "option": "option", "seq": "list", "set": "set"}
_GENERIC = {"list": "list", "seq": "list", "array": "array", "set": "set", "option": "option", "map": "map"}


def type_of(text: str) -> ValueType:
    """The type that this text names; one of the name ``""`` for a type of somebody's own."""
    plain = re.sub(r"\s+", " ", text).strip()
    if plain.startswith("(") and plain.endswith(")"):
        return type_of(plain[1:-1])
    if plain.removeprefix("System.") in SCALARS:
        return ValueType(SCALARS[plain.removeprefix("System.")])
    if plain.endswith("[]"):
        return _of("array", "", plain[:-2])
    generic = re.fullmatch(r"(\w+) ?<(.+)>", plain)
    if generic is not None:
        kind, inner = _GENERIC.get(generic[1].lower(), ""), generic[2]
        if kind == "map":
            key, _, inner = inner.partition(",")
            return _of("map", "", inner) if key.strip() == "string" else ValueType("")
        return _of(kind, "seq" if generic[1].lower() == "seq" else "", inner)
    inner, _, after = plain.rpartition(" ")
    return _of(_AFTER.get(after, ""), after if after == "seq" else "", inner) if inner else ValueType("")


def _of(kind: str, spelled: str, inner: str) -> ValueType:
    of = type_of(inner)
    return ValueType(kind, of, spelled) if kind and of.name else ValueType("")


def spelled(kind: ValueType) -> str:
    """The type in F#'s words."""
    if kind.name in _NAMES:
        return _NAMES[kind.name]
    of = spelled(kind.of or ANY)
    name = {"list": "list", "array": "array", "set": "Set", "option": "option", "map": "Map"}[kind.name]
    return f"Map<string, {of}>" if kind.name == "map" else f"{name}<{of}>"
