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
    """At least one element, in order; all of them have keys, or none has."""

    text: str
    elements: tuple[Element, ...]
    is_set: bool = False

    @cached_property
    def by_line(self) -> bool:
        """Whether every element begins a line of its own."""
        return all(self.line_start(element) is not None for element in self.elements)

    def line_start(self, element: Element) -> int | None:
        """Where the line begins whose first thing this element is; None where something is before it."""
        start = max(self.text.rfind("\n", 0, element.start), self.text.rfind("\r", 0, element.start)) + 1
        return start if start and not self.text[start : element.start].strip() else None


DISPLAYS: Mapping[str, str] = {"python": ".python.display"}


def read_display(language: str, text: str) -> Display | None:
    """The list or object that this right-hand side writes out; None for anything else, and for an empty one."""
    if language not in DISPLAYS:
        return None
    read = cast(Callable[[str], "Display | None"], import_module(DISPLAYS[language], __package__).read_display)
    return read(text)
