"""The types and attributes that stand before a variable of PowerShell."""

from __future__ import annotations

from dataclasses import replace

from ..model import Json, Kind
from ..tokens import Token, split_at_commas
from .value import HASHTABLE, read_value

_WHOLE = {"byte": (0, 2**8), "int16": (-(2**15), 2**15), "int32": (-(2**31), 2**31), "int64": (-(2**63), 2**63)}
_SHORT = {"int": "int32", "long": "int64", "short": "int16", "float": "double", "single": "double", "decimal": "double"}
_NAMED = {
    "double": Kind("number", floating=True),
    "string": Kind("string"),
    "bool": Kind("boolean"),
    "boolean": Kind("boolean"),
    "switch": Kind("boolean"),
    "bigint": Kind("integer"),
    "datetime": Kind("datetime"),
    "datetimeoffset": Kind("datetime", python="datetimeoffset"),
    "array": Kind("array"),
    "object[]": Kind("array"),
    "hashtable": HASHTABLE,
    **{name: Kind("integer", minimum=low, maximum=high - 1) for name, (low, high) in _WHOLE.items()},
}


def read_types(tokens: list[Token]) -> Kind | None:
    """What they say of the variable; None where that is nothing that we know."""
    groups = _groups(tokens)
    kind = next((named for group in groups if (named := _named("".join(_texts(group)))) is not None), None)
    for group in groups:
        name, arguments = group[0].text.lower(), _arguments(group)
        if name == "validateset" and arguments:
            kind = replace(kind or Kind("string"), choices=tuple(arguments))
        elif name == "validaterange" and len(arguments) == 2:
            low, high = arguments
            if isinstance(low, int | float) and isinstance(high, int | float):
                kind = replace(kind or Kind("number"), minimum=low, maximum=high)
    return kind


def _texts(group: list[Token]) -> list[str]:
    return [token.text.lower() for token in group]


def _groups(tokens: list[Token]) -> list[list[Token]]:
    """What stands between each pair of outer square brackets."""
    groups: list[list[Token]] = []
    depth = 0
    for token in tokens:
        depth += {"open": 1, "close": -1}.get(token.kind, 0)
        if depth == 1 and token.text == "[":
            groups.append([])
        elif depth > 0:
            groups[-1].append(token)
    return [group for group in groups if group]


def _named(name: str) -> Kind | None:
    name = name.removeprefix("system.")
    if name.startswith("nullable["):
        inner = _named(name.removeprefix("nullable[").removesuffix("]"))
        return replace(inner, nullable=True) if inner is not None else None
    if name in _NAMED or name in _SHORT:
        return _NAMED[_SHORT.get(name, name)]
    element = _named(name.removesuffix("[]")) if name.endswith("[]") else None
    if element is None:
        return None
    scalar = element.type in ("string", "integer", "number", "boolean")
    return Kind("array", items=element.type if scalar else None, elements=element, floating=element.floating)


def _arguments(group: list[Token]) -> list[Json]:
    """The values between the brackets of an attribute; none where one of them is no literal."""
    if len(group) < 4 or group[1].text != "(" or group[-1].text != ")":
        return []
    values = [read_value(part) if part else None for part in split_at_commas(group[2:-1])]
    found = [value.json for value in values if value is not None]
    return found if len(found) == len(values) else []
