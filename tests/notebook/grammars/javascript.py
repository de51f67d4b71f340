from __future__ import annotations

import re
from typing import Any

import tree_sitter_javascript
import tree_sitter_typescript
from tree_sitter import Node

from .trees import decoded, items, statement, text

_LETTERS = {"n": "\n", "t": "\t", "r": "\r"}
_NAMES = {"NaN": float("nan"), "Infinity": float("inf")}


def assigned(source: str, typescript: bool = False) -> tuple[str, Any]:
    """The name and the value of an assignment in JavaScript; numbers are floats, those with an ``n`` integers."""
    grammar = tree_sitter_typescript.language_typescript() if typescript else tree_sitter_javascript.language()
    node = statement(grammar, source)
    assert node.type == "expression_statement"
    name, value = (child for child in node.named_children[0].children if child.is_named and child.type != "comment")
    return text(name), _value(value)


def _value(node: Node) -> Any:
    if node.type in ("parenthesized_expression", "as_expression"):
        return _value(node.named_children[0])
    if node.type == "number":
        return int(text(node)[:-1]) if text(node).endswith("n") else float(text(node))
    if node.type in ("true", "false", "null"):
        return {"true": True, "false": False, "null": None}[node.type]
    if node.type == "identifier":
        return _NAMES[text(node)]
    if node.type == "unary_expression":
        assert text(node).startswith("-")
        return -_value(node.named_children[0])
    if node.type == "string":
        return _string(node)
    if node.type == "array":
        return [_value(item) for item in items(node)]
    assert node.type == "object"
    return dict(map(_pair, items(node)))


def _pair(node: Node) -> tuple[str, Any]:
    key, value = node.named_children
    if key.type == "computed_property_name":
        return _string(key.named_children[0]), _value(value)
    assert _string(key) != "__proto__", "it would set the prototype"
    return _string(key), _value(value)


def _string(node: Node) -> str:
    assert node.type == "string"

    def meaning(escape: re.Match[str]) -> str:
        return chr(int(escape[1] or escape[2], 16)) if escape[1] or escape[2] else _LETTERS.get(escape[3], escape[3])

    return decoded(text(node)[1:-1], r"\\(?:u([0-9a-f]{4})|u\{([0-9a-f]+)\}|(.))", meaning)
