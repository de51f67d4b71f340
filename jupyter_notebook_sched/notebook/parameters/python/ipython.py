"""What IPython makes of a cell before Python reads it: indentation and prompts go, commands become expressions.

The rules are those of IPython's ``core.inputtransformer2``. Each line loses characters at its beginning alone and a
command is replaced by as many other characters, so that what Python says of places can be told of the cell itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from ..offsets import NEWLINE, Places
from .pieces import TOKEN

_HEAD = re.compile(r"(?:[ \t]*(?:%%[^\r\n]*)?(?:\r\n|\r|\n))*")  # cell magics that run the rest as Python
_BLANKS = re.compile(r"[ \t\f]*")
_CLASSIC = re.compile(r"[ \t]*>>>(?:[ \t]|(?=[\r\n]|\Z))")
_CLASSIC_MORE = re.compile(r"[ \t]*\.\.\.(?:[ \t]|(?=[\r\n]|\Z))")
_PROMPT = re.compile(r"(?:(?:\[nav\]|\[ins\])? )?In \[\d+\]: |\s*\.{3,}: ?")

_COMMAND = re.compile(r"[ \t\f]*(?=[%!?,;/]|[^\r\n#'\"]*\?{1,2}[ \t]*(?:[\r\n]|\Z))")
_ASSIGNED = re.compile(
    r"(?P<left>(?:[^\r\n#'\"=!]|\"[^\"\r\n\\]*\"|'[^'\r\n\\]*')*)(?<![-+*/%&|^@<>:])=[ \t]*(?=![^\r\n=]|%[^\W\d])"
)
_REST = re.compile(r"[^\r\n]*(?:(?<=\\)(?:\r\n|\r|\n)[^\r\n]*)*")


@dataclass(frozen=True, slots=True)
class Code:
    """Python as IPython runs it, and how many characters less each line has at its beginning than in the cell."""

    places: Places
    taken: tuple[int, ...] = field(default=())

    def taken_from(self, line: int) -> int:
        return self.taken[line - 1] if self.taken else 0

    def line_text(self, line: int) -> str:
        start = self.places.line_starts[line - 1]
        return self.places.text[start : self.places.line_end(start)]


def readings(places: Places) -> Iterator[Code]:
    """What a cell may mean, the likelier first: as it is, with its commands, and without indentation and prompts."""
    yield Code(places)
    yield Code(Places(without_commands(places.text)))
    lines = [places.text[start:end] for start, end in zip(places.line_starts, _ends(places), strict=True)]
    taken = _prompts(_indentation(lines, places.line(_head_end(places.text)) - 1), lines)
    if any(taken):
        text = "".join(line[count:] for line, count in zip(lines, taken, strict=True))
        yield Code(Places(without_commands(text)), tuple(taken))


def _ends(places: Places) -> list[int]:
    return [*places.line_starts[1:], len(places.text)]


def _head_end(text: str) -> int:
    found = _HEAD.match(text)
    return found.end() if found is not None else 0


def _blanks(line: str) -> str:
    found = _BLANKS.match(line)
    return found[0] if found is not None else ""


def _indentation(lines: list[str], head: int) -> list[int]:
    """What all lines below ``head`` begin with; else the first one's, as IPython had it up to version 8."""
    told = [_blanks(line) for line in lines[head:] if line.strip()]
    margin = _common_beginning(told) or (told[0] if told else "")
    return [
        0 if number < head else len(margin) if line.startswith(margin) else 0 if line.strip() else len(_blanks(line))
        for number, line in enumerate(lines)
    ]


def _common_beginning(texts: list[str]) -> str:
    if not texts:
        return ""
    first, last = min(texts), max(texts)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False)))
    return first[:same]


def _prompts(taken: list[int], lines: list[str]) -> list[int]:
    """Beside ``taken`` the prompts, where there are any: Python's anywhere, IPython's in the first two lines."""
    rest = [line[count:] for line, count in zip(lines, taken, strict=True)]
    if any(map(_CLASSIC.match, rest)):
        found = [_CLASSIC.match(line) or _CLASSIC_MORE.match(line) for line in rest]
    elif any(map(_PROMPT.match, [line for line in rest if line.strip()][:2])):
        found = [_PROMPT.match(line) for line in rest]
    else:
        return taken
    return [count + (one.end() if one is not None else 0) for count, one in zip(taken, found, strict=True)]


def without_commands(text: str) -> str:
    """Commands that are statements become ``(0)``, assigned ones ``(~0)``: no name, and nothing that is a literal."""
    parts, position = [], 0
    for start, end, assigned in _commands(text):
        parts += [text[position:start], _masked(text[start:end], assigned)]
        position = end
    return "".join([*parts, text[position:]])


def _commands(text: str) -> Iterator[tuple[int, int, bool]]:
    """Start and end of each command, and whether it is assigned to something."""
    position, depth, fresh = 0, 0, True
    while position < len(text):
        found = (_COMMAND.match(text, position) or _assigned(text, position)) if fresh else None
        rest = _REST.match(text, found.end()) if found is not None else None
        if found is not None and rest is not None:
            yield found.end(), found.end() + len(rest[0].rstrip()), found.re is _ASSIGNED
            position, fresh = rest.end(), False
            continue
        token = TOKEN.match(text, position)
        if token is None or token.lastgroup == "torn":
            return
        depth = max(depth + {"open": 1, "close": -1}.get(str(token.lastgroup), 0), 0)
        fresh = token.lastgroup == "newline" and depth == 0
        position = token.end()


def _assigned(text: str, position: int) -> re.Match[str] | None:
    found = _ASSIGNED.match(text, position)
    if found is None or any(found["left"].count(opening) != found["left"].count(end) for opening, end in _BRACKETS):
        return None
    return found


_BRACKETS = (("(", ")"), ("[", "]"), ("{", "}"))


def _masked(command: str, assigned: bool) -> str:
    expression = "~0" if assigned else "0"
    if len(command) < 4 and not NEWLINE.search(command):
        return expression.ljust(len(command), "0")
    masked = [character if character in "\r\n" else " " for character in command]
    room = [place for place in range(1, len(masked) - 1) if masked[place] == " "]
    if len(room) < len(expression):
        return command
    for place, character in zip(room, expression, strict=False):
        masked[place] = character
    masked[0], masked[-1] = "(", ")"
    return "".join(masked)
