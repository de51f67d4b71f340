"""Changes of a text, told by its characters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """Characters ``start`` to ``end`` of a text become ``fresh``."""

    start: int
    end: int
    fresh: str

    def moved(self, by: int) -> Change:
        return Change(self.start + by, self.end + by, self.fresh)


def changed(text: str, changes: Iterable[Change]) -> str:
    """``text`` with these changes, which must not overlap."""
    parts, position = [], 0
    for change in sorted(changes, key=lambda change: change.start):
        parts += [text[position : change.start], change.fresh]
        position = change.end
    return "".join([*parts, text[position:]])
