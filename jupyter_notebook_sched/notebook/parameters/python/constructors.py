"""Dates, decimals and paths in a notebook's own text: made by the names that the notebook has for their classes."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from ..changes import Change, changed
from ..offsets import Places
from .parsing import REFUSED, parsed, parsed_expression

BY_IMPORT = "__import__("
_FUTURE = "__future__.annotations"  # annotations are not evaluated, so that what they name may be bound nowhere


def own_name(dotted: str, origins: Mapping[str, str]) -> str | None:
    """What is called ``dotted`` (``datetime.date``) where ``origins`` are imported, local name → origin."""
    names = {origin: name for name, origin in origins.items()}
    module, _, plain = dotted.rpartition(".")
    return names.get(dotted) or (f"{names[module]}.{plain}" if module in names else None)


def annotated_name(dotted: str, statement: str, origins: Mapping[str, str]) -> str | None:
    """The same as the annotation of ``statement`` has it, where nothing is known of that name."""
    if _FUTURE in origins.values():
        return None
    try:
        nodes = parsed(statement)
    except REFUSED:
        return None
    for node in nodes[:1]:
        for name in _named(node.annotation) if isinstance(node, ast.AnnAssign) else ():
            if name.rpartition(".")[2] == dotted.rpartition(".")[2] and name.partition(".")[0] not in origins:
                return name
    return None


def by_own_names(text: str, origins: Mapping[str, str], statement: str) -> str:
    """A literal that names a class by importing its module, as ``literal`` writes it, without that where it can be."""
    if BY_IMPORT not in text or (expression := parsed_expression(text)) is None:
        return text
    places, changes = Places(text), []
    for node in ast.walk(expression):
        match node:
            case ast.Attribute(value=ast.Call(func=ast.Name(id="__import__"), args=[ast.Constant(value=str(module))])):
                dotted = f"{module}.{node.attr}"
                name = own_name(dotted, origins) or annotated_name(dotted, statement, origins)
                if name is not None:
                    changes.append(Change(*_span(places, node), name))
    return changed(text, changes)


def _named(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name | ast.Attribute):
        yield ast.unparse(node)
        return
    for inner in ast.iter_child_nodes(node):
        yield from _named(inner)


def _span(places: Places, node: ast.expr) -> tuple[int, int]:
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return places.after_bytes(node.lineno, node.col_offset), places.after_bytes(node.end_lineno, node.end_col_offset)
