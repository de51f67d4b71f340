from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from jupyter_notebook_sched.errors import Invalid
from jupyter_notebook_sched.notebook.parameters.injecting import injected_source
from jupyter_notebook_sched.notebook.parameters.literals import literal
from jupyter_notebook_sched.notebook.parameters.model import Parameter

from .arrivals import as_doubles
from .json_values import identical, values
from .node_session import needs_node, values_after
from .parameter_cells import edited, only, read, right_hand_side

ANY = Parameter("x", "any", nullable=True)

LITERALS = [
    ("'us'", "string", "us"),
    ('"it\'s // not a comment"', "string", "it's // not a comment"),
    (r"'\x41\u00e9\u{1F600}\ud83d\ude00\'\0\q'", "string", "Aé😀😀'\0q"),
    ("'a\\\nb'", "string", "ab"),
    ("`a\nb $ {c}`", "string", "a\nb $ {c}"),
    ("5", "number", 5),
    ("-5", "number", -5),
    ("0x1F", "number", 31),
    ("1_000", "number", 1000),
    ("1.50", "number", 1.5),
    (".5", "number", 0.5),
    ("5.", "number", 5),
    ("1e3", "number", 1000),
    ("-0", "number", -0.0),
    ("Infinity", "number", "Infinity"),
    ("-Infinity", "number", "-Infinity"),
    ("NaN", "number", "NaN"),
    ("5n", "integer", 5),
    ("-12345678901234567890n", "integer", -12345678901234567890),
    ("true", "boolean", True),
    ("null", "any", None),
    ("undefined", "any", None),
    ("[1, 2.5,]", "array", [1, 2.5]),
    ("[\n  'a', // one\n  'b'\n]", "array", ["a", "b"]),
    ("[[], {}]", "array", [[], {}]),
    ("{a: 1, 'b c': [true], 3: null, ['d']: {}}", "object", {"a": 1, "b c": [True], "3": None, "d": {}}),
    ("new Date('2026-01-02')", "date", "2026-01-02"),
    ("new Date('2026-01-02T03:04:05Z')", "datetime", "2026-01-02T03:04:05Z"),
]


@pytest.mark.parametrize("before", ["let x = ", "var x=", "x = ", "let x: any = ", "let x =\n  "])
@pytest.mark.parametrize(("text", "type_", "default"), LITERALS)
def test_it_reads_literals(text: str, type_: str, default: Any, before: str) -> None:
    source = f"// Above\n{before}{text}; // Help"
    found = only(source, "javascript")
    assert (found.type, found.help, found.expression) == (type_ if "any" not in before else "any", "Help", None)
    assert identical(found.default, default)
    assert right_hand_side(source, found) == text


@needs_node
def test_it_agrees_with_node_about_literals() -> None:
    names = [f"x{number}" for number in range(len(LITERALS))]
    cell = "\n".join(f"var {name} = {text}" for name, (text, _, _) in zip(names, LITERALS, strict=True))
    special = {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}
    for found, (text, type_, default) in zip(values_after([cell], names), LITERALS, strict=True):
        if type_ in ("date", "datetime"):
            assert found["date"].startswith(default.removesuffix("Z")), text
        elif text == "undefined":
            assert found == {"undefined": True}
        elif type_ == "number" and isinstance(default, str):
            assert repr(found) == special[default]
        else:
            expected = default if type_ == "integer" else as_doubles(default)
            assert identical(as_unordered(found), as_unordered(expected)), text


