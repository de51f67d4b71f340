"""Values as Scala source, for the standard library alone.

An array is a ``List`` and an object a ``Map``, except where the cell has another collection. Where elements are of
several types it says ``List[Any]``: without that ``List(1, 2.5)`` would be ``List(1.0, 2.5)``.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime, timezone

from ..declared_parameter import DeclaredParameter, written
from ..fitting_types import collected
from ..model import Json, Parameter
from ..quoting import quoted
from ..typed_writing import TypedWriting
from ..value_type import ANY, INTEGERS, ValueType, natural
from .types import spelled

COMMENT = "//"
MOST_CHARACTERS = 10_000  # of a text in one literal: a class file has room for 65,535 bytes, and some take six
MOST_ITEMS = 200  # in one constructor: the code of a method may have 65,535 bytes
MOST_NESTED = 30  # the compiler's own stack ends before 45
MOST_LEAVES = 10_000  # in all: a class may have 65,535 constants

_PLAIN = re.compile(r"[^\W\d]\w*", re.ASCII)
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
    return written(value, parameter, _Scala().write)


def _leaves(value: Json) -> int:
    if isinstance(value, list | dict):
        return sum(map(_leaves, value.values() if isinstance(value, dict) else value)) + 1
    return 1


def _depth(value: Json) -> int:
    if isinstance(value, list | dict):
        return 1 + max(map(_depth, value.values() if isinstance(value, dict) else value), default=0)
    return 0


class _Scala(TypedWriting):
    never_null = frozenset([*INTEGERS, "float32", "float64", "bool", "char"]) - {"big"}
    nothing = "None"

    def something(self, written: str) -> str:
        return f"Some({written})"

    def unprintable(self, character: str) -> str:
        units = character.encode("utf-16-be")
        return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))

    def text(self, value: str) -> str:
        pieces = [value[at : at + MOST_CHARACTERS] for at in range(0, len(value), MOST_CHARACTERS)]
        told = [quoted(piece, '"', "", self.unprintable) for piece in pieces] or ['""']
        return told[0] if len(told) == 1 else f"Seq({', '.join(told)}).mkString"

    def integer(self, value: int, name: str) -> str:
        if name == "big":
            return f"BigInt({value})" if abs(value) < 2**31 else f'BigInt("{value}")'
        return f"{value}L" if name == "int64" else str(value)

    def number(self, value: float, name: str) -> str:
        if name == "decimal":
            if not math.isfinite(value):
                raise ValueError("A BigDecimal is always finite.")
            return f'BigDecimal("{value!r}")'
        if math.isfinite(value):
            return repr(value) + ("f" if name == "float32" else "")
        limit = "NaN" if math.isnan(value) else "PositiveInfinity" if value > 0 else "NegativeInfinity"
        return f"{'Float' if name == 'float32' else 'Double'}.{limit}"

    def day(self, value: date) -> str:
        return f'java.time.LocalDate.parse("{value}")'

    def moment(self, value: datetime, name: str) -> str:
        if (value.tzinfo is None) != (name == "datetime"):
            raise ValueError(f"A {_CALENDAR[name]} is written {'without' if name == 'datetime' else 'with'} an offset.")
        told = (value.astimezone(timezone.utc) if name == "instant" else value).isoformat().replace("+00:00", "Z")
        return f'java.time.{_CALENDAR[name]}.parse("{told}")'

    def collection(self, value: Json, kind: ValueType) -> str:
        own = natural(value).of or ANY
        of = kind.of or own
        pairs = collected(value, kind)
        items = [self.write(item, of) for _, item in pairs]
        if kind.name == "map":
            items = [f"{self.text(key)} -> {item}" for (key, _), item in zip(pairs, items, strict=True)]
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
