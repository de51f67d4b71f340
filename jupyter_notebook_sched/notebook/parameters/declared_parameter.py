"""A parameter whose language has declarations, and its values as the declared type has them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from .fitting_types import moment
from .model import Json, Parameter
from .value_type import ARRAYS, FLOATING, Literal, ValueType, described, natural

_WIDENED = ARRAYS | {"int32", "int64", "map", "option", "null"}


@dataclass(frozen=True, slots=True)
class DeclaredParameter(Parameter):
    """A parameter whose language has declarations.

    ``head`` is what stands before its value, such as ``val x: Int =``; ``kind`` its type, None where it is not known;
    ``strict`` says that the type is written there, so that a value has to fit it. ``form`` is which of a language's
    assignments it is, where that matters. ``magic`` is the first line of a cell that is in another language than its
    notebook, such as ``%%sql``.
    """

    head: str = ""
    kind: ValueType | None = None
    strict: bool = False
    form: str = ""
    magic: str = ""


def declared(plain: Parameter, **known: Any) -> DeclaredParameter:
    """The same parameter with what is known of its declaration, or of anything else."""
    told = {field.name: getattr(plain, field.name) for field in fields(plain)}
    return DeclaredParameter(**(told | known))


def typed(plain: Parameter, literal: Literal | None, head: str, written: ValueType | None) -> DeclaredParameter:
    """A parameter as its declaration says, and where that leaves a type open, as its literal does.

    ``written`` is the type that stands there, without a name where it is somebody's own. ``plain`` has no value yet.
    """
    strict = written is not None and written.name not in ("", "any")
    anything = written is not None and written.name == "any"
    if anything and literal is not None and literal.kind.name in FLOATING and isinstance(literal.json, str):
        literal = None  # "NaN" would be a text there
    kind = written if strict else literal.kind if literal is not None else None
    if literal is None:
        told = described(kind) if kind is not None else {"type": "any"}
        return declared(plain, **({"nullable": anything} | told), head=head, kind=kind, strict=strict)
    assert kind is not None
    empty = literal.json is None
    known = {"type": "any", "nullable": True} if anything else described(kind)
    known |= {"default": literal.json, "expression": None}
    known["nullable"] = empty or bool(known.get("nullable"))
    if not anything and isinstance(literal.json, list) and None in literal.json:
        known["items"] = None
    return declared(plain, **known, head=head, kind=kind, strict=strict)


def written(value: Json, parameter: Parameter, write: Callable[[Json, ValueType], str]) -> str:
    """The value as ``write`` spells it for the parameter's type.

    Where only the default told that it is a whole number, a list and the like, or the declaration takes anything, a
    value that does not fit gets the type that it has by itself.

    Raises what ``write`` raises, ``ValueError`` where the type cannot hold the value.
    """
    kind = parameter.kind if isinstance(parameter, DeclaredParameter) else None
    if kind is None:
        return write(value, _asked(value, parameter.type))
    try:
        return write(value, kind)
    except ValueError:
        if getattr(parameter, "strict", False) or (kind.name not in _WIDENED and parameter.type != "any"):
            raise
        return write(value, _as_contained(natural(value), kind))


def _asked(value: Json, type_: str) -> ValueType:
    """The type of a parameter of which only the name of API.md is known."""
    if value is None or type_ not in ("number", "date", "datetime"):
        return natural(value)
    if type_ == "datetime":
        return ValueType("datetime" if moment(value).tzinfo is None else "offset")
    return ValueType("float64" if type_ == "number" else type_)


def _as_contained(own: ValueType, kind: ValueType) -> ValueType:
    if kind.name == "option":
        return ValueType("option", own)
    return ValueType(kind.name, own.of, kind.spelled) if own.name == "list" and kind.name in ARRAYS else own
