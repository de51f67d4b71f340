from __future__ import annotations

from typing import Any

import pytest

from .parameter_cells import only, read, right_hand_side


@pytest.mark.parametrize(
    ("source", "type_", "default"),
    [
        ("x = 'us'", "string", "us"),
        ("x = 'a' 'b'", "string", "ab"),
        ('x = """a\nb"""', "string", "a\nb"),
        (r"x = r'C:\new'", "string", r"C:\new"),
        ("x = 3", "integer", 3),
        ("x = -3", "integer", -3),
        ("x = +3", "integer", 3),
        ("x = 1_000", "integer", 1000),
        ("x = 0xff", "integer", 255),
        ("x = 10 ** 2", "any", None),
        ("x = 1.5", "number", 1.5),
        ("x = -2e-3", "number", -0.002),
        ("x = float('nan')", "number", "NaN"),
        ("x = -float('inf')", "number", "-Infinity"),
        ("x = math.inf", "number", "Infinity"),
        ("x = np.nan", "number", "NaN"),
        ("x = 1e999", "number", "Infinity"),
        ("x = True", "boolean", True),
        ("x = None", "any", None),
        ("x = [1, 'a', None, [2.5]]", "array", [1, "a", None, [2.5]]),
        ("x = {'a': 1, 'b': [True]}", "object", {"a": 1, "b": [True]}),
        ("x = {}", "object", {}),
        ("x = list()", "array", []),
    ],
)
def test_it_infers_type_and_default_from_a_literal(source: str, type_: str, default: Any) -> None:
    found = only(source)
    assert (found.type, found.default, type(found.default)) == (type_, default, type(default))
    assert (found.expression is None) == (source != "x = 10 ** 2")


@pytest.mark.parametrize(
    ("source", "type_", "default", "kind"),
    [
        ("x = (1, 2)", "array", [1, 2], "tuple"),
        ("x = 1,", "array", [1], "tuple"),
        ("x = ()", "array", [], "tuple"),
        ("x = {1, 'a'}", "array", [1, "a"], "set"),
        ("x = set()", "array", [], "set"),
        ("x = frozenset({1})", "array", [1], "frozenset"),
        ("x = date(2026, 1, 2)", "date", "2026-01-02", "date"),
        ("x = datetime.date(2026, 1, 2)", "date", "2026-01-02", "date"),
        ("x = date(year=2026, month=1, day=2)", "date", "2026-01-02", "date"),
        ("x = dt.date.fromisoformat('2026-01-02')", "date", "2026-01-02", "date"),
        ("x = __import__('datetime').date(2026, 1, 2)", "date", "2026-01-02", "date"),
        ("x = datetime(2026, 1, 2, 3)", "datetime", "2026-01-02T03:00:00", "datetime"),
        ("x = datetime.datetime(2026, 1, 2, 3, 4, 5)", "datetime", "2026-01-02T03:04:05", "datetime"),
        ("x = datetime(2026, 1, 2, tzinfo=timezone.utc)", "datetime", "2026-01-02T00:00:00+00:00", "datetime"),
        ("x = datetime.fromisoformat('2026-01-02T03:04+02:00')", "datetime", "2026-01-02T03:04:00+02:00", "datetime"),
        ("x = Decimal('1.10')", "string", "1.10", "decimal"),
        ("x = decimal.Decimal(7)", "string", "7", "decimal"),
        ("x = Path('data/x.csv')", "string", "data/x.csv", "path"),
        ("x = pathlib.Path('data')", "string", "data", "path"),
    ],
)
def test_it_knows_the_kinds_that_json_cannot_tell(source: str, type_: str, default: Any, kind: str) -> None:
    found = only(source)
    assert (found.type, found.default, found.python, found.expression) == (type_, default, kind, None)


