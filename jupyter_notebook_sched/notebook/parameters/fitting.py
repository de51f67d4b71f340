"""Whether one value is one that a parameter takes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime

from .model import NON_FINITE, Json, Parameter, same_value

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DATETIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)


def misfit(parameter: Parameter, value: Json) -> str | None:
    """Why ``value`` is none that ``parameter`` takes, as a sentence; None where it fits."""
    if value is None:
        return None if parameter.nullable else "It cannot be empty (null)."
    message = _CHECKS[parameter.type](parameter, value)
    if message is not None:
        return message
    if parameter.choices is not None and not any(same_value(choice, value) for choice in parameter.choices):
        return f"It must be one of {', '.join(map(_shown, parameter.choices))}."
    return _out_of_bounds(parameter, value)


def _shown(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)


def _string(parameter: Parameter, value: Json) -> str | None:
    if not isinstance(value, str):
        return "It must be a text."
    if parameter.python == "decimal" and not is_decimal(value):
        return "It must be a decimal number, written as a text."
    return None


def is_decimal(text: str) -> bool:
    """Whether Python's Decimal reads this text."""
    from decimal import Decimal, InvalidOperation

    try:
        Decimal(text)
    except InvalidOperation:
        return False
    return True


def _is_integer(value: Json) -> bool:
    return not isinstance(value, bool) and (isinstance(value, int) or (isinstance(value, float) and value.is_integer()))


def _is_number(value: Json) -> bool:
    return (isinstance(value, int | float) and not isinstance(value, bool)) or (
        isinstance(value, str) and value in NON_FINITE
    )


def _integer(parameter: Parameter, value: Json) -> str | None:
    return None if _is_integer(value) else "It must be a whole number."


def _number(parameter: Parameter, value: Json) -> str | None:
    return None if _is_number(value) else "It must be a number."


def _boolean(parameter: Parameter, value: Json) -> str | None:
    return None if isinstance(value, bool) else "It must be true or false."


_ITEM_CHECKS: dict[str, tuple[Callable[[Json], bool], str]] = {
    "string": (lambda item: isinstance(item, str), "a text"),
    "integer": (_is_integer, "a whole number"),
    "number": (_is_number, "a number"),
    "boolean": (lambda item: isinstance(item, bool), "true or false"),
    "array": (lambda item: isinstance(item, list), "a list"),
    "object": (lambda item: isinstance(item, dict), "an object"),
}


def _array(parameter: Parameter, value: Json) -> str | None:
    if not isinstance(value, list):
        return "It must be a list."
    if parameter.python in ("set", "frozenset") and any(isinstance(item, list | dict) for item in value):
        return "A set holds only texts, numbers, true, false and null."
    fits, called = _ITEM_CHECKS.get(parameter.items or "", (lambda item: True, ""))
    wrong = next((place for place, item in enumerate(value, start=1) if not fits(item)), None)
    return f"Item {wrong} must be {called}." if wrong is not None else None


def _object(parameter: Parameter, value: Json) -> str | None:
    return None if isinstance(value, dict) else "It must be an object (names with values)."


def _date(parameter: Parameter, value: Json) -> str | None:
    wrong = "It must be a date such as 2026-01-31."
    return _calendar(value, _DATE, date.fromisoformat, wrong)


def _datetime(parameter: Parameter, value: Json) -> str | None:
    wrong = "It must be a date and time such as 2026-01-31T07:00:00, with an offset if it has one."
    return _calendar(value, _DATETIME, read_datetime, wrong)


def _calendar(value: Json, form: re.Pattern[str], read: Callable[[str], date], wrong: str) -> str | None:
    if not isinstance(value, str) or not form.fullmatch(value):
        return wrong
    try:
        read(value)
    except ValueError:
        return wrong
    return None


def read_datetime(text: str) -> datetime:
    """A datetime from its wire form; Python 3.10 knows neither ``Z`` nor fractions other than three or six digits."""
    head, point, fraction = text.replace("Z", "+00:00").partition(".")
    if point:
        digits = re.match(r"\d*", fraction)[0]  # type: ignore[index]  # it always matches
        fraction = digits.ljust(6, "0") + fraction[len(digits) :]
    return datetime.fromisoformat(head + point + fraction)


def _out_of_bounds(parameter: Parameter, value: Json) -> str | None:
    if parameter.minimum is None and parameter.maximum is None:
        return None
    number = NON_FINITE[value] if isinstance(value, str) and value in NON_FINITE else value
    if not isinstance(number, int | float):
        return None
    if parameter.minimum is not None and not number >= parameter.minimum:
        return f"It must be at least {parameter.minimum}."
    if parameter.maximum is not None and not number <= parameter.maximum:
        return f"It must be at most {parameter.maximum}."
    return None


_CHECKS: dict[str, Callable[[Parameter, Json], str | None]] = {
    "string": _string,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "array": _array,
    "object": _object,
    "date": _date,
    "datetime": _datetime,
    "any": lambda parameter, value: None,
}
