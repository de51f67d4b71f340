"""What a Python annotation declares, read from its syntax alone (names are taken to mean what they usually mean)."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace

from ..model import Json
from .value import read_value


@dataclass(frozen=True, slots=True)
class Declared:
    """``type`` None: the annotation says nothing that is understood, so the default decides."""

    type: str | None = None
    nullable: bool = False
    python: str | None = None
    items: str | None = None
    choices: tuple[Json, ...] | None = None
    minimum: int | float | None = None
    maximum: int | float | None = None
    floating: bool = False


UNDECLARED = Declared()

_SIMPLE = {
    **dict.fromkeys(("str", "Text", "LiteralString"), Declared("string")),
    "int": Declared("integer"),
    "float": Declared("number", floating=True),
    "bool": Declared("boolean"),
    **dict.fromkeys(("Path", "PurePath", "PosixPath"), Declared("string", python="path")),
    "Decimal": Declared("string", python="decimal"),
    "date": Declared("date", python="date"),
    "datetime": Declared("datetime", python="datetime"),
    **dict.fromkeys(("Any", "object"), Declared("any", nullable=True)),
    "None": Declared("any", nullable=True),
}
_CONTAINERS = {
    **dict.fromkeys(("list", "List", "Sequence", "MutableSequence", "Iterable", "Collection"), Declared("array")),
    **dict.fromkeys(("tuple", "Tuple"), Declared("array", python="tuple")),
    **dict.fromkeys(("set", "Set", "AbstractSet", "MutableSet"), Declared("array", python="set")),
    **dict.fromkeys(("frozenset", "FrozenSet"), Declared("array", python="frozenset")),
    **dict.fromkeys(("dict", "Dict", "Mapping", "MutableMapping"), Declared("object")),
}
_ITEM_TYPES = frozenset({"string", "integer", "number", "boolean", "array", "object"})


def read_annotation(node: ast.expr) -> Declared:
    """The declaration in ``node``; strings are read as the annotation that they spell."""
    match node:
        case ast.Constant(value=str(text)):
            try:
                return read_annotation(ast.parse(text.strip(), mode="eval").body)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return UNDECLARED
        case ast.Constant(value=None):
            return _SIMPLE["None"]
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return _SIMPLE.get(name) or _CONTAINERS.get(name) or UNDECLARED
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            return _union([left, right])
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inner):
            return _subscripted(name, list(inner.elts) if isinstance(inner, ast.Tuple) else [inner])
    return UNDECLARED


def _subscripted(name: str, arguments: list[ast.expr]) -> Declared:
    match name:
        case "Optional" if len(arguments) == 1:
            return replace(read_annotation(arguments[0]), nullable=True)
        case "Union":
            return _union(arguments)
        case "Literal":
            return _literal(arguments)
        case "Final" if len(arguments) == 1:
            return read_annotation(arguments[0])
        case "Annotated" if arguments:
            return _bounded(read_annotation(arguments[0]), arguments[1:])
    container = _CONTAINERS.get(name)
    if container is None:
        return UNDECLARED
    item = _item(name, arguments) if container.type == "array" else None
    return replace(container, items=item.type, floating=item.floating) if item is not None else container


def _item(name: str, arguments: list[ast.expr]) -> Declared | None:
    """What every element is declared to be, where that is one plain type."""
    match arguments:
        case [only] if name not in ("tuple", "Tuple"):
            pass
        case [only, ast.Constant(value=value)] if value is ...:
            pass
        case _:
            return None
    declared = read_annotation(only)
    plain = declared.type in _ITEM_TYPES and not declared.nullable and declared.python is None
    return declared if plain else None


def _union(members: list[ast.expr]) -> Declared:
    declared = [read_annotation(member) for member in members]
    nullable = any(one.nullable for one in declared)
    others = [one for one, member in zip(declared, members, strict=True) if not _is_none(member)]
    types = {one.type for one in others}
    if len(others) == 1:
        return replace(others[0], nullable=nullable)
    if types == {"integer", "number"}:
        return Declared("number", nullable)
    return Declared(types.pop() if len(types) == 1 else "any", nullable)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _literal(arguments: list[ast.expr]) -> Declared:
    values = [read_value(argument) for argument in arguments]
    choices = [value for value in values if value is not None and value.json is not None]
    if not choices or None in values or any(isinstance(value.json, list | dict) for value in choices):
        return UNDECLARED
    types = {value.type for value in choices}
    kind = types.pop() if len(types) == 1 else "any"
    return Declared(kind, len(choices) < len(values), choices=tuple(value.json for value in choices))


def _bounded(declared: Declared, constraints: list[ast.expr]) -> Declared:
    """Inclusive bounds as annotated-types and pydantic spell them: ``Ge(0)``, ``Le(9)``, ``Field(ge=0, le=9)``."""
    for constraint in constraints:
        match constraint:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=arguments, keywords=keywords):
                bounds = {keyword.arg: keyword.value for keyword in keywords} if name in ("Field", "Interval") else {}
                if name in ("Ge", "Le") and len(arguments) == 1:
                    bounds[name.lower()] = arguments[0]
                minimum = _number(bounds["ge"]) if "ge" in bounds else declared.minimum
                maximum = _number(bounds["le"]) if "le" in bounds else declared.maximum
                declared = replace(declared, minimum=minimum, maximum=maximum)
    return declared


def _number(node: ast.expr) -> int | float | None:
    value = read_value(node)
    if value is None or isinstance(value.json, bool) or not isinstance(value.json, int | float):
        return None
    return value.json
