"""What a person did to a notebook, and what the comparison says of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jupyter_notebook_sched.notebook.comparing.comparison import Comparison, compare
from jupyter_notebook_sched.notebook.comparing.merging import Overlap, overlaps
from jupyter_notebook_sched.notebook.comparing.sides import Side, side_of
from jupyter_notebook_sched.notebook.comparing.telling import LONGEST_TEXT, MOST_CHARACTERS, told
from jupyter_notebook_sched.notebook.comparing.texts import Chunk, chunks
from jupyter_notebook_sched.notebook.document import read_notebook

from ..written import code, document, markdown

LOAD = "import pandas\nframe = pandas.read_csv('plays.csv')\nframe.head()"
PLOT = "frame.plot(x='day', y='plays')\nshow()"
SUM = "total = frame.plays.sum()\nprint(total)"


def side(*cells: str | dict[str, Any], ids: str | None = "kept", injected: bool = True, minor: int = 5) -> Side:
    """``ids``: ``kept`` gives each source an id of its own, ``numbered`` counts the cells, None leaves them out."""
    made = document(*cells) | {"nbformat_minor": minor}
    for cell in made["cells"]:
        if ids != "numbered":
            del cell["id"]
        if ids == "kept":
            cell["id"] = "id-" + str(sum(map(ord, cell["source"].split("\n")[0])))
    return side_of(read_notebook(json.dumps(made).encode()), injected)


def story(comparison: Comparison) -> list[tuple[str, int | None, int | None]]:
    return [(pair.op, pair.left and pair.left.index, pair.right and pair.right.index) for pair in comparison.cells]


@pytest.mark.parametrize("ids", ["kept", "numbered", None])
def test_it_sees_one_new_cell_in_front_whatever_the_ids_say(ids: str | None) -> None:
    found = compare(side(LOAD, PLOT, SUM, ids=ids), side("x = 1", LOAD, PLOT, SUM, ids=ids))
    assert [pair.op for pair in found.cells] == ["added", "same", "same", "same"]


@pytest.mark.parametrize("ids", ["kept", "numbered", None])
def test_it_sees_a_cell_that_was_moved(ids: str | None) -> None:
    found = compare(side(LOAD, PLOT, SUM, "last()", ids=ids), side(SUM, LOAD, PLOT, "last()", ids=ids))
    assert sorted(pair.op for pair in found.cells) == ["moved", "same", "same", "same"]
    (moved,) = (pair for pair in found.cells if pair.op == "moved")
    assert moved.left is not None
    assert (moved.left.source, moved.changes) == (SUM, ())


def test_it_follows_a_cell_by_its_id_however_it_was_rewritten() -> None:
    before, after = document("alpha()", "beta()", "gamma()"), document("alpha()", "nothing = 'alike'", "gamma()")
    found = compare(*(side_of(read_notebook(json.dumps(each).encode())) for each in (before, after)))
    assert [(pair.op, pair.changes) for pair in found.cells] == [("same", ()), ("changed", ("source",)), ("same", ())]


def test_it_finds_an_edited_cell_by_its_likeness_where_there_are_no_ids() -> None:
    found = compare(side(LOAD, PLOT, SUM, ids=None), side(LOAD, "extra()", PLOT + "\nsave()", SUM, ids=None))
    assert [pair.op for pair in found.cells] == ["same", "added", "changed", "same"]


def test_it_takes_cells_with_nothing_in_common_for_others() -> None:
    found = compare(side("a", ids=None), side("b", ids=None))
    assert [pair.op for pair in found.cells] == ["removed", "added"]


def test_it_sees_a_type_and_tags_that_changed() -> None:
    found = compare(side("# x", code("y", "parameters")), side(markdown("# x"), code("y", "skip-execution")))
    assert [pair.changes for pair in found.cells] == [("kind",), ("metadata",)]
    (tags,) = found.cells[1].metadata
    assert (tags.name, tags.left, tags.right) == ("tags", ["parameters"], ["skip-execution"])


def test_it_leaves_out_injected_cells_on_wish_and_keeps_positions() -> None:
    ran = side("x = 1", code("x = 2", "injected-parameters"), "print(x)", injected=False)
    assert story(compare(side("x = 1", "print(x)"), ran)) == [("same", 0, 0), ("same", 1, 2)]


def test_it_passes_over_what_running_leaves_in_a_notebook() -> None:
    run = document("print(1)")
    run["cells"][0] |= {"execution_count": 7, "metadata": {"execution": {"iopub.status.busy": "x"}, "trusted": True}}
    run["metadata"] |= {"notebook_sched": {"run_id": "1"}, "widgets": {}, "papermill": {}}
    before = read_notebook(json.dumps(document("print(1)")).encode())
    assert compare(side_of(before), side_of(read_notebook(json.dumps(run).encode()))).is_same


def test_it_tells_settings_of_the_notebook_that_differ() -> None:
    other = document("x", kernelspec={"name": "ir", "display_name": "R", "language": "R"})
    found = compare(side("x"), side_of(read_notebook(json.dumps(other).encode())))
    assert not found.is_same
    assert {each.name for each in found.metadata} == {"kernelspec", "language_info"}


def outputs(*given: dict[str, Any]) -> Side:
    made = document("x")
    made["cells"][0]["outputs"] = list(given)
    return side_of(read_notebook(json.dumps(made).encode()))


def printed(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def shown(**data: str) -> dict[str, Any]:
    named = {name.replace("_", "/", 1): value for name, value in data.items()}
    return {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": named}


@pytest.mark.parametrize(
    ("one", "other", "op"),
    [
        (printed("<object at 0x7f0123456789>"), printed("<object at 0x7fabcdefabcd>"), "same"),
        (printed("/tmp/ipykernel_12/3.py: careful"), printed("/tmp/ipykernel_999/3.py: careful"), "same"),
        (printed("10%\r50%\r100%\n"), printed("20%\r100%\n"), "same"),
        (printed("\x1b[31mred\x1b[0m"), printed("red"), "same"),
        (printed("0x10"), printed("0x11"), "changed"),
        (printed("a"), shown(text_plain="a"), "removed"),
        (shown(image_png="AAAA"), shown(image_png="AA\nAA"), "same"),
        (shown(image_png="AAAA", text_plain="<Figure 1>"), shown(image_png="AAAA", text_plain="<Figure 2>"), "same"),
        (shown(image_png="AAAA"), shown(image_jpeg="AAAA"), "changed"),
        (shown(text_html="<b>1</b>", text_plain="1"), shown(text_html="<b>2</b>", text_plain="2"), "changed"),
        (shown(text_html="<i id=T_0a1b2>1</i>"), shown(text_html="<i id=T_fffff>1</i>"), "same"),
        ({"output_type": "odd"}, {"output_type": "odder"}, "changed"),
    ],
)
def test_it_tells_outputs_that_differ_from_those_that_only_look_so(
    one: dict[str, Any], other: dict[str, Any], op: str
) -> None:
    (cell,) = compare(outputs(one), outputs(other)).cells
    assert cell.outputs[0].op == op
    assert cell.op == ("same" if op == "same" else "changed")


def test_it_pairs_the_outputs_that_stayed_and_those_of_one_kind() -> None:
    (cell,) = compare(
        outputs(printed("a"), shown(image_png="AAAA"), shown(text_plain="end")),
        outputs(shown(image_png="BBBB"), shown(text_plain="new"), shown(text_plain="end")),
    ).cells
    assert [pair.op for pair in cell.outputs] == ["removed", "changed", "added", "same"]


def test_it_tells_lines_and_not_more_of_them_than_differ() -> None:
    assert chunks("a\nb\nc\n", "a\nB\nc\n") == [
        Chunk("same", "a\n"),
        Chunk("removed", "b\n"),
        Chunk("added", "B\n"),
        Chunk("same", "c\n"),
    ]
    assert chunks("a", "a\n") == [Chunk("removed", "a"), Chunk("added", "a\n")]
    assert chunks("", "") == []


def test_it_bounds_its_answer_and_says_so() -> None:
    long = told(compare(side("x\n" * LONGEST_TEXT), side("y")))
    assert long.capped
    many = told(compare(side(*(f"{number} = '{'x' * 90_000}'" for number in range(40)), ids=None), side("y")))
    assert many.capped
    assert sum(len(chunk.text) for cell in many.cells for chunk in cell.source) <= MOST_CHARACTERS
    assert len(many.cells) == 41, "every cell is told, whatever is left out of it"


def test_it_compares_texts_that_repeat_themselves_without_end() -> None:
    left, right = "a\nb\n" * 20_000, "b\na\na\n" * 15_000
    found = chunks(left, right)
    assert "".join(chunk.text for chunk in found if chunk.op != "added") == left
    assert "".join(chunk.text for chunk in found if chunk.op != "removed") == right


def test_it_answers_text_that_utf_8_cannot_carry() -> None:
    broken = side_of(read_notebook(json.dumps(document("print('\ud800')")).encode()))
    (cell,) = told(compare(broken, side("y"))).cells[:1]
    assert cell.source[0].text == "print('?')"


def test_it_tells_where_two_people_changed_the_same_cell() -> None:
    base = side(LOAD, PLOT, SUM)
    mine, theirs = side(LOAD + "\nmine()", PLOT, SUM), side(LOAD + "\ntheirs()", PLOT, SUM)
    assert overlaps(base, mine, theirs) == [Overlap(0, 0, 0)]
    assert overlaps(base, mine, mine) == [], "in the same way"
    assert overlaps(base, mine, side(LOAD, PLOT, SUM + "\ntheirs()")) == []
    assert overlaps(base, mine, side(PLOT, SUM)) == [Overlap(0, 0, None)]
    assert overlaps(base, side(LOAD, PLOT, SUM, "mine()"), side(LOAD, PLOT, SUM, "theirs()")) == [Overlap(None, 3, 3)]
    assert overlaps(base, side("mine()", LOAD, PLOT, SUM), side(LOAD, PLOT, SUM, "theirs()")) == []
