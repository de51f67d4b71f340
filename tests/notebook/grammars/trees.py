"""A statement parsed by a grammar, and what all decoders share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tree_sitter import Language, Node, Parser


def statement(language: object, source: str) -> Node:
    """The one statement that the source is, without any error."""
    root = Parser(Language(language)).parse(source.encode()).root_node
    assert not root.has_error, source
    (only,) = [child for child in root.named_children if child.type != "comment"]
    return only


def text(node: Node) -> str:
    assert node.text is not None
    return node.text.decode()


def narrowed(node: Node, *stop: str) -> Node:
    """The first node below, through those that have only one child, that has more of them or one of these types."""
    while node.type not in stop and len(node.children) == 1:
        node = node.children[0]
    return node


def items(node: Node) -> Iterator[Node]:
    """The children that are no brackets and commas."""
    return (child for child in node.children if child.is_named)


def decoded(inner: str, escape: str, meaning: Callable[[re.Match[str]], str]) -> str:
    """Text with its escapes resolved, those of UTF-16 units joined."""
    found = re.sub(escape, meaning, inner, flags=re.DOTALL)
    return found.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
