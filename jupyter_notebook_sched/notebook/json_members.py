"""A member of an object in a JSON text set or taken out; every other byte of the text stays as it was."""

from __future__ import annotations

import json
import re
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .json_places import Member, escapes_all, members, skip_space

GONE = object()
"""In place of a value: the member is taken out, and with it the objects on its path that are left with nothing."""


@dataclass(frozen=True, slots=True)
class _Style:
    """How whoever wrote the text lays it out."""

    unit: str
    comma: str
    colon: str
    escaped: bool

    def spelled(self, value: Any, gap: str) -> str:
        """The value as a member of an object whose members stand after ``gap`` each."""
        if "\n" not in gap:
            return json.dumps(value, ensure_ascii=self.escaped, separators=(self.comma, self.colon))
        text = json.dumps(value, ensure_ascii=self.escaped, indent=self.unit, separators=(",", self.colon))
        return text.replace("\n", gap)


def with_values(text: str, name: str, values: Sequence[tuple[Sequence[str], Any]]) -> str:
    """The text of an object, each value set under its names (one inside the other) below the member ``name``.

    Objects that are not there yet are made. A new member stands in its place where the others are sorted, else last.
    Raises ``ValueError`` or ``IndexError`` where the text, or what is there on a path, is no object.
    """
    root = skip_space(text, 0)
    found = members(text, root)
    style = _style_of(text, root, found)
    outer = _gap(text, root, found, "", style)
    there = [each.value for each in found if each.name == name]
    if not there:
        made = _with_all("{}", values, outer, style)
        return text[:root] + _with(text[root:], [name], json.loads(made), "", style)
    start, end = there[-1].start, there[-1].end
    return text[:start] + _with_all(text[start:end], values, outer, style) + text[end:]


def _with_all(text: str, values: Sequence[tuple[Sequence[str], Any]], outer: str, style: _Style) -> str:
    for path, value in values:
        text = _with(text, path, value, outer, style)
    return text


def _style_of(text: str, root: int, found: list[Member]) -> _Style:
    compact = bool(found) and text[found[0].value.start - 1] == ":"
    indentation = re.search(r"\n([ \t]*)\Z", text[root + 1 : found[0].start]) if found else None
    unit = indentation[1] if indentation is not None else "  "
    return _Style(unit, "," if compact else ", ", ":" if compact else ": ", escapes_all(text))


def _gap(text: str, start: int, found: list[Member], outer: str, style: _Style) -> str:
    """What stands before each member of the object."""
    if found:
        return text[start + 1 : found[0].start]
    return outer + style.unit if "\n" in outer else ""


def _with(text: str, path: Sequence[str], value: Any, outer: str, style: _Style) -> str:
    """The object that ``text`` begins with, changed. ``outer``: what stands before the members of the one around it."""
    found = members(text, 0)
    gap = _gap(text, 0, found, outer, style)
    there = [place for place, each in enumerate(found) if each.name == path[0]]
    if not there:
        return text if value is GONE else _inserted(text, found, path, value, gap, outer, style)
    span = found[there[-1]].value
    if len(path) == 1 or (span.value is None and value is not GONE):
        fresh = "" if value is GONE else style.spelled(_nested(path[1:], value), gap)
    else:
        fresh = _with(text[span.start : span.end], path[1:], value, gap, style)
    if value is GONE and (not fresh or not members(fresh, 0)):
        for place in reversed(there):
            text = _without(text, place)
        return text
    return text[: span.start] + fresh + text[span.end :]


def _inserted(
    text: str, found: list[Member], path: Sequence[str], value: Any, gap: str, outer: str, style: _Style
) -> str:
    inner = style.spelled(_nested(path[1:], value), gap)
    fresh = f"{json.dumps(path[0], ensure_ascii=style.escaped)}{style.colon}{inner}"
    if not found:
        end = text.index("}") + 1
        closing = outer if "\n" in gap else ""
        return f"{{{gap}{fresh}{closing}}}{text[end:]}"
    names = [each.name for each in found]
    place = bisect(names, path[0]) if names == sorted(names) else len(names)
    comma = f",{gap}" if "\n" in gap else style.comma
    if place == 0:
        return f"{text[: found[0].start]}{fresh}{comma}{text[found[0].start :]}"
    end = found[place - 1].value.end
    return f"{text[:end]}{comma}{fresh}{text[end:]}"


def _nested(path: Sequence[str], value: Any) -> Any:
    for name in reversed(path):
        value = {name: value}
    return value


def _without(text: str, place: int) -> str:
    found = members(text, 0)
    if len(found) == 1:
        return "{}" + text[text.index("}", found[0].value.end) + 1 :]
    if place == 0:
        return text[: found[0].start] + text[found[1].start :]
    return text[: found[place - 1].value.end] + text[found[place].value.end :]
