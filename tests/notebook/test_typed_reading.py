"""Cells in Scala, C# and F#: what they declare, and what is told of everything else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_notebook_sched.notebook.parameters.model import Parameter

from .json_values import identical
from .parameter_cells import edited, only, read, right_hand_side

ANY = Parameter("x", "any", nullable=True)

# The language, a literal there, its type and its value.
LITERALS: list[tuple[str, str, str, Any]] = [
    ("scala", '"us"', "string", "us"),
    ("scala", '"a = 1 // \\"b\\" \\u00e9\\n"', "string", 'a = 1 // "b" é\n'),
    ("scala", '"""raw "x" \\n\ny"""', "string", 'raw "x" \\n\ny'),
    ("scala", "5", "integer", 5),
    ("scala", "-5L", "integer", -5),
    ("scala", "0L", "integer", 0),
    ("scala", "0xFF", "integer", 255),
    ("scala", "0xFFFFFFFF", "integer", -1),
    ("scala", "1.5", "number", 1.5),
    ("scala", ".5", "number", 0.5),
    ("scala", "-1e-3", "number", -0.001),
    ("scala", "5d", "number", 5.0),
    ("scala", "2.5f", "number", 2.5),
    ("scala", "Double.NaN", "number", "NaN"),
    ("scala", "Double.NegativeInfinity", "number", "-Infinity"),
    ("scala", "true", "boolean", True),
    ("scala", "null", "any", None),
    ("scala", "'c'", "string", "c"),
    ("scala", "List(1, 2,\n  3)", "array", [1, 2, 3]),
    ("scala", 'Seq("a", "b")', "array", ["a", "b"]),
    ("scala", 'List(1, "a", null, List())', "array", [1, "a", None, []]),
    ("scala", "Array[Int]()", "array", []),
    ("scala", "Nil", "array", []),
    ("scala", 'Map("a" -> 1, "b" -> Map("c" -> 2))', "object", {"a": 1, "b": {"c": 2}}),
    ("scala", "Map.empty[String, Int]", "object", {}),
    ("scala", "Some(5)", "integer", 5),
    ("scala", 'BigInt("123456789012345678901234567890")', "integer", 123456789012345678901234567890),
    ("scala", "Int.MaxValue", "integer", 2**31 - 1),
    ("scala", 'java.time.LocalDate.parse("2026-01-02")', "date", "2026-01-02"),
    ("scala", "LocalDate.of(2026, 1, 2)", "date", "2026-01-02"),
    ("csharp", '"us"', "string", "us"),
    ("csharp", '"a; // \\"b\\" \\u00e9\\U0001F600\\0"', "string", 'a; // "b" é😀\0'),
    ("csharp", '@"C:\\new ""x"""', "string", 'C:\\new "x"'),
    ("csharp", '"""a "b" \\n"""', "string", 'a "b" \\n'),
    ("csharp", "5", "integer", 5),
    ("csharp", "-1_000", "integer", -1000),
    ("csharp", "10L", "integer", 10),
    ("csharp", "0xFF", "integer", 255),
    ("csharp", "1.5", "number", 1.5),
    ("csharp", "-1.5f", "number", -1.5),
    ("csharp", "1.5m", "number", 1.5),
    ("csharp", "1e3", "number", 1000.0),
    ("csharp", "double.NaN", "number", "NaN"),
    ("csharp", "System.Double.NegativeInfinity", "number", "-Infinity"),
    ("csharp", "true", "boolean", True),
    ("csharp", "'\\n'", "string", "\n"),
    ("csharp", "new[] { 1, 2,\n 3, }", "array", [1, 2, 3]),
    ("csharp", "new int[] { }", "array", []),
    ("csharp", "new string[0]", "array", []),
    ("csharp", 'new List<string> { "a" }', "array", ["a"]),
    ("csharp", "new System.Collections.Generic.List<int>()", "array", []),
    ("csharp", 'new object[] { 1, "a", null }', "array", [1, "a", None]),
    ("csharp", 'new Dictionary<string, object> { ["a"] = 1, ["b"] = new[] { 2 } }', "object", {"a": 1, "b": [2]}),
    ("csharp", 'new Dictionary<string, int> { { "a", 1 } }', "object", {"a": 1}),
    ("csharp", "new DateTime(2026, 1, 2)", "datetime", "2026-01-02T00:00:00"),
    ("csharp", "new DateOnly(2026, 1, 2)", "date", "2026-01-02"),
    ("csharp", 'System.Numerics.BigInteger.Parse("-9")', "integer", -9),
    ("csharp", "long.MinValue", "integer", -(2**63)),
    ("fsharp", '"us"', "string", "us"),
    ("fsharp", '"a = // \\"b\\" \\u00e9"', "string", 'a = // "b" é'),
    ("fsharp", '@"C:\\new"', "string", "C:\\new"),
    ("fsharp", '"""a "b" \\n"""', "string", 'a "b" \\n'),
    ("fsharp", "5", "integer", 5),
    ("fsharp", "-5L", "integer", -5),
    ("fsharp", "255uy", "integer", 255),
    ("fsharp", "123456789012345678901234567890I", "integer", 123456789012345678901234567890),
    ("fsharp", "1.5", "number", 1.5),
    ("fsharp", "1.", "number", 1.0),
    ("fsharp", "2.5f", "number", 2.5),
    ("fsharp", "1e3", "number", 1000.0),
    ("fsharp", "nan", "number", "NaN"),
    ("fsharp", "-infinity", "number", "-Infinity"),
    ("fsharp", "true", "boolean", True),
    ("fsharp", "null", "any", None),
    ("fsharp", "[1; 2;\n     3]", "array", [1, 2, 3]),
    ("fsharp", '[| "a"; "b" |]', "array", ["a", "b"]),
    ("fsharp", "[]", "array", []),
    ("fsharp", '[box 1; box "a"; null]', "array", [1, "a", None]),
    ("fsharp", 'Map.ofList [("a", 1); ("b", -2)]', "object", {"a": 1, "b": -2}),
    ("fsharp", "Some 5", "integer", 5),
    ("fsharp", "DateTime(2026, 1, 2)", "datetime", "2026-01-02T00:00:00"),
    ("fsharp", "System.DateOnly(2026, 1, 2)", "date", "2026-01-02"),
]
EXPRESSIONS = {
    "scala": [
        *('s"$x"', 'f"$x%d"', "y", "1 + 2", "x.toInt", "List(1).map(_ + 1)", "List(y)", "(1, 2)", "Foo(1)", "new Foo"),
        *("sys.env(\"X\")", "if (a) 1 else 2", "{\n 1\n}", "1 to 10", "x => x + 1", "-y", '"\\q"', "1.5.floor"),
        "5.toLong",
        *("List(1)\n  .map(_ + 1)", "1\n  + 2", "a match {\n case _ => 1\n}", "Map(1 -> 2)", "'sym", 'BigInt("x")'),
        *('"""\\u0041"""', "08", "0b12", "List(Double.NaN, \"NaN\")", "f(a = 1)", "a == b"),
    ],
    "csharp": [
        *('$"{y}"', '$@"a{y}"', "y", "1 + 2", "f(1)", "new Foo(1)", "new { A = 1 }", "(1, 2)", "DateTime.Now"),
        "default",
        *("new[] { y }", "x => x + 1", "a ? 1 : 2", "-y", '"\\q"', "new int[2]", "a == b", "nameof(x)", "typeof(int)"),
        *("new DateTime(2026, 13, 1)", "new Dictionary<int, int> { [1] = 2 }", "1.5.ToString()", "x!", '"a"u8'),
        *('new object[] { double.NaN, "NaN" }', "0xFFFFFFFF", "async () => { await f(); }"),
    ],
    "fsharp": [
        *('$"{y}"', "y", "1 + 2", "f 1", "x |> f", "(1, 2)", "[ for i in 1 .. 3 -> i ]", "[1 .. 3]", "-y"),
        "async { return 1 }",
        *("\n    1 + 2", "\n    [1]\n    |> List.map id", "if a then 1 else 2", "0xFF", "1u + 2u", "{ A = 1 }", "[y]"),
        *('"\\065"', '"a\\\n  b"', "DateTime.Now", "dict [(1, 2)]", '[box nan; box "NaN"]', "[1\n     2]", "lazy 1"),
    ],
}  # fmt: skip
SPELLED = {"scala": ("val x = {}", ""), "csharp": ("var x = {}", ";"), "fsharp": ("let x = {}", "")}


