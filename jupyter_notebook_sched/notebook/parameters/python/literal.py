"""Values as Python source. No import statement is used, so that a literal binds nothing beside its parameter."""

from __future__ import annotations

import ast
import math
import re
from datetime import date

from ..formats import read_datetime
from ..model import NON_FINITE, Json, Kind, Parameter
from ..quoting import quoted
from .names import WRITTEN
from .parsing import parsed_expression
from .python_parameter import PythonParameter
from .text_block import text_block

_CONSTRUCTORS = {
    "date": '__import__("datetime").date',
    "datetime": '__import__("datetime").datetime',
    "decimal": '__import__("decimal").Decimal',
    "path": '__import__("pathlib").Path',
}
_UNKNOWN = Kind()

COMMENT = "#"


def assignment(name: str, text: str) -> str:
    return f"{name} = {text}"


def literal(value: Json, parameter: Parameter, replaced: str) -> str:
    """Quotes, and the name by which a date, path or decimal is made, follow the text that is replaced."""
    cell = parameter if isinstance(parameter, PythonParameter) else None
    plain = parameter.python is None and parameter.type in ("string", "any") and (cell is None or not cell.shifted)
    block = text_block(value, replaced) if isinstance(value, str) and plain else None
    if block is not None:
        return block
    first_quote = re.search("['\"]", replaced)
    quote = first_quote[0] if first_quote is not None else '"'
    return _Writer(quote, replaced, cell.rebound if cell is not None else frozenset()).write(value, parameter)


def injected(value: Json, parameter: Parameter) -> str:
    """For a cell of our own: whatever the notebook calls ``set`` or ``float``, the value is what it should be."""
    return _Writer('"', "", WRITTEN).write(value, parameter)


class _Writer:
    def __init__(self, quote: str, replaced: str, rebound: frozenset[str]) -> None:
        self.quote = quote
        self.replaced = replaced
        self.rebound = rebound
        self._constructors: dict[str, str] = {}

    def write(self, value: Json, declared: Kind | Parameter) -> str:
        if isinstance(value, list):
            return self._collection(value, declared)
        if isinstance(value, dict):
            return "{" + ", ".join(f"{self._text(key)}: {item}" for key, item in self._members(value, declared)) + "}"
        if isinstance(value, str):
            return self._string(value, declared)
        if type(value) is int and declared.floating and declared.type == "number" and abs(value) < 2**53:
            return repr(float(value))
        if isinstance(value, float) and not math.isfinite(value):
            return f"{self._built_in('float')}({self.quote}{value}{self.quote})"
        return repr(value)

    def _text(self, text: str) -> str:
        return quoted(text, self.quote, "", lambda character: repr(character)[1:-1])

    def _string(self, text: str, declared: Kind | Parameter) -> str:
        if declared.type == "number" and text in NON_FINITE:
            return f"{self._built_in('float')}({self.quote}{NON_FINITE[text]!s}{self.quote})"
        if declared.python == "source":
            return text.strip()
        if declared.python == "enum" and declared.enum is not None:
            return f"{declared.enum}.{text}"
        if declared.python in _CONSTRUCTORS:
            return self._constructed(text, declared.python)
        return self._text(text)

    def _collection(self, values: list[Json], declared: Kind | Parameter) -> str:
        kinds = declared.places or (declared.element or _UNKNOWN,) * len(values)
        joined = ", ".join(self.write(value, kind) for value, kind in zip(values, kinds, strict=False))
        match declared.python:
            case "tuple":
                return f"({joined},)" if len(values) == 1 else f"({joined})"
            case "set":
                return "{" + joined + "}" if values else "{*()}" if "set" in self.rebound else "set()"
            case "frozenset":
                return self._built_in("frozenset") + ("({" + joined + "})" if values else "()")
        return f"[{joined}]"

    def _built_in(self, name: str) -> str:
        return f'__import__("builtins").{name}' if name in self.rebound else name

    def _members(self, values: dict[str, Json], declared: Kind | Parameter) -> list[tuple[str, str]]:
        named, others = declared.named or {}, declared.members or _UNKNOWN
        return [(name, self.write(value, named.get(name, others))) for name, value in values.items()]

    def _constructed(self, value: str, kind: str) -> str:
        constructor = self._constructors.get(kind) or _constructor_in(self.replaced, kind)
        self._constructors[kind] = constructor
        if kind == "date":
            day = date.fromisoformat(value)
            return f"{constructor}({day.year}, {day.month}, {day.day})"
        if kind != "datetime":
            return f"{constructor}({self._text(value)})"
        moment = read_datetime(value)
        if moment.tzinfo is not None:
            return f"{constructor}.fromisoformat({self._text(moment.isoformat())})"
        parts = [moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second, moment.microsecond]
        while len(parts) > 5 and parts[-1] == 0:
            parts.pop()
        return f"{constructor}({', '.join(map(str, parts))})"


def _constructor_in(replaced: str, kind: str) -> str:
    """The name that the notebook itself uses, which is sure to be bound there; else one that needs no import."""
    wanted = _CONSTRUCTORS[kind].rpartition(".")[2]
    if wanted not in replaced:
        return _CONSTRUCTORS[kind]
    expression = parsed_expression(replaced)
    for node in ast.walk(expression) if expression is not None else ():
        match node:
            case ast.Call(func=ast.Attribute(value=function, attr="fromisoformat")) | ast.Call(func=function):
                found = ast.get_source_segment(replaced.strip(), function) or ""
                if found.rpartition(".")[2] == wanted:
                    return found
    return _CONSTRUCTORS[kind]
