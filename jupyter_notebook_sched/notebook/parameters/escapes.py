"""Escapes in the texts of languages that took them from C."""

from __future__ import annotations

import re
from collections.abc import Mapping

_ESCAPE = re.compile(r"\\(?:(u+)([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)


def unescaped(text: str, simple: Mapping[str, str]) -> str | None:
    r"""What stands between two quotes: ``\u`` and four digits (a UTF-16 unit), ``\U`` and eight, and ``simple`` ones.

    None where there is another escape, or half a surrogate pair in the end.
    """

    def character(found: re.Match[str]) -> str:
        if found[2] is not None:
            return chr(int(found[2], 16))
        return chr(int(found[3], 16)) if found[3] is not None else simple[found[4]]

    if "\\" not in text:
        return text
    try:
        return _ESCAPE.sub(character, text).encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except (KeyError, ValueError):
        return None
