"""Which names each top-level statement of a Python cell binds, and which it uses; nothing is executed."""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterator

from ..offsets import Places
from ..outline import Line
from .reading import is_other_language
from .statements import Statement, statements

_BUILT_IN = frozenset(dir(builtins))


def outline(cell: str) -> list[Line]:
    """In the order of the cell; statements that Python cannot read are left out."""
    if is_other_language(cell):
        return []
    places = Places(cell)
    return [line for statement in statements(places)[0] if (line := _line(statement)) is not None]


def _line(statement: Statement) -> Line | None:
    try:
        table = symtable.symtable(ast.unparse(statement.node), "<cell>", "exec")
        imports = dict(_imports(statement.node))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    bound, used = set(_bound(table)), set(_used(table))
    updates = bound if isinstance(statement.node, ast.AugAssign) else set()
    return Line(
        statement.start, statement.end, frozenset(bound), frozenset((used | updates) - _BUILT_IN), imports=imports
    )


def _bound(table: symtable.SymbolTable) -> Iterator[str]:
    """At the top level, and by ``global`` in what stands below it."""
    for symbol in table.get_symbols():
        changed = symbol.is_assigned() or symbol.is_imported()
        if changed and (table.get_type() == "module" or symbol.is_declared_global()):
            yield symbol.get_name()
    for inner in table.get_children():
        yield from _bound(inner)


def _used(table: symtable.SymbolTable) -> Iterator[str]:
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (table.get_type() == "module" or symbol.is_global()):
            yield symbol.get_name()
    for inner in table.get_children():
        yield from _used(inner)


def _imports(node: ast.stmt) -> Iterator[tuple[str, str]]:
    """Each name that the statement imports, with a statement that imports it alone."""
    match node:
        case ast.Import(names=names):
            for alias in names:
                yield alias.asname or alias.name.partition(".")[0], ast.unparse(ast.Import([alias]))
        case ast.ImportFrom(module=module, names=names, level=level):
            for alias in names:
                if alias.name != "*":
                    yield alias.asname or alias.name, ast.unparse(ast.ImportFrom(module, [alias], level))
