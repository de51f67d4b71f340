"""The fields of the typed structures, looked up once: msgspec evaluates their annotations anew each time."""

from __future__ import annotations

import functools

import msgspec


@functools.cache
def fields_of(kind: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    """As ``msgspec.structs.fields`` gives them."""
    return msgspec.structs.fields(kind)
