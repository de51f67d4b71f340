from __future__ import annotations

import ast
import keyword
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_notebook_sched.errors import Invalid
from jupyter_notebook_sched.notebook.document import code_cell
from jupyter_notebook_sched.notebook.parameters.editing import Edit, apply_edits, edits
from jupyter_notebook_sched.notebook.parameters.literals import literal
from jupyter_notebook_sched.notebook.parameters.model import Parameter, same_value
from jupyter_notebook_sched.notebook.parameters.values import check_values

from .json_values import values as json_values
from .parameter_cells import edited, only, parameters_cell, read


def test_it_changes_only_the_right_hand_side() -> None:
    source = "region = 'us'  # Region code\nn: int = 3\n"
    assert edits(parameters_cell(source), "python", {"n": 5, "region": "fr"}) == [
        Edit(0, 9, 13, "'fr'"),
        Edit(0, 38, 39, "5"),
    ]
    assert edited(source, {"n": 5}) == "region = 'us'  # Region code\nn: int = 5\n"


def test_it_counts_in_utf_16_units() -> None:
    source = "é = '😀😀'; x = '😀'  # 😀\ny = 1"
    found = edits(parameters_cell(source), "python", {"x": "ü", "y": 2})
    assert [(edit.start, edit.end) for edit in found] == [(16, 20), (31, 32)]
    assert apply_edits(source, found) == "é = '😀😀'; x = 'ü'  # 😀\ny = 2"


def test_it_makes_no_edit_for_a_value_that_is_the_default_already() -> None:
    source = (
        "t = datetime(2026, 1, 2, 3)\na = 'x'\nb = 1.0\nc = {'k': [1, None]}\nd = date(2026, 1, 2)\ne = True\nf = None"
    )
    same: dict[str, Any] = {
        "t": "2026-01-02T03:00",
        "a": "x",
        "b": 1,
        "c": {"k": [1.0, None]},
        "d": "2026-01-02",
        "e": True,
        "f": None,
    }
    assert edits(parameters_cell(source), "python", same) == []
    assert len(edits(parameters_cell("e = True\nn = None"), "python", {"e": 1, "n": 0})) == 2


@pytest.mark.parametrize(
    ("source", "value", "expected"),
    [
        ("x: int", 3, "x: int = 3"),
        ("x: int  # Help", 3, "x: int = 3  # Help"),
        ("x: 'date'; y = 1", "2026-01-02", "x: 'date' = __import__(\"datetime\").date(2026, 1, 2); y = 1"),
        ("x = (1)  # one", 2, "x = 2  # one"),
        ("x=1;y=2", 5, "x=5;y=2"),
        ("x = os.environ['X']  # Help", "a", "x = 'a'  # Help"),
        ('x = """a\nb"""  # Help', 'c "d"', 'x = "c \\"d\\""  # Help'),
        (
            "x = [\r\n    1,  # one\r\n]  # Help\r\ny = 2",
            [1, 2],
            "x = [\r\n    1,  # one\r\n    2,\r\n]  # Help\r\ny = 2",
        ),
        ('x = """a\nb"""  # Help', "c\n\td's\n", 'x = """c\n\td\'s\n"""  # Help'),
        ("x = '''\na'''; y = 1", "\\n\n'''b'", "x = '''\\\\n\n\\'\\'\\'b\\''''; y = 1"),
        ('x = r"""a\n"""', "a\r\nb", 'x = "a\\r\\nb"'),
        ("x = 'it'", "it's", "x = 'it\\'s'"),
        ("x = 1.5", 2, "x = 2.0"),
        ("x = dt.date(2026, 1, 1)", "2026-02-03", "x = dt.date(2026, 2, 3)"),
        ("x: Optional[str] = None", "a", 'x: Optional[str] = "a"'),
        ("x = \\\n  1  # one", 2, "x = \\\n  2  # one"),
        ("x = 1\nx = 2", 3, "x = 1\nx = 3"),
    ],
)
def test_it_edits_every_way_of_writing_an_assignment(source: str, value: Any, expected: str) -> None:
    assert edited(source, {"x": value}) == expected


@pytest.mark.parametrize(
    ("source", "value", "expected"),
    [
        ("from datetime import date\nx: date | None = None", "2020-01-02", "date(2020, 1, 2)"),
        ("import datetime as dt\nx: dt.date | None = None", "2020-01-02", "dt.date(2020, 1, 2)"),
        ("x: datetime.date = None", "2020-01-02", "datetime.date(2020, 1, 2)"),
        ("from datetime import date as Day\nx: Day = None", "2020-01-02", "Day(2020, 1, 2)"),
        ("from datetime import datetime\nx: 'datetime'", "2020-01-02T03:04:00", "datetime(2020, 1, 2, 3, 4)"),
        (
            "import datetime\nx: datetime.datetime | None = None",
            "2020-01-02T03:04:00+01:00",
            'datetime.datetime.fromisoformat("2020-01-02T03:04:00+01:00")',
        ),
        ('x: Path = "a"', "b", 'Path("b")'),
        ("from decimal import Decimal\nx: list[Decimal] = []", ["1.5", "2"], '[Decimal("1.5"), Decimal("2")]'),
        ("x: list[date] = []", ["2020-01-02"], "[date(2020, 1, 2)]"),
        (
            "from datetime import date\nx: dict[str, date | None] = {'a': None}",
            {"a": "2020-01-02"},
            "{'a': date(2020, 1, 2)}",
        ),
        (
            "import datetime\nx = [datetime.date(2020, 1, 2)]",
            ["2020-01-02", "2020-01-03"],
            "[datetime.date(2020, 1, 2), datetime.date(2020, 1, 3)]",
        ),
        # Not bound, or not to the class:
        ("x: 'date'", "2020-01-02", '__import__("datetime").date(2020, 1, 2)'),
        ("from __future__ import annotations\nx: date", "2020-01-02", '__import__("datetime").date(2020, 1, 2)'),
        ("x: 'date'\nfrom datetime import date", "2020-01-02", '__import__("datetime").date(2020, 1, 2)'),
        (
            "if TYPE_CHECKING:\n    from datetime import date\nx: date",
            "2020-01-02",
            '__import__("datetime").date(2020, 1, 2)',
        ),
        (
            "from datetime import date\ndate = 1\nx: 'datetime.date'",
            "2020-01-02",
            '__import__("datetime").date(2020, 1, 2)',
        ),
        (
            "x: dict[str, date] = {}",
            {'__import__("datetime").date': "2020-01-02"},
            '{"__import__(\\"datetime\\").date": date(2020, 1, 2)}',
        ),
    ],
)
def test_it_names_a_class_as_the_notebook_does(source: str, value: Any, expected: str) -> None:
    line = next(number for number, line in enumerate(source.split("\n")) if line.startswith("x"))
    assert edited(source, {"x": value}).split("\n")[line].partition("= ")[2] == expected


