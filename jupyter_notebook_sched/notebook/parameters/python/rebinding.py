"""Where the top level of a Python cell binds names, so that a value given earlier is lost.

Reads, names inside functions and classes, and those of comprehensions are none of it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from ..offsets import Places
from .reading import is_other_language
from .statements import statements


def bound_names(cell: str) -> Iterator[tuple[str, int]]:
    """Each name that running the cell may bind or delete, with its line; in no order."""
    if is_other_language(cell):
        return
    for statement in statements(Places(cell))[0]:
        try:
            for name, line in _bound([statement.node]):
                yield name, statement.first_line + line - 1
        except RecursionError:
            continue


def _bound(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, int]]:
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name, node.lineno
                waiting += node.decorator_list
                continue
            case ast.Lambda():
                continue
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                yield from _assigned_inside(node)
                continue
            case ast.AnnAssign(value=None):
                continue
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                yield from ((alias.asname or alias.name.partition(".")[0], node.lineno) for alias in names)
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                yield name, node.lineno
            case ast.ExceptHandler(name=str(name)):
                yield name, node.lineno
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name, node.lineno
            case ast.MatchMapping(rest=str(name)):
                yield name, node.lineno
        waiting += ast.iter_child_nodes(node)


def _assigned_inside(comprehension: ast.AST) -> Iterator[tuple[str, int]]:
    """A walrus in a comprehension binds in the scope around it; its loop variables do not."""
    for node in ast.walk(comprehension):
        if isinstance(node, ast.NamedExpr):
            yield node.target.id, node.lineno
