"""What of a failed run's output is carried over into the notebook that goes on from it, and where that begins."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
from hypothesis import given

from jupyter_notebook_sched.notebook.document import INJECTED_TAG
from jupyter_notebook_sched.notebook.resuming import (
    Resumed,
    first_to_run,
    ids_in_output,
    last_count,
    resumed,
    shown_parameters,
)

from ..written import code, markdown


def cells(*made: str | tuple[str, str]) -> list[dict[str, Any]]:
    """Code cells: an id (which is its source, too), or an id and a source."""
    pairs = [(each, each) if isinstance(each, str) else each for each in made]
    return [code(source) | {"id": cell_id} for cell_id, source in pairs]


def source(*made: str | tuple[str, str]) -> dict[str, Any]:
    return {"cells": cells(*made), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def output(outcomes: dict[str, str], injected_after: str | None = None, **more: Any) -> dict[str, Any]:
    """A run's output: its cells printed their ids."""
    ran = []
    for number, (cell_id, outcome) in enumerate(outcomes.items(), start=1):
        ran.append(code(cell_id) | {"id": cell_id})
        if outcome in ("ok", "carried"):
            ran[-1] |= {"outputs": [{"output_type": "stream", "name": "stdout", "text": cell_id}]}
            ran[-1]["execution_count"] = number
    told = list(outcomes.values())
    if injected_after is not None:
        place = list(outcomes).index(injected_after) + 1
        ran.insert(place, code("x = 2", INJECTED_TAG) | {"id": "values"})
        told.insert(place, "ok")
    facts = {"cells": [{"index": index, "outcome": outcome} for index, outcome in enumerate(told)], **more}
    return {"cells": ran, "metadata": {"notebook_sched": facts}, "nbformat": 4, "nbformat_minor": 5}


def ids(found: Resumed) -> list[str]:
    return [cell["id"] for cell in found.notebook["cells"]]


def carried(found: Resumed) -> list[str]:
    return [ids(found)[index] for index in sorted(found.carried)]


def tagged(cell_id: str) -> dict[str, Any]:
    return code("x = 1", "parameters") | {"id": cell_id}


FAILED_AT_C = {"a": "ok", "b": "carried", "c": "failed", "d": "not_run"}


def test_it_begins_at_the_cell_that_failed_wherever_that_is_now() -> None:
    assert first_to_run(cells("a", "b", "c", "d"), "c", {"a", "b"}) == "c"
    assert first_to_run(cells("a", "new", ("c", "edited"), "b"), "c", {"a", "b"}) == "c"


def test_it_begins_below_all_that_has_run_where_the_failed_cell_is_gone() -> None:
    assert first_to_run(cells("a", "b", "new", "d"), "c", {"a", "b"}) == "new"
    assert first_to_run(cells("b", "a", "d"), "c", {"a", "b"}) == "d"
    assert first_to_run(cells("a", "b"), "c", {"a", "b"}) is None, "nothing is left to run"
    assert first_to_run(cells("x", "y"), "c", {"a", "b"}) is None, "another notebook"
    assert first_to_run(cells("a", "b"), None, set()) is None
    assert first_to_run([], "c", {"a"}) is None


def test_it_carries_over_what_has_run_as_it_ran() -> None:
    found = resumed(source("a", ("b", "edited"), ("c", "mended"), "d"), output(FAILED_AT_C), "c")
    assert (ids(found), carried(found), found.changed) == (["a", "b", "c", "d"], ["a", "b"], 1)
    told = [(cell["source"], cell["outputs"][0]["text"] if cell["outputs"] else "") for cell in found.notebook["cells"]]
    assert told == [("a", "a"), ("b", "b"), ("mended", ""), ("d", "")]
    assert last_count(found.notebook["cells"]) == 2


def test_it_runs_what_was_added_above_and_says_what_is_gone_from_there() -> None:
    found = resumed(source("new", "b", "c", "d"), output(FAILED_AT_C), "c")
    assert (ids(found), carried(found), found.changed) == (["new", "b", "c", "d"], ["b"], 1)


def test_it_runs_again_what_was_moved_below() -> None:
    found = resumed(source("b", "c", "a"), output(FAILED_AT_C), "c")
    assert (carried(found), found.changed) == (["b"], 0)


