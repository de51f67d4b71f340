"""Places in a cell's text: Python counts characters, ``ast`` UTF-8 bytes, editors in the browser UTF-16 units."""

from __future__ import annotations

import re

NEWLINE = re.compile(r"\r\n|\r|\n")  # Python, R and Julia agree on these; str.splitlines knows many more


def to_utf16(text: str, index: int) -> int:
    """The UTF-16 offset of character ``index``."""
    return len(text[:index].encode("utf-16-le", "surrogatepass")) // 2


def from_utf16(text: str, offset: int) -> int:
    """The character index of a UTF-16 ``offset``."""
    encoded = text.encode("utf-16-le", "surrogatepass")[: offset * 2]
    return len(encoded.decode("utf-16-le", "surrogatepass"))


def line_number(text: str, index: int) -> int:
    """The line, from 1, that character ``index`` is in."""
    return 1 + sum(1 for _ in NEWLINE.finditer(text, 0, index))


def line_end(text: str, index: int) -> int:
    """The index of the line break, or of the end of the text, at or after ``index``."""
    found = NEWLINE.search(text, index)
    return found.start() if found else len(text)


def line_starts(text: str) -> list[int]:
    """The index at which each line begins."""
    return [0, *(found.end() for found in NEWLINE.finditer(text))]


def after_bytes(text: str, start: int, count: int) -> int:
    """The index ``count`` UTF-8 bytes after ``start``, which must lie in the same line."""
    line = text[start : start + count]
    return start + (count if line.isascii() else len(line.encode()[:count].decode()))
