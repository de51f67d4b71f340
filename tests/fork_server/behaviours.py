"""What notebooks do to the process they run in, in ``behaviours/*.txt``: after ``=== name`` its cells, ``---`` between.

Cells print relations, not values that differ from one process to the next (pids, addresses).
"""

from __future__ import annotations

from pathlib import Path


def read_behaviours() -> dict[str, list[str]]:
    """Name → cells."""
    found = {}
    for file in sorted((Path(__file__).parent / "behaviours").glob("*.txt")):
        for text in file.read_text().split("=== ")[1:]:
            name, _, cells = text.partition("\n")
            found[name] = cells.removesuffix("\n").split("\n---\n")
    return found


BEHAVIOURS = read_behaviours()