@pytest.mark.parametrize(
    "expression",
    [
        "today()",
        "os.environ['X']",
        "f'{a} # {b}'",
        "a + 1",
        "y",
        "b'bytes'",
        "1j",
        "...",
        "lambda: 1",
        "[1, (2, 3)]",
        "[1, date(2026, 1, 1)]",
        "['2026-01-01', date(2026, 1, 1)]",
        "[(1, 2), [3, 4]]",
        "{'a': [Path('b'), 'b']}",
        "{date: 1}",
        "{1: 'a'}",
        "{**a}",
        "[*a]",
        "[float('nan'), 'NaN']",
        "{'a': [float('nan'), 'NaN']}",
        "Color.RED",
        "inf",
        "0x" + "f" * 4000,
        r"'\ud800'",
        "date(2026, 13, 1)",
        "date(2026, 1, 2).isoformat()",
        "datetime(2026, 1, 2, tzinfo=zone)",
        "Decimal('x')",
        "Path('a') / 'b'",
        "Path('a', 'b')",
        "float('x')",
        "1 if a else 2",
        "[i for i in range(3)]",
        "await f()",
        "(y := 3)",
        "-True",
        "-'a'",
    ],
)
def test_it_shows_what_would_have_to_be_computed_as_an_expression(expression: str) -> None:
    source = f"x = {expression}  # Help"
    found = only(source)
    assert (found.expression, found.default, found.required, found.help) == (expression, None, False, "Help")
    assert right_hand_side(source, found) == expression


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ("int", {"type": "integer"}),
        ("float", {"type": "number"}),
        ("str", {"type": "string"}),
        ("bool", {"type": "boolean"}),
        ("dict", {"type": "object"}),
        ("list[str]", {"type": "array", "items": "string"}),
        ("List[int]", {"type": "array", "items": "integer"}),
        ("typing.Sequence[float]", {"type": "array", "items": "number"}),
        ("dict[str, int]", {"type": "object"}),
        ("tuple[int, ...]", {"type": "array", "items": "integer", "python": "tuple"}),
        ("tuple[int, str]", {"type": "array", "python": "tuple"}),
        ("set[str]", {"type": "array", "items": "string", "python": "set"}),
        ("frozenset", {"type": "array", "python": "frozenset"}),
        ("list[int | None]", {"type": "array"}),
        ("list[date]", {"type": "array"}),
        ("int | None", {"type": "integer", "nullable": True}),
        ("None | int", {"type": "integer", "nullable": True}),
        ("Optional[str]", {"type": "string", "nullable": True}),
        ("t.Optional[datetime.date]", {"type": "date", "nullable": True, "python": "date"}),
        ("Union[int, None]", {"type": "integer", "nullable": True}),
        ("int | float", {"type": "number"}),
        ("int | float | None", {"type": "number", "nullable": True}),
        ("int | str", {"type": "any"}),
        ("str | Path", {"type": "string"}),
        ("datetime.date", {"type": "date", "python": "date"}),
        ("datetime.datetime", {"type": "datetime", "python": "datetime"}),
        ("pathlib.Path", {"type": "string", "python": "path"}),
        ("decimal.Decimal", {"type": "string", "python": "decimal"}),
        ("Literal['us', 'fr']", {"type": "string", "choices": ["us", "fr"]}),
        ("typing.Literal[1, 2, None]", {"type": "integer", "choices": [1, 2], "nullable": True}),
        ("Literal['a', 1]", {"type": "any", "choices": ["a", 1]}),
        ("Literal['a'] | None", {"type": "string", "choices": ["a"], "nullable": True}),
        ("Annotated[int, Ge(0), Le(9)]", {"type": "integer", "minimum": 0, "maximum": 9}),
        ("Annotated[float, pydantic.Field(ge=-0.5)]", {"type": "number", "minimum": -0.5}),
        ("Final[int]", {"type": "integer"}),
        ("Any", {"type": "any", "nullable": True}),
        ("'int | None'", {"type": "integer", "nullable": True}),
        ("Frame", {"type": "any"}),
        ("'not an annotation'", {"type": "any"}),
        ("f()[int]", {"type": "any"}),
    ],
)
def test_it_understands_an_annotation(annotation: str, expected: dict[str, Any]) -> None:
    shown = only(f"x: {annotation}").to_json()
    undeclared = {"name": "x", "nullable": False, "default": None, "required": True, "help": None, "range": None}
    assert shown == undeclared | {"source": f"x: {annotation}"} | expected


def test_it_takes_the_declared_type_over_the_inferred_one() -> None:
    assert only("x: float = 1").type == "number"
    assert only("x: Sequence = (1, 2)").python == "tuple"
    assert [read(f"x: {kind} = [1, 2]").parameters[0].python for kind in ("tuple", "set")] == ["tuple", "set"]
    assert (only("x: int = None").type, only("x: int = None").nullable) == ("integer", True)
    assert only("x: Frame = 5").type == "integer"


