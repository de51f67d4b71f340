"""docs/parameters.md says what is true: its examples give what stands under them."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from jupyter_notebook_sched.domain.rendering import Rendering
from jupyter_notebook_sched.domain.secrets import PREFIX, SHORTEST
from jupyter_notebook_sched.notebook import presets
from jupyter_notebook_sched.notebook.document import code_cell
from jupyter_notebook_sched.notebook.parameters import reading, values
from jupyter_notebook_sched.notebook.parameters.arranging import Wish, arrange
from jupyter_notebook_sched.notebook.parameters.model import Parameter
from jupyter_notebook_sched.notebook.templates import rendering

from .parameter_cells import edited, parameters_cell, read

TEXT = (Path(__file__).parents[2] / "docs" / "parameters.md").read_text()
SENTENCES = " ".join(TEXT.split())
EXAMPLE = re.compile(r"<!-- (\w+) ?([^\n]*) -->\n((?:```\w+\n.*?\n```\n)+)", re.DOTALL)
BLOCK = re.compile(r"```\w+\n(.*?)\n```", re.DOTALL)
EXAMPLES = [(kind, told, BLOCK.findall(blocks)) for kind, told, blocks in EXAMPLE.findall(TEXT)]
TEMPLATES = re.findall(r"^\| `([^`]*\{\{.*\}\}[^`]*)` \| `([^`]*)` \|$", TEXT, re.MULTILINE)
MOMENT = datetime.fromisoformat("2026-03-31T07:00:00+02:00")


def of_kind(kind: str) -> list[tuple[str, list[str]]]:
    return [(told, blocks) for found, told, blocks in EXAMPLES if found == kind]


def test_it_has_examples_of_each_kind() -> None:
    assert {kind for kind, _, _ in EXAMPLES} == {"read", "edit", "take"}
    assert len(TEMPLATES) == 9
    assert TEXT.count("<!--") == len(EXAMPLES)


@pytest.mark.parametrize(("language", "blocks"), of_kind("read"))
def test_a_cell_is_read_as_it_says(language: str, blocks: list[str]) -> None:
    source, told = blocks
    found = read(source, language or "python")
    expected: dict[str, dict[str, Any]] = json.loads(told)
    assert {parameter.name for parameter in found.parameters} == expected.keys()
    for parameter in found.parameters:
        shown = parameter.to_json()
        assert {key: shown.get(key) for key in expected[parameter.name]} == expected[parameter.name]
    assert found.problems == ()


@pytest.mark.parametrize(("_", "blocks"), of_kind("edit"))
def test_a_cell_is_edited_as_it_says(_: str, blocks: list[str]) -> None:
    before, sent, after = blocks
    assert edited(before, json.loads(sent)) == after


@pytest.mark.parametrize(("names", "blocks"), of_kind("take"))
def test_a_parameters_cell_is_made_as_it_says(names: str, blocks: list[str]) -> None:
    before, after = blocks
    made = arrange([code_cell(before, [], "c")], "python", Wish([(0, name) for name in names.split(", ")]))
    assert (made.place, made.inserted) == (0, after)


@pytest.mark.parametrize(("template", "given"), TEMPLATES)
def test_a_template_gives_what_it_says(template: str, given: str) -> None:
    about = Rendering(MOMENT, "Daily", "Europe/Berlin")
    sent = {"x": template.replace("\\|", "|")}
    found = rendering.preview([Parameter("x", "string")], sent, about)
    assert found.errors == []
    assert found.values == {"x": given}


def test_it_names_every_language_whose_cells_are_read() -> None:
    section = TEXT.partition("## Other languages")[2].partition("## Editing")[0].lower()
    names = {"csharp": "c#", "fsharp": "f#"}
    assert [name for name in reading.READERS if name != "python" and f"{names.get(name, name)}" not in section] == []


def test_it_says_the_limits_as_they_are() -> None:
    assert f"{values.MOST_BYTES // 1024} KiB, nested at most {values.MOST_NESTED} deep" in SENTENCES
    assert f"up to {presets.MOST_PRESETS} presets, {presets.MOST_BYTES // 1024} KiB in all" in SENTENCES
    assert f"up to {presets.LONGEST_NAME} characters" in SENTENCES
    assert f"| problems told of a cell | {reading.MOST_PROBLEMS} |" in SENTENCES
    assert PREFIX in SENTENCES
    assert SHORTEST == 4
    assert "shorter than four characters" in SENTENCES


@pytest.mark.parametrize("source", ["a = b = 1", "a, b = 1, 2", "if x:\n    a = 1", "def f(): pass", "a = 1\na = 2"])
def test_it_tells_what_is_no_parameter(source: str) -> None:
    assert reading.read_parameters(parameters_cell(source), "python").problems
