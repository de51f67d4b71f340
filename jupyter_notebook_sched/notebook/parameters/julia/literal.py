"""Values as Julia source, for Base alone.

Array literals promote their elements (``[true, 2]`` is ``[1, 2]``), so an array of elements of several kinds is written
``Any[…]``, and an object ``Dict{String,Any}(…)``.
"""

from __future__ import annotations

import math

from ..model import Json, Parameter
from ..quoting import quoted, unicode_escape

_ELEMENTS = {"string": "String", "integer": "Int", "number": "Float64", "boolean": "Bool"}

COMMENT = "#"


def assignment(name: str, text: str) -> str:
    return f"{name} = {text}"


def literal(value: Json, parameter: Parameter, replaced: str) -> str:
    """Raises ``ValueError`` for half a surrogate pair."""
    if value == [] and parameter.items in _ELEMENTS:
        return f"{_ELEMENTS[parameter.items]}[]"
    return _json(value)


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
