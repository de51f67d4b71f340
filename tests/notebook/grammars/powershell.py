from __future__ import annotations

import re
from typing import Any

import tree_sitter_powershell
from tree_sitter import Node

from .trees import decoded, items, narrowed, statement, text

_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_CONSTANTS = {"$null": None, "$true": True, "$false": False}
_STATIC = {"NaN": float("nan"), "PositiveInfinity": float("inf"), "NegativeInfinity": float("-inf")}
_SINGLE, _DOUBLE = "'\u2018\u2019\u201a\u201b", '"\u201c\u201d\u201e'


def assigned(source: str) -> tuple[str, Any]:
    """The name and the value of an assignment in PowerShell; arrays are taken apart where it would do that."""
    node = narrowed(statement(tree_sitter_powershell.language(), source), "assignment_expression")
    assert node.type == "assignment_expression"
    name, _, value = node.named_children
    return text(name).removeprefix("$"), _value(value)


def _value(node: Node) -> Any:
    node = narrowed(node, "array_expression", "string_literal", "member_access")
    if node.type == "array_literal_expression":
        return [_value(item) for item in items(node)]
    if node.type == "array_expression":
        return _gathered(node)
    if node.type == "expression_with_unary_operator":
        return _unary(node)
    if node.type == "cast_expression":
        type_, operand = node.named_children
        assert text(type_) == "[ordered]"
        return _value(operand)
    if node.type == "hash_literal_expression":
        return _table(node)
    if node.type == "string_literal":
        return _string(text(node))
    if node.type == "member_access":
        assert text(node).startswith("[double]::")
        return _STATIC[text(node).removeprefix("[double]::")]
    if node.type == "invokation_expression":
        found = re.fullmatch(r"\[bigint\]::Parse\('(-?\d+)', \[cultureinfo\]::InvariantCulture\)", text(node))
        assert found is not None
        return int(found[1])
    return _scalar(node)


def _scalar(node: Node) -> Any:
    if node.type == "decimal_integer_literal":
        assert int(text(node)) < 2**63
        return int(text(node))
    if node.type == "real_literal":
        return float(text(node))
    assert node.type == "variable", node.type
    return _CONSTANTS[text(node)]


def _unary(node: Node) -> Any:
    operator, operand = node.children
    assert operator.type in (",", "-")
    return [_value(operand)] if operator.type == "," else -_value(operand)


def _gathered(node: Node) -> list[Any]:
    """``@( )`` puts out what its statements give, and an array is put out element by element."""
    found: list[Any] = []
    for statements in items(node):
        for pipeline in items(statements):
            value = _value(pipeline)
            found += value if isinstance(value, list) else [value]
    return found


def _table(node: Node) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for body in items(node):
        for entry in items(body):
            key, value = entry.named_children
            name = _value(key)
            assert name.lower() not in {other.lower() for other in found}
            found[name] = _value(value)
    return found


def _string(told: str) -> str:
    if told[0] in _SINGLE:
        assert re.fullmatch(f"([^{_SINGLE}]|[{_SINGLE}]{{2}})*", told[1:-1])
        return re.sub(f"([{_SINGLE}])[{_SINGLE}]", r"\1", told[1:-1])
    inner = told[1:-1]
    character = r"\$\(\[char\]0x([0-9a-f]{4})\)"
    assert not re.search(f"[${_DOUBLE}]", re.sub(f"{character}|`.", "", inner, flags=re.DOTALL))

    def meaning(escape: re.Match[str]) -> str:
        return chr(int(escape[1], 16)) if escape[1] else _LETTERS.get(escape[2], escape[2])

    return decoded(inner, f"{character}|`(.)", meaning)
