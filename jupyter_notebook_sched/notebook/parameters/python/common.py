"""What several values have in common: the kind of a list's elements, where JSON alone cannot tell it."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

from ..model import Json, Kind, Value

Seen: TypeAlias = "dict[tuple[int, ...], Kind | None]"

PLAIN = Kind()
"""JSON says all there is to say."""


def is_plain(value: Value) -> bool:
    """Whether the value's wire form, read back, is the value."""
    stands_for_a_number = value.type == "number" and isinstance(value.json, str)
    return value.python is None and value.kind is None and not stands_for_a_number


def common(values: list[Value], seen: Seen) -> Kind | None:
    """The kind that every one of ``values`` is; None where some would be taken for something else.

    A text beside a date would become a date, and ``"NaN"`` beside ``float("nan")`` a number. ``seen`` is what was found
    before: tuples are tried twice, and those in tuples must not be tried twice as often each.
    """
    if all(map(is_plain, values)):
        return PLAIN
    present = [value for value in values if value.json is not None]
    nullable = len(present) < len(values)
    types = {(value.type, value.python, value.enum) for value in present}
    if types <= {("integer", None, None), ("number", None, None)}:
        return Kind("number", nullable=nullable, floating=all(value.floating for value in present))
    if len(types) > 1:
        return None
    looked_at = tuple(map(id, present))
    if looked_at not in seen:
        inside = {"array": _array, "object": _object}.get(present[0].type) if len(present) > 1 else None
        seen[looked_at] = inside(present, seen) if inside is not None else present[0].declared
    kind = seen[looked_at]
    return replace(kind, nullable=nullable) if kind is not None else None


def _array(values: list[Value], seen: Seen) -> Kind | None:
    python = values[0].python
    inner = common([part for value in values for part in value.parts], seen)
    if inner is not None:
        return Kind("array", python=python, elements=inner if inner is not PLAIN else None)
    lengths = {len(value.parts) for value in values}
    if python != "tuple" or len(lengths) > 1:
        return None
    places = [common(list(column), seen) for column in zip(*(value.parts for value in values), strict=True)]
    known = [place for place in places if place is not None]
    return Kind("array", python=python, places=tuple(known)) if len(known) == len(places) else None


def _object(values: list[Value], seen: Seen) -> Kind | None:
    named: dict[str, list[Value]] = {}
    for value in values:
        assert isinstance(value.json, dict)
        for name, part in zip(value.json, value.parts, strict=True):
            named.setdefault(name, []).append(part)
    kinds = {name: common(parts, seen) for name, parts in named.items()}
    known = {name: kind for name, kind in kinds.items() if kind is not None}
    if len(known) < len(kinds):
        return None
    return Kind("object", named={name: kind for name, kind in known.items() if kind is not PLAIN} or None)


def array(parts: list[Value], python: str | None) -> Value | None:
    """A list, tuple or set of these; None where its wire form could not be read back."""
    value = Value([part.json for part in parts], "array", python, parts=tuple(parts))
    return _with_kind(value, all(map(is_plain, parts)))


def keyed(parts: dict[str, Value]) -> Value | None:
    """A dict of these, with the same restriction."""
    json: dict[str, Json] = {name: part.json for name, part in parts.items()}
    value = Value(json, "object", parts=tuple(parts.values()))
    return _with_kind(value, all(map(is_plain, parts.values())))


def _with_kind(value: Value, plain: bool) -> Value | None:
    if plain:
        return value
    kind = _array([value], {}) if value.type == "array" else _object([value], {})
    if kind is None:
        return None
    items = kind.elements.type if kind.elements is not None and _is_json(kind.elements) else None
    return replace(value, kind=replace(kind, items=items), items=items)


def _is_json(kind: Kind) -> bool:
    return kind.python is None and not kind.nullable and kind.type in ("string", "integer", "number", "boolean")