@pytest.mark.parametrize(("language", "text", "type_", "default"), LITERALS)
def test_it_reads_literals(language: str, text: str, type_: str, default: Any) -> None:
    form, end = SPELLED[language]
    source = f"// Above 😀\n\n{form.format(text)}{end}  // Help\n"
    if (language, text) == ("csharp", "null"):
        source = source.replace("var", "object")
    found = only(source, language)
    assert (found.type, found.help, found.expression, found.nullable) == (
        type_,
        "Help",
        None,
        default is None or "Some" in text,
    )
    assert identical(found.default, default)
    assert right_hand_side(source, found) == text


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language in EXPRESSIONS for text in EXPRESSIONS[language]]
)
def test_it_shows_everything_else_as_an_expression(language: str, text: str) -> None:
    form, end = SPELLED[language]
    source = "\n".join([f"{form.replace('x', 'first').format(1)}{end}", f"{form.format(text)}{end}  // Help"])
    source += f"\n{form.replace('x', 'last').format(2)}{end}"
    first, found, last = read(source, language).parameters
    assert (found.expression, found.default, found.type, found.help) == (text.strip(), None, "any", "Help")
    assert (first.default, last.default) == (1, 2)


# The language, a declaration, and what it says: type, nullable, items, default.
DECLARED: list[tuple[str, str, tuple[str, bool, str | None, Any]]] = [
    ("scala", "val x: Int = 5", ("integer", False, None, 5)),
    ("scala", "var x: Long=5", ("integer", False, None, 5)),
    ("scala", "val x: Double = 1", ("number", False, None, 1)),
    ("scala", "lazy val x: Option[String] = None", ("string", True, None, None)),
    ("scala", "val x: Seq[Double] = Seq(1, 2.5)", ("array", False, "number", [1, 2.5])),
    ("scala", "val x: Map[String, List[Int]] = Map()", ("object", False, None, {})),
    ("scala", "val x: String = null", ("string", True, None, None)),
    ("scala", "val `x` = 5", ("integer", False, None, 5)),
    ("scala", "val x: Port = 5", ("integer", False, None, 5)),
    ("scala", "val x: Any = 5", ("any", True, None, 5)),
    ("csharp", "object x = new[] {1, 2};", ("any", True, None, [1, 2])),
    ("csharp", "dynamic x = null;", ("any", True, None, None)),
    ("fsharp", "let x: obj = 5", ("any", True, None, 5)),
    ("csharp", "int x = 5;", ("integer", False, None, 5)),
    ("csharp", "double x = 1;", ("number", False, None, 1)),
    ("csharp", "int? x = null;", ("integer", True, None, None)),
    ("csharp", "const string x = \"a\";", ("string", False, None, "a")),
    ("csharp", "int[] x = {1, 2};", ("array", False, "integer", [1, 2])),
    ("csharp", "List<string> x = new();", ("array", False, "string", [])),
    ("csharp", "IEnumerable<double> x = [1, 2.5];", ("array", False, "number", [1, 2.5])),
    ("csharp", "Dictionary<string, object> x = new() { [\"a\"] = 1 };", ("object", False, None, {"a": 1})),
    ("csharp", "string @x = null;", ("string", True, None, None)),
    ("fsharp", "let x: int = 5", ("integer", False, None, 5)),
    ("fsharp", "let mutable x : float = 1.0", ("number", False, None, 1.0)),
    ("fsharp", "let x: int option = None", ("integer", True, None, None)),
    ("fsharp", "let x: string list = []", ("array", False, "string", [])),
    ("fsharp", "let x: Map<string, int> = Map.empty", ("object", False, None, {})),
    ("fsharp", "[<Literal>]\nlet x = 5", ("integer", False, None, 5)),
    ("fsharp", "let ``x`` = 5", ("integer", False, None, 5)),
]  # fmt: skip


