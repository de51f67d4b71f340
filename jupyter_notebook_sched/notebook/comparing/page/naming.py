"""How a page calls a pair of cells, and how long they took."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..comparison import CellPair
from ..sides import SideCell
from .marking import text

KINDS = {"markdown": "Text cell", "raw": "Raw cell"}
LONGEST_LINE = 80


def name_of(pair: CellPair) -> str:
    """By position, from 1 as JupyterLab counts what it shows."""
    left, right = pair.left, pair.right
    shown = right or left
    assert shown is not None
    kind, number = KINDS.get(shown.kind, "Cell"), shown.index + 1
    moved = left is not None and right is not None and left.index != right.index
    return f"{kind} {left.index + 1} → {number}" if moved and left is not None else f"{kind} {number}"


def first_line(pair: CellPair) -> str:
    """HTML: the first line that says something."""
    source = next((line for source in reversed(pair.source) for line in source.splitlines() if line.strip()), "")
    return text(source.strip()[:LONGEST_LINE])


def times(pair: CellPair) -> str:
    """HTML: how long it took, and how it ended where that was not as it should."""
    told = [_time(side) for side in (pair.left, pair.right)]
    return f'<span class="quiet">{told[0] or "–"} → {told[1] or "–"}</span>' if any(told) else ""


def durations(pairs: Sequence[CellPair]) -> Iterator[str]:
    """HTML: a table of those that ran, folded."""
    ran = [pair for pair in pairs if any(side and side.seconds is not None for side in (pair.left, pair.right))]
    if not ran:
        return
    yield '<details><summary>Durations per cell</summary><table class="settings"><thead><tr><th scope="col">cell</th>'
    yield '<th scope="col">left</th><th scope="col">right</th></tr></thead><tbody>'
    for pair in ran:
        yield f'<tr><th scope="row">{name_of(pair)} <span class="quiet">{first_line(pair)}</span></th>'
        yield f"<td>{_time(pair.left) or '–'}</td><td>{_time(pair.right) or '–'}</td></tr>"
    yield "</tbody></table></details>"


def _time(side: SideCell | None) -> str:
    if side is None or side.outcome is None:
        return ""
    lasted = "" if side.seconds is None else f"{side.seconds:.3g} s"
    ended = "" if side.ended in ("ok", None) else str(side.ended).replace("_", " ")
    return " ".join(part for part in (lasted, ended) if part)
