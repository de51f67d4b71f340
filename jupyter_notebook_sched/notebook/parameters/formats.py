"""Texts that stand for something else (dates, decimals, paths, Python expressions), by strict rules of our own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DATETIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)


def is_date(text: str) -> bool:
    """``2026-01-31``, and only so; other spellings of ISO 8601 depend on the version of Python."""
    return _DATE.fullmatch(text) is not None and _reads(date.fromisoformat, text)


def is_datetime(text: str) -> bool:
    """``2026-01-31T07:00``, with seconds and a fraction of them if need be, an offset or ``Z`` if it has one."""
    return _DATETIME.fullmatch(text) is not None and _reads(read_datetime, text)


def read_datetime(text: str) -> datetime:
    """A datetime from its wire form; Python 3.10 knows neither ``Z`` nor fractions other than three or six digits."""
    head, point, fraction = text.replace("Z", "+00:00").partition(".")
    if point:
        digits = re.match(r"\d*", fraction)[0]  # type: ignore[index]  # it always matches
        fraction = digits.ljust(6, "0") + fraction[len(digits) :]
    return datetime.fromisoformat(head + point + fraction)


def is_decimal(text: str) -> bool:
    """Whether Python's Decimal reads this text."""
    from decimal import Decimal, InvalidOperation

    try:
        Decimal(text)
    except InvalidOperation:
        return False
    return True


def is_path(text: str) -> bool:
    return "\0" not in text


def is_expression(text: str) -> bool:
    """One Python expression that can stand behind ``x = `` and binds no name."""
    from .python.source import is_expression as read

    return read(text)


FORMATS: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "date": (is_date, "a date such as 2026-01-31"),
    "date-time": (is_datetime, "a date and time such as 2026-01-31T07:00:00, with an offset if it has one"),
    "decimal": (is_decimal, "a decimal number, written as a text"),
    "path": (is_path, "a path, which holds no null character"),
    "python": (is_expression, "one Python expression without a comment"),
}
"""By the name in ``format`` of a schema: the check, and what such a text is called."""


def _reads(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True
