"""Values as SQL. What databases read differently is refused, unless the statement tells which of them it is."""

from __future__ import annotations

import math
import re
from decimal import Decimal

from ..declared_parameter import DeclaredParameter, written
from ..fitting import read_datetime
from ..fitting_types import boolean, day, fractional, text, whole
from ..model import Json, Parameter
from ..value_type import INTEGERS, ValueType, natural

COMMENT = "--"

_NAME = re.compile(r"[^\W\d]\w*")
_EXPANDED = re.compile(r"[{}$]|\\:|(?<![:\w\\]):\w")
_ESCAPED = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_PSQL = {"\\": "\\\\", "'": "''", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SCALARS = frozenset([*INTEGERS, "float32", "float64", "decimal", "bool", "string"])


def declaration(parameter: DeclaredParameter, literal: str) -> str:
    return f"{parameter.head} {literal}" + ("" if parameter.form == "psql" else ";")


def assignment(name: str, literal: str) -> str:
    called = name if _NAME.fullmatch(name) else '"{}"'.format(name.replace('"', '""'))
    return f"SET {called} = {literal};"


def literal(value: Json, parameter: Parameter, replaced: str) -> str:
    """Raises ``ValueError`` for what not every database that takes such a statement would read alike."""
    form = parameter.form if isinstance(parameter, DeclaredParameter) else ""
    if isinstance(parameter, DeclaredParameter) and parameter.magic:
        _check_expansion(value)
    return written(value, parameter, lambda value, kind: _write(value, kind, form))


def _check_expansion(value: Json) -> None:
    """``%%sql`` fills in ``{name}``, ``$name`` and ``:name`` wherever they stand, in texts too."""
    if isinstance(value, list):
        for item in value:
            _check_expansion(item)
    if isinstance(value, str) and _EXPANDED.search(value):
        raise ValueError("The %%sql magic would replace what is between {}, or behind $ or :, in this text.")


def _write(value: Json, kind: ValueType, form: str) -> str:
    if value is None:
        if form == "psql":
            raise ValueError("psql has no null, only texts.")
        return "NULL"
    if kind.name in ("any", "null", "", "map", "option"):
        own = natural(value)
        if own.name == "map":
            raise ValueError("SQL has no objects; send it as a text.")
        return _write(value, own, form)
    if kind.name in ("list", "array", "set"):
        return _array(value, kind, form)
    if kind.name in ("bool", "bit"):
        told = boolean(value)
        if kind.name == "bool" and form == "transact":
            raise ValueError("Transact-SQL has no true and false; declare the parameter as BIT.")
        return str(int(told)) if kind.name == "bit" else str(told).lower() if form == "psql" else str(told).upper()
    if kind.name in INTEGERS:
        return _integer(value, kind)
    if kind.name in ("float32", "float64", "decimal"):
        return _number(fractional(value, kind), kind.name, form)
    return _textual(value, kind, form)


def _integer(value: Json, kind: ValueType) -> str:
    number = whole(value, kind)
    if abs(number) >= 2**63:
        raise ValueError("Databases differ in how large a whole number may be; send it as a text.")
    return str(number)


def _number(value: float, name: str, form: str) -> str:
    if not math.isfinite(value):
        if form != "variable":
            raise ValueError("SQL has no literal for a number that is not finite.")
        return f"CAST('{'NaN' if math.isnan(value) else 'Infinity' if value > 0 else '-Infinity'}' AS DOUBLE)"
    told = repr(value)
    if name == "decimal" and len(f"{Decimal(told):f}") < 17:
        return f"{Decimal(told):f}"
    return told if "e" in told or form == "psql" else f"{told}e0"


def _textual(value: Json, kind: ValueType, form: str) -> str:
    told = text(value)
    if kind.name in ("date", "datetime"):
        stamp = day(told).isoformat() if kind.name == "date" else read_datetime(told).isoformat(sep=" ")
        if form == "transact":
            return f"'{stamp.replace(' ', 'T')}'"
        return f"{'DATE' if kind.name == 'date' else 'TIMESTAMP'} '{stamp}'"
    if "\0" in told:
        raise ValueError("It holds a NUL character, which texts of databases cannot.")
    if form == "psql":
        return "'" + "".join(_PSQL.get(character, character) for character in told) + "'"
    if form == "declare":
        return "'" + "".join(_ESCAPED.get(character, character) for character in told) + "'"
    return _standard(told, kind, form)


def _standard(told: str, kind: ValueType, form: str) -> str:
    quoted = "'" + told.replace("'", "''") + "'"
    if form == "transact":
        if "\\\n" in told or "\\\r" in told:
            raise ValueError("Transact-SQL leaves out a backslash at the end of a line.")
        if not told.isascii() and kind.name == "string" and kind.spelled:
            raise ValueError("A VARCHAR may lose some of these characters; declare the parameter as NVARCHAR.")
        return quoted if told.isascii() else f"N{quoted}"
    if "\\" not in told:
        return quoted
    if form == "variable":
        parts = [part.replace("'", "''") for part in told.split("\\")]
        return " || chr(92) || ".join(f"'{part}'" for part in parts)
    raise ValueError("Databases differ in what a backslash means in a text; send it without one.")


def _array(value: Json, kind: ValueType, form: str) -> str:
    if not isinstance(value, list):
        raise ValueError("It must be a list here, as the cell declares it.")
    if form != "variable" or not kind.spelled:
        raise ValueError("Databases differ in how a list is written; give the parameter one as its default.")
    of = natural(value).of or ValueType("any")
    items = [item for item in value if item is not None]
    if items and all(isinstance(item, int | float) and not isinstance(item, bool) for item in items):
        of = ValueType("float64") if any(isinstance(item, float) for item in items) else ValueType("int64")
    elif items:
        kinds = {natural(item) for item in items}
        of = kinds.pop() if len(kinds) == 1 else ValueType("any")
    if items and of.name not in _SCALARS:
        raise ValueError("A list of a database holds values of one type only.")
    closer = {"[": "]"}.get(kind.spelled, ")")
    return f"{kind.spelled}{', '.join(_write(item, of, form) for item in value)}{closer}"
