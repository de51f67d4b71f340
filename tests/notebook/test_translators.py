"""Papermill's translators, each in a small distribution that is really installed: a folder with its entry points."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from jupyter_notebook_sched.errors import Invalid
from jupyter_notebook_sched.notebook.document import code_cell
from jupyter_notebook_sched.notebook.parameters.injecting import inject, injected_source
from jupyter_notebook_sched.notebook.parameters.reading import read_parameters

from .parameter_cells import edited, notebook, parameters_cell, read

# What papermill's documentation asks of a translator: its base class gives the rest, which this one has itself.
OCTAVE = """
import json
from collections import namedtuple

Parameter = namedtuple("Parameter", ["name", "inferred_type_name", "default", "help"])

class OctaveTranslator:
    @classmethod
    def translate(cls, value):
        if isinstance(value, dict):
            raise NotImplementedError("dict type translation not implemented")
        if isinstance(value, float) and value != value:
            return "NaN"
        return json.dumps(value)
    @classmethod
    def comment(cls, text):
        return f"% {text}".strip()
    @classmethod
    def assign(cls, name, text):
        return f"{name} = {text}"
    @classmethod
    def codify(cls, parameters, comment="Parameters"):
        lines = [cls.comment(comment), *(cls.assign(*pair) + ";" for pair in
                 ((name, cls.translate(value)) for name, value in parameters.items()))]
        return "\\n".join(lines) + "\\n"
    @classmethod
    def inspect(cls, parameters_cell):
        found = []
        for line in parameters_cell.source.splitlines():
            code, _, help = line.partition("%")
            name, _, default = code.partition("=")
            kind = "float" if "." in default else "int" if default.strip(" ;").isdigit() else "None"
            found.append(Parameter(name.strip(), kind, default.strip(" ;"), help.strip()))
        assert "parameters" in parameters_cell.metadata.tags
        return found

class Uninspected(OctaveTranslator):
    @classmethod
    def inspect(cls, parameters_cell):
        raise NotImplementedError("parameters introspection not implemented")

class Raising(OctaveTranslator):
    @classmethod
    def codify(cls, parameters, comment="Parameters"):
        raise KeyError("gone")
    @classmethod
    def inspect(cls, parameters_cell):
        raise SystemExit(3)

class Nonsense(OctaveTranslator):
    @classmethod
    def codify(cls, parameters, comment="Parameters"):
        return 7
    @classmethod
    def inspect(cls, parameters_cell):
        return [1, None]

class NoList(OctaveTranslator):
    @classmethod
    def inspect(cls, parameters_cell):
        return 7

