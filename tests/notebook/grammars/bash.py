from __future__ import annotations

import re
from typing import Any

import tree_sitter_bash
from tree_sitter import Node

from .trees import items, statement, text

_LETTERS = {"n": b"\n", "t": b"\t", "r": b"\r", "'": b"'", "\\": b"\\"}


def assigned(source: str) -> tuple[str, Any]:
    """The name and the text, or the list of texts, of an assignment in bash."""
    node = statement(tree_sitter_bash.language(), source)
    assert node.type == "variable_assignment"
    name, value = node.named_children
    return text(name), [_word(item) for item in items(value)] if value.type == "array" else _word(value)


def _word(node: Node) -> str:
    told = text(node)
    if node.type in ("word", "number"):
        assert re.fullmatch(r"[\w.+-]*", told)
        return told
    if node.type == "raw_string":
        return told[1:-1]
    if node.type == "string":
        assert {child.type for child in node.children} <= {'"', "string_content"}
        assert "!" not in told, "an interactive bash would look for an earlier command"
        return re.sub(r'\\([\\"$`])', r"\1", told[1:-1])
    assert node.type == "ansi_c_string"
    escapes = re.compile(rb"\\(?:x([0-9a-f]{2})|(.))", re.DOTALL)
    return escapes.sub(_escape, told[2:-1].encode()).decode()


def _escape(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 16)]) if found[1] else _LETTERS[found[2].decode()]