def test_it_keeps_texts_as_they_are_now() -> None:
    notebook = source("a", "c")
    notebook["cells"].insert(1, markdown("told anew") | {"id": "b"})
    found = resumed(notebook, output(FAILED_AT_C), "c")
    assert found.notebook["cells"][1]["source"] == "told anew"
    assert carried(found) == ["a"]


def test_it_carries_over_the_cell_of_values_where_it_stood() -> None:
    notebook = source("a", "c")
    notebook["cells"].insert(1, tagged("b"))
    found = resumed(notebook, output(FAILED_AT_C, injected_after="b"), "c")
    assert (ids(found), carried(found)) == (["a", "b", "values", "c"], ["a", "b", "values"])
    assert not found.injects
    without = resumed(source("a", "c"), output(FAILED_AT_C, injected_after="b"), "c")
    assert (ids(without), without.changed) == (["values", "a", "c"], 1), (
        "its parameters cell is gone, the values are not"
    )


def test_it_leaves_values_to_be_injected_where_they_were_not_or_will_be_overwritten() -> None:
    notebook = source("a", "c")
    notebook["cells"].insert(1, tagged("b"))
    assert resumed(notebook, output(FAILED_AT_C), "c").injects, "the cell of values had not run"
    notebook["cells"].append(notebook["cells"].pop(1))
    found = resumed(notebook, output(FAILED_AT_C, injected_after="b"), "c")
    assert (ids(found), found.injects) == (["a", "c", "b"], True), "their defaults are assigned once more"


def test_it_takes_a_cell_of_values_that_lost_its_tag_for_one_like_any_other() -> None:
    notebook = source("a", ("values", "x = 3"), "c")
    found = resumed(notebook, output(FAILED_AT_C, injected_after="a"), "c")
    assert (ids(found), carried(found), found.changed) == (["a", "values", "c"], ["a", "values"], 2)


def test_it_keeps_the_state_of_widgets_that_carried_outputs_show() -> None:
    before = output(FAILED_AT_C)
    before["metadata"]["widgets"] = {"some": "state"}
    assert resumed(source("a", "c"), before, "c").notebook["metadata"] == {"widgets": {"some": "state"}}


def test_it_carries_nothing_over_from_a_record_that_cannot_be_read() -> None:
    for facts in (None, [], {"cells": None}, {"cells": {}}, {"cells": [1, {"index": "0"}, {"outcome": "ok"}]}):
        before = output(FAILED_AT_C)
        before["metadata"]["notebook_sched"] = facts
        found = resumed(source("a", "c"), before, "c")
        assert (carried(found), found.changed) == ([], 0)
        assert shown_parameters(before) is None
    assert shown_parameters(output({}, parameters={"x": 1})) == {"x": 1}


def test_it_knows_where_a_cell_of_the_output_comes_from() -> None:
    made = [code("1") | {"id": "a"}, tagged("b"), code("2") | {"id": "c"}]
    assert ids_in_output(made, injected=True) == ["a", "b", None, "c"]
    assert ids_in_output(made, injected=False) == ["a", "b", "c"]
    assert ids_in_output(made[:1], injected=True) == [None, "a"]


NAMES = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8)


@given(before=NAMES, after=NAMES, well=st.sets(st.sampled_from("abcdefgh")), at=st.integers(0, 7))
def test_whatever_a_person_did_each_cell_either_runs_or_is_carried_as_it_ran(
    before: list[str], after: list[str], well: set[str], at: int
) -> None:
    ran = {cell_id for cell_id in before if cell_id in well}
    failed = before[at] if at < len(before) else None
    start = first_to_run(cells(*after), failed, ran)
    if start is None:
        return
    record = output({cell_id: "ok" if cell_id in ran else "not_run" for cell_id in before})
    found = resumed(source(*((cell_id, f"{cell_id} now") for cell_id in after)), record, start)
    assert ids(found) == after
    above = after[: after.index(start)]
    assert carried(found) == [cell_id for cell_id in above if cell_id in ran]
    for cell_id, cell in zip(after, found.notebook["cells"], strict=True):
        assert cell["source"] == (cell_id if cell_id in carried(found) else f"{cell_id} now")
    assert found.changed == len(found.carried) + len(ran - set(after))
