"""Values as Python source. No import statement is used, so that a literal binds nothing beside its parameter."""

from __future__ import annotations

import ast
import math
import re
from datetime import date

from ..fitting import read_datetime
from ..model import Json, Parameter
from ..quoting import quoted

_CONSTRUCTORS = {
    "date": '__import__("datetime").date',
    "datetime": '__import__("datetime").datetime',
    "decimal": '__import__("decimal").Decimal',
    "path": '__import__("pathlib").Path',
}

COMMENT = "#"


def assignment(name: str, text: str) -> str:
    return f"{name} = {text}"


def literal(value: Json, parameter: Parameter, replaced: str) -> str:
    """Quotes, and the name by which a date, path or decimal is made, follow the text that is replaced."""
    first_quote = re.search("['\"]", replaced)
    quote = first_quote[0] if first_quote is not None else '"'
    kind = parameter.python
    if isinstance(value, list) and kind is not None:
        return _collection(value, kind, quote)
    if isinstance(value, str) and kind in _CONSTRUCTORS:
        return _constructed(value, kind, _constructor_in(replaced, kind), quote)
    return _json(value, quote)


def _json(value: Json, quote: str) -> str:
    if isinstance(value, str):
        return _text(value, quote)
    if isinstance(value, float) and not math.isfinite(value):
        return f"float({quote}{value}{quote})"
    if isinstance(value, list):
        return f"[{_joined(value, quote)}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(key, quote)}: {_json(item, quote)}" for key, item in value.items()) + "}"
    return repr(value)


def _text(text: str, quote: str) -> str:
    return quoted(text, quote, "", lambda character: repr(character)[1:-1])


def _joined(values: list[Json], quote: str) -> str:
    return ", ".join(_json(value, quote) for value in values)


def _collection(values: list[Json], kind: str, quote: str) -> str:
    joined = _joined(values, quote)
    if kind == "tuple":
        return f"({joined},)" if len(values) == 1 else f"({joined})"
    if kind == "set":
        return "{" + joined + "}" if values else "set()"
    if kind == "frozenset":
        return "frozenset({" + joined + "})" if values else "frozenset()"
    return f"[{joined}]"


def _constructor_in(replaced: str, kind: str) -> str:
    """The name that the notebook itself uses, which is sure to be bound there; else one that needs no import."""
    wanted = _CONSTRUCTORS[kind].rpartition(".")[2]
    try:
        node = ast.parse(replaced.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _CONSTRUCTORS[kind]
    match node:
        case ast.Call(func=ast.Attribute(value=function, attr="fromisoformat")) | ast.Call(func=function):
            found = ast.get_source_segment(replaced.strip(), function) or ""
            return found if found.rpartition(".")[2] == wanted else _CONSTRUCTORS[kind]
    return _CONSTRUCTORS[kind]


def _constructed(value: str, kind: str, constructor: str, quote: str) -> str:
    if kind == "date":
        day = date.fromisoformat(value)
        return f"{constructor}({day.year}, {day.month}, {day.day})"
    if kind != "datetime":
        return f"{constructor}({_text(value, quote)})"
    moment = read_datetime(value)
    if moment.tzinfo is not None:
        return f"{constructor}.fromisoformat({_text(moment.isoformat(), quote)})"
    parts = [moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second, moment.microsecond]
    while len(parts) > 5 and parts[-1] == 0:
        parts.pop()
    return f"{constructor}({', '.join(map(str, parts))})"
