"""A text of several lines between triple quotes, where the one that it replaces was written so."""

from __future__ import annotations

import ast
import re

_OPENING = re.compile(r"\(?\s*(?:[rRuU]?)(\"\"\"|''')")


def text_block(text: str, replaced: str) -> str | None:
    """Lines as they are; None where the replaced text is no such block, or this one would not be read back."""
    opening = _OPENING.match(replaced)
    if opening is None or "\n" not in text or not all(line.isprintable() for line in re.split(r"[\n\t]", text)):
        return None
    quotes = opening[1]
    escaped = text.replace("\\", "\\\\").replace(quotes, "\\" + "\\".join(quotes))
    if escaped.endswith(quotes[0]):
        escaped = f"{escaped[:-1]}\\{quotes[0]}"
    written = f"{quotes}{escaped}{quotes}"
    try:
        return written if ast.literal_eval(written) == text else None
    except (SyntaxError, ValueError):
        return None
