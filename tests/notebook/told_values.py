"""Values as a program of another language writes them down: a small JSON without any escape.

A text is ``{"s": hex of its UTF-16}``, a whole number ``{"i": "digits"}``, a floating point number ``{"d": hex of its
bits}``, an object ``{"o": [[name in hex, value], …]}``, a date or moment ``{"t": "as the language writes it"}``.
"""

from __future__ import annotations

import json
import struct
from typing import Any


def understood(line: str) -> Any:
    return _value(json.loads(line))


def _value(told: Any) -> Any:
    if isinstance(told, list):
        return [_value(item) for item in told]
    if not isinstance(told, dict):
        return told
    if "o" in told:
        return {_text(name): _value(item) for name, item in told["o"]}
    if "s" in told:
        return _text(told["s"])
    if "d" in told:
        return struct.unpack(">d", bytes.fromhex(told["d"]))[0]
    return int(told["i"]) if "i" in told else told["t"]


def _text(told: str) -> str:
    return bytes.fromhex(told).decode("utf-16-be")


def in_order(value: Any) -> Any:
    """Objects of these languages have no order."""
    if isinstance(value, list):
        return [in_order(item) for item in value]
    return {key: in_order(value[key]) for key in sorted(value)} if isinstance(value, dict) else value
