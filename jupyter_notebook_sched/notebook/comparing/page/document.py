"""The page: what is compared, what differs in one glance with a link to each, then cell by cell."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from ..comparison import CellPair, Comparison, Setting
from .line_rows import line_rows
from .marking import text
from .naming import durations, first_line, name_of, times
from .output_views import output_views
from .room import Room
from .styles import Theme, style_sheet

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
LONGEST_VALUE = 2000
LONGEST_NAME = 200
SIGNS = {"changed": "≠ changed", "added": "+ added", "removed": "− removed", "moved": "↕ moved"}


@dataclass(frozen=True, slots=True)
class SideFacts:
    """``title``: what it is. ``lines``: what else there is to say of it, a short text each."""

    title: str
    lines: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """``tables``: a title with what the two sides have under names, those that are the same included or not; ``notes``:
    sentences that stand above them."""

    title: str
    left: SideFacts
    right: SideFacts
    tables: Sequence[tuple[str, Sequence[Setting]]] = ()
    notes: Sequence[str] = field(default=())


def page(comparison: Comparison, heading: Heading, theme: Theme = "light") -> Iterator[str]:
    """The pieces of an HTML document (UTF-8)."""
    room = Room()
    yield from _head(heading, theme)
    yield from _overview(comparison)
    yield "<main>"
    for title, settings in (*heading.tables, ("Notebook settings", comparison.metadata)):
        yield from _table(title, settings)
    yield "<h2>Cells</h2>"
    yield from durations(comparison.cells)
    yield from _cells(comparison.cells, room)
    yield "</main>"
    if room.full:
        yield '<p class="note" role="note">This page does not show everything: the notebooks are too large for it.</p>'
    yield "</body></html>\n"


def _head(heading: Heading, theme: Theme) -> Iterator[str]:
    yield '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{text(heading.title)}</title><style>{style_sheet(theme)}</style></head><body>"
    yield f'<header><h1>{text(heading.title)}</h1></header><div class="sides beside">'
    for which, side in (("Left", heading.left), ("Right", heading.right)):
        more = " · ".join(text(line) for line in side.lines if line)
        yield f'<div><span class="quiet">{which}</span> <b>{text(side.title)}</b> '
        yield f'<span class="quiet">{more}</span></div>'
    yield "</div>"
    yield from (f'<p class="note">{text(note)}</p>' for note in heading.notes)


def _overview(comparison: Comparison) -> Iterator[str]:
    counts = Counter(pair.op for pair in comparison.cells)
    told = [f"{counts[op]} {op}" for op in ("changed", "moved", "added", "removed") if counts[op]]
    different = [pair for pair in comparison.cells if pair.op != "same"]
    if not different:
        yield f"<p><strong>No cell differs</strong> ({counts['same']} compared).</p>"
        return
    yield f"<p><strong>Cells: {', '.join(told)}</strong>, {counts['same']} the same.</p>"
    yield '<nav aria-label="Changes"><ol>'
    for number, pair in enumerate(different, start=1):
        yield f'<li><a href="#change-{number}">{name_of(pair)}</a> {SIGNS[pair.op]} '
        yield f"<code>{first_line(pair)}</code></li>"
    yield "</ol></nav>"


def _table(title: str, settings: Sequence[Setting]) -> Iterator[str]:
    different = [each for each in settings if each.op != "same"]
    same = [each for each in settings if each.op == "same"]
    if not settings:
        return
    yield f"<h2>{text(title)}</h2>"
    yield from _rows(different)
    if same:
        yield f"<details><summary>{len(same)} the same</summary>{''.join(_rows(same))}</details>"


def _rows(settings: Iterable[Setting]) -> Iterator[str]:
    rows = [
        f'<tr><th scope="row">{text(each.name[:LONGEST_NAME])}</th>{_value(each.op == "added", "del", each.left, each)}'
        f"{_value(each.op == 'removed', 'ins', each.right, each)}</tr>"
        for each in settings
    ]
    if rows:
        yield '<table class="settings"><thead><tr><th scope="col">name</th><th scope="col">left</th>'
        yield f'<th scope="col">right</th></tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _value(missing: bool, tag: str, value: Any, setting: Setting) -> str:
    if missing:
        return '<td class="quiet">not set</td>'
    told = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    told = told if len(told) <= LONGEST_VALUE else told[:LONGEST_VALUE] + "…"
    shown = text(told)
    return f"<td>{shown}</td>" if setting.op == "same" else f'<td class="{tag}"><{tag}>{shown}</{tag}></td>'


def _cells(pairs: Sequence[CellPair], room: Room) -> Iterator[str]:
    number, last = 0, sum(pair.op != "same" for pair in pairs)
    for same, group in groupby(pairs, key=lambda pair: pair.op == "same"):
        if same:
            yield from _unchanged(list(group), room)
            continue
        for pair in group:
            number += 1
            yield from _changed(pair, number, last, room)


def _unchanged(pairs: Sequence[CellPair], room: Room) -> Iterator[str]:
    count = "1 cell that is" if len(pairs) == 1 else f"{len(pairs)} cells that are"
    yield f'<details class="unchanged"><summary>{count} the same: {name_of(pairs[0])}'
    yield f"{' to ' + name_of(pairs[-1]) if len(pairs) > 1 else ''}</summary>"
    for pair in pairs:
        yield f"<h4>{name_of(pair)} {times(pair)}</h4>"
        yield from line_rows(*pair.source, room)
    yield "</details>"


def _changed(pair: CellPair, number: int, last: int, room: Room) -> Iterator[str]:
    yield f'<section class="cell {pair.op}" id="change-{number}" aria-labelledby="name-{number}">'
    yield f'<h3 id="name-{number}">'
    yield f"<span>{name_of(pair)}</span><span>{SIGNS[pair.op]}</span>{_in_what(pair)}{times(pair)}"
    yield f'<span class="jumps">{_jump(number - 1, last, "Previous")}{_jump(number + 1, last, "Next")}</span></h3>'
    yield from _table("Cell settings", pair.metadata)
    if pair.op != "changed" or "outputs" not in pair.changes or len(pair.changes) > 1:
        yield from line_rows(*pair.source, room)
    else:
        yield "<details><summary>The source is the same</summary>"
        yield from line_rows(*pair.source, room)
        yield "</details>"
    if unrun := _unrun(pair):
        yield f"<details><summary>{unrun}</summary>"
    yield from output_views(pair.outputs, room)
    yield "</details></section>" if unrun else "</section>"


def _unrun(pair: CellPair) -> str | None:
    """Why outputs are on one side only, where a run never came so far."""
    if pair.left is None or pair.right is None or not pair.outputs:
        return None
    for side, other, which in ((pair.left, pair.right, "left"), (pair.right, pair.left, "right")):
        if side.ended == "not_run" and other.ended != "not_run" and not side.outputs:
            return f"The {which} run never came to this cell; the outputs of the other"
    return None


def _jump(number: int, last: int, word: str) -> str:
    return f'<a href="#change-{number}">{word}</a>' if 0 < number <= last else ""


def _in_what(pair: CellPair) -> str:
    words = {"kind": "type", "metadata": "settings"}
    return f"<small>{', '.join(words.get(what, what) for what in pair.changes)}</small>" if pair.changes else ""
