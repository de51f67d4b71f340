"""What of a JSON text is beyond what can be read, though its grammar is right: numbers, and brackets in brackets.

RFC 8259, section 9, lets a reader set limits on both. The one that reads requests stops without naming a place.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from ..errors import FieldError

MOST_DIGITS = 4300  # Python converts no longer ones
MOST_NESTED = 200
MOST_TOLD = 50
TOO_DEEP = f"is nested too deeply; at most {MOST_NESTED} brackets may be open at once"
TOO_LARGE = f"holds a number that is too large; whole numbers have at most {MOST_DIGITS} digits, others end at 1.8e308"

# A text without an end is taken as a whole: each quote in it would be tried otherwise.
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
_OPENING = {"]": "[", "}": "{"}
_CUT = "1e999999999"
"""A number that stands for what was nested too deeply. One that was sent is too large as well."""


class _Beyond:
    def __init__(self, told: str) -> None:
        self.told = told


def beyond_limits(text: str) -> list[FieldError]:
    """Each field whose value cannot be read; none where all can, or the text is no JSON object.

    A field is named down to its second name: ``values.alpha`` also for what is inside of it, ``add.0.value``.
    """
    try:
        read = json.loads(_cut(text), parse_int=_whole, parse_float=_real, parse_constant=_refused)
    except (ValueError, RecursionError):
        return []
    fields = dict(_found(read, ())) if isinstance(read, dict) else {}
    return [FieldError(name, told) for name, told in list(fields.items())[:MOST_TOLD]]


def _cut(text: str) -> str:
    """The text with a number in place of all that is nested too deeply. Raises ``ValueError`` where brackets do not
    match."""
    kept, open_ones, position = [], [], 0
    for token in _TOKEN.finditer(text):
        if token[0] in ("[", "{"):
            open_ones.append(token[0])
            if len(open_ones) == MOST_NESTED + 1:
                kept += [text[position : token.start()], _CUT]
        elif token[0] in _OPENING:
            if not open_ones or open_ones.pop() != _OPENING[token[0]]:
                raise ValueError("brackets do not match")
            if len(open_ones) == MOST_NESTED:
                position = token.end()
    if open_ones:
        raise ValueError("a bracket is not closed")
    return "".join([*kept, text[position:]])


def _whole(digits: str) -> int | _Beyond:
    return int(digits) if len(digits.lstrip("-")) <= MOST_DIGITS else _Beyond(TOO_LARGE)


def _real(text: str) -> float | _Beyond:
    if text == _CUT:
        return _Beyond(TOO_DEEP)
    value = float(text)
    return value if math.isfinite(value) else _Beyond(TOO_LARGE)


def _refused(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _found(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str, str]]:
    """The fields in it that hold what cannot be read."""
    if isinstance(value, _Beyond):
        field = path[:-1] if isinstance(path[-1], int) else path  # lists of plain values are told as a whole
        yield ".".join(map(str, field)), value.told
    elif isinstance(value, dict):
        named = sum(isinstance(step, str) for step in path) < 2
        for name, inner in value.items():
            yield from _found(inner, (*path, name) if named else path)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _found(inner, (*path, place) if len(path) == 1 else path)
