"""Values as Julia source, for Base alone.

Array literals promote their elements (``[true, 2]`` is ``[1, 2]``), so an array of elements of several kinds is written
``Any[…]``, and an object ``Dict{String,Any}(…)``.
"""

from __future__ import annotations

import math
from datetime import date

from ..formats import read_datetime
from ..model import Json, Parameter
from ..quoting import quoted, unicode_escape

_ELEMENTS = {"string": "String", "integer": "Int", "number": "Float64", "boolean": "Bool"}

COMMENT = "#"


def assignment(name: str, text: str) -> str:
    return f"{name} = {text}"


def literal(value: Json, parameter: Parameter, replaced: str) -> str:
    """Raises ``ValueError`` for half a surrogate pair, and for moments that a ``DateTime`` cannot hold."""
    if parameter.type in ("date", "datetime") and isinstance(value, str):
        return ("Dates." if "Dates." in parameter.source else "") + _moment(value, parameter.type)
    if value is None and parameter.python == "missing":
        return "missing"
    if value == [] and parameter.items in _ELEMENTS:
        return f"{_ELEMENTS[parameter.items]}[]"
    return _json(value)


def _moment(text: str, type_: str) -> str:
    if type_ == "date":
        day = date.fromisoformat(text)
        return f"Date({day.year}, {day.month}, {day.day})"
    moment = read_datetime(text)
    if moment.tzinfo is not None:
        raise ValueError("A DateTime of Julia has no time zone; send it without an offset.")
    if moment.microsecond % 1000:
        raise ValueError("A DateTime of Julia holds milliseconds, no microseconds.")
    numbers = [*moment.timetuple()[:6], *([moment.microsecond // 1000] if moment.microsecond else [])]
    return f"DateTime({', '.join(map(str, numbers))})"


def _json(value: Json) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return f"{'' if _kind(value) is not None else 'Any'}[{', '.join(map(_json, value))}]"
    if isinstance(value, dict):
        return f"Dict{{String,Any}}({', '.join(f'{_text(key)} => {_json(item)}' for key, item in value.items())})"
    return str(value)


def _text(text: str) -> str:
    return quoted(text, '"', "$", unicode_escape)


def _float(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Inf" if value > 0 else "-Inf"
    return repr(value)


def _kind(value: Json) -> str | None:
    """What Julia would take the value for; None for an array whose elements a plain literal would convert."""
    if not isinstance(value, list):
        return type(value).__name__
    kinds = {_kind(item) for item in value}
    if None in kinds or len(kinds) > 1:
        return None
    return f"[{''.join(str(kind) for kind in kinds)}]"
