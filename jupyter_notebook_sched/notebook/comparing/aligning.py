"""Which cell of one notebook is which of the other."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from .common_parts import Pair, in_common, rising
from .sides import SideCell

ALIKE = 0.5
LARGEST_TABLE = 900
LOOK_AHEAD = 10
LONGEST_LOOKED_AT = 20_000
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Alignment:
    """Pairs of positions, sorted by the left one. Those ``in_order`` rise on both sides, those ``moved`` do not."""

    in_order: list[Pair]
    moved: list[Pair]

    def mirrored(self) -> Alignment:
        turned = (sorted((mine, theirs) for theirs, mine in pairs) for pairs in (self.in_order, self.moved))
        return Alignment(*turned)


def aligned(left: Sequence[SideCell], right: Sequence[SideCell]) -> Alignment:
    """Every position is in one pair at most.

    By id where ids mean something, then by equal source, then, between those that keep their order, by likeness.
    ``aligned(b, a)`` is the mirror of ``aligned(a, b)``.
    """
    if _order(left) <= _order(right):
        return _aligned(left, right)
    return _aligned(right, left).mirrored()


def _order(cells: Sequence[SideCell]) -> tuple[int, list[tuple[str, str, str]]]:
    return len(cells), [(cell.kind, cell.source, cell.id) for cell in cells]


def _aligned(left: Sequence[SideCell], right: Sequence[SideCell]) -> Alignment:
    pairs = _by_id(left, right) if _ids_mean_something(left, right) else []
    pairs = sorted([*pairs, *_by_source(left, right, *_left_over(left, right, pairs))])
    in_order = rising(pairs)
    kept = set(in_order)
    alike = _by_likeness(left, right, pairs, in_order)
    return Alignment(sorted([*in_order, *alike]), [pair for pair in pairs if pair not in kept])


def _left_over(left: Sequence[SideCell], right: Sequence[SideCell], pairs: list[Pair]) -> tuple[list[int], list[int]]:
    mine, theirs = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    return [at for at in range(len(left)) if at not in mine], [at for at in range(len(right)) if at not in theirs]


def _ids_mean_something(left: Sequence[SideCell], right: Sequence[SideCell]) -> bool:
    """Not where a tool numbers the cells anew: the sources are then found again under other ids."""
    there = {cell.id: cell for cell in right}
    shared = [(cell, there[cell.id]) for cell in left if cell.id in there]
    known_left, known_right = ({_key(cell) for cell in side if cell.source.strip()} for side in (left, right))
    agreeing = contradicting = 0
    for mine, theirs in shared:
        if _key(mine) == _key(theirs):
            agreeing += 1
        else:
            contradicting += (_key(mine) in known_right) + (_key(theirs) in known_left)
    return 2 * agreeing >= contradicting


def _by_id(left: Sequence[SideCell], right: Sequence[SideCell]) -> list[Pair]:
    there = {cell.id: at for at, cell in enumerate(right)}
    return [(at, there[cell.id]) for at, cell in enumerate(left) if cell.id in there]


def _key(cell: SideCell) -> str:
    return f"{cell.kind}\0{cell.source}"


def _by_source(left: Sequence[SideCell], right: Sequence[SideCell], mine: list[int], theirs: list[int]) -> list[Pair]:
    """Those in order first; what is left of one source was moved."""
    common = in_common([_key(left[at]) for at in mine], [_key(right[at]) for at in theirs])
    found = [(mine[here], theirs[there]) for here, there in common]
    taken_left, taken_right = {pair[0] for pair in found}, {pair[1] for pair in found}
    waiting: dict[str, list[int]] = defaultdict(list)
    for at in reversed(theirs):
        if at not in taken_right and right[at].source.strip():
            waiting[_key(right[at])].append(at)
    for at in mine:
        if at not in taken_left and (candidates := waiting.get(_key(left[at]))):
            found.append((at, candidates.pop()))
    return found


def _by_likeness(
    left: Sequence[SideCell], right: Sequence[SideCell], pairs: list[Pair], in_order: list[Pair]
) -> list[Pair]:
    free_left, free_right = _left_over(left, right, pairs)
    words_left = {at: _words(left[at]) for at in free_left}
    words_right = {at: _words(right[at]) for at in free_right}
    found: list[Pair] = []
    mine, theirs = 0, 0
    for here, there in [*in_order, (len(left), len(right))]:
        gap_left, gap_right = [], []
        while mine < len(free_left) and free_left[mine] < here:
            gap_left.append(free_left[mine])
            mine += 1
        while theirs < len(free_right) and free_right[theirs] < there:
            gap_right.append(free_right[theirs])
            theirs += 1
        if gap_left and gap_right:
            found += _most_alike(gap_left, gap_right, words_left, words_right)
    return found


def _words(cell: SideCell) -> Counter[str]:
    return Counter(f"{cell.kind} {word}" for word in _WORD.findall(cell.source[:LONGEST_LOOKED_AT]))


def _likeness(mine: Counter[str], theirs: Counter[str]) -> float:
    """From 0 (nothing in common) to 1 (the same words as often): Dice's coefficient, 0 where it is less than ALIKE."""
    if not mine or not theirs or 2 * min(mine.total(), theirs.total()) < ALIKE * (mine.total() + theirs.total()):
        return 0.0
    small, large = sorted((mine, theirs), key=len)
    shared = sum(min(count, large[word]) for word, count in small.items())
    found = 2 * shared / (mine.total() + theirs.total())
    return found if found >= ALIKE else 0.0


def _most_alike(
    mine: list[int], theirs: list[int], words_left: dict[int, Counter[str]], words_right: dict[int, Counter[str]]
) -> list[Pair]:
    """Pairs that rise on both sides and are as alike as can be together; of many cells, as they come."""

    def alike(here: int, there: int) -> float:
        return _likeness(words_left[here], words_right[there])

    if len(mine) * len(theirs) <= LARGEST_TABLE:
        return _best(mine, theirs, [[alike(here, there) for there in theirs] for here in mine])
    found, start = [], 0
    for here in mine:
        near = [(alike(here, there), -at) for at, there in enumerate(theirs[start : start + LOOK_AHEAD], start)]
        best, negative = max(near, default=(0.0, 0))
        if best:
            found.append((here, theirs[-negative]))
            start = 1 - negative
    return found


def _best(mine: list[int], theirs: list[int], alike: list[list[float]]) -> list[Pair]:
    rows, columns = len(mine), len(theirs)
    total = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for row in range(rows - 1, -1, -1):
        for column in range(columns - 1, -1, -1):
            together = alike[row][column] + total[row + 1][column + 1] if alike[row][column] else 0.0
            total[row][column] = max(together, total[row + 1][column], total[row][column + 1])
    found, row, column = [], 0, 0
    while row < rows and column < columns:
        if alike[row][column] and total[row][column] == alike[row][column] + total[row + 1][column + 1]:
            found.append((mine[row], theirs[column]))
            row, column = row + 1, column + 1
        elif total[row + 1][column] >= total[row][column + 1]:
            row += 1
        else:
            column += 1
    return found
