"""What two sequences have in common, in order.

The common beginning and end first, then items that are unique on both sides (Bram Cohen's patience diff), then the
longest common subsequence where that is small. The work is bounded: past ``MOST_STEPS`` the rest counts as different.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

Pair = tuple[int, int]
MOST_STEPS = 2_000_000
LARGEST_TABLE = 250_000


def in_common(left: Sequence[str], right: Sequence[str]) -> list[Pair]:
    """Pairs of positions of equal items, rising on both sides. ``in_common(b, a)`` is the mirror of
    ``in_common(a, b)``."""
    # A choice between equally good answers must not depend on the side, so one order of the two is always taken.
    if (len(left), list(left)) <= (len(right), list(right)):
        return _Search(left, right).pairs()
    return [(mine, theirs) for theirs, mine in _Search(right, left).pairs()]


def rising(pairs: Sequence[Pair]) -> list[Pair]:
    """The most of these pairs (in order of their first) that rise in their second, too."""
    tails: list[int] = []  # the smallest second with which so many can end
    ends: list[int] = []  # its place in ``pairs``
    before: list[int] = []
    for place, (_, second) in enumerate(pairs):
        length = bisect_left(tails, second)
        tails[length : length + 1] = [second]
        ends[length : length + 1] = [place]
        before.append(ends[length - 1] if length else -1)
    found: list[Pair] = []
    place = ends[-1] if ends else -1
    while place >= 0:
        found.append(pairs[place])
        place = before[place]
    return found[::-1]


class _Search:
    """One search, with the steps that it may still take."""

    def __init__(self, left: Sequence[str], right: Sequence[str]) -> None:
        numbers: dict[str, int] = {}
        self._left = [numbers.setdefault(item, len(numbers)) for item in left]
        self._right = [numbers.setdefault(item, len(numbers)) for item in right]
        self._steps = MOST_STEPS
        self._found: list[Pair] = []

    def pairs(self) -> list[Pair]:
        waiting = [(0, len(self._left), 0, len(self._right))]
        while waiting and self._steps > 0:
            waiting += self._within(*waiting.pop())
        return sorted(self._found)

    def _within(self, start: int, end: int, begin: int, stop: int) -> list[tuple[int, int, int, int]]:
        """Finds what it can between these positions of left and right; what there is still to look into."""
        left, right = self._left, self._right
        self._steps -= end - start + stop - begin + 1
        while start < end and begin < stop and left[start] == right[begin]:
            self._found.append((start, begin))
            start, begin = start + 1, begin + 1
        while start < end and begin < stop and left[end - 1] == right[stop - 1]:
            end, stop = end - 1, stop - 1
            self._found.append((end, stop))
        if start == end or begin == stop:
            return []
        anchors = self._anchors(start, end, begin, stop)
        if not anchors:
            self._by_table(start, end, begin, stop)
            return []
        self._found += anchors
        edges = [(start - 1, begin - 1), *anchors, (end, stop)]
        between = pairwise(edges)
        return [(a + 1, b, c + 1, d) for (a, c), (b, d) in between if b - a > 1 and d - c > 1]

    def _anchors(self, start: int, end: int, begin: int, stop: int) -> list[Pair]:
        mine, theirs = Counter(self._left[start:end]), Counter(self._right[begin:stop])
        where = {item: place for place, item in enumerate(self._right[begin:stop], begin) if theirs[item] == 1}
        once = [
            (place, where[item])
            for place, item in enumerate(self._left[start:end], start)
            if mine[item] == 1 and item in where
        ]
        return rising(once)

    def _by_table(self, start: int, end: int, begin: int, stop: int) -> None:
        rows, columns = end - start, stop - begin
        if rows * columns > min(LARGEST_TABLE, self._steps):
            return
        self._steps -= rows * columns
        left, right = self._left[start:end], self._right[begin:stop]
        table = [[0] * (columns + 1)]
        for item in reversed(left):
            below, row = table[-1], [0] * (columns + 1)
            for column in range(columns - 1, -1, -1):
                same = right[column] == item
                row[column] = below[column + 1] + 1 if same else max(below[column], row[column + 1])
            table.append(row)
        table.reverse()
        row_at, column = 0, 0
        while row_at < rows and column < columns:
            if left[row_at] == right[column]:
                self._found.append((start + row_at, begin + column))
                row_at, column = row_at + 1, column + 1
            elif table[row_at + 1][column] >= table[row_at][column + 1]:
                row_at += 1
            else:
                column += 1
