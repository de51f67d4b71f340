"""What names mean in a cell, from the imports, classes and type aliases that are seen in it and in the cells before."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

KNOWN_MODULES = frozenset(
    {
        *("datetime", "decimal", "pathlib", "enum", "math", "numpy", "builtins", "numbers", "collections"),
        *("typing", "typing_extensions", "collections.abc", "annotated_types", "pydantic", "pydantic.types"),
    }
)
WRITTEN = frozenset({"float", "frozenset", "set"})
"""Built-in names that a value may be written with."""

_ENUMS = frozenset({"Enum", "IntEnum", "StrEnum", "ReprEnum", "Flag", "IntFlag"})


@dataclass(slots=True)
class Names:
    """``imported``: local name to dotted origin. ``enums``: names of members by class. ``own``: other functions and
    classes that the notebook defines. ``aliases``: what a type alias stands for; ``read_aliases``: what it declares.
    """

    imported: dict[str, str] = field(default_factory=dict)
    enums: dict[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: dict[str, ast.expr] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)
    read_aliases: dict[str, Any] = field(default_factory=dict)

    @property
    def rebound(self) -> frozenset[str]:
        """Those of ``WRITTEN`` that mean something else in the notebook."""
        return WRITTEN & (self.own | self.imported.keys())

    def of(self, node: ast.expr) -> str | None:
        """The plain name of what ``node`` refers to: ``date`` for ``dt.date``.

        A name that nothing is known of is taken for what it usually means; one that was imported from a module that is
        none of ``KNOWN_MODULES``, or that the notebook defines, means something else: None.
        """
        dotted = self.dotted(node)
        return dotted.rpartition(".")[2] if dotted is not None else None

    def dotted(self, node: ast.expr) -> str | None:
        match node:
            case ast.Name(id=name):
                if name in self.imported:
                    origin = self.imported[name]
                    return origin if origin.rpartition(".")[0] in KNOWN_MODULES else None
                return None if name in self.own else name
            case ast.Attribute(value=value, attr=attribute):
                module = self._module(value)
                return f"{module}.{attribute}" if module is not None else None
        return None

    def _module(self, node: ast.expr) -> str | None:
        match node:
            case ast.Name(id=name) if name in self.imported:
                return self.imported[name] if self.imported[name] in KNOWN_MODULES else None
            case ast.Name(id=name) if name not in self.own and name not in self.enums:
                return name
            case ast.Attribute(value=ast.Name(id=package), attr=name):
                path = f"{self.imported.get(package, package)}.{name}"
                return path if path in KNOWN_MODULES or package not in self.imported else None
            case ast.Call(func=ast.Name(id="__import__"), args=[ast.Constant(value=str(name))]):
                return name if name in KNOWN_MODULES else None
        return None

    def learn(self, body: Iterable[ast.stmt]) -> None:
        """What these statements bind; the last one counts."""
        for node in body:
            match node:
                case ast.Import(names=names):
                    for alias in names:
                        local = alias.asname or alias.name.partition(".")[0]
                        self._bind(local, alias.name if alias.asname else local)
                case ast.ImportFrom(module=str(module), names=names, level=0):
                    for alias in names:
                        self._bind(alias.asname or alias.name, f"{module}.{alias.name}")
                case ast.ClassDef(name=name):
                    self._learn_class(name, node)
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    self._bind(name, None)
                case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(ast.Name(id=name)) if name in WRITTEN:
                    self._bind(name, None)
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    self._learn_alias(name, value)
                case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=ast.expr() as value):
                    if self.of(annotation) == "TypeAlias":
                        self.aliases[name] = value
                case ast.If(body=inner) | ast.Try(body=inner) | ast.With(body=inner):
                    self.learn(inner)
                case _ if type(node).__name__ == "TypeAlias":  # Python 3.12: type Region = Literal["us", "fr"]
                    self.aliases[node.name.id] = node.value  # type: ignore[attr-defined]

    def _bind(self, name: str, origin: str | None) -> None:
        self.enums.pop(name, None)
        self.aliases.pop(name, None)
        self.own.discard(name)
        self.imported.pop(name, None)
        if origin is None:
            self.own.add(name)
        else:
            self.imported[name] = origin

    def _learn_class(self, name: str, node: ast.ClassDef) -> None:
        self._bind(name, None)
        if any(
            self.of(base) in _ENUMS or (isinstance(base, ast.Name) and base.id in self.enums) for base in node.bases
        ):
            self.enums[name] = tuple(_members(node.body))

    def _learn_alias(self, name: str, value: ast.expr) -> None:
        match value:
            case ast.Call(func=function, args=[ast.Constant(), inner]) if self.of(function) == "NewType":
                self.aliases[name] = inner
            case ast.Call(func=function, args=[ast.Constant(), inner]) if self.of(function) in _ENUMS:
                self._bind(name, None)
                self.enums[name] = tuple(_listed(inner))
            case ast.Subscript(value=of) if self.of(of) in ("Literal", "Annotated", "Optional", "Union"):
                self.aliases[name] = value

    def is_definition(self, node: ast.stmt) -> bool:
        """Whether this statement makes an Enum class or a type alias, which is no parameter and nothing to tell of."""
        match node:
            case ast.ClassDef(name=name):
                return name in self.enums
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() | ast.Subscript()):
                return name in self.enums or name in self.aliases
            case ast.AnnAssign(annotation=annotation):
                return self.of(annotation) == "TypeAlias"
        return type(node).__name__ == "TypeAlias"


def _members(body: list[ast.stmt]) -> Iterable[str]:
    """The names that an Enum's class body makes members, as the ``enum`` module's documentation has it."""
    for node in body:
        if isinstance(node, ast.Assign) and not isinstance(node.value, ast.Lambda):
            for target in node.targets:
                for name in ast.walk(target):
                    if isinstance(name, ast.Name) and not name.id.startswith("_"):
                        yield name.id


def _listed(node: ast.expr) -> Iterable[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield from text.replace(",", " ").split()
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            yield from (one.value for one in elements if isinstance(one, ast.Constant) and isinstance(one.value, str))
