"""What a page says of the run above its cells."""

from __future__ import annotations

import msgspec


class Facts(msgspec.Struct, frozen=True):
    """``state``: one word, ``told``: why it is so. ``lines``: name and value of what else there is to know.
    ``parameters``: names and values, as they are shown. ``failed_cell``: the index of the cell that failed.
    ``changed``: the file is not, bit for bit, what the run wrote."""

    title: str
    state: str
    told: str = ""
    lines: list[tuple[str, str]] = []
    parameters: list[tuple[str, str]] = []
    failed_cell: int | None = None
    changed: bool = False
    hide_code: bool = False
