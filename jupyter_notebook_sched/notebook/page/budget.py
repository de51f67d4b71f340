"""How much of a notebook a page shows: what no browser could hold is left out, and said so."""

from __future__ import annotations

from dataclasses import dataclass

MOST_TEXT = 200_000
"""Characters of one output's text: half of them its head, half its tail."""


@dataclass
class Budget:
    """For one page; it is spent as the page is made. ``characters``: of all outputs."""

    characters: int = 64 * 1024**2
    outputs: int = 5000

    def allows(self, size: int) -> bool:
        """Spends it on an output of so many characters, where there is enough."""
        if self.outputs < 1 or size > self.characters:
            return False
        self.outputs -= 1
        self.characters -= size
        return True


def shortened(text: str) -> tuple[str, int, str]:
    """Head, how many characters were left out, and tail; all of a shorter text is its head."""
    if len(text) <= MOST_TEXT:
        return text, 0, ""
    half = MOST_TEXT // 2
    return text[:half], len(text) - 2 * half, text[-half:]
