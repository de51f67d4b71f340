"""How JSON values look to languages that hold them in their own way."""

from __future__ import annotations

import json
from typing import Any


def as_doubles(value: Any) -> Any:
    """As JavaScript has it: a whole number that a double holds is that double."""
    if isinstance(value, list):
        return [as_doubles(item) for item in value]
    if isinstance(value, dict):
        return {key: as_doubles(item) for key, item in value.items()}
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**1023 or int(float(value)) != value:
        return value
    return float(value)


def as_texts(value: Any) -> Any:
    """As bash has it: the texts of a flat list, the text of a scalar, JSON of all else."""
    if isinstance(value, list) and not any(isinstance(item, list | dict | None) for item in value):
        return [as_texts(item) for item in value]
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return repr(value) if isinstance(value, float) else json.dumps(value, ensure_ascii=False)


def holds_nul(texts: str | list[str]) -> bool:
    """Whether bash would have to hold a NUL character; in JSON it is an escape."""
    return "\0" in (texts if isinstance(texts, str) else "".join(texts))
