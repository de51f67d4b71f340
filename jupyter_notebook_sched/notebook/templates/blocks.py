"""A text cut into what is plain and what is a template. Only ``{{ … }}`` is syntax."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from ..parameters.model import Json
from ..parameters.values import MOST_NESTED

OPENING = "{{"
KEPT_CHARACTERS = 2000
_MARKS = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[()\[\]{}'"]""", re.DOTALL)
_CLOSED_BY = {"(": ")", "[": "]", "{": "}"}


class TemplateFault(Exception):
    """A template that cannot be read or rendered; the text is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class Block:
    """``text`` as written, its braces included."""

    text: str

    @property
    def expression(self) -> str:
        return self.text[2:-2].strip()


def holds_template(value: Json, levels: int = MOST_NESTED) -> bool:
    """Whether a text in the value, as deep as it may be, has a template in it; names in objects are not looked at."""
    if isinstance(value, str):
        return OPENING in value
    if not isinstance(value, list | dict) or levels == 0:
        return False
    return any(holds_template(item, levels - 1) for item in (value.values() if isinstance(value, dict) else value))


def pieces(text: str) -> list[str | Block]:
    """The text in order. TemplateFault where a template is not closed."""
    return list(_cut_before(text)) if len(text) <= KEPT_CHARACTERS else _cut(text)


@functools.lru_cache(maxsize=4096)
def _cut_before(text: str) -> tuple[str | Block, ...]:
    """Those of a job come again at each of its due times."""
    return tuple(_cut(text))


def _cut(text: str) -> list[str | Block]:
    found: list[str | Block] = []
    position = 0
    while (start := text.find(OPENING, position)) >= 0:
        if start > position:
            found.append(text[position:start])
        position = _end(text, start)
        found.append(Block(text[start:position]))
    if position < len(text):
        found.append(text[position:])
    return found


def told(block: Block, what: str) -> TemplateFault:
    """What is wrong with one of them, for a person."""
    shown = block.text if len(block.text) <= 80 else f"{block.text[:80]}…"
    return TemplateFault(f"The template {shown}: {what[0].lower()}{what[1:]}")


def _end(text: str, start: int) -> int:
    """Behind the braces that close the template at ``start``: not those in a quoted text, or of an object in it."""
    open_brackets: list[str] = []
    for mark in _MARKS.finditer(text, start + len(OPENING)):
        character = mark[0]
        if len(character) > 1:
            continue
        if character in "'\"":
            raise TemplateFault(f"A quote in the template {_shown(text[start:])} is not closed.")
        if character in _CLOSED_BY:
            open_brackets.append(_CLOSED_BY[character])
        elif open_brackets and open_brackets[-1] == character:
            open_brackets.pop()
        elif not open_brackets and text.startswith("}}", mark.start()):
            return mark.end() + 1
        else:
            raise TemplateFault(f"The brackets in the template {_shown(text[start:])} do not match.")
    raise TemplateFault(
        f"The template {_shown(text[start:])} is not closed with }}}}; to mean the braces themselves, "
        "write {{ '{{' }} or turn templates off."
    )


def _shown(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"
