"""What a Python annotation declares, read from its syntax alone."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import Any

from ..model import Declared, Json, Kind
from .constraints import constraints, keywords_read
from .names import Names
from .parsing import parsed_expression
from .value import read_value


@dataclass(frozen=True, slots=True)
class Annotation(Declared):
    """``type`` None: the annotation says nothing that is understood, so the default decides.

    ``exact``: the annotation names a class, so that a default of another one is not what it declares.
    """

    type: str | None = None
    title: str | None = None
    help: str | None = None
    suggestions: tuple[Json, ...] | None = None
    exact: bool = False

    @property
    def kind(self) -> Kind:
        return Kind(self.type or "any", **self.declared())


UNDECLARED = Annotation()

_POSITIVE: dict[str, Any] = {"exclusive_minimum": 0}
_NEGATIVE: dict[str, Any] = {"exclusive_maximum": 0}
_SIMPLE = {
    **dict.fromkeys(("str", "Text", "LiteralString", "StrictStr"), Annotation("string", exact=True)),
    **dict.fromkeys(("int", "StrictInt"), Annotation("integer")),
    **dict.fromkeys(("float", "StrictFloat", "FiniteFloat"), Annotation("number", floating=True)),
    **dict.fromkeys(("bool", "StrictBool"), Annotation("boolean")),
    "Number": Annotation("number"),
    "PositiveInt": Annotation("integer", **_POSITIVE),
    "NegativeInt": Annotation("integer", **_NEGATIVE),
    "NonNegativeInt": Annotation("integer", minimum=0),
    "NonPositiveInt": Annotation("integer", maximum=0),
    "PositiveFloat": Annotation("number", floating=True, **_POSITIVE),
    "NegativeFloat": Annotation("number", floating=True, **_NEGATIVE),
    "NonNegativeFloat": Annotation("number", floating=True, minimum=0),
    "NonPositiveFloat": Annotation("number", floating=True, maximum=0),
    **dict.fromkeys(
        ("Path", "PurePath", "PosixPath", "FilePath", "DirectoryPath"),
        Annotation("string", python="path", exact=True),
    ),
    "Decimal": Annotation("string", python="decimal", exact=True),
    "date": Annotation("date", python="date", exact=True),
    "datetime": Annotation("datetime", python="datetime", exact=True),
    **dict.fromkeys(("Any", "object"), Annotation("any", nullable=True)),
    **dict.fromkeys(("None", "NoneType"), Annotation("any", nullable=True)),
}
_CONTAINERS = {
    **dict.fromkeys(("list", "List", "MutableSequence"), Annotation("array", exact=True)),
    **dict.fromkeys(("Sequence", "Iterable", "Collection"), Annotation("array")),
    **dict.fromkeys(("tuple", "Tuple"), Annotation("array", python="tuple", exact=True)),
    **dict.fromkeys(("set", "Set", "MutableSet"), Annotation("array", python="set", exact=True)),
    "AbstractSet": Annotation("array", python="set"),
    **dict.fromkeys(("frozenset", "FrozenSet"), Annotation("array", python="frozenset", exact=True)),
    **dict.fromkeys(("dict", "Dict", "Mapping", "MutableMapping"), Annotation("object")),
}
_CONSTRAINED = {"conint": "int", "confloat": "float", "constr": "str", "condecimal": "Decimal"}
_PLAIN_ITEMS = frozenset({"string", "integer", "number", "boolean", "array", "object"})


def read_annotation(node: ast.expr, names: Names | None = None) -> Annotation:
    """The declaration in ``node``; strings are read as the annotation that they spell."""
    names = names or Names()
    match node:
        case ast.Constant(value=str(text)):
            inner = parsed_expression(text)
            return read_annotation(inner, names) if inner is not None else UNDECLARED
        case ast.Constant(value=None):
            return _SIMPLE["None"]
        case ast.Name(id=name) if name in names.aliases:
            return _alias(name, names)
        case ast.Name(id=name) if name in names.enums:
            return Annotation("string", python="enum", enum=name, choices=names.enums[name])
        case ast.Name() | ast.Attribute():
            name = names.of(node) or ""
            return _SIMPLE.get(name) or _CONTAINERS.get(name) or UNDECLARED
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            return _union([*_members(left), right], names)
        case ast.Subscript(value=of, slice=inner):
            arguments = list(inner.elts) if isinstance(inner, ast.Tuple) else [inner]
            return _subscripted(names.of(of) or "", arguments, names)
        case ast.Call(func=function, keywords=keywords) if names.of(function) in _CONSTRAINED:
            given = {keyword.arg: keyword.value for keyword in keywords if keyword.arg is not None}
            return replace(_SIMPLE[_CONSTRAINED[str(names.of(function))]], **keywords_read(given, names))
    return UNDECLARED


def _alias(name: str, names: Names) -> Annotation:
    """Each alias is read once: they may name each other, and themselves."""
    if name not in names.read_aliases:
        names.read_aliases[name] = UNDECLARED
        names.read_aliases[name] = read_annotation(names.aliases[name], names)
    read: Annotation = names.read_aliases[name]
    return read


def _members(node: ast.expr) -> list[ast.expr]:
    """Those of ``a | b | c``, without descending: a union of thousands must not exhaust the stack."""
    right: list[ast.expr] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        right.append(node.right)
        node = node.left
    return [node, *reversed(right)]


def _subscripted(name: str, arguments: list[ast.expr], names: Names) -> Annotation:
    match name:
        case "Optional" if len(arguments) == 1:
            return replace(read_annotation(arguments[0], names), nullable=True)
        case "Union":
            return _union(arguments, names)
        case "Literal":
            return _literal(arguments, names)
        case "Final" | "ClassVar" | "Required" | "InitVar" if len(arguments) == 1:
            return read_annotation(arguments[0], names)
        case "Annotated" if arguments:
            return replace(read_annotation(arguments[0], names), **constraints(arguments[1:], names))
    container = _CONTAINERS.get(name, UNDECLARED)
    if container.type == "object" and len(arguments) == 2:
        members = read_annotation(arguments[1], names)
        return replace(container, members=members.kind if members.type is not None else None)
    return _with_elements(container, arguments, names) if container.type == "array" else container


def _with_elements(container: Annotation, arguments: list[ast.expr], names: Names) -> Annotation:
    match arguments:
        case [only] if container.python != "tuple":
            pass
        case [only, ast.Constant(value=value)] if value is ... and container.python == "tuple":
            pass
        case _ if container.python == "tuple":
            return replace(container, places=tuple(read_annotation(place, names).kind for place in arguments))
        case _:
            return container
    element = read_annotation(only, names)
    if element.type is None:
        return container
    plain = element.type in _PLAIN_ITEMS and not element.nullable and element.python is None
    return replace(
        container, elements=element.kind, items=element.type if plain else None, floating=plain and element.floating
    )


def _union(members: list[ast.expr], names: Names) -> Annotation:
    declared = [read_annotation(member, names) for member in members]
    nullable = any(one.nullable for one in declared)
    others = [one for one, member in zip(declared, members, strict=True) if not _is_none(member)]
    if len(others) == 1:
        return replace(others[0], nullable=nullable)
    types = {one.type for one in others}
    if others and all(one.choices is not None and one.python is None for one in others):
        choices = tuple(choice for one in others for choice in one.choices or ())
        return Annotation(str(types.pop()) if len(types) == 1 else "any", nullable=nullable, choices=choices)
    if len(types) == 1 and None not in types:
        return Annotation(types.pop(), nullable=nullable)
    if types == {"integer", "number"}:
        return Annotation("number", nullable=nullable)
    if not all(one.type in _PLAIN_ITEMS and one.python is None for one in others):
        return Annotation("any" if types != {None} else None, nullable=nullable)
    alternatives = tuple(dict.fromkeys(one.type for one in others if one.type is not None))
    return Annotation("any", nullable=nullable, alternatives=alternatives or None)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _literal(arguments: list[ast.expr], names: Names) -> Annotation:
    values = [read_value(argument, names) for argument in arguments]
    choices = [value for value in values if value is not None and value.json is not None]
    kinds = {(value.python, value.enum) for value in choices}
    if not choices or None in values or len(kinds) > 1 or any(isinstance(value.json, list | dict) for value in choices):
        return UNDECLARED
    types = {value.type for value in choices}
    python, enum = kinds.pop()
    return Annotation(
        types.pop() if len(types) == 1 else "any",
        nullable=len(choices) < len(values),
        choices=tuple(value.json for value in choices),
        python=python,
        enum=enum,
    )
