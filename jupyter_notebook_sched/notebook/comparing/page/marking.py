"""Text as HTML: escaped, with marks around what two lines do not have in common."""

from __future__ import annotations

import re
from html import escape

from ..common_parts import in_common

LONGEST_MARKED = 2000
ALIKE = 0.3
_PIECE = re.compile(r"\w+|\s+|.", re.DOTALL)


def text(value: str) -> str:
    """Escaped. Half of a surrogate pair, which UTF-8 cannot carry, becomes a question mark; so do characters that no
    HTML can hold."""
    valid = value if value.isascii() else value.encode("utf-8", "replace").decode()
    return escape(valid.translate(_CONTROLS))


_CONTROLS = dict.fromkeys((*range(9), 11, *range(14, 32), 127), "\ufffd")


def marked(left: str, right: str) -> tuple[str, str]:
    """Both lines as HTML, with ``<mark>`` around what the other one does not have; unmarked where they have next to
    nothing in common."""
    if max(len(left), len(right)) > LONGEST_MARKED:
        return text(left), text(right)
    mine, theirs = _PIECE.findall(left), _PIECE.findall(right)
    common = in_common(mine, theirs)
    shared = sum(len(mine[at].strip()) for at, _ in common)
    if 2 * shared < ALIKE * (len(left.strip()) + len(right.strip())):
        return text(left), text(right)
    return _with_marks(mine, {at for at, _ in common}), _with_marks(theirs, {at for _, at in common})


def _with_marks(pieces: list[str], common: set[int]) -> str:
    made: list[str] = []
    inside = False
    for at, piece in enumerate(pieces):
        if (at not in common) != inside:
            made.append("</mark>" if inside else "<mark>")
            inside = not inside
        made.append(text(piece))
    return "".join(made) + ("</mark>" if inside else "")
