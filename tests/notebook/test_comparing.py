"""Two notebooks compared: reading the comparison gives both back, whatever they hold."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_notebook_sched.notebook.comparing.common_parts import in_common
from jupyter_notebook_sched.notebook.comparing.comparison import Comparison, compare
from jupyter_notebook_sched.notebook.comparing.sides import side_of
from jupyter_notebook_sched.notebook.comparing.telling import told
from jupyter_notebook_sched.notebook.comparing.texts import chunks
from jupyter_notebook_sched.notebook.document import read_notebook

LINES = st.lists(st.sampled_from(["a = 1", "b = 2", "", "print(a)", "print(a, b)", "\r", "x\u2028y"]), max_size=8)
TEXTS = st.builds(lambda lines, end: "\n".join(lines) + end, LINES, st.sampled_from(["", "\n"])) | st.text(max_size=30)
OUTPUTS = st.lists(
    st.sampled_from(
        [
            {"output_type": "stream", "name": "stdout", "text": ["one\n", "two\n"]},
            {"output_type": "stream", "name": "stderr", "text": "three"},
            {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["\x1b[31mE\x1b[0m"]},
            {"output_type": "display_data", "data": {"image/png": "aGFsbG8="}, "metadata": {}},
            {"output_type": "display_data", "data": {"text/html": "<b>x</b>", "text/plain": "x"}, "metadata": {}},
        ]
    ),
    max_size=3,
)
IDS = st.none() | st.sampled_from([f"id-{number}" for number in range(6)])
CELLS = st.builds(
    lambda kind, source, cell_id, outputs: (
        {"cell_type": kind, "source": source, "metadata": {}}
        | ({"outputs": outputs, "execution_count": None} if kind == "code" else {})
        | ({"id": cell_id} if cell_id else {})
    ),
    st.sampled_from(["code", "code", "markdown"]),
    TEXTS,
    IDS,
    OUTPUTS,
)
NOTEBOOKS = st.builds(
    lambda cells: read_notebook(
        json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()
    ),
    st.lists(CELLS, max_size=7),
)
MIRRORED = {"added": "removed", "removed": "added"}


def compared(left: dict[str, Any], right: dict[str, Any]) -> Comparison:
    return compare(side_of(left), side_of(right))


def sources(notebook: dict[str, Any]) -> list[tuple[str, str]]:
    return [(cell["id"], cell["source"]) for cell in notebook["cells"]]


@given(NOTEBOOKS, NOTEBOOKS)
def test_it_gives_both_notebooks_back(left: dict[str, Any], right: dict[str, Any]) -> None:
    answer = told(compared(left, right))
    assert not answer.capped
    mine = sorted((cell for cell in answer.cells if cell.left is not None), key=lambda cell: cell.left or 0)
    theirs = [cell for cell in answer.cells if cell.right is not None]
    read = [(cell.left_id, "".join(each.text for each in cell.source if each.op != "added")) for cell in mine]
    assert read == sources(left)
    read = [(cell.right_id, "".join(each.text for each in cell.source if each.op != "removed")) for cell in theirs]
    assert read == sources(right), "the cells are told in the order of the right one"
    for cell in answer.cells:
        differs = cell.changes or cell.left is None or cell.right is None or cell.op == "moved"
        assert (cell.op == "same") == (not differs)


@given(NOTEBOOKS, NOTEBOOKS)
def test_it_finds_the_same_from_either_side(left: dict[str, Any], right: dict[str, Any]) -> None:
    there, back = compared(left, right), compared(right, left)
    mirrored = [(MIRRORED.get(pair.op, pair.op), pair.right, pair.left, pair.changes) for pair in back.cells]
    found = [(pair.op, pair.left, pair.right, pair.changes) for pair in there.cells]
    assert sorted(found, key=repr) == sorted(mirrored, key=repr)


@given(NOTEBOOKS)
def test_it_finds_nothing_between_a_notebook_and_itself(notebook: dict[str, Any]) -> None:
    comparison = compared(notebook, json.loads(json.dumps(notebook)))
    assert comparison.is_same
    assert all(pair.left is not None and pair.op == "same" for pair in comparison.cells)


@given(TEXTS, TEXTS)
def test_it_makes_each_text_from_the_other(left: str, right: str) -> None:
    found = chunks(left, right)
    assert "".join(chunk.text for chunk in found if chunk.op != "added") == left
    assert "".join(chunk.text for chunk in found if chunk.op != "removed") == right


def longest(left: list[str], right: list[str]) -> int:
    """Of the longest common subsequence, by its definition."""
    if not left or not right:
        return 0
    if left[-1] == right[-1]:
        return longest(left[:-1], right[:-1]) + 1
    return max(longest(left[:-1], right), longest(left, right[:-1]))


FEW = st.lists(st.sampled_from("abc"), max_size=7) | st.lists(st.sampled_from("abcdefg"), max_size=7, unique=True)


@given(FEW, FEW)
@settings(max_examples=200)
def test_it_finds_pairs_of_equal_items_that_rise_and_mirror(left: list[str], right: list[str]) -> None:
    pairs = in_common(left, right)
    assert all(left[mine] == right[theirs] for mine, theirs in pairs)
    assert all(one[0] < two[0] and one[1] < two[1] for one, two in pairwise(pairs))
    assert sorted((theirs, mine) for mine, theirs in in_common(right, left)) == pairs
    assert bool(pairs) == bool({*left} & {*right})
    if (len({*left}) == len(left) and len({*right}) == len(right)) or len({*left, *right}) == 1:
        assert len(pairs) == longest(left, right)