@pytest.mark.parametrize(
    "text",
    [
        "`a ${b} c`",
        "`a ${`b ${'}'}`} c`",
        "y",
        "1 + 2",
        "f(1, 2)",
        "process.env.X",
        "a ? 1 : 2",
        "a / b / c",
        "/[/\"]'/g",
        "[1, , 2]",
        "[...a]",
        "{a}",
        "{...a}",
        "{f() { return 1 }}",
        "{get a() { return 1 }}",
        "{__proto__: null}",
        "{'__proto__': 1}",
        "[1n, 2]",
        "[NaN, 'NaN']",
        "010",
        "1e400",
        "'\\ud83d'",
        "'\\x4'",
        "new Date()",
        "new Date(2026, 0, 2)",
        "[new Date('2026-01-02')]",
        "await f()",
        "a as number",
        "(1, 2)",
        "(1) + (2)",
        "typeof a",
        "a\n  .b()\n  .c()",
        "1 +\n  2",
        "1\n  + 2",
        "a\n/2/g",
        "BigInt('5')",
        "x === 5",
    ],
)
def test_it_shows_everything_else_as_an_expression(text: str) -> None:
    first, found, last = read(f"let first = 1\nlet x = {text} // Help\nlet last = 2", "javascript").parameters
    assert (found.expression, found.default, found.type, found.help) == (text, None, "any", "Help")
    assert (first.default, last.default) == (1, 2)


@pytest.mark.parametrize(
    ("annotation", "declared"),
    [
        ("number = 1", {"type": "number"}),
        ("number | null = null", {"type": "number", "nullable": True}),
        ("'us' | 'fr' = 'us'", {"type": "string", "choices": ("us", "fr")}),
        ("1 | 2 | undefined = 1", {"type": "number", "choices": (1, 2, None), "nullable": True}),
        ("string[] = []", {"type": "array", "items": "string"}),
        ("readonly string[] = []", {"type": "array", "items": "string"}),
        ("Array<number> = []", {"type": "array", "items": "number"}),
        ("Array<Array<number>> = []", {"type": "array", "items": None}),
        ("(string | null)[] = []", {"type": "array", "items": None}),
        ("[string, number] = ['a', 1]", {"type": "array", "items": None}),
        ("Record<string, number> = {}", {"type": "object"}),
        ("{a: number, b?: string} = {a: 1}", {"type": "object"}),
        ("bigint = 5n", {"type": "integer", "python": "bigint"}),
        ("Date = new Date('2026-01-02T03:04Z')", {"type": "datetime"}),
        ("Date = new Date('2026-01-02')", {"type": "date"}),
        ("unknown = 1", {"type": "any", "nullable": True}),
        ("Foo.Bar<Baz> = 1", {"type": "any", "nullable": True}),
    ],
)
def test_it_reads_types(annotation: str, declared: dict[str, Any]) -> None:
    found = only(f"let x: {annotation};", "typescript")
    assert {name: getattr(found, name) for name in declared} == declared
    assert not found.required


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("let x = {a: 1} as const // Help", 'let x = {"b": 2} as const // Help'),
        ("let x = {a: 1} satisfies T; // Help", 'let x = {"b": 2} satisfies T; // Help'),
        ("// Help\nlet x = /** @type {any} */ ({a: 1})", '// Help\nlet x = /** @type {any} */ ({"b": 2})'),
    ],
)
def test_it_leaves_what_is_said_of_a_literal_in_its_place(source: str, written: str) -> None:
    found = only(source, "typescript")
    assert (found.default, found.help) == ({"a": 1}, "Help")
    assert edited(source, {"x": {"b": 2}}, "typescript") == written


