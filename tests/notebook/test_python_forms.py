"""Google Colab's form fields, as notebooks carry them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_notebook_sched.notebook.parameters.injecting import injected_source
from jupyter_notebook_sched.notebook.parameters.schema import json_schema
from jupyter_notebook_sched.notebook.parameters.values import check_values

from .parameter_cells import edited, only, read


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 'a' #@param", {"type": "string", "default": "a"}),
        ("x = 3 #@param {}", {"type": "integer", "default": 3}),
        ("x = 'b' #@param ['a', \"b\"]", {"type": "string", "choices": ("a", "b")}),
        ("x = 'b' # @param   [ 'a','b', ]", {"choices": ("a", "b")}),
        ("x = 2 #@param [1, 2, 3]", {"type": "integer", "choices": (1, 2, 3)}),
        ("x = '2' #@param [\"1\", \"2\"]", {"type": "string", "choices": ("1", "2")}),
        ("x = 2 #@param ['1', '2'] {type:'integer'}", {"type": "integer", "choices": (1, 2)}),
        ("x = 'z' #@param ['a', 'b'] {allow-input: true}", {"choices": None, "suggestions": ("a", "b")}),
        ("x = 'z' #@param ['a']{allow-input:true}", {"suggestions": ("a",)}),
        ("x = ['a'] #@param ['a', 'b'] {allow-input: true}", {"type": "array", "suggestions": ("a", "b")}),
        ("x = '' #@param {type:\"string\"}", {"type": "string", "control": None}),
        ("x = 1#@param{type: 'int'}", {"type": "integer"}),
        ("x = 1 #@param {'type':'integer'}", {"type": "integer"}),
        ("x = 1 #@param {type:number}", {"type": "number", "floating": False}),
        ("x = True #@param {type:“boolean”}", {"type": "boolean"}),
        ("x = '' #@param {type:\"string\", placeholder:\"a [b] {c}\"}", {"placeholder": "a [b] {c}"}),
        ("x = 'a' # @param {isTemplate: true}", {"type": "string", "default": "a"}),
        ("x = 5 #@param {type:\"slider\", min:0, max:10, step:5}", {"type": "integer", "multiple_of": 5}),
        ("x = 0.1 #@param {type:\"slider\", min:-1, max:1, step:0.1}", {"type": "number", "minimum": -1, "maximum": 1}),
        ("x = 7 #@param {type: \"slider\", min: 7, max: 40}", {"minimum": 7, "maximum": 40, "multiple_of": None}),
        ("x = 3 #@param {type:\"slider\" min:1 max:9 step:4}", {"minimum": 1, "multiple_of": None}),
        ("x = 1 #@param {type:\"slider\", min:9, max:1}", {"minimum": None, "maximum": None, "control": "slider"}),
        ("x = '2018-03-22' #@param {type:\"date\"}", {"type": "date", "python": None, "default": "2018-03-22"}),
        ("x = date(2018, 3, 22) #@param {type:\"date\"}", {"type": "date", "python": "date"}),
        ("x = '2015-01-05' #'2014-01-05' #@param {type:\"date\"}", {"type": "date", "help": None}),
        ("x = True #@param [\"False\", \"True\"] {type:\"raw\"}", {"type": "boolean", "choices": (False, True)}),
        ("x = 'a' #@param [\"'a'\", \"'b'\"] {type:\"raw\"}", {"type": "string", "choices": ("a", "b")}),
        ("x = None #@param [1, 768, \"None\"] {type:\"raw\"}", {"choices": (1, 768), "nullable": True}),
        ("x = f #@param ['f', 'g()'] {'type': 'raw'}", {"choices": ("f", "g()"), "python": "source"}),
        ("x = 1 #@param ['1', 'g()'] {type:'raw', allow-input:true}", {"suggestions": ("1", "g()"), "control": "raw"}),
        ("x = 'a' #@param {type:\"string\"} #@markdown What it is", {"help": "What it is"}),
        ("x = 'a' # What it is  #@param {type:\"string\"}", {"help": "What it is"}),
        ("x = 'a' \\\n    #@param {type:\"string\"}", {"type": "string", "control": None}),
        ("# @param [\"a\", \"b\"]\nx = \"a\"", {"choices": ("a", "b")}),
        ("#@markdown What it is\nx = 'a' #@param", {"help": "What it is"}),
        ("#@markdown ## Heading\nx = 'a' #@param", {"help": None}),
        ("x: int = 3 #@param {type:\"slider\", min:0, max:10}", {"type": "integer", "maximum": 10}),
        ("x = f() #@param {type:\"string\"}", {"type": "string", "expression": "f()"}),
        ("x = 'a' #@params are here", {"choices": None, "help": "@params are here"}),
    ],
)  # fmt: skip
def test_it_understands_a_form_field(source: str, expected: dict[str, Any]) -> None:
    found = only(source)
    assert {name: getattr(found, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("x = 1 #@param {type:\"slidr\"}", "the type 'slidr'"),
        ("x = 1 #@param {\"1st\", \"2nd\"}", "'1st' has no value"),
        ("x = 1 #@param {type:\"integer\"", "'}' is missing"),
        ("x = 1 #@param [1, 2", "']' is missing"),
        ("x = 1 #@param ['a", "' is missing"),
        ("x = 1 #@param {type:\"integer\", colour:1}", "the setting 'colour'"),
        ("x = 1 #@param " + "[" * 500, "nested too deeply"),
    ],
)  # fmt: skip
def test_it_tells_what_is_wrong_with_a_form_field_and_reads_the_parameter(source: str, told: str) -> None:
    found = read(f"a = 0\n{source}\nb = 2")
    (problem,) = found.problems
    assert (problem.line, told in problem.message) == (2, True)
    assert [(parameter.name, parameter.default) for parameter in found.parameters] == [("a", 0), ("x", 1), ("b", 2)]


@pytest.mark.parametrize("value", ["207, 360", "foo()", "(1, 2)", "'a'", "5"])
def test_it_takes_a_raw_parameter_as_source_and_puts_source_there(value: str) -> None:
    source = f'x = {value} #@param {{type:"raw"}}'
    found = only(source)
    assert (found.type, found.python, found.control, found.default) == ("string", "source", "raw", None)
    assert found.expression == value
    assert injected_source("python", [found], {"x": " [i for i in y] "}) == "# Parameters\nx = [i for i in y]"
    assert edited(source, {"x": "bar(1, '#')"}) == "x = bar(1, '#') #@param {type:\"raw\"}"


@pytest.mark.parametrize(
    "value",
    [
        "",
        "1 +",
        "a = 1",
        "import os",
        "1; f()",
        "1 # c",
        "1\nf()",
        "(y := 3)",
        "yield 1",
        "!ls",
        "(1",
        "'" * 3,
        "\0",
        5,
    ],
)
def test_it_refuses_what_is_not_one_expression_for_a_raw_parameter(value: Any) -> None:
    found = only('x = 1 #@param {type:"raw"}')
    assert check_values([found], {"x": value})[1] != []


def test_it_takes_source_only_where_it_is_declared() -> None:
    found = only("x = 'a' #@param {type:\"string\"}")
    assert injected_source("python", [found], {"x": "f()"}) == '# Parameters\nx = "f()"'


def test_it_writes_a_date_as_the_text_that_the_notebook_holds() -> None:
    source = "x = '2018-03-22' #@param {type:\"date\"}"
    assert edited(source, {"x": "2026-02-03"}) == "x = '2026-02-03' #@param {type:\"date\"}"
    assert check_values([only(source)], {"x": "soon"})[1] != []


def test_it_gives_the_form_its_title_and_text() -> None:
    found = read(
        '#@title  My report { display-mode: "form", run: "auto" }\n#@markdown # What\n#@markdown Some *text*\n\n'
        "#@markdown of x\nx = 1 #@param\n"
    )
    assert (found.title, found.description) == ("My report", "# What\nSome *text*")
    schema = json_schema(found.parameters, found.title, found.description)
    assert (schema["title"], schema["description"]) == (found.title, found.description)
    assert (read("x = 1").title, read("x = 1").description) == (None, None)


@given(st.text(st.sampled_from("[]{}:=,'\"`“” atypeslider01-.\\#@"), max_size=40))
def test_it_reads_a_parameter_whatever_its_field_says(text: str) -> None:
    found = read(f"x = 1 #@param {text}")
    assert [parameter.name for parameter in found.parameters] == ["x"]
    assert all(problem.line == 1 for problem in found.problems)


def test_a_description_stays_the_forms_where_the_parameter_below_has_help_of_its_own() -> None:
    found = read("#@title T\n#@markdown About\nx = 1  # Own")
    assert (found.title, found.description, found.parameters[0].help) == ("T", "About", "Own")


def test_it_lets_an_empty_date_be_sent_back() -> None:
    unset = only('x = ""  #@param {type:"date"}')
    assert (unset.type, unset.default) == ("date", "")
    assert check_values([unset], {"x": ""})[1] == []
    assert [error.message for error in check_values([unset], {"x": "soon"})[1]] == [
        "It must be a date such as 2026-01-31."
    ]
    assert edited('x = ""  #@param {type:"date"}', {"x": "2026-03-31"}) == 'x = "2026-03-31"  #@param {type:"date"}'
    assert check_values([only('x = "2026-03-31"  #@param {type:"date"}')], {"x": ""})[1] != []