@pytest.mark.parametrize(("language", "source", "expected"), DECLARED)
def test_it_reads_declared_types(language: str, source: str, expected: tuple[str, bool, str | None, Any]) -> None:
    found = only(source, language)
    assert (found.name, found.type, found.nullable, found.items) == ("x", *expected[:3])
    assert identical(found.default, expected[3])


def test_it_reads_a_declaration_without_a_value_as_required() -> None:
    source = 'int x;  // How many\nstring y = "a";'
    x, y = read(source, "csharp").parameters
    assert (x.type, x.required, x.help, y.default) == ("integer", True, "How many", "a")
    assert edited(source, {"x": 6}, "csharp") == 'int x = 6;  // How many\nstring y = "a";'


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("scala", "/** How many\n  * there are\n  */\nval x = 1"),
        ("scala", "// How many\n// there are\nval x = 1"),
        ("csharp", "/// <summary>How many\n/// there are</summary>\nint x = 1;"),
        ("fsharp", "/// How many\n/// there are\nlet x = 1"),
        ("fsharp", "(* How many\nthere are *)\nlet x = 1"),
    ],
)
def test_it_takes_help_from_the_comments_above(language: str, source: str) -> None:
    assert only(source, language).help == "How many there are"


TOLD = {
    "scala": [
        *("val (a, b) = (1, 2)", "val a, b = 1", "a = 2", "a += 1", "def f(x: Int) = {\n  val a = 1\n  x\n}"),
        "println(a)",
        *("if (b) {\n  val a = 1\n} else {\n  val a = 2\n}", "for (i <- 1 to 3) {\n  val a = i\n}"),
        "class A { val a = 1 }",
        *("if b then\n  val a = 1\n  val c = 2", "object A {\n  val a = 1\n}", "case class A(a: Int = 1)"),
        *("val a = (1", 'val a = "'),
        *("val List(a) = List(1)", "val a", "/* open"),
    ],
    "csharp": [
        *("var (a, b) = (1, 2);", "(int a, int b) = (1, 2);", "int a = 1, b = 2;", "int a, b = 1;", "a = 2;"),
        *("a += 1;", "a++;"),
        *("int F(int x) { var a = 1; return a; }", "int F(int x) => x;", "Console.WriteLine(a);"),
        "class A { int a = 1; }",
        *("if (b) { var a = 1; }", "if (b) { var a = 1; } else { var a = 2; }", "foreach (var i in x) { var a = i; }"),
        *("var a = (1;", 'var a = "torn;', "a.B = 1;", "a[0] = 1;", "enum A { B = 1 }", "var a = b = 1;", "return 5;"),
    ],
    "fsharp": [
        *("let (a, b) = (1, 2)", "let a, b = 1, 2", "a <- 2", "let f x = x + 1", "let f = fun x -> x"),
        "let rec f x = f x",
        *("if b then\n    let a = 1\n    ()", "for i in 1 .. 3 do\n    let a = i\n    ()", "type A = { a: int }"),
        "printfn \"a\"",
        *("let a = (1", 'let a = "torn', "let inline f x = x", "module A =\n    let a = 1", "match a with\n| _ -> ()"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("language", "source"), [(language, source) for language in TOLD for source in TOLD[language]])
def test_it_tells_what_it_does_not_read_and_reads_the_rest(language: str, source: str) -> None:
    form, end = SPELLED[language]
    first, last = form.replace("x", "first").format(1) + end, form.replace("x", "last").format(2) + end
    found = read(f"{first}\n{source}\n{last}", language)
    assert [parameter.name for parameter in found.parameters] == ["first", "last"]
    assert 2 in [problem.line for problem in found.problems]


def test_it_says_nothing_of_what_loads_something() -> None:
    for language, source in [
        ("scala", "import java.time._\nimport $ivy.`a::b:1`\n// c\n\nval x = 1"),
        ("csharp", '#r "nuget: A, 1.0"\nusing System;\nusing static System.Math;\n#nullable enable\nint x = 1;'),
        ("fsharp", '#r "nuget: A, 1.0"\nopen System\n\nlet x = 1'),
    ]:
        assert only(source, language).default == 1


SHARED = [
    " = ",
    "x",
    "1",
    '"a"',
    '"""',
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    "\n",
    "  ",
    "//c\n",
    "-",
    ".",
    "null",
    ": ",
    "'c'",
]
PIECES = {
    "scala": [
        *("val ", "var ", "List(", "Int", "->", "Map(", "/*", "*/", "if ", "else ", "1.5f", "Some(", "=> ", 's"$x"'),
        *(".mkString", ".flatMap(_()): _*", "`a b`", "lazy ", "def "),
    ],
    "csharp": [
        *("var ", "int ", ";", "new ", "List<int>", "int[]", "Dictionary<string, int>", "/*", "*/", "if ", "=> "),
        *('$"{x}"', '@"', "const ", '#r "x"\n', "?", "DateTime", 'BigInteger.Parse("1")', "<", ">"),
    ],
    "fsharp": [
        *("let ", "mutable ", "[|", "|]", ";", "int", "list", "Map.ofList ", "(*", "*)", "if ", "then ", "1.5f"),
        *("Some ", "box ", "[<", ">]", "|>", ";;", "type ", "fun ", "``a b``"),
    ],
}


@pytest.mark.parametrize("language", SPELLED)
@given(st.data())
def test_it_survives_any_text(language: str, data: st.DataObject) -> None:
    pieces = st.lists(st.sampled_from([*SHARED, *PIECES[language]]), max_size=25).map("".join)
    odd = st.text(st.sampled_from("\"'`$()[]{}<>|#=\\\n\r x1,;:.@*/-letvar😀"), max_size=40)
    source = data.draw(st.one_of(pieces, odd))
    for parameter in read(source, language).parameters:
        if parameter.expression is not None:
            assert right_hand_side(source, parameter) == parameter.expression


@pytest.mark.parametrize("language", SPELLED)
@pytest.mark.parametrize(
    "text",
    ["(", "[", '"', '"""', "/*", "(*", "{", "}", "'", "`", '$"{', '@"', '$@"{', "val x = \n", "let x = \n", "£\n"],
)
def test_it_gives_up_on_text_that_is_broken_all_over(language: str, text: str) -> None:
    found = read(f"{SPELLED[language][0].format(1)}{SPELLED[language][1]}\n{text * 20_000}", language)
    assert len(found.parameters) <= 1
    assert len(found.problems) <= 101
