"""The types that Julia's annotations name, as far as they say something of a parameter."""

from __future__ import annotations

from dataclasses import replace

from ..model import Kind
from ..tokens import Token, split_at_commas

_BITS = {f"Int{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1)) for bits in (8, 16, 32, 64, 128)}
_UNSIGNED = {f"UInt{bits}": (0, 2**bits) for bits in (8, 16, 32, 64, 128)}
_NAMED = {
    **{name: Kind("integer", minimum=low, maximum=high - 1) for name, (low, high) in (_BITS | _UNSIGNED).items()},
    "Int": Kind("integer", minimum=-(2**63), maximum=2**63 - 1),
    "Integer": Kind("integer"),
    "BigInt": Kind("integer"),
    **{name: Kind("number", floating=True) for name in ("Float16", "Float32", "Float64", "AbstractFloat", "BigFloat")},
    "Real": Kind("number"),
    "Number": Kind("number"),
    "Bool": Kind("boolean"),
    "String": Kind("string"),
    "AbstractString": Kind("string"),
    "Date": Kind("date"),
    "DateTime": Kind("datetime"),
    "Dict": Kind("object"),
    "AbstractDict": Kind("object"),
    "Vector": Kind("array"),
    "Any": Kind(nullable=True),
}
_NOTHING = {"Nothing": None, "Missing": "missing"}
_SCALARS = frozenset({"string", "integer", "number", "boolean"})


def read_type(tokens: list[Token]) -> Kind | None:
    """What the type says; None where that is nothing that we know."""
    texts = [token.text for token in tokens]
    if texts[:2] == ["Dates", "."]:
        texts = texts[2:]
    match texts:
        case [name]:
            return _NAMED.get(name)
        case ["Union", "{", *_, "}"]:
            return _union(split_at_commas(tokens[2:-1]))
        case ["Vector" | "AbstractVector", "{", *_, "}"]:
            return _vector(read_type(tokens[2:-1]))
        case ["Dict" | "AbstractDict", "{", *_, "}"]:
            return _NAMED["Dict"]
    return None


def _union(parts: list[list[Token]]) -> Kind | None:
    """``Union{T, Nothing}`` and ``Union{T, Missing}``."""
    names = [part[0].text if len(part) == 1 else "" for part in parts]
    empty = [name for name in names if name in _NOTHING]
    rest = [part for part, name in zip(parts, names, strict=True) if name not in _NOTHING]
    kind = read_type(rest[0]) if len(rest) == 1 else None
    if kind is None or len(empty) != 1:
        return None
    return replace(kind, nullable=True, python=_NOTHING[empty[0]])


def _vector(element: Kind | None) -> Kind:
    if element is None or element.type not in _SCALARS or element.nullable:
        return Kind("array")
    return Kind("array", items=element.type, elements=element, floating=element.floating)
