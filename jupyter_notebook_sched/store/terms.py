"""Tags and parameter values as numbers, so that finding the runs that carry one is a look into one index."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec


def terms_of(parameters: Mapping[str, Any], tags: Iterable[str]) -> set[int]:
    """The terms under which a run is found."""
    return {parameter_term(name, text_of(value)) for name, value in parameters.items()} | set(map(tag_term, tags))


def tag_term(tag: str) -> int:
    return _hashed("tag", tag)


def parameter_term(name: str, text: str) -> int:
    """``text`` is the value as a query string writes it (``text_of``)."""
    return _hashed("parameter", name, text)


def text_of(value: Any) -> str:
    """Text as it is, all else as JSON: ``us``, ``true``, ``1``, ``1.5``, ``null``, ``[1,2]``."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _hashed(*parts: str) -> int:
    """64 bits (signed, as SQLite's integers are): among a million terms two meet with a chance of 1 to 10**7."""
    digest = hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
