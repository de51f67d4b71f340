"""Lists and objects as they are written out in source: where each of their elements stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import cast


@dataclass(frozen=True, slots=True)
class Element:
    """Characters ``start`` to ``end`` of the text, its key included; the value alone is ``value_start`` to ``end``."""

    start: int
    end: int
    value_start: int
    key: str | None = None


@dataclass(frozen=True)
class Display:
    """The elements in order; all of them have keys, or none has. Where there is none, nothing but comments is between
    the brackets, in lines of their own, and ``closing`` is the second one's place.

    ``collection`` is what it makes in the language (list, tuple, set, frozenset), where there is more than one kind.
    """

    text: str
    elements: tuple[Element, ...]
    is_set: bool = False
    collection: str | None = None
    closing: int | None = None

    @cached_property
    def by_line(self) -> bool:
        """Whether every element begins a line of its own."""
        return all(self.line_start(element) is not None for element in self.elements)

    @cached_property
    def one_a_line(self) -> bool:
        """The same, but that the first may stand right behind the bracket, where there are more."""
        rest = self.elements[1:]
        return self.by_line or (bool(rest) and all(self.line_start(element) is not None for element in rest))

    def line_start(self, element: Element) -> int | None:
        """Where the line begins whose first thing this element is; None where something is before it."""
        start = max(self.text.rfind("\n", 0, element.start), self.text.rfind("\r", 0, element.start)) + 1
        return start if start and not self.text[start : element.start].strip() else None


DISPLAYS: Mapping[str, str] = {"python": ".python.display"}


def read_display(language: str, text: str) -> Display | None:
    """The list or object that this right-hand side writes out; None for anything else, and for brackets with nothing
    between them."""
    if language not in DISPLAYS:
        return None
    read = cast(Callable[[str], "Display | None"], import_module(DISPLAYS[language], __package__).read_display)
    return read(text)
