"""Two outputs in HTML side by side, what differs of their tables marked."""

from __future__ import annotations

from ..common_parts import in_common
from ..renditions import Rendition
from .clean_html import Cleaned
from .marking import text
from .room import Room, size_of

MOST_CELLS = 20_000


def html_views(left: Rendition | None, right: Rendition | None, room: Room) -> tuple[str, str]:
    """What stands left and right; nothing where there is no HTML on that side."""
    mine, theirs = _read(left, room), _read(right, room)
    if isinstance(mine, Cleaned) and isinstance(theirs, Cleaned) and left is not None and right is not None:
        common = in_common(mine.cells[:MOST_CELLS], theirs.cells[:MOST_CELLS])
        if common:
            gone = set(range(len(mine.cells))) - {at for at, _ in common}
            new = set(range(len(theirs.cells))) - {at for _, at in common}
            mine, theirs = Cleaned(left.text, gone, "del"), Cleaned(right.text, new, "ins")
    return _shown(mine, left, room), _shown(theirs, right, room)


def _read(side: Rendition | None, room: Room) -> Cleaned | str:
    """A sentence where it is not shown."""
    if side is None or side.kind != "html":
        return ""
    if not room.takes_text(side.text):
        return f'<p class="note">HTML of {size_of(len(side.text))}, too large for this page.</p>'
    return Cleaned(side.text)


def _shown(read: Cleaned | str, side: Rendition | None, room: Room) -> str:
    if isinstance(read, str) or side is None:
        return read if isinstance(read, str) else ""
    if read.html:
        return read.html
    plain = f"<pre>{text(room.cut(side.plain))}</pre>" if side.plain.strip() else ""
    return f'<p class="note">Drawn by a script, which shows only in the output itself.</p>{plain}'