def test_it_asks_for_what_is_declared_without_a_value() -> None:
    source = "let a\nvar b; // Help\nlet c: string;\nlet d: number | null // 😀"
    found = read(source, "typescript").parameters
    assert [(one.name, one.type, one.required, one.nullable) for one in found] == [
        ("a", "any", True, True),
        ("b", "any", True, True),
        ("c", "string", True, False),
        ("d", "number", True, True),
    ]
    assert found[1].help == "Help"
    values = {"a": [1], "b": None, "c": "😀", "d": 2}
    written = 'let a = [1]\nvar b = null; // Help\nlet c: string = "😀";\nlet d: number | null = 2 // 😀'
    assert edited(source, values, "typescript") == written


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("const a = 1", "write 'let' instead of 'const'"),
        ("let a = 1, b = 2", "its own line"),
        ("let [a, b] = [1, 2]", "its own line"),
        ("let {a} = b", "its own line"),
        ("a = b = 1", "its own line"),
        ("a += 1", "changes a value"),
        ("a++", "changes a value"),
        ("a.b = 1", "Only 'let name = value'"),
        ("a[0] = 1", "Only 'let name = value'"),
        ("let f = x => x", "function"),
        ("let f = function () {\n  a = 1\n}", "function"),
        ("function f() {\n  let a = 1\n}", "function"),
        ("class A {\n  b = 1\n}", "function"),
        ("if (b) a = 1", "inside a block"),
        ("if (b)\n  a = 1", "inside a block"),
        ("if (b) {\n  a = 1\n}\nelse {\n  a = 2\n}", "inside a block"),
        ("for (let a = 0; a < 1; a++) {}", "inside a block"),
        ("{\n  let a = 1\n}", "inside a block"),
        ("console.log(a)", "assigns nothing"),
        ("a == 1", "assigns nothing"),
        ("let a = (1", "no partner"),
        ("let a = 'torn", "no partner"),
        ("let a = `torn", "no partner"),
        ("/* torn", "no partner"),
    ],
)
def test_it_tells_what_it_does_not_read_and_reads_the_rest(source: str, told: str) -> None:
    found = read(f"let first = 1\n{source}\nlet last = 2", "javascript")
    assert [parameter.name for parameter in found.parameters] == ["first", "last"]
    assert [problem.line for problem in found.problems] == [2]
    assert told in found.problems[0].message


def test_it_says_nothing_of_comments_imports_and_types() -> None:
    source = (
        "#!/usr/bin/env node\n'use strict'\nimport fs from 'fs'\n/* let a = 1\n */\n// let b = 2\n"
        "type T = 'a' | 'b'\ninterface U { a: string }\nlet x = 1 /* one */"
    )
    found = only(source, "typescript")
    assert (found.name, found.help) == ("x", "one")


@pytest.mark.parametrize(
    ("above", "help_"),
    [
        ("// Region code\n", "Region code"),
        ("// Region code\n// of the report\n", "Region code of the report"),
        ("/** Region code\n *  of the report */\n", "Region code of the report"),
        ("// Inputs\n// ------\n// Region code\n// let x = 2\n", "Region code"),
        ("// n = number of rows\n", "n = number of rows"),
        ("#!/usr/bin/env node\n", None),
        ("// Region code\n\n", None),
        ("let a = 1 // A\n", None),
        ("// Parameters\n", None),
        ("// ------\n", None),
    ],
)
def test_it_takes_help_from_the_comment_right_above(above: str, help_: str | None) -> None:
    assert read(f"{above}let x = 1", "javascript").parameters[-1].help == help_


def test_it_edits_right_hand_sides_only() -> None:
    source = (
        "let x = 'us' // '😀'\nvar n=5;y = [1,\n 2] /* two */\r\n"
        'let t = `a`, z\nlet d: Date = new Date("2026-01-02");'
    )
    values: dict[str, Any] = {"x": "f\"r'", "n": 6.5, "y": [3], "d": "2026-02-03"}
    assert edited(source, values, "typescript") == (
        "let x = 'f\"r\\'' // '😀'\nvar n=6.5;y = [3] /* two */\r\n"
        'let t = `a`, z\nlet d: Date = new Date("2026-02-03");'
    )
    assert edited(source, {"x": "us", "n": 5, "y": [1, 2]}, "typescript") == source
    assert edited("let t = `a`", {"t": "`${b}\\"}, "javascript") == "let t = `\\`\\${b}\\\\`"


