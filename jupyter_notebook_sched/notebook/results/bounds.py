"""Results as they may be kept: strict JSON, so much and no more."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

MOST_BYTES = 16 * 1024
"""Of all results of a run together, as JSON."""
MOST_OF_ONE = 4 * 1024
LEFT_OUT_BYTES = 100
MOST = 200
LONGEST_NAME = 100
MOST_NESTED = 20
LARGEST = 2**63 - 1
Masked = Callable[[Any], Any]
"""Leaves out of texts, and of JSON with texts in it, what must not show."""
CUT = "…"
"""What was cut ends with it; of what does not fit at all, it is the name."""


def as_it_is(value: Any) -> Any:
    return value


def bounded(found: Iterable[tuple[str, Any]], masked: Masked = as_it_is) -> dict[str, Any]:
    """The results in their order under names of their own; a large one is cut, and what does not fit is counted."""
    kept: dict[str, Any] = {}
    room, left_out = MOST_BYTES - LEFT_OUT_BYTES, 0
    for name, value in found:
        if len(kept) == MOST:
            left_out += 1
            continue
        name = free_name(masked(sound_text(name))[:LONGEST_NAME].strip() or "result", kept)
        value = cut(masked(sound(value)))
        size = _size({name: value})
        if size > room:
            left_out += 1
            continue
        room -= size
        kept[name] = value
    if left_out:
        kept[free_name(CUT, kept)] = f"{left_out} more did not fit"
    return kept


def free_name(wanted: str, taken: Mapping[str, Any]) -> str:
    """``wanted``, or the first of ``wanted 2``, ``wanted 3``, … that no other result has."""
    number, found = 1, wanted
    while found in taken:
        number += 1
        found = f"{wanted} {number}"
    return found


def cut(value: Any) -> Any:
    """The value where it is not too large; else the beginning of its text."""
    if _size(value) <= MOST_OF_ONE:
        return value
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.encode()[: MOST_OF_ONE // 2].decode(errors="ignore") + CUT


def sound(value: Any, levels: int = MOST_NESTED) -> Any:
    """The value as strict JSON: no bare NaN, no integers that others cannot hold, no half characters."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) <= LARGEST else _in_digits(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else _non_finite(value)
    if isinstance(value, str):
        return sound_text(value)
    if levels == 0:
        return CUT
    if isinstance(value, Mapping):
        return {sound_text(str(key)): sound(inner, levels - 1) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [sound(inner, levels - 1) for inner in value]
    return sound_text(str(value))


def _in_digits(value: int) -> str | float:
    """An integer beyond 64 bits, in digits; Python writes no more than 4,300 of them."""
    try:
        return str(value)
    except ValueError:
        return "Infinity" if value > 0 else "-Infinity"


def sound_text(text: str) -> str:
    """Without half surrogate pairs, which no UTF-8 holds."""
    return text.encode("utf-8", "replace").decode()


def _non_finite(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def _size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode())
