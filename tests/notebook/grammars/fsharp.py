from __future__ import annotations

import re
from typing import Any

import tree_sitter_fsharp
from tree_sitter import Node

from .trees import decoded, items, narrowed, statement, text

_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", '"': '"'}
_NAMES = {
    "System.Double.NaN": float("nan"),
    "System.Double.PositiveInfinity": float("inf"),
    "System.Double.NegativeInfinity": float("-inf"),
}
_EMPTY: dict[str, Any] = {"[]": [], "Map.empty": {}, "null": None}


def assigned(source: str) -> tuple[str, Any]:
    """The name and the value of a ``let`` in F#."""
    node = statement(tree_sitter_fsharp.language(), source + "\n")
    definition = narrowed(node, "function_or_value_defn")
    assert text(definition.children[0]) == "let"
    return text(definition.children[1]), _value(definition.children[-1])


def _value(node: Node) -> Any:
    if node.type == "paren_expression":
        return _value(node.children[1])
    if node.type in ("typed_expression", "typecast_expression"):
        return _value(node.children[0])
    if text(node) in _EMPTY:
        value = _EMPTY[text(node)]
        return value if value is None else type(value)()
    if node.type == "const":
        return _constant(text(node))
    if node.type == "list_expression":
        return [_value(item) for item in node.children if item.type not in ("[", "]", ";")]
    if node.type == "application_expression":
        return _made(*node.named_children)
    assert node.type == "dot_expression"
    return _NAMES[text(node)]


def _made(function: Node, argument: Node) -> Any:
    if text(function) == "box":
        return _value(argument)
    assert text(function) == "Map.ofList"
    pairs = [[part for part in item.children[1].children if part.type != ","] for item in items(argument)]
    return {_value(key): _value(value) for key, value in pairs}


def _constant(told: str) -> Any:
    if told in ("true", "false"):
        return told == "true"
    if told.startswith('"'):
        return decoded(told[1:-1], r"\\(?:u([0-9a-f]{4})|U([0-9a-f]{8})|(.))", _meaning)
    whole = re.fullmatch(r"(-?\d+)(L|I|)", told)
    if whole is None:
        return float(told)
    number = int(whole[1])
    assert whole[2] == "I" or -(2 ** (63 if whole[2] else 31)) <= number < 2 ** (63 if whole[2] else 31)
    return number


def _meaning(escape: re.Match[str]) -> str:
    return chr(int(escape[1] or escape[2], 16)) if escape[1] or escape[2] else _LETTERS[escape[3]]