@pytest.mark.parametrize(
    ("declared", "sent", "javascript", "typescript"),
    [
        ("let x = 1", 2, "x = 2;", "x = 2;"),
        ("let x = 1", "-Infinity", "x = -Infinity;", "x = -Infinity;"),
        ("let x = 1n", 2, "x = 2n;", "x = 2n;"),
        ("let x = []", ["a"], 'x = ["a"];', 'x = ["a"];'),
        ("let x = {}", {"a": 1}, 'x = /** @type {any} */ ({"a": 1});', 'x = {"a": 1} as any;'),
        ("let x = []", [[1]], "x = /** @type {any} */ ([[1]]);", "x = [[1]] as any;"),
        ("let x = null", 2**60, f"x = {2**60};", f"x = {2**60};"),
        ("let x = null", 2**60 + 1, f"x = {2**60 + 1}n;", f"x = {2**60 + 1}n;"),
        ("let x = new Date('2026-01-02')", "2026-02-03", 'x = new Date("2026-02-03");', 'x = new Date("2026-02-03");'),
    ],
)
def test_it_assigns_plainly_so_that_let_and_var_are_reached(
    declared: str, sent: Any, javascript: str, typescript: str
) -> None:
    for language, expected in (("javascript", javascript), ("typescript", typescript)):
        parameter = only(declared, language)
        assert injected_source(language, [parameter], {"x": sent}) == f"// Parameters\n{expected}"


@pytest.mark.parametrize(
    ("declared", "sent", "told"),
    [
        ("let x = 1", 2**60 + 1, "BigInt"),
        ("let x = [1]", [2**60 + 1], "BigInt"),
        ("let x = new Date('2026-01-02T03:04Z')", "2026-01-02T03:04:05.000001", "milliseconds"),
    ],
)
def test_it_refuses_what_javascript_cannot_hold(declared: str, sent: Any, told: str) -> None:
    with pytest.raises(Invalid, match=told) as refused:
        literal("javascript", sent, only(declared, "javascript"))
    assert refused.value.reason == "value_not_representable"


@needs_node
@settings(max_examples=12, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(st.lists(values, min_size=30, max_size=60))
def test_it_sends_json_values_to_javascript_unchanged(sent: list[Any]) -> None:
    names = [f"x{number}" for number in range(len(sent))]
    cell = "\n".join(f"{'let' if number % 2 else 'var'} {name} = null" for number, name in enumerate(names))
    parameters = read(cell, "javascript").parameters
    injected = injected_source("javascript", parameters, dict(zip(names, sent, strict=True)))
    for value, found in zip(sent, values_after([cell, injected], names), strict=True):
        assert identical(as_unordered(found), as_unordered(as_doubles(value))), literal("javascript", value, ANY)


def as_unordered(value: Any) -> Any:
    """JavaScript puts names that are whole numbers first, and the order of an object's names means nothing in JSON."""
    if isinstance(value, list):
        return [as_unordered(item) for item in value]
    return {key: as_unordered(value[key]) for key in sorted(value)} if isinstance(value, dict) else value


@needs_node
def test_it_sends_dates_to_javascript() -> None:
    cell = "let a = new Date('2026-01-02'), z\nlet b = new Date('2026-01-02')\nlet c = new Date('2026-01-02T00:00Z')"
    values = {"b": "2026-02-03", "c": "2026-02-03 04:05:06.789+02:00"}
    injected = injected_source("javascript", read(cell, "javascript").parameters, values)
    assert values_after([cell, injected], ["b", "c"]) == [
        {"date": "2026-02-03T00:00:00.000Z"},
        {"date": "2026-02-03T02:05:06.789Z"},
    ]


@given(values, st.sampled_from("'\"`"))
def test_it_reads_back_what_it_writes(value: Any, quote: str) -> None:
    written = literal("javascript", value, ANY, quote)
    found = only(f"let x = {written} // Help", "javascript")
    assert found.expression is None
    assert identical(as_doubles(found.default), as_doubles(value))


@given(st.text(st.sampled_from("'\"`$(){}[]/*\\\nx1 ,;.=:<>|"), max_size=30))
def test_it_survives_any_text(text: str) -> None:
    read(f"let first = 1\n{text}", "javascript")


@pytest.mark.parametrize(
    "text", ["(", "[", "{", '"', "`", "`${", "/*", "//\n", "/", "'\n", "£\n", "a\n", "${", "<", "=", ","]
)
def test_it_gives_up_on_text_that_is_broken_all_over(text: str) -> None:
    found = read(f"let first = 1\nlet x = {text * 4_000}", "javascript")
    assert found.parameters[0].name == "first"
    assert len(found.parameters) <= 2
    assert len(found.problems) <= 101
