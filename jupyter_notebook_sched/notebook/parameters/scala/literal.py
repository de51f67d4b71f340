"""Values as Scala source, for the standard library alone.

An array is a ``List`` and an object a ``Map``, except where the cell has another collection. Where elements are of
several types it says ``List[Any]``: without that ``List(1, 2.5)`` would be ``List(1.0, 2.5)``.
"""

from __future__ import annotations

import math
import re
from datetime import timezone

from ..declared_parameter import DeclaredParameter, written
from ..fitting_types import boolean, character, collected, day, fractional, moment, whole
from ..fitting_types import text as checked_text
from ..model import Json, Parameter
from ..quoting import quoted
from ..value_type import ANY, INTEGERS, ValueType, natural
from .types import spelled

COMMENT = "//"
MOST_CHARACTERS = 10_000  # of a text in one literal: a class file has room for 65,535 bytes, and some take six
MOST_ITEMS = 200  # in one constructor: the code of a method may have 65,535 bytes
MOST_NESTED = 30  # the compiler's own stack ends before 45
MOST_LEAVES = 10_000  # in all: a class may have 65,535 constants

_PLAIN = re.compile(r"[^\W\d]\w*", re.ASCII)
_PRIMITIVES = frozenset([*INTEGERS, "float32", "float64", "bool", "char"]) - {"big"}
_CALENDAR = {"datetime": "LocalDateTime", "offset": "OffsetDateTime", "instant": "Instant"}


def declaration(parameter: DeclaredParameter, text: str) -> str:
    return f"{parameter.head} {text}"


def assignment(name: str, text: str) -> str:
    return f"val {name if _PLAIN.fullmatch(name) else f'`{name}`'} = {text}"


def literal(value: Json, parameter: Parameter, replaced: str) -> str:
    """Raises ``ValueError`` for what the declared type cannot hold, and for more than a class has room for."""
    if _depth(value) > MOST_NESTED:
        raise ValueError(f"It is nested more than {MOST_NESTED} deep, which Scala's compiler may not stand.")
    if _leaves(value) > MOST_LEAVES:
        raise ValueError(f"It has more than {MOST_LEAVES} elements, too many for one Scala class; put it in a file.")
    return written(value, parameter, _write)


def _leaves(value: Json) -> int:
    if isinstance(value, list | dict):
        return sum(map(_leaves, value.values() if isinstance(value, dict) else value)) + 1
    return 1


def _depth(value: Json) -> int:
    if isinstance(value, list | dict):
        return 1 + max(map(_depth, value.values() if isinstance(value, dict) else value), default=0)
    return 0


def _write(value: Json, kind: ValueType) -> str:
    if kind.name == "option":
        return "None" if value is None else f"Some({_write(value, kind.of or natural(value))})"
    if value is None:
        if kind.name in _PRIMITIVES:
            raise ValueError("The type that the cell declares cannot be null.")
        return "null"
    if kind.name in ("any", "null", ""):
        return _write(value, natural(value))
    if kind.name in INTEGERS:
        return _integer(whole(value, kind), kind)
    if kind.name in ("float32", "float64", "decimal"):
        return _number(fractional(value, kind), kind.name)
    if kind.name in ("list", "array", "set", "map"):
        return _collection(value, kind)
    return _scalar(value, kind.name)


def _scalar(value: Json, name: str) -> str:
    if name == "bool":
        return "true" if boolean(value) else "false"
    if name == "char":
        return quoted(character(value), "'", "", _unicode)
    if name == "date":
        return f'java.time.LocalDate.parse("{day(value)}")'
    if name in _CALENDAR:
        return f'java.time.{_CALENDAR[name]}.parse("{_moment(value, name)}")'
    return _text(checked_text(value))


def _moment(value: Json, name: str) -> str:
    found = moment(value)
    if (found.tzinfo is None) != (name == "datetime"):
        raise ValueError(f"A {_CALENDAR[name]} is written {'without' if name == 'datetime' else 'with'} an offset.")
    return (found.astimezone(timezone.utc) if name == "instant" else found).isoformat().replace("+00:00", "Z")


def _text(text: str) -> str:
    pieces = [text[at : at + MOST_CHARACTERS] for at in range(0, len(text), MOST_CHARACTERS)]
    told = [quoted(piece, '"', "", _unicode) for piece in pieces] or ['""']
    return told[0] if len(told) == 1 else f"Seq({', '.join(told)}).mkString"


def _unicode(character: str) -> str:
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def _integer(value: int, kind: ValueType) -> str:
    if kind.name == "big":
        return f"BigInt({value})" if abs(value) < 2**31 else f'BigInt("{value}")'
    return f"{value}L" if kind.name == "int64" else str(value)


def _number(value: float, name: str) -> str:
    if name == "decimal":
        if not math.isfinite(value):
            raise ValueError("A BigDecimal is always finite.")
        return f'BigDecimal("{value!r}")'
    if math.isfinite(value):
        return repr(value) + ("f" if name == "float32" else "")
    limit = "NaN" if math.isnan(value) else "PositiveInfinity" if value > 0 else "NegativeInfinity"
    return f"{'Float' if name == 'float32' else 'Double'}.{limit}"


def _collection(value: Json, kind: ValueType) -> str:
    own = natural(value).of or ANY
    of = kind.of or own
    pairs = collected(value, kind)
    items = [_write(item, of) for _, item in pairs]
    if kind.name == "map":
        items = [f"{_text(key)} -> {item}" for (key, _), item in zip(pairs, items, strict=True)]
    plain = items and of == own and of.name != "any" and of.of is None and of.name != "null"
    full = spelled(ValueType(kind.name, of, kind.spelled))
    name = full.partition("[")[0] if plain else full
    if len(items) <= MOST_ITEMS:
        return f"{name}({', '.join(items)})"
    return _in_parts(items, full, of, kind.name)


def _in_parts(items: list[str], full: str, of: ValueType, name: str) -> str:
    """Each part in a function of its own, which has room of its own."""
    element = f"(String, {spelled(of)})" if name == "map" else spelled(of)
    parts = [items[at : at + MOST_ITEMS] for at in range(0, len(items), MOST_ITEMS)]
    written = ", ".join(f"() => Seq[{element}]({', '.join(part)})" for part in parts)
    return f"{full}(Seq[() => Seq[{element}]]({written}).flatMap(_()): _*)"
