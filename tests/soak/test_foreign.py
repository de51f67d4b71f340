"""The check with foreign notebooks finds what it is there to find: one side is damaged by hand, and it says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from soak.foreign.comparing import Executed, differences, seen_in

FOLDERS = ("/tmp/one/work", "/tmp/other/work")
MODEL, LAYOUT = "5f1b7c0e9a3d4f6e8b2c1d0e9f8a7b6c", "0a1b2c3d4e5f4a6b9c8d7e6f5a4b3c2d"


def stream(text: str, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def shown(**data: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "data": data, "metadata": {}}


def notebook(folder: str = FOLDERS[0]) -> dict[str, Any]:
    error = {"output_type": "error", "ename": "KeyError", "evalue": "'x'", "traceback": ["In[3]", "KeyError: 'x'"]}
    outputs = [
        [stream("one\n"), stream("two\n"), stream("careful\n", "stderr")],
        [shown(**{"text/plain": "first"}), shown(**{"text/plain": "second", "image/png": "aWJt"})],
        [stream(f"took 3.5\nWall time: 2.13 ms\nat 0x7f0123456789\nin {folder}/a.txt\n"), error],
        [shown(**{"application/vnd.jupyter.widget-view+json": {"model_id": MODEL}})],
    ]
    cells = [
        {"cell_type": "code", "source": f"cell {n}", "execution_count": n + 1, "outputs": given, "metadata": {}}
        for n, given in enumerate(outputs)
    ]
    state = {MODEL: {"state": {"layout": f"IPY_MODEL_{LAYOUT}"}}, LAYOUT: {"state": {}}}
    metadata = {"widgets": {"application/vnd.jupyter.widget-state+json": {"state": state}}}
    return {"cells": [{"cell_type": "markdown", "source": "# Title"}, *cells], "metadata": metadata}


def apart(change: Callable[[list[dict[str, Any]]], object], failed: tuple[int, str] | None = None) -> list[str]:
    """What is found where ``change`` was made to the code cells of one of two equal notebooks."""
    damaged = notebook(FOLDERS[1])
    change(damaged["cells"][1:])
    return differences(seen_in(notebook(), None), seen_in(damaged, failed), FOLDERS)


def put(cell: int, output: int, **fields: Any) -> Callable[[list[dict[str, Any]]], object]:
    return lambda cells: cells[cell]["outputs"][output].update(fields)


def test_it_finds_nothing_where_there_is_nothing() -> None:
    assert apart(lambda cells: None) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda cells: cells[0]["outputs"].pop(1),
        lambda cells: cells[0]["outputs"].pop(2),
        put(0, 1, text="two"),
        put(0, 1, text="two\ntwo\n"),
        put(0, 1, name="stderr"),
        lambda cells: cells[0]["outputs"].reverse(),
        lambda cells: cells[1]["outputs"].pop(0),
        lambda cells: cells[1]["outputs"].reverse(),
        put(1, 1, data={"text/plain": "second", "image/png": "aWJn"}),
        put(1, 1, data={"text/plain": "second"}),
        put(1, 1, metadata={"image/png": {"width": 5}}),
        put(2, 0, text="took 3.6\nWall time: 2.13 ms\nat 0x7f0123456789\nin /tmp/other/work/a.txt\n"),
        put(2, 0, text="took 3.5\nWall time: 2.13 ms\nat 0x7f0123456789\nin /tmp/other/work/b.txt\n"),
        put(2, 0, text="took 3.5\nat 0x7f0123456789\nin /tmp/other/work/a.txt\n"),
        lambda cells: cells[2]["outputs"].pop(1),
        put(2, 1, ename="ValueError"),
        put(2, 1, traceback=["KeyError: 'x'"]),
        put(3, 0, data={"application/vnd.jupyter.widget-view+json": {"model_id": LAYOUT}}),
        lambda cells: cells[3].update(execution_count=None),
        lambda cells: cells[3].update(source="cell 4"),
        lambda cells: cells[3].update(outputs=[]),
    ],
    ids=[
        *(
            "a line lost",
            "stderr lost",
            "the end of a line lost",
            "a line doubled",
            "another stream",
            "order of streams",
        ),
        *("a display lost", "order of displays", "an image changed", "an image lost", "its metadata changed"),
        *("a number changed", "a file's name changed", "a time lost", "an error lost", "another error"),
        *("a traceback cut", "another widget", "not executed", "another source", "no output"),
    ],
)
def test_it_finds(change: Callable[[list[dict[str, Any]]], object]) -> None:
    assert len(apart(change)) == 1


def test_it_finds_widgets_that_refer_to_each_other_the_wrong_way_round() -> None:
    one, other = seen_in(notebook(), None), seen_in(notebook(FOLDERS[1]), None)
    for run, (outer, inner) in ((one, (MODEL, LAYOUT)), (other, (LAYOUT, MODEL))):
        run.metadata = {"widgets": {outer: {"layout": f"IPY_MODEL_{inner}"}, inner: {}}}
    assert differences(one, other, FOLDERS) != []


def test_it_finds_another_end() -> None:
    assert len(apart(lambda cells: None, failed=(2, "KeyError"))) == 1
    ends = [Executed([], failed=failed) for failed in [(2, "KeyError"), (1, "KeyError"), (2, "ValueError")]]
    assert all(differences(ends[0], other, FOLDERS) for other in ends[1:])


def test_it_finds_a_cell_that_is_missing() -> None:
    shorter = notebook(FOLDERS[1])
    del shorter["cells"][-1]
    assert len(differences(seen_in(notebook(), None), seen_in(shorter, None), FOLDERS)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<C at 0x7f0123456789>", "<C at 0x7fabcdef0123>"),
        ("File /tmp/ipykernel_12/9.py", "File /tmp/ipykernel_345/9.py"),
        ("in /tmp/one/work/a.txt", "in /tmp/other/work/a.txt"),
        ("Wall time: 2.13 ms", "Wall time: 1.1 s"),
        ("2026-05-01T12:00:00.123456Z", "2026-05-02T13:01:02.654321Z"),
        ("CPU times: user 3.1 ms, sys: 0 ns, total: 3.1 ms", "CPU times: user 2 ms, sys: 14 µs, total: 2.01 ms"),
        ("1.2 ms ± 3 µs per loop (7 runs, 10 loops each)", "2.2 ms ± 4.1 ms per loop (7 runs, 10 loops each)"),
        (f"IPY_MODEL_{MODEL}", f"IPY_MODEL_{LAYOUT}"),
        ('<path id="m0123456789" d="1"/>', '<path id="mabcdef0123" d="1"/>'),
        ("<dc:date>2026-01-01T00:00:00</dc:date>", "<dc:date>2026-01-02T00:00:00</dc:date>"),
    ],
)
def test_it_does_not_mind(one: str, other: str) -> None:
    texts = [Executed([{"source": "", "count": 1, "outputs": [stream(text)]}]) for text in (one, other)]
    assert differences(*texts, FOLDERS) == []


def test_it_does_not_mind_into_how_many_pieces_a_stream_is_cut() -> None:
    def in_one(cells: list[dict[str, Any]]) -> None:
        cells[0]["outputs"][:2] = [stream("one\ntwo\n")]

    assert apart(in_one) == []
