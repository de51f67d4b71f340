"""Dates and times as .NET's constructors take them: what C# and F# share."""

from __future__ import annotations

import re
from datetime import date, datetime

from .value_type import Literal, ValueType


def made(name: str, numbers: list[str]) -> Literal | None:
    """What ``DateOnly`` or ``DateTime`` makes of these arguments; None where one is no literal, or there is no such
    day."""
    if not all(re.fullmatch(r"\d{1,4}", number) for number in numbers):
        return None
    try:
        if name == "DateOnly" and len(numbers) == 3:
            return Literal(date(*map(int, numbers)).isoformat(), ValueType("date"))
        if name == "DateTime" and len(numbers) in (3, 6):
            return Literal(_told(*map(int, numbers)), ValueType("datetime"))
    except ValueError:
        return None
    return None


def _told(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> str:
    return datetime(year, month, day, hour, minute, second).isoformat()


def arguments(value: datetime, name: str) -> tuple[str, float | None]:
    """What stands between the brackets of .NET's ``DateTime`` or ``DateTimeOffset`` before the offset, and that offset
    in minutes (of a ``DateTime``: 0 for UTC)."""
    offset = value.utcoffset()
    if name == "offset" and offset is None:
        raise ValueError("A DateTimeOffset is written with an offset, such as 2026-01-31T07:00:00+01:00.")
    if name != "offset" and offset:
        raise ValueError("A DateTime has no offset; send it without one, or in UTC with Z.")
    return ", ".join(map(str, value.timetuple()[:6])), None if offset is None else offset.total_seconds() / 60
