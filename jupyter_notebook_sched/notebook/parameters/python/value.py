"""A Python expression that is a literal, in its wire form; None for everything that would have to be computed.

Beside Python's own literals the spellings in ``constructed`` count, and members of an Enum that the notebook defines.
Where JSON cannot tell kinds apart and no common kind can either (a tuple beside a list, a date beside a text), it is no
literal here, so that no edit changes it by accident.
"""

from __future__ import annotations

import ast
import math
import re

from ..model import Kind, Value
from .common import array, keyed
from .constructed import constructed
from .names import Names

MOST_BITS = 13_000  # Python writes integers of up to 4,300 digits

_COLLECTIONS = frozenset({"set", "frozenset", "tuple", "list"})
_SURROGATE = re.compile("[\ud800-\udfff]")  # half a character, which no JSON text can hold


def read_value(node: ast.expr, names: Names | None = None) -> Value | None:
    names = names or Names()
    match node:
        case ast.Constant(value=value):
            return _constant(value)
        case ast.JoinedStr(values=[] | [ast.Constant()] as texts):  # an f-string without fields
            return _constant("".join(str(text.value) for text in texts if isinstance(text, ast.Constant)))
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
            return _signed(sign, read_value(operand, names))
        case ast.List(elts=elements):
            return _array(elements, None, names)
        case ast.Tuple(elts=elements):
            return _array(elements, "tuple", names)
        case ast.Set(elts=[ast.Starred(value=ast.Tuple(elts=[]))]):
            return Value([], "array", "set")
        case ast.Set(elts=elements):
            return _array(elements, "set", names)
        case ast.Dict(keys=keys, values=values):
            return _object(keys, values, names)
        case ast.Name() if node.id in names.imported:
            return _infinite(node, names)
        case ast.Attribute():
            return _member(node.value, node.attr, names) or _infinite(node, names)
        case ast.Subscript(value=of, slice=ast.Constant(value=str(name))):
            return _member(of, name, names)
        case ast.Call(func=function, args=arguments, keywords=keywords):
            return _call(function, arguments, keywords, names)
    return None


def number(value: float) -> Value:
    """A floating-point number; what JSON cannot hold is the string that stands for it."""
    if math.isnan(value):
        return Value("NaN", "number", floating=True)
    if math.isinf(value):
        return Value("Infinity" if value > 0 else "-Infinity", "number", floating=True)
    return Value(value, "number", floating=True)


def _constant(value: object) -> Value | None:
    if value is None:
        return Value(None, "any")
    if isinstance(value, bool):
        return Value(value, "boolean")
    if isinstance(value, int):
        return Value(value, "integer") if value.bit_length() <= MOST_BITS else None
    if isinstance(value, float):
        return number(value)
    return Value(value, "string") if isinstance(value, str) and not _SURROGATE.search(value) else None


def _signed(sign: ast.unaryop, value: Value | None) -> Value | None:
    if value is None or value.type not in ("integer", "number"):
        return None
    if isinstance(sign, ast.UAdd):
        return value
    if isinstance(value.json, int):
        return Value(-value.json, "integer")
    return number(-float(str(value.json)))


def _all(nodes: list[ast.expr], names: Names) -> list[Value] | None:
    read = [read_value(node, names) for node in nodes]
    known = [value for value in read if value is not None]
    return known if len(known) == len(read) else None


def _array(elements: list[ast.expr], kind: str | None, names: Names) -> Value | None:
    parts = _all(elements, names)
    return array(parts, kind) if parts is not None else None


def _object(keys: list[ast.expr | None], values: list[ast.expr], names: Names) -> Value | None:
    parts = _all(values, names)
    if parts is None:
        return None
    named: dict[str, Value] = {}
    for key, part in zip(keys, parts, strict=True):
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            return None
        named[key.value] = part
    return keyed(named)


def _infinite(node: ast.expr, names: Names) -> Value | None:
    match (names.dotted(node) or "").split("."):
        case ["math" | "np" | "numpy", "inf" | "nan" as name]:
            return number(float(name))
    return None


def _member(of: ast.expr, name: str, names: Names) -> Value | None:
    """``Color.RED`` and ``Color["RED"]``, where the notebook defines ``Color``."""
    members = names.enums.get(of.id, ()) if isinstance(of, ast.Name) else ()
    if not isinstance(of, ast.Name) or name not in members:
        return None
    kind = Kind("string", python="enum", enum=of.id, choices=members)
    return Value(name, "string", "enum", enum=of.id, kind=kind)


def _call(function: ast.expr, arguments: list[ast.expr], keywords: list[ast.keyword], names: Names) -> Value | None:
    match _built_in(function, names):
        case str(name) if name in _COLLECTIONS and not keywords:
            return _collection(name, arguments, names)
        case "dict" if not arguments:
            return _keywords(keywords, names)
        case "float" if not keywords:
            return _float(arguments)
    return constructed(function, arguments, keywords, names)


def _built_in(function: ast.expr, names: Names) -> str | None:
    """Python's own name of what is called, where it may be Python's own."""
    if isinstance(function, ast.Name):
        return function.id if function.id not in names.own and function.id not in names.imported else None
    module, _, name = (names.dotted(function) or "").rpartition(".")
    return name if module == "builtins" else None


def _collection(name: str, arguments: list[ast.expr], names: Names) -> Value | None:
    kind = None if name == "list" else name
    match arguments:
        case []:
            return Value([], "array", kind)
        case [ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements)]:
            return _array(elements, kind, names)
    return None


def _keywords(keywords: list[ast.keyword], names: Names) -> Value | None:
    parts = _all([keyword.value for keyword in keywords], names)
    if parts is None or any(keyword.arg is None for keyword in keywords):
        return None
    return keyed({str(keyword.arg): part for keyword, part in zip(keywords, parts, strict=True)})


def _float(arguments: list[ast.expr]) -> Value | None:
    try:
        match arguments:
            case [ast.Constant(value=str() | int() | float() as value)]:
                return number(float(value))
    except (ValueError, OverflowError):
        pass
    return None
