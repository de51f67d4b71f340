from __future__ import annotations

import re
from typing import Any

import tree_sitter_julia
from tree_sitter import Node

from .trees import decoded, items, statement, text

_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "$": "$"}
_NAMES = {"nothing": None, "NaN": float("nan"), "Inf": float("inf")}


def assigned(source: str) -> tuple[str, Any]:
    """The name and the value of an assignment in Julia."""
    node = statement(tree_sitter_julia.language(), source)
    name, operator, value = node.named_children
    assert (node.type, text(operator)) == ("assignment", "=")
    return text(name), _value(value)


def _value(node: Node) -> Any:
    if node.type == "integer_literal":
        return int(text(node))
    if node.type == "float_literal":
        return float(text(node))
    if node.type == "boolean_literal":
        return text(node) == "true"
    if node.type == "identifier":
        return _NAMES[text(node)]
    if node.type == "unary_expression":
        sign, operand = node.named_children
        assert text(sign) == "-"
        return -_value(operand)
    if node.type == "string_literal":
        return _string(node)
    if node.type == "vector_expression":
        found = [_value(item) for item in items(node)]
        assert _keeps(found), "Julia would convert its elements"
        return found
    if node.type == "index_expression":
        element, vector = node.named_children
        assert text(element) in ("Any", "String", "Int", "Float64", "Bool")
        return [_value(item) for item in items(vector)]
    return _dict(node)


def _keeps(values: list[Any]) -> bool:
    """Whether an array literal without a type leaves its elements what they are."""
    return len(set(map(_kind, values))) < 2


def _kind(value: Any) -> str:
    return f"[{' '.join(sorted(set(map(_kind, value))))}]" if isinstance(value, list) else type(value).__name__


def _dict(node: Node) -> dict[str, Any]:
    assert node.type == "call_expression"
    type_, arguments = node.named_children
    assert text(type_) == "Dict{String,Any}"
    found = {}
    for pair in items(arguments):
        key, arrow, value = pair.named_children
        assert text(arrow) == "=>"
        found[_string(key)] = _value(value)
    return found


def _string(node: Node) -> str:
    assert {child.type for child in node.children} <= {'"', "content", "escape_sequence"}

    def meaning(escape: re.Match[str]) -> str:
        return chr(int(escape[1] or escape[2], 16)) if escape[1] or escape[2] else _LETTERS[escape[3]]

    return decoded(text(node)[1:-1], r"\\(?:u([0-9a-f]{1,4})|U([0-9a-f]{1,8})|(.))", meaning)
