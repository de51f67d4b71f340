"""A list or object changed where it is written out: only the elements that differ, comments beside the others kept."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from .changes import Change
from .displays import Display, Element, read_display
from .model import Json, Kind, Parameter, same_value
from .resizing import resized


@dataclass(frozen=True, slots=True)
class Patch:
    """What makes the value that ``text`` writes out, ``old``, into ``new``; ``kind`` is what is declared of it.

    ``write``: as ``literal``, without the language.
    """

    language: str
    name: str
    kind: Kind | Parameter
    write: Callable[[Json, Parameter, str], str]

    def changes(self, text: str, old: Json, new: Json) -> list[Change] | None:
        """None where it cannot be done element by element."""
        display = read_display(self.language, text) if isinstance(new, list | dict) else None
        if display is None or type(old) is not type(new):
            return None
        if isinstance(new, list) and display.collection not in (None, self.kind.python or "list"):
            return None  # it is declared to be something else than it is written as, and becomes that
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
            f"{self._added(display, key)}: {self._added(display, value, key)}"
            for key, value in new.items()
            if key not in old
        ]
        return resized(display, found, gone, fresh)

    def _of_set(self, display: Display, old: list[Json], new: list[Json]) -> list[Change] | None:
        before, after = as_set(old), as_set(new)
        gone = [element for element, value in zip(display.elements, old, strict=True) if not as_set([value]) <= after]
        fresh = [self._added(display, value, 0) for value in new if not as_set([value]) <= before]
        return resized(display, [], gone, fresh)

    def _of_list(self, display: Display, old: list[Json], new: list[Json]) -> list[Change] | None:
        """What agrees at both ends stays; between, elements change one by one, and more or fewer come last."""
        most = min(len(old), len(new))
        head = next((place for place in range(most) if not stays(old[place], new[place])), most)
        tail = next((n for n in range(most - head) if not stays(old[-1 - n], new[-1 - n])), most - head)
        pairs = range(head, most - tail)
        found = [
            change
            for place in pairs
            for change in self._of_value(display, display.elements[place], old[place], new[place], place)
        ]
        gone = list(display.elements[pairs.stop : len(old) - tail])
        fresh = [self._added(display, new[place], place) for place in range(pairs.stop, len(new) - tail)]
        return resized(display, found, gone, fresh, pairs.stop)

    def _of_value(self, display: Display, element: Element, old: Json, new: Json, at: str | int) -> Iterator[Change]:
        if stays(old, new):
            return
        text = display.text[element.value_start : element.end]
        inner = replace(self, kind=self._kind(at))
        changes = inner.changes(text, old, new)
        if changes is None:
            fresh = self.write(new, _as_parameter(self.name, inner.kind), text)
            changes = [Change(0, len(text), fresh)]
        yield from (change.moved(element.value_start) for change in changes)

    def _added(self, display: Display, value: Json, at: str | int | None = None) -> str:
        """An element, or a key, spelled as the first one is."""
        like = ""
        for first in display.elements[:1]:
            like = display.text[first.start : first.end] if at is None else display.text[first.value_start : first.end]
        kind = self._kind(at) if at is not None else Kind("string")
        return self.write(value, _as_parameter(self.name, kind), like)

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


def stays(old: Json, new: Json) -> bool:
    """Whether ``old`` need not be touched to be ``new``. A browser sends -0.0 as 0, which thus is either zero."""
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(stays, old, new))
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(stays(old[name], new[name]) for name in old)
    if isinstance(new, float) and isinstance(old, int | float) and old == new == 0:
        return not isinstance(old, bool) and math.copysign(1, old) == math.copysign(1, new)
    return same_value(old, new)
