"""How much one page may still show."""

from __future__ import annotations

MOST_LINES = 20_000
MOST_TEXT = 4_000_000
MOST_PICTURES = 16_000_000
LONGEST_TEXT = 200_000


class Room:
    """``full``: something was left out. ``lines``, ``text`` (characters) and ``pictures`` (characters of base64): what
    there is still room for."""

    def __init__(self) -> None:
        self.lines = MOST_LINES
        self.text = MOST_TEXT
        self.pictures = MOST_PICTURES
        self.full = False

    def takes_line(self, line: str) -> bool:
        if self.lines > 0 and len(line) <= self.text:
            self.lines -= 1
            self.text -= len(line)
            return True
        self.lines = 0
        self.full = True
        return False

    def takes_text(self, text: str) -> bool:
        if len(text) > self.text:
            self.full = True
            return False
        self.text -= len(text)
        return True

    def takes_picture(self, size: int) -> bool:
        if size > self.pictures:
            self.full = True
            return False
        self.pictures -= size
        return True

    def cut(self, text: str) -> str:
        """The beginning of a text that is too long by itself."""
        if len(text) > LONGEST_TEXT:
            self.full = True
        return text[:LONGEST_TEXT]


def size_of(count: int) -> str:
    """So many bytes, for a person."""
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{max(1, count // 1000)} KB"
