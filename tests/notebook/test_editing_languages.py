"""Every language's cells, edited: one value changes, every other byte stays, and it is read back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_notebook_sched.notebook.parameters import adding
from jupyter_notebook_sched.notebook.parameters.editing import edits
from jupyter_notebook_sched.notebook.parameters.literals import LITERALS, writing
from jupyter_notebook_sched.notebook.parameters.model import same_value
from jupyter_notebook_sched.notebook.parameters.values import check_values

from .parameter_cells import edited, parameters_cell, read

LANGUAGES = sorted(set(LITERALS) - {"python", "sql"})

scalars: list[st.SearchStrategy[Any]] = [
    st.booleans(),
    st.integers(-(2**31) + 1, 2**31 - 1),
    st.floats(-1e6, 1e6).map(lambda number: number + 0.5).filter(lambda number: number % 1 != 0),
    st.text("ab $`'\"\\{}#/\n\té😀%!", max_size=8),
]
alike = st.sampled_from(scalars).flatmap(lambda one: st.lists(one, min_size=2, max_size=4))
"""Some values of one type: as many parameters of a language are declared with."""


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=40)
@given(
    values=st.lists(st.tuples(alike, st.sampled_from(["", "above", "blank"]), st.booleans()), min_size=1, max_size=4),
    data=st.data(),
    newline=st.sampled_from(["\n", "\r\n"]),
)
def test_it_changes_one_value_and_nothing_else(
    language: str, values: list[tuple[list[Any], str, bool]], data: st.DataObject, newline: str
) -> None:
    comment = writing(language).COMMENT
    lines = []
    for place, ((first, *_), above, helped) in enumerate(values):
        parameter = adding.new_parameter(f"name{place}", first, None)
        text = adding.statement(language, parameter, {}, {}).text
        over = {"": "", "above": f"{comment} it's 😀{newline}", "blank": newline}[above]
        lines.append(f"{over}{text}{f'  {comment} Help ' if helped else ''}{newline}")
    source = "".join(lines)
    found = {parameter.name: parameter for parameter in read(source, language).parameters}
    assert list(found) == [f"name{place}" for place in range(len(values))]
    place = data.draw(st.integers(0, len(values) - 1))
    parameter, wanted = found[f"name{place}"], values[place][0][1]
    assert same_value(parameter.default, values[place][0][0])
    if check_values([parameter], {parameter.name: wanted})[1]:
        return
    changed = edited(source, {parameter.name: wanted}, language)
    assert changed.startswith("".join(lines[:place]))
    assert changed.endswith("".join(lines[place + 1 :]))
    if values[place][2]:
        assert changed.removesuffix("".join(lines[place + 1 :])).endswith(f"  {comment} Help {newline}")
    again = {parameter.name: parameter for parameter in read(changed, language).parameters}
    assert list(again) == list(found)
    assert same_value(again[parameter.name].default, wanted)
    assert edits(parameters_cell(changed), language, {parameter.name: wanted}) == []
    for name in found.keys() - {parameter.name}:
        assert same_value(again[name].default, found[name].default)
