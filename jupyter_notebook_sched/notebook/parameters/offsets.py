"""Places in a cell's text: Python counts characters, ``ast`` UTF-8 bytes, editors in the browser UTF-16 units."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

NEWLINE = re.compile(r"\r\n|\r|\n")  # Python, R and Julia agree on these; str.splitlines knows many more

_WIDE = re.compile("[\U00010000-\U0010ffff]")  # two UTF-16 units each


class Places:
    """Of one text; made once, so that a long cell with many parameters is not gone through for each of them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.line_starts = [0, *(found.end() for found in NEWLINE.finditer(text))]
        self._wide = [found.start() for found in _WIDE.finditer(text)] if not text.isascii() else []
        self._wide_units = [index + number for number, index in enumerate(self._wide)]

    def utf16(self, index: int) -> int:
        """The UTF-16 offset of character ``index``."""
        return index + bisect_left(self._wide, index)

    def index(self, utf16: int) -> int:
        """The character index of a UTF-16 offset."""
        return utf16 - bisect_left(self._wide_units, utf16)

    def line(self, index: int) -> int:
        """The line, from 1, that character ``index`` is in."""
        return bisect_right(self.line_starts, index)

    def after_bytes(self, line: int, count: int) -> int:
        """The character index ``count`` UTF-8 bytes after the start of that line."""
        start = self.line_starts[line - 1]
        head = self.text[start : start + count]
        return start + (count if head.isascii() else len(head.encode()[:count].decode()))

    def line_end(self, index: int) -> int:
        """The index of the line break, or of the end of the text, at or after ``index``."""
        found = NEWLINE.search(self.text, index)
        return found.start() if found else len(self.text)