nothing = object()
"""
POINTS = {
    "octave": "translators_of_somebody:OctaveTranslator",
    "Plain": "translators_of_somebody:Uninspected",
    "raising": "translators_of_somebody:Raising",
    "nonsense": "translators_of_somebody:Nonsense",
    "nolist": "translators_of_somebody:NoList",
    "nothing": "translators_of_somebody:nothing",
    "absent": "translators_of_somebody:NoSuchThing",
    "unloadable": "no_such_module_of_somebody:Translator",
    "python": "translators_of_somebody:Nonsense",
    "R": "translators_of_somebody:Nonsense",
}
CELL = "a = 5; % How many\nb = 1.5;\nc = f(a); % Computed"


@pytest.fixture(autouse=True)
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "translators_of_somebody.py").write_text(OCTAVE, encoding="utf-8")
    told = tmp_path / "translators_of_somebody-1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: translators-of-somebody\nVersion: 1.0\n")
    half = len(POINTS) // 2
    lines = [f"{name} = {target}" for name, target in POINTS.items()]
    groups = ["[papermill.translators]", *lines[:half], "[papermill.translator]", *lines[half:]]
    (told / "entry_points.txt").write_text("\n".join(groups) + "\n")
    monkeypatch.syspath_prepend(str(tmp_path))


def test_it_reads_through_inspect() -> None:
    found = read(CELL, "octave")
    assert found.problems == ()
    told = [(each.name, each.type, each.default, each.expression, each.help) for each in found.parameters]
    assert told == [
        ("a", "integer", 5, None, "How many"),
        ("b", "number", 1.5, None, None),
        ("c", "any", None, "f(a)", "Computed"),
    ]


def test_it_writes_through_codify() -> None:
    parameters = read(CELL, "octave").parameters
    source = injected_source("octave", parameters, {"c": [1, "x"], "a": 6, "b": "NaN"})
    assert source == '% Parameters\na = 6;\nb = NaN;\nc = [1, "x"];'
    document = notebook(*parameters_cell(CELL), code_cell("disp(a)", [], "d"))
    made = inject(document, read_parameters(document["cells"], "octave"), "octave", {"a": 7})
    assert made["cells"][1]["source"] == "% Parameters\na = 7;"


def test_it_edits_what_it_finds_in_the_cell() -> None:
    assert edited(CELL, {"a": 6, "c": None}, "octave") == "a = 6; % How many\nb = 1.5;\nc = null; % Computed"


def test_it_finds_assignments_where_there_is_no_inspect() -> None:
    found = read("% c\na = 5;\n  b=g(1)\ndisp(a)\n", "plain")
    told = [(each.name, each.type, each.expression) for each in found.parameters]
    assert (told, found.problems) == ([("a", "any", "5"), ("b", "any", "g(1)")], ())
    assert injected_source("plain", found.parameters, {"b": "x"}) == '% Parameters\nb = "x";'
    assert edited("a = 5;\n", {"a": 6}, "plain") == "a = 6;\n"


def test_it_refuses_to_edit_what_it_does_not_find_in_the_cell() -> None:
    (found,) = read("let a be 5", "octave").parameters
    with pytest.raises(Invalid) as refused:
        edited("let a be 5", {found.name: 6}, "octave")
    assert refused.value.reason == "not_editable"


def test_it_says_what_the_translator_leaves_out() -> None:
    with pytest.raises(Invalid, match="dict type") as refused:
        injected_source("octave", read(CELL, "octave").parameters, {"c": {"a": 1}})
    assert refused.value.reason == "value_not_representable"
    with pytest.raises(Invalid, match="dict type") as refused:
        edited(CELL, {"c": {"a": 1}}, "octave")
    assert (refused.value.reason, refused.value.errors[0].field) == ("value_not_representable", "parameters.c")


@pytest.mark.parametrize(
    ("language", "why"),
    [
        ("raising", "SystemExit"),
        ("nonsense", "without a name"),
        ("nolist", "TypeError"),
        ("nothing", "has no codify and no translate"),
        ("absent", "AttributeError"),
        ("unloadable", "ModuleNotFoundError"),
    ],
)
def test_it_tells_what_a_broken_translator_does_when_it_reads(language: str, why: str) -> None:
    found = read(CELL, language)
    assert found.parameters == ()
    (problem,) = found.problems
    assert f"translator of {language}" in problem.message
    assert why in problem.message


@pytest.mark.parametrize(
    ("language", "why"),
    [("raising", "KeyError"), ("nonsense", "int where a cell was due"), ("absent", "AttributeError")],
)
def test_it_tells_what_a_broken_translator_does_when_it_writes(language: str, why: str) -> None:
    with pytest.raises(Invalid, match=why) as refused:
        injected_source(language, read(CELL, "octave").parameters, {"a": 6})
    assert refused.value.reason == "translator_failed"


def test_it_writes_its_own_languages_itself() -> None:
    assert injected_source("python", read("a = 1").parameters, {"a": 2}) == "# Parameters\na = 2"
    assert injected_source("r", read("a <- 1", "r").parameters, {"a": 2}) == "# Parameters\na <- 2"


def test_it_takes_what_is_registered_with_papermill() -> None:
    found = read("a = 5\nb = {1, 2}", "matlab")
    assert [(each.name, each.expression) for each in found.parameters] == [("a", "5"), ("b", "{1, 2}")]
    values: dict[str, Any] = {"a": math.pi, "b": ["x", True]}
    source = injected_source("matlab", found.parameters, values)
    assert source == '% Parameters\na = 3.141592653589793;\nb = {"x", true};'


def test_it_tells_that_a_language_is_unknown() -> None:
    (problem,) = read("a = 5", "cobol").problems
    assert "cobol" in problem.message