def test_it_reads_type_comments() -> None:
    found = only("x = None  # type: Optional[int]  # How many")
    assert (found.type, found.nullable, found.help) == ("integer", True, "How many")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 1  # Help", "Help"),
        ("x = 1 #Help # more", "Help # more"),
        ("x = 1;  # Help", "Help"),
        ("x = '# no'", None),
        ("x = '# no'  # yes", "yes"),
        ("x = [1,  # first\n     2]  # Help", "Help"),
        ("x = '''a\n# no\n'''  # yes", "yes"),
        ("x = 1  #", None),
        ("x: int  # Help", "Help"),
        ("x = 1\n# below", None),
    ],
)
def test_it_takes_the_comment_behind_a_value_as_help(source: str, expected: str | None) -> None:
    assert only(source).help == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x=1", "1"),
        ("x  =  1  # n", "1"),
        ("x: int = (1)", "(1)"),
        ("x: (int) = ( # = \n 1)", "( # = \n 1)"),
        ("(x) = 1", "1"),
        ("x = \\\n  1", "1"),
        ("x: dict[str, int] = {'=': 1}", "{'=': 1}"),
        ("é = '😀'; x = '😀' # 😀", "'😀'"),
        ("a = 1\r\nx = [\r\n 1,\r\n]\r\nb = 2", "[\r\n 1,\r\n]"),
        ("a = '\u2028\x0c'\nx = 1", "1"),
        ("a = 1\rx = 2", "2"),
    ],
)
def test_it_tells_where_the_right_hand_side_is(source: str, expected: str) -> None:
    (found,) = [parameter for parameter in read(source).parameters if parameter.name == "x"]
    assert right_hand_side(source, found) == expected


def test_it_reads_one_line_with_two_assignments() -> None:
    first, second = read("a = 1; b = 2  # Help").parameters
    assert (first.source, first.help, second.source, second.help) == ("a = 1", None, "b = 2  # Help", "Help")


@pytest.mark.parametrize(
    "source",
    [
        "a, b = 1, 2",
        "[a, b] = 1, 2",
        "a = b = 1",
        "a += 1",
        "a.b = 1",
        "a['b'] = 1",
        "a.b: int = 1",
        "if x:\n    a = 1",
        "for a in b: pass",
        "with b as a: pass",
        "try:\n    a = 1\nexcept E:\n    a = 2",
        "def a(): pass",
        "async def a(): pass",
        "class A: pass",
        "del a",
        "print(a)",
        "global a",
    ],
)
def test_it_tells_what_it_does_not_read_and_does_not_guess(source: str) -> None:
    found = read(f"first = 1\n{source}\nlast = 2")
    assert [parameter.name for parameter in found.parameters] == ["first", "last"]
    assert [problem.line for problem in found.problems] == [2]


@pytest.mark.parametrize(
    ("broken", "lines"),
    [
        ("a = ", [2]),
        ("a = 'torn", [2]),
        ("a = (1,\n  2", [2]),
        ("a = '''torn\nb", [2, 3]),
        ("  a = 1", [2]),
        ("a = 1 2", [2]),
        ("def f():\nx = 3", [2]),
        ("a = [1,\n  = 2,\n]", [3]),
        ("a = '\x00'", [2]),
    ],
)
def test_it_reads_the_rest_of_a_cell_with_a_syntax_error(broken: str, lines: list[int]) -> None:
    found = read(f"first = [1,\n2]\n{broken}\n@d\ndef f():\n\n    return 1\n\nlast = 2  # Help")
    names = [parameter.name for parameter in found.parameters]
    assert names[0] == "first"
    assert names[-1] == "last"
    assert "a" not in names
    assert [problem.line - 1 for problem in found.problems if "Python cannot read" in problem.message][:1] == lines[:1]
    assert found.parameters[-1].help == "Help"


def test_it_tells_the_contracts_form() -> None:
    source = "region: Literal['us','fr'] = 'us'  # Region code"
    assert only(source).to_json() == {
        "name": "region",
        "type": "string",
        "nullable": False,
        "default": "us",
        "required": False,
        "help": "Region code",
        "choices": ["us", "fr"],
        "source": source,
        "range": [29, 33],
    }
