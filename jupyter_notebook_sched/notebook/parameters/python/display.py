"""Where the elements of a Python list, tuple, set or dictionary stand, if it is written out."""

from __future__ import annotations

import ast

from ..displays import Display, Element
from ..offsets import Places


def read_display(text: str) -> Display | None:
    """None where the text is anything else, has nothing in it, or has ``*`` or ``**`` in it."""
    try:
        node = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    match node:
        case ast.Call(func=function, args=[ast.List() | ast.Tuple() | ast.Set() as only], keywords=[]):
            node, collection = only, ast.unparse(function)
        case _:
            collection = type(node).__name__.lower()
    places = Places(text)
    elements, closing = _elements(places, node), _closing(places, node)
    if not elements and closing is None:
        return None
    return Display(text, tuple(elements), isinstance(node, ast.Set), collection, closing)


def _closing(places: Places, node: ast.expr) -> int | None:
    """The closing bracket, where comments alone are before it."""
    match node:
        case ast.List(elts=[]) | ast.Tuple(elts=[]) | ast.Dict(keys=[]) if node.end_lineno != node.lineno:
            return _end(places, node) - 1
    return None


def _elements(places: Places, node: ast.expr) -> list[Element]:
    match node:
        case ast.List(elts=values) | ast.Tuple(elts=values) | ast.Set(elts=values):
            if not any(isinstance(value, ast.Starred) for value in values):
                return [Element(_start(places, value), _end(places, value), _start(places, value)) for value in values]
        case ast.Dict(keys=keys, values=values):
            names = [key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
            if len(set(names)) == len(keys):
                return [
                    Element(_start(places, key), _end(places, value), _start(places, value), name)
                    for key, value, name in zip(keys, values, names, strict=True)
                    if key is not None
                ]
    return []


def _start(places: Places, node: ast.expr) -> int:
    return places.after_bytes(node.lineno, node.col_offset)


def _end(places: Places, node: ast.expr) -> int:
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return places.after_bytes(node.end_lineno, node.end_col_offset)
