"""A comparison as the API tells it: structures for JSON, of bounded size."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from ...domain.run import CellState
from .comparison import CellPair, Comparison, Op, Setting, What
from .outputs import OutputPair
from .renditions import Kind, Rendition
from .texts import Chunk, chunks

MOST_CHARACTERS = 2_000_000
LONGEST_TEXT = 200_000
LONGEST_SETTING = 10_000
LONGEST_NAME = 500

SettingOp = Literal["same", "changed", "added", "removed"]


class ToldSetting(msgspec.Struct, frozen=True):
    """``op``: ``added`` where only the right has it, ``removed`` where only the left."""

    name: str
    op: SettingOp
    left: Any = None
    right: Any = None


class ToldRendition(msgspec.Struct, frozen=True):
    """What of an output is shown: ``name`` is its stream or mime type, ``bytes`` and ``sha256`` are of its text."""

    kind: Kind
    name: str
    bytes: int
    sha256: str


class ToldOutput(msgspec.Struct, frozen=True):
    """``text``: for text and errors that differ, in lines."""

    op: SettingOp
    left: ToldRendition | None
    right: ToldRendition | None
    text: list[Chunk] | None


class ToldCell(msgspec.Struct, frozen=True):
    """``left``, ``right``: positions in the two notebooks. ``changes``: in what the two differ. ``source``: what not to
    read for the left source, and for the right one. ``kind``: the type of the right cell, or of the one that there is.
    """

    op: Op
    left: int | None
    right: int | None
    left_id: str | None
    right_id: str | None
    kind: str
    changes: list[What]
    source: list[Chunk]
    metadata: list[ToldSetting]
    outputs: list[ToldOutput]
    left_seconds: float | None
    right_seconds: float | None
    left_outcome: CellState | None
    right_outcome: CellState | None


class ToldCells(msgspec.Struct, frozen=True):
    """``capped``: more than is told here differs, or texts were cut."""

    cells: list[ToldCell]
    metadata: list[ToldSetting]
    capped: bool


def told(comparison: Comparison) -> ToldCells:
    teller = _Teller()
    cells = [teller.cell(pair) for pair in comparison.cells]
    return ToldCells(cells, [teller.setting(each) for each in comparison.metadata], teller.capped)


def told_settings(settings: Sequence[Setting]) -> tuple[list[ToldSetting], bool]:
    """And whether some values are too long to be told."""
    teller = _Teller()
    return [teller.setting(each) for each in settings], teller.capped


class _Teller:
    """Tells until MOST_CHARACTERS are told; ``capped``: something was left out."""

    def __init__(self) -> None:
        self.capped = False
        self._left = MOST_CHARACTERS

    def cell(self, pair: CellPair) -> ToldCell:
        left, right = pair.left, pair.right
        shown = right or left
        assert shown is not None
        return ToldCell(
            op=pair.op,
            left=None if left is None else left.index,
            right=None if right is None else right.index,
            left_id=None if left is None else left.id,
            right_id=None if right is None else right.id,
            kind=shown.kind,
            changes=list(pair.changes),
            source=self._chunks(*pair.source),
            metadata=[self.setting(each) for each in pair.metadata],
            outputs=[self._output(each) for each in pair.outputs],
            left_seconds=None if left is None else left.seconds,
            right_seconds=None if right is None else right.seconds,
            left_outcome=None if left is None else left.ended,
            right_outcome=None if right is None else right.ended,
        )

    def setting(self, setting: Setting) -> ToldSetting:
        return ToldSetting(
            _utf8(setting.name[:LONGEST_NAME]), setting.op, self._value(setting.left), self._value(setting.right)
        )

    def _output(self, pair: OutputPair) -> ToldOutput:
        texts = None
        if pair.op != "same" and all(
            side is None or side.kind in ("text", "error") for side in (pair.left, pair.right)
        ):
            texts = self._chunks(*("" if side is None else side.text for side in (pair.left, pair.right)))
        return ToldOutput(pair.op, _side(pair.left), _side(pair.right), texts)

    def _chunks(self, left: str, right: str) -> list[Chunk]:
        return [self._fitting(chunk) for chunk in chunks(self._cut(left), self._cut(right))]

    def _cut(self, text: str) -> str:
        if len(text) > LONGEST_TEXT:
            self.capped = True
            text = text[: text.rfind("\n", 0, LONGEST_TEXT) + 1] or text[:LONGEST_TEXT]
        return _utf8(text)

    def _fitting(self, chunk: Chunk) -> Chunk:
        fitting = chunk.text[: self._left]
        self._left -= len(fitting)
        if len(fitting) == len(chunk.text):
            return chunk
        self.capped = True
        return Chunk(chunk.op, fitting)

    def _value(self, value: Any) -> Any:
        text = json.dumps(value, ensure_ascii=False)
        if len(text) <= min(LONGEST_SETTING, self._left):
            self._left -= len(text)
            return json.loads(_utf8(text))
        self.capped = True
        return None


def _utf8(text: str) -> str:
    """Half of a surrogate pair, which JSON's escapes can carry, becomes a question mark."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _side(rendition: Rendition | None) -> ToldRendition | None:
    if rendition is None:
        return None
    size = len(rendition.text.encode("utf-8", "surrogatepass"))
    return ToldRendition(rendition.kind, _utf8(rendition.name[:LONGEST_NAME]), size, rendition.sha256)
