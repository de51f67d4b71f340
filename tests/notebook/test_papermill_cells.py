"""Parameters cells that ``papermill --help-notebook`` and ``papermill.inspect_notebook`` read wrongly or not at all."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_notebook_sched.notebook.parameters.injecting import injected_source
from jupyter_notebook_sched.notebook.parameters.model import Parameter

from .parameter_cells import edited, read


def defaults(source: str) -> dict[str, Any]:
    found = read(source)
    assert found.problems == ()
    return {parameter.name: parameter.default for parameter in found.parameters}


def test_it_reads_lines_with_two_equals_signs() -> None:
    source = 'url = "http://a/?x=1"\nquery: str = "a = b"  # like a=b\nsame = 1 == 2\n'
    found = {parameter.name: parameter for parameter in read(source).parameters}
    assert (found["url"].default, found["query"].default) == ("http://a/?x=1", "a = b")
    assert (found["query"].help, found["same"].expression) == ("like a=b", "1 == 2")


def test_it_reads_dotted_annotations() -> None:
    source = "day: datetime.date = datetime.date(2026, 1, 2)  # Day\npath: pathlib.Path = pathlib.Path('a')"
    assert defaults(source) == {"day": "2026-01-02", "path": "a"}
    assert [parameter.type for parameter in read(source).parameters] == ["date", "string"]


def test_it_reads_unions_with_none() -> None:
    (found,) = read("limit: int | None = None  # At most").parameters
    assert (found.type, found.nullable, found.help) == ("integer", True, "At most")


def test_it_does_not_cut_strings_at_a_hash() -> None:
    assert defaults("colour = \"#ff0000\"  # Colour\nnote = 'a # b'") == {"colour": "#ff0000", "note": "a # b"}


@pytest.mark.parametrize(
    ("source", "type_", "kind"),
    [
        ("x = (1, 2)", "array", "tuple"),
        ("x = {1, 2}", "array", "set"),
        ("x = date(2026, 1, 2)", "date", "date"),
        ("x = datetime(2026, 1, 2, 3, 4)", "datetime", "datetime"),
    ],
)
def test_it_keeps_tuples_sets_and_dates_what_they_are(source: str, type_: str, kind: str) -> None:
    (found,) = read(source).parameters
    assert (found.type, found.python, found.expression) == (type_, kind, None)


def test_it_reads_the_cells_that_papermills_own_documentation_shows() -> None:
    source = (
        "msg = None  # type: str\n"
        "a: int = 4  # An integer\n"
        "b = 5.2  # type: float  A float\n"
        "c = 'hello world'  # A string\n"
        "l = [\n    1,\n    2,\n]  # A list\n"
    )
    found = read(source)
    assert [(parameter.name, parameter.type, parameter.help) for parameter in found.parameters] == [
        ("msg", "string", None),
        ("a", "integer", "An integer"),
        ("b", "number", "A float"),
        ("c", "string", "A string"),
        ("l", "array", "A list"),
    ]
    assert found.parameters[4].default == [1, 2]


def test_it_changes_a_value_beside_all_of_these_and_nothing_else() -> None:
    source = 'url = "http://a/?x=1"  # a=b\nday: datetime.date = datetime.date(2026, 1, 2)\nn: int | None = None # "#"'
    assert edited(source, {"day": "2026-02-03", "n": 4, "url": "#"}) == (
        'url = "#"  # a=b\nday: datetime.date = datetime.date(2026, 2, 3)\nn: int | None = 4 # "#"'
    )


def seen(source: str) -> list[tuple[str, str, Any, str | None]]:
    return [(one.name, one.type, one.default, one.help) for one in read(source).parameters]


STRINGS = ["this", "is", "a", "string", "list"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = 2", ("a", "integer", 2, None)),
        ("a: int = 2", ("a", "integer", 2, None)),
        ("a = 2 # type:int", ("a", "integer", 2, None)),
        ("a = False # Nice variable a", ("a", "boolean", False, "Nice variable a")),
        ("a: float = 2.258 # type: int Nice variable a", ("a", "number", 2.258, "Nice variable a")),
        (
            "a: List[str] = ['this', 'is', 'a', 'string', 'list'] # Nice variable a",
            ("a", "array", STRINGS, "Nice variable a"),
        ),
        (
            "a: List[str] = [\n 'this', # First\n    'is',\n    'a',\n 'string',\n 'list' # Last\n] # Nice variable a",
            ("a", "array", STRINGS, "Nice variable a"),
        ),
        (
            "a: List[str] = [\n    'this',\n    'is',\n    'a',\n    'string',\n    'list'\n] # Nice variable a",
            ("a", "array", STRINGS, "Nice variable a"),
        ),
    ],
)
def test_it_reads_what_papermills_tests_inspect(source: str, expected: tuple[Any, ...]) -> None:
    assert (seen(source), read(source).problems) == ([expected], ())


def test_it_says_that_a_type_comment_is_wrong_where_papermill_believes_it() -> None:
    source = "a = 'this is a string' # type: int Nice variable a"
    assert seen(source) == [("a", "integer", "this is a string", "Nice variable a")]
    (problem,) = read(source).problems
    assert "must be a whole number" in problem.message


def test_it_does_not_read_an_indented_line_that_python_would_refuse() -> None:
    source = "a: List[str] = [\n        'this', # First\n\n        ] # Nice variable a\n\n        b: float = 1 # b\n"
    assert seen(source) == [("a", "array", ["this"], "Nice variable a")]
    assert [(problem.line, "Python cannot read" in problem.message) for problem in read(source).problems] == [(6, True)]


def test_it_reads_papermills_complex_parameters_notebook() -> None:
    source = (
        "msg = None\na: float = 2.25 # Variable a\nb = [\n    'Hello', # First element\n# Dummy comment\n    'World'\n"
        '] # type: List[str] Nice list\n\n# Interesting c variable\nc: "NoneType" = None\n# Not introspectable line\n'
        "d = a == 3\n# Broken name definition\n= 2"
    )
    assert seen(source) == [
        ("msg", "any", None, None),
        ("a", "number", 2.25, "Variable a"),
        ("b", "array", ["Hello", "World"], "Nice list"),
        ("c", "any", None, "Interesting c variable"),
        ("d", "any", None, "Not introspectable line"),
    ]
    assert read(source).parameters[-1].expression == "a == 3"
    assert [problem.line for problem in read(source).problems] == [14]


@pytest.mark.parametrize(
    "value",
    [
        *("foo", '{"foo": "bar"}', {"foo": "bar"}, {"foo": '"bar"'}, {"foo": ["bar"]}, {"foo": {"bar": '"baz"'}}),
        *(["foo"], ["foo", '"bar"'], [{"foo": '"bar"'}], 12345, -54321, 1.2345, -5432.1, True, False, None),
    ],
)
def test_it_translates_what_papermills_tests_translate(value: Any) -> None:
    namespace: dict[str, Any] = {}
    exec(injected_source("python", [Parameter("foo", "any", nullable=True)], {"foo": value}), namespace)
    assert namespace["foo"] == value
    assert type(namespace["foo"]) is type(value)


def test_it_heads_the_injected_cell_as_papermill_does() -> None:
    parameters = read("foo = ''\nbaz: list = []").parameters
    assert injected_source("python", parameters, {"foo": "bar", "baz": ["buz"]}) == (
        '# Parameters\nfoo = "bar"\nbaz = ["buz"]'
    )
