"""How Scala, C# and F# write a value down: the same walk through its type, each kind in the language's own spelling."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import date, datetime
from typing import ClassVar

from .fitting_types import boolean, character, day, fractional, moment, text, whole
from .model import Json
from .quoting import quoted, unicode_escape
from .value_type import INTEGERS, ValueType, natural


class TypedWriting(ABC):
    """``ValueError``, with a sentence, for what a declared type cannot hold.

    ``never_null``: the kinds whose values cannot be null. ``nothing``: an option without a value.
    """

    never_null: ClassVar[frozenset[str]]
    nothing: ClassVar[str] = "null"

    def write(self, value: Json, kind: ValueType) -> str:
        if kind.name == "option":
            return self.nothing if value is None else self.something(self.write(value, kind.of or natural(value)))
        if value is None:
            if kind.name in self.never_null:
                raise ValueError("The type that the cell declares cannot be null.")
            return "null"
        if kind.name in ("any", "null", ""):
            return self.write(value, natural(value))
        if kind.name in INTEGERS:
            return self.integer(whole(value, kind), kind.name)
        if kind.name in ("float32", "float64", "decimal"):
            return self.number(fractional(value, kind), kind.name)
        if kind.name in ("list", "array", "set", "map"):
            return self.collection(value, kind)
        return self._scalar(value, kind.name)

    def _scalar(self, value: Json, name: str) -> str:
        if name == "bool":
            return "true" if boolean(value) else "false"
        if name == "char":
            return quoted(character(value), "'", "", self.unprintable)
        if name == "date":
            return self.day(day(value))
        if name in ("datetime", "offset", "instant"):
            return self.moment(moment(value), name)
        return self.text(text(value))

    def something(self, written: str) -> str:
        """An option with this value."""
        return written

    def unprintable(self, character: str) -> str:
        """The escape of a character that nobody can read."""
        return unicode_escape(character)

    def text(self, value: str) -> str:
        return quoted(value, '"', "", self.unprintable)

    @abstractmethod
    def integer(self, value: int, name: str) -> str: ...

    @abstractmethod
    def number(self, value: float, name: str) -> str: ...

    @abstractmethod
    def day(self, value: date) -> str: ...

    @abstractmethod
    def moment(self, value: datetime, name: str) -> str:
        """``name``: datetime (without an offset), offset or instant."""

    @abstractmethod
    def collection(self, value: Json, kind: ValueType) -> str: ...
