"""Where a page of a list ended, as opaque text that only this version's lists make."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from ..errors import FieldError, Invalid


def cursor_of(kind: str, position: list[str]) -> str:
    """Text for ``next_cursor``; ``kind`` names the list and its order, so that it fits no other."""
    return base64.urlsafe_b64encode(json.dumps([kind, *position]).encode()).decode().rstrip("=")


def position_of(kind: str, cursor: str | None, parts: int = 1) -> list[str] | None:
    """The position in a cursor, of so many parts; Invalid where it is broken or another list's."""
    if cursor is None:
        return None
    try:
        decoded: Any = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        decoded = None
    if not isinstance(decoded, list) or decoded[:1] != [kind] or len(decoded) != 1 + parts or not _plain(decoded):
        raise broken_cursor()
    return decoded[1:]


def broken_cursor() -> Invalid:
    return Invalid.fields([FieldError("cursor", "is not one that this list gave; leave it out for the first page")])


def _plain(decoded: list[Any]) -> bool:
    return all(isinstance(part, str) and part.isascii() for part in decoded)
