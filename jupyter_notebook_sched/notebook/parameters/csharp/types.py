"""The types of C# that a parameter may be declared to have."""

from __future__ import annotations

import re

from ..value_type import ANY, ValueType

SCALARS = {
    "sbyte": "int8",
    "byte": "uint8",
    "short": "int16",
    "ushort": "uint16",
    "int": "int32",
    "uint": "uint32",
    "long": "int64",
    "ulong": "uint64",
    "BigInteger": "big",
    "Numerics.BigInteger": "big",
    "SByte": "int8",
    "Byte": "uint8",
    "Int16": "int16",
    "UInt16": "uint16",
    "Int32": "int32",
    "UInt32": "uint32",
    "Int64": "int64",
    "UInt64": "uint64",
    "Single": "float32",
    "Double": "float64",
    "Decimal": "decimal",
    "float": "float32",
    "double": "float64",
    "decimal": "decimal",
    "bool": "bool",
    "Boolean": "bool",
    "char": "char",
    "Char": "char",
    "string": "string",
    "String": "string",
    "object": "any",
    "Object": "any",
    "dynamic": "any",
    "DateOnly": "date",
    "DateTime": "datetime",
    "DateTimeOffset": "offset",
}
_CONTAINERS = {
    **dict.fromkeys(("List", "IList", "IEnumerable", "ICollection", "IReadOnlyList", "IReadOnlyCollection"), "list"),
    **dict.fromkeys(("HashSet", "ISet", "SortedSet"), "set"),
    **dict.fromkeys(("Dictionary", "IDictionary", "IReadOnlyDictionary", "SortedDictionary"), "map"),
}
_CONCRETE = {
    **dict.fromkeys(("IList", "IEnumerable", "ICollection", "IReadOnlyList", "IReadOnlyCollection"), "List"),
    "ISet": "HashSet",
    "IDictionary": "Dictionary",
    "IReadOnlyDictionary": "Dictionary",
}
_GENERIC = re.compile(r"(?P<path>(?:\w+\.)*)(?P<name>\w+)<(?P<of>.+)>")
_NAMES = {
    "int8": "sbyte",
    "uint8": "byte",
    "int16": "short",
    "uint16": "ushort",
    "int32": "int",
    "uint32": "uint",
    "int64": "long",
    "uint64": "ulong",
    "big": "System.Numerics.BigInteger",
    "float32": "float",
    "float64": "double",
    "decimal": "decimal",
    "bool": "bool",
    "char": "char",
    "string": "string",
    "any": "object",
    "null": "object",
    "date": "System.DateOnly",
    "datetime": "System.DateTime",
    "offset": "System.DateTimeOffset",
}
_COLLECTIONS = "System.Collections.Generic."


def type_of(text: str) -> ValueType:
    """The type that this text names; one of the name ``""`` for a type of somebody's own."""
    plain = re.sub(r"\s", "", text)
    if plain.endswith("?"):
        of = type_of(plain[:-1])
        return ValueType("option", of) if of.name else of
    if plain.endswith("[]"):
        of = type_of(plain[:-2])
        return ValueType("array", of) if of.name else of
    name = plain.removeprefix("System.")
    if name in SCALARS:
        return ValueType(SCALARS[name])
    generic = _GENERIC.fullmatch(plain)
    if generic is None or generic["name"] not in _CONTAINERS:
        return ValueType("")
    kind, inner = _CONTAINERS[generic["name"]], generic["of"]
    if kind == "map":
        key, _, inner = inner.partition(",")
        if key not in ("string", "String"):
            return ValueType("")
    of = type_of(inner)
    return ValueType(kind, of, generic["path"] + generic["name"]) if of.name else of


def spelled(kind: ValueType) -> str:
    """The type in C#'s words; of an interface, a class that has it."""
    of = spelled(kind.of or ANY) if kind.of is not None or kind.name not in _NAMES else ""
    if kind.name == "option":
        return f"{of}?"
    if kind.name == "array" or (kind.name == "list" and not kind.spelled):
        return f"{of}[]"
    if kind.name in _NAMES:
        return _NAMES[kind.name]
    path, _, name = (kind.spelled or _COLLECTIONS + ("Dictionary" if kind.name == "map" else "HashSet")).rpartition(".")
    path = f"{path}." if path else ""
    return f"{path}{_CONCRETE.get(name, name)}<{'string, ' if kind.name == 'map' else ''}{of}>"
