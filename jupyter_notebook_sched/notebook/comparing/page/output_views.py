"""The outputs of two cells side by side."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence

from ..outputs import OutputPair
from ..renditions import Rendition
from .html_views import html_views
from .line_rows import line_rows
from .marking import text
from .room import Room, size_of

NAMES = {"stdout": "Printed", "stderr": "Printed to stderr", "error": "Error", "text/plain": "Result"}
WORDS = {"same": "the same", "changed": "differs", "added": "right only", "removed": "left only"}
LONGEST_NAME = 200
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")


def output_views(pairs: Sequence[OutputPair], room: Room) -> Iterator[str]:
    """HTML; of those that are the same only their number."""
    same = sum(pair.op == "same" for pair in pairs)
    for pair in pairs:
        if pair.op != "same":
            yield f'<div class="output"><h4>{_name(pair)} <small>{WORDS[pair.op]}</small></h4>'
            yield from _view(pair, room)
            yield "</div>"
    if same:
        yield f'<p class="note">{_outputs(same)} the same.</p>'


def _outputs(count: int) -> str:
    return "1 output is" if count == 1 else f"{count} outputs are"


def _name(pair: OutputPair) -> str:
    shown = pair.right or pair.left
    assert shown is not None
    if shown.kind == "html":
        return "Table" if "<table" in shown.text else "HTML"
    return "Image" if shown.kind == "image" else text(NAMES.get(shown.name, shown.name[:LONGEST_NAME]))


def _view(pair: OutputPair, room: Room) -> Iterator[str]:
    left, right = pair.left, pair.right
    kinds = {side.kind for side in (left, right) if side is not None}
    if "html" in kinds:
        mine, theirs = html_views(left, right, room)
        yield f'<div class="beside html"><div>{mine}</div><div>{theirs}</div></div>'
    elif "image" in kinds:
        mine, theirs = _image(left, "left", room), _image(right, "right", room)
        yield f'<div class="beside"><div>{mine}</div><div>{theirs}</div></div>'
    else:
        mine, theirs = ("" if side is None else room.cut(side.text) for side in (left, right))
        yield from line_rows(mine, theirs, room)


def _image(side: Rendition | None, which: str, room: Room) -> str:
    if side is None:
        return ""
    if not room.takes_picture(len(side.text)):
        return f'<p class="note">An image of {size_of(len(side.text) * 3 // 4)}, too large for this page.</p>'
    if side.name == "image/svg+xml":
        data = base64.b64encode(side.text.encode("utf-8", "replace")).decode()
    elif _BASE64.fullmatch(side.text):
        data = side.text
    else:
        return '<p class="note">An image that is damaged.</p>'
    return f'<img alt="The image of the {which}" src="data:{side.name};base64,{data}">'
