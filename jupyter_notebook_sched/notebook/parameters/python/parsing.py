"""Python's own parser, for texts of which nobody knows whether they are Python."""

from __future__ import annotations

import ast
import re
import warnings

REFUSED = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What parsing raises; the last two where a text is nested too deeply."""

_FILENAME = "<parameters cell>"

_DETECTED = re.compile(r" \(detected at line \d+\)| on line \d+")

# Parsing tells of "\d" and the like; that is for who wrote the notebook, not for the server's log.
warnings.filterwarnings("ignore", module=re.escape(_FILENAME))


def parsed(text: str) -> list[ast.stmt]:
    """The statements of ``text``. Raises one of ``REFUSED``."""
    return ast.parse(text, _FILENAME).body


def refusal(error: SyntaxError) -> str:
    """What Python says, without the line that it names: it counts from where the text began that it was given."""
    return _DETECTED.sub("", error.msg)


def parsed_expression(text: str) -> ast.expr | None:
    """The one expression that ``text`` is; None where it is none."""
    try:
        return ast.parse(text.strip(), _FILENAME, "eval").body
    except REFUSED:
        return None
