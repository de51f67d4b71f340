"""What a template gives, as a value of the parameter that it is for."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ..parameters.model import Json, Parameter
from .moments import Day, Moment


def as_declared(result: Any, parameter: Parameter) -> Json:
    """In wire form (API.md, *Parameters*). What does not fit stays as it is, for whoever checks it to tell."""
    read = _READ.get(parameter.type)
    return plain(result) if read is None or result is None else read(result)


def plain(result: Any) -> Json:
    """The JSON value nearest to it; TypeError where there is none."""
    if isinstance(result, Moment | Day):
        return str(result)
    if isinstance(result, list | tuple):
        return [plain(item) for item in result]
    if isinstance(result, dict):
        return {key if isinstance(key, str) else str(key): plain(item) for key, item in result.items()}
    if result is None or isinstance(result, bool | int | float | str):
        return result
    raise TypeError("it gives nothing that a parameter can take")


def as_text(result: Any) -> str:
    """In the midst of other text."""
    value = plain(result)
    return value if isinstance(value, str) else str(result) if not isinstance(value, list | dict) else as_json(value)


def as_json(value: Json) -> str:
    """Its texts as they are, wherever JSON does not ask for an escape."""
    return json.dumps(value, ensure_ascii=False)


def _number(result: Any) -> Json:
    return _read_text(result, float) if not _is_whole(result) else _read_text(result, int)


def _is_whole(result: Any) -> bool:
    return isinstance(result, str) and result.strip().lstrip("+-").isdecimal()


def _integer(result: Any) -> Json:
    return _read_text(result, int)


def _boolean(result: Any) -> Json:
    words = {"true": True, "false": False}
    return words.get(result.strip().lower(), result) if isinstance(result, str) else plain(result)


def _date(result: Any) -> Json:
    return str(result.on) if isinstance(result, Moment) else plain(result)


def _datetime(result: Any) -> Json:
    return f"{result}T00:00:00" if isinstance(result, Day) else plain(result)


def _structure(result: Any) -> Json:
    return _read_text(result, json.loads)


def _read_text(result: Any, read: Callable[[str], Any]) -> Json:
    if isinstance(result, str) and result not in ("NaN", "Infinity", "-Infinity"):
        try:
            return plain(read(result))
        except (ValueError, RecursionError):
            return result
    return plain(result)


_READ: dict[str, Callable[[Any], Json]] = {
    "string": as_text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
    "array": _structure,
    "object": _structure,
}
