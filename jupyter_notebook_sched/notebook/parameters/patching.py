"""A list or object changed where it is written out: only the elements that differ, comments beside the others kept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .displays import Display, Element, read_display
from .literals import literal
from .model import Json, Kind, Parameter, same_value
from .offsets import NEWLINE

_REST_OF_LINE = re.compile(r"[ \t]*(,?)[ \t]*(?:(?:#|//|--)[^\r\n]*)?(?=[\r\n])")


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


@dataclass(frozen=True, slots=True)
class Patch:
    """What makes the value that ``text`` writes out, ``old``, into ``new``; ``kind`` is what is declared of it."""

    language: str
    name: str
    kind: Kind | Parameter

    def changes(self, text: str, old: Json, new: Json) -> list[Change] | None:
        """None where it cannot be done element by element."""
        display = read_display(self.language, text) if isinstance(new, list | dict) else None
        if display is None or type(old) is not type(new):
            return None
        if isinstance(old, dict) and isinstance(new, dict):
            return self._of_object(display, old, new)
        if isinstance(old, list) and isinstance(new, list) and len(old) == len(display.elements):
            return self._of_set(display, old, new) if display.is_set else self._of_list(display, old, new)
        return None

    def _of_object(self, display: Display, old: dict[str, Json], new: dict[str, Json]) -> list[Change] | None:
        keys = [element.key for element in display.elements]
        if set(keys) != old.keys():
            return None
        found = [
            change
            for element in display.elements
            if element.key in new
            for change in self._of_value(display, element, old[element.key], new[element.key], element.key)
        ]
        gone = [element for element in display.elements if element.key not in new]
        fresh = [
            f"{self._literal(key, None, None)}: {self._literal(value, key, None)}"
            for key, value in new.items()
            if key not in old
        ]
        return _resized(display, found, gone, fresh)

    def _of_set(self, display: Display, old: list[Json], new: list[Json]) -> list[Change] | None:
        before, after = as_set(old), as_set(new)
        gone = [element for element, value in zip(display.elements, old, strict=True) if not as_set([value]) <= after]
        fresh = [self._literal(value, None, 0) for value in new if not as_set([value]) <= before]
        return _resized(display, [], gone, fresh)

    def _of_list(self, display: Display, old: list[Json], new: list[Json]) -> list[Change] | None:
        """What agrees at both ends stays; between, elements change one by one, and more or fewer come last."""
        most = min(len(old), len(new))
        head = next((place for place in range(most) if not same_value(old[place], new[place])), most)
        tail = next((n for n in range(most - head) if not same_value(old[-1 - n], new[-1 - n])), most - head)
        pairs = range(head, most - tail)
        found = [
            change
            for place in pairs
            for change in self._of_value(display, display.elements[place], old[place], new[place], place)
        ]
        gone = list(display.elements[pairs.stop : len(old) - tail])
        fresh = [self._literal(new[place], None, place) for place in range(pairs.stop, len(new) - tail)]
        return _resized(display, found, gone, fresh, pairs.stop)

    def _of_value(self, display: Display, element: Element, old: Json, new: Json, at: str | int) -> Iterator[Change]:
        if same_value(old, new):
            return
        text = display.text[element.value_start : element.end]
        inner = Patch(self.language, self.name, self._kind(at))
        changes = inner.changes(text, old, new)
        if changes is None:
            fresh = literal(self.language, new, _as_parameter(self.name, inner.kind), text)
            changes = [Change(0, len(text), fresh)]
        yield from (change.moved(element.value_start) for change in changes)

    def _literal(self, value: Json, key: str | None, place: int | None) -> str:
        kind = Kind("string") if key is None and place is None else self._kind(key if key is not None else place or 0)
        return literal(self.language, value, _as_parameter(self.name, kind), "")

    def _kind(self, at: str | int) -> Kind:
        """What is declared of the element at that place, or of that name."""
        kind = self.kind
        if isinstance(at, str):
            return (kind.named or {}).get(at) or kind.members or Kind()
        if kind.places is not None and at < len(kind.places):
            return kind.places[at]
        return kind.element or Kind()


def _as_parameter(name: str, kind: Kind | Parameter) -> Parameter:
    return Parameter(name, kind.type, **kind.declared())


def as_set(values: Iterable[Json]) -> set[tuple[bool, object]]:
    """What of these is told apart in JSON: 1 and 1.0 are one number, 1 and true are two values."""
    return {
        (isinstance(value, bool), json.dumps(value) if isinstance(value, list | dict) else value) for value in values
    }


def _resized(
    display: Display, found: list[Change], gone: list[Element], fresh: list[str], at: int | None = None
) -> list[Change] | None:
    """``found``, and what takes ``gone`` out and puts ``fresh`` before element number ``at`` (None: at the end).

    None where that would take something with it, or leaves nothing.
    """
    if len(gone) == len(display.elements) or (gone and fresh and not display.by_line):
        return None
    lost = {id(element) for element in gone}
    changes = [
        *found,
        *(_without(display, place) for place, element in enumerate(display.elements) if id(element) in lost),
    ]
    if not fresh:
        return changes
    staying = [element for element in display.elements if id(element) not in lost]
    before = staying[-1] if at is None else display.elements[at - 1] if at else None
    return [*changes, _after(display, before, fresh) if before is not None else _first(display, fresh)]


def _without(display: Display, place: int) -> Change:
    text, element = display.text, display.elements[place]
    if display.by_line:
        start, rest = display.line_start(element), _REST_OF_LINE.match(text, element.end)
        assert start is not None
        end = NEWLINE.match(text, rest.end()) if rest is not None else None
        return Change(start, end.end() if end is not None else element.end, "")
    if place + 1 < len(display.elements):
        return Change(element.start, display.elements[place + 1].start, "")
    return Change(display.elements[place - 1].end, element.end, "")


def _after(display: Display, element: Element, fresh: list[str]) -> Change:
    """The comment at the end of the element's line stays there: what is new begins the next one."""
    between = _break(display, element) if display.by_line else " "
    rest = _REST_OF_LINE.match(display.text, element.end) if display.by_line else None
    if rest is None:
        return Change(element.end, element.end, "".join(f",{between}{one}" for one in fresh))
    kept = rest[0] if rest[1] else f",{rest[0]}"
    lines = f",{between}".join(fresh) + ("," if rest[1] else "")
    return Change(element.end, rest.end(), f"{kept}{between}{lines}")


def _first(display: Display, fresh: list[str]) -> Change:
    first = display.elements[0]
    between = _break(display, first) if display.by_line else " "
    return Change(first.start, first.start, "".join(f"{one},{between}" for one in fresh))


def _break(display: Display, element: Element) -> str:
    """A new line as deep as the element's own."""
    start = display.line_start(element)
    found = NEWLINE.search(display.text)
    assert start is not None
    assert found is not None
    return found[0] + display.text[start : element.start]
