"""Parameters cells that ``papermill --help-notebook`` and ``papermill.inspect_notebook`` read wrongly or not at all."""

from __future__ import annotations

from typing import Any

import pytest

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
