"""Values held against the types that a cell declares; ``ValueError``, with a sentence, for those that do not fit."""

from __future__ import annotations

import math
import struct
from datetime import date, datetime
from decimal import Decimal

from .fitting import read_datetime
from .model import NON_FINITE, Json
from .value_type import ARRAYS, INTEGERS, ValueType, within

MOST_DECIMAL = 2**96 - 1  # .NET's Decimal is a whole number of 96 bits and a place for its point


def whole(value: Json, kind: ValueType) -> int:
    """A value for a type of whole numbers. Raises ``ValueError`` where the type cannot hold it."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("It must be a whole number here, as the cell declares it.")
    if not within(value, kind.name):
        least, most = INTEGERS[kind.name] or (0, 0)
        raise ValueError(f"The type that the cell declares holds whole numbers from {least} to {most} only.")
    return value


def fractional(value: Json, kind: ValueType) -> float:
    """A value for a type of floating point numbers. Raises ``ValueError`` where the type cannot hold it."""
    number = NON_FINITE.get(value, value) if isinstance(value, str) else value
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise ValueError("It must be a number here, as the cell declares it.")
    if isinstance(number, int) and (abs(number) >= 2**1023 or int(float(number)) != number):
        raise ValueError("A floating point number cannot hold so large a whole number exactly; send it as a text.")
    if kind.name == "float32":
        try:
            struct.pack("<f", number)
        except OverflowError:
            raise ValueError("It is too large for the 32 bits that the cell declares.") from None
    return float(number)


def text(value: Json) -> str:
    if not isinstance(value, str):
        raise ValueError("It must be a text here, as the cell declares it.")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("It holds half a surrogate pair, which is no character.")
    return value


def character(value: Json) -> str:
    """One UTF-16 unit, which is what a ``char`` of these languages is."""
    if len(text(value).encode("utf-16-le")) != 2:
        raise ValueError("It must be a single character, as the cell declares it.")
    return text(value)


def day(value: Json) -> date:
    try:
        return date.fromisoformat(text(value))
    except ValueError:
        raise ValueError("It must be a date such as 2026-01-31.") from None


def moment(value: Json) -> datetime:
    """A ``datetime`` from its wire form, with or without an offset."""
    try:
        return read_datetime(text(value))
    except ValueError:
        raise ValueError("It must be a date and time such as 2026-01-31T07:00:00.") from None


def boolean(value: Json) -> bool:
    if not isinstance(value, bool):
        raise ValueError("It must be true or false here, as the cell declares it.")
    return value


def collected(value: Json, kind: ValueType) -> list[tuple[str, Json]]:
    """The names and values of an object, or the elements of an array, without names."""
    if kind.name == "map" and isinstance(value, dict):
        return [(text(key), item) for key, item in value.items()]
    if kind.name in ARRAYS and isinstance(value, list):
        return [("", item) for item in value]
    raise ValueError(f"It must be {'an object' if kind.name == 'map' else 'a list'} here, as the cell declares it.")


def decimal_places(value: float) -> str:
    """The digits of a number for .NET's Decimal. Raises ``ValueError`` for what it cannot hold."""
    told = Decimal(repr(value)) if math.isfinite(value) else Decimal(0)
    digits, exponent = int("".join(map(str, told.as_tuple().digits))), int(told.as_tuple().exponent)
    if not math.isfinite(value) or exponent < -28 or digits * 10 ** max(exponent, 0) > MOST_DECIMAL:
        raise ValueError("A decimal holds only finite numbers of at most 28 digits.")
    return f"{told:f}"