def test_it_names_a_class_as_an_earlier_cell_imports_it() -> None:
    above = [code_cell("import datetime as dt\n", [], "a"), code_cell("def f():\n    dt = 1", [], "b")]
    (found,) = edits([*above, *parameters_cell("x: 'dt.date' = None")], "python", {"x": "2020-01-02"})
    assert found.text == "dt.date(2020, 1, 2)"


def test_it_names_the_cell_and_passes_over_names_that_are_not_there() -> None:
    cells = [code_cell("y = 1", [], "a"), *parameters_cell("x = 1")]
    assert edits(cells, "python", {"x": 2, "gone": 3}) == [Edit(1, 4, 5, "2")]
    assert edits(cells[:1], "python", {"y": 2}) == []


def test_it_edits_the_rest_of_a_cell_with_a_syntax_error() -> None:
    assert edited("x = 1\ny = = 2\nz = 3", {"z": 4}) == "x = 1\ny = = 2\nz = 4"


def test_it_refuses_a_value_that_the_language_cannot_hold() -> None:
    with pytest.raises(Invalid):
        edits(parameters_cell("x <- 'a'"), "r", {"x": "\0"})


@dataclass(frozen=True)
class Line:
    before: str
    right: str
    after: str
    name: str


names = st.from_regex(r"[a-zé_][a-z0-9_]{0,6}", fullmatch=True).filter(lambda name: not keyword.iskeyword(name))
comments = st.sampled_from(["", "  # Help", " # a = 'b' # c", "  ;", "\t# 😀"])
spaces = st.sampled_from([" = ", "=", "  =\t", " = \\\n  "])
rights = st.one_of(
    json_values.map(lambda value: literal("python", value, Parameter("x", "any"))),
    json_values.map(repr),
    st.sampled_from(
        ["(1, 2)", "{1}", "date(2026, 1, 2)", "Path('a')", "Decimal('1')", "[\n 1,  # one\n 2]", "f(1)", "'''a\n# b'''"]
    ),
)


@st.composite
def cells(draw: st.DrawFn) -> list[Line]:
    lines = []
    for name in draw(st.lists(names, min_size=1, max_size=6, unique=True)):
        above = draw(st.sampled_from(["", "# above\n", "\n", "import os\n", '"""x = 1"""\n', "print('x')\n"]))
        annotation = draw(st.sampled_from(["", "", ": Any", ": 'Frame | None'"]))
        lines.append(Line(f"{above}{name}{annotation}{draw(spaces)}", draw(rights), f"{draw(comments)}\n", name))
    return lines


@given(cells(), st.data())
def test_it_changes_nothing_else_in_any_cell_and_reads_back_what_it_wrote(
    lines: list[Line], data: st.DataObject
) -> None:
    source = "".join(line.before + line.right + line.after for line in lines)
    place = data.draw(st.integers(0, len(lines) - 1))
    found = {parameter.name: parameter for parameter in read(source).parameters}
    parameter = found[lines[place].name]
    assert set(found) == {line.name for line in lines}
    value = data.draw(json_values)
    if check_values([parameter], {parameter.name: value})[1]:
        value = parameter.default
    changed = edited(source, {parameter.name: value})
    top = "".join(line.before + line.right + line.after for line in lines[:place]) + lines[place].before
    bottom = lines[place].after + "".join(line.before + line.right + line.after for line in lines[place + 1 :])
    assert changed.startswith(top)
    assert changed.endswith(bottom)
    again = {one.name: one for one in read(changed).parameters}
    assert again.keys() == found.keys()
    if parameter.expression is None or value != parameter.default:
        assert same_value(again[parameter.name].default, value)
    ast.parse(changed)
    assert edits(parameters_cell(changed), "python", {parameter.name: value} if value is not None else {}) == []


@given(st.dates(), st.dates())
def test_it_edits_dates_and_reads_them_back(before: Any, after: Any) -> None:
    source = f"day: datetime.date = datetime.date({before.year}, {before.month}, {before.day})  # Day"
    changed = edited(source, {"day": after.isoformat()})
    assert only(changed).default == after.isoformat()
    assert (changed == source) == (before == after)
