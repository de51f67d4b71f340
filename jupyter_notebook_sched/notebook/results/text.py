"""Text that a kernel shows of a value, read back as that value: JSON, or a literal of Python; nothing is executed."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from typing import Any

# numpy 2 shows its scalars as np.float64(0.93); others as a call with one literal, too.
_SCALARS = re.compile(r"np\.((float|int|uint)\d*|longdouble|u?longlong|str_)|Decimal|\w*Path|Timestamp|frozenset")
_R_SCALAR = re.compile(r"\[1\] (\S.*)")
LONGEST = 16_384
"""Characters; what is longer is no value that could be kept."""
Unreadable = (ValueError, SyntaxError, TypeError, RecursionError, MemoryError)


def value_of(text: str) -> Any:
    """The value in wire form; the text itself where it is no literal."""
    text = text.strip("\n").rstrip()  # the first line of a table may begin with spaces
    if len(text) > LONGEST:
        return text
    shown = scalar[1] if (scalar := _R_SCALAR.fullmatch(text)) else text.strip()
    for read in (_of_json, _of_python):
        try:
            return read(shown)
        except Unreadable:
            continue
    return text


def _of_json(text: str) -> Any:
    return json.loads(text)


def _of_python(text: str) -> Any:
    return _value(ast.parse(text, mode="eval").body)


def _value(node: ast.expr) -> Any:
    """ValueError where it is no literal."""
    read = _READ.get(type(node))
    if read is None:
        raise ValueError(f"{type(node).__name__} is no literal")
    return read(node)


def _constant(node: ast.Constant) -> Any:
    if node.value is None or isinstance(node.value, bool | int | float | str):
        return node.value
    raise ValueError("bytes, complex numbers and … have no JSON")


def _named(node: ast.Name) -> Any:
    known = {"nan": float("nan"), "inf": float("inf"), "true": True, "false": False, "TRUE": True, "FALSE": False}
    if node.id not in known:
        raise ValueError(f"{node.id} is no literal")
    return known[node.id]


def _signed(node: ast.UnaryOp) -> Any:
    value = _value(node.operand)
    if isinstance(value, bool) or not isinstance(value, int | float) or not isinstance(node.op, ast.USub | ast.UAdd):
        raise ValueError("no signed number")
    return -value if isinstance(node.op, ast.USub) else value


def _items(node: ast.List | ast.Tuple | ast.Set) -> list[Any]:
    return [_value(item) for item in node.elts]


def _mapping(node: ast.Dict) -> dict[str, Any]:
    return {_key(key): _value(value) for key, value in zip(node.keys, node.values, strict=True)}


def _key(node: ast.expr | None) -> str:
    if node is None:
        raise ValueError("** is no literal")
    key = _value(node)
    return key if isinstance(key, str) else json.dumps(key)


def _called(node: ast.Call) -> Any:
    """A scalar's own way to show itself: ``np.float64(0.93)``, ``Decimal('1.5')``."""
    if len(node.args) == 1 and not node.keywords and _SCALARS.fullmatch(ast.unparse(node.func)):
        return _value(node.args[0])
    raise ValueError("a call")


def _attribute(node: ast.Attribute) -> Any:
    known = {"np.True_": True, "np.False_": False, "np.nan": float("nan"), "np.inf": float("inf")}
    name = ast.unparse(node)
    if name not in known:
        raise ValueError(f"{name} is no literal")
    return known[name]


_READ: dict[type[ast.expr], Callable[[Any], Any]] = {
    ast.Constant: _constant,
    ast.Name: _named,
    ast.UnaryOp: _signed,
    ast.List: _items,
    ast.Tuple: _items,
    ast.Set: _items,
    ast.Dict: _mapping,
    ast.Call: _called,
    ast.Attribute: _attribute,
}
