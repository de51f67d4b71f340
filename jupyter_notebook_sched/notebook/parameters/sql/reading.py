"""The parameters of a SQL cell: what ``SET``, ``DECLARE`` and psql's ``\\set`` give a value."""

from __future__ import annotations

import re
from dataclasses import replace

from ..assignments import parameter, read_assignments, required
from ..declared_parameter import DeclaredParameter, declared, typed
from ..model import Parameter, Problem
from ..offsets import Places
from ..tokens import Statement, Token
from ..value_type import Literal, ValueType, described
from .forms import assigned
from .lexing import continues, lex
from .value import read_psql, read_value

_PSQL = re.compile(r"\\set[ \t]+(?P<name>[^\W\d]\w*)[ \t]+(?P<value>\S(?:.*\S)?)[ \t]*")


def read_cell(cell: str) -> tuple[list[Parameter], list[Problem]]:
    """Parameters and problems, each in the order of the cell."""
    return read_assignments(cell, lex, continues, _read)


def _read(places: Places, statement: Statement) -> Parameter | str | None:
    tokens = statement.tokens
    if not statement.whole:
        return "SQL cannot read this statement: a bracket, a comment or a quote has no partner."
    if tokens[0].kind == "meta":
        return _psql(places, statement)
    found = assigned(tokens, places.text)
    if found is None or isinstance(found, str):
        return found
    known = {"head": found.head, "form": found.form}
    if found.value is None:
        bare = required(places, statement, found.name)
        told = described_as(found.kind) if found.kind is not None else {"type": "any"}
        strict = {"kind": found.kind, "strict": True} if found.kind is not None else {}
        return declared(bare, **({"nullable": False} | told | strict | known))
    right = tokens[found.value :]
    plain = parameter(places, statement, found.name, right, None)
    return replace(_typed(plain, read_value(right, found.form), found.head, found.kind), form=found.form)


def described_as(kind: ValueType) -> dict[str, object]:
    ours = {"bit": "bool", "national": "string"}
    return described(replace(kind, name=ours.get(kind.name, kind.name)))


def _typed(plain: Parameter, literal: Literal | None, head: str, kind: ValueType | None) -> DeclaredParameter:
    if kind is None:
        return typed(plain, literal, head, None)
    told = described_as(kind)
    if literal is None:
        return declared(plain, **({"nullable": False} | told), head=head, kind=kind, strict=True)
    json = bool(literal.json) if kind.name == "bit" and literal.json in (0, 1) else literal.json
    return declared(
        plain, **told, default=json, expression=None, nullable=json is None, head=head, kind=kind, strict=True
    )


def _psql(places: Places, statement: Statement) -> Parameter | str | None:
    token = statement.tokens[0]
    found = _PSQL.fullmatch(token.text)
    if found is None:
        return None if not token.text.startswith("\\set") else "Only '\\set name value' can be a parameter."
    start, end = (token.start + place for place in found.span("value"))
    value = Token("string", found["value"], start, end)
    plain = parameter(places, statement, found["name"], [value], None)
    return replace(typed(plain, read_psql(found["value"]), f"\\set {found['name']}", None), form="psql")
