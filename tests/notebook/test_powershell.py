"""PowerShell is not run here: what is written down follows its documentation, and test_literal_grammars holds it
against a grammar that is not ours."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_notebook_sched.errors import Invalid
from jupyter_notebook_sched.notebook.parameters.injecting import injected_source
from jupyter_notebook_sched.notebook.parameters.literals import literal
from jupyter_notebook_sched.notebook.parameters.model import Parameter

from .json_values import identical, values
from .parameter_cells import edited, only, read, right_hand_side

ANY = Parameter("x", "any", nullable=True)

LITERALS: list[tuple[str, str, Any]] = [
    ("'us'", "string", "us"),
    ("'it''s $x `n # no comment'", "string", "it's $x `n # no comment"),
    ("'\u2019\u2019'", "string", "\u2019"),
    ("\u2018us\u2019", "string", "us"),
    ('"a ""b"" `"c`" `$d `u{1F600} $ $"', "string", 'a "b" "c" $d 😀 $ $'),
    ('"`0`a`b`e`f`n`r`t`v`q"', "string", "\0\a\b\x1b\f\n\r\t\vq"),
    ('"$([char]0x0085)$([char]0xdb40)$([char]0xdc01)"', "string", "\x85\U000e0001"),
    ('"a\nb"', "string", "a\nb"),
    ("@'\nit's\n''\n'@", "string", "it's\n''"),
    ('@"\na "b" ""\n`$c\n"@', "string", 'a "b" ""\n$c'),
    ("@'\n'@", "string", ""),
    ("5", "integer", 5),
    ("-5", "integer", -5),
    ("5L", "integer", 5),
    ("2kb", "integer", 2048),
    ("9223372036854775807", "integer", 2**63 - 1),
    ("[bigint]::Parse('-12345678901234567890', [cultureinfo]::InvariantCulture)", "integer", -12345678901234567890),
    ("1.5", "number", 1.5),
    (".5", "number", 0.5),
    ("-1e-3", "number", -0.001),
    ("[double]::NaN", "number", "NaN"),
    ("[Double]::NegativeInfinity", "number", "-Infinity"),
    ("$true", "boolean", True),
    ("$False", "boolean", False),
    ("$null", "any", None),
    ("@(1, 2)", "array", [1, 2]),
    ("1, 2.5", "array", [1, 2.5]),
    (", 1", "array", [1]),
    ("@()", "array", []),
    ("@(\n  'a' # one\n  'b'\n)", "array", ["a", "b"]),
    ("@('a'; 'b', 'c')", "array", ["a", "b", "c"]),
    ("@(@(1, 2), @(3))", "array", [[1, 2], [3]]),
    ("@(@(1, 2))", "array", [1, 2]),
    ("@(, @(1))", "array", [[1]]),
    ("@(, @())", "array", [[]]),
    ("@($null)", "array", [None]),
    ("@{a = 1; 'b c' = @($true)\n  \"d\" = @{}}", "object", {"a": 1, "b c": [True], "d": {}}),
    ("[ordered]@{'a' = 1, 2}", "object", {"a": [1, 2]}),
    ("[datetime]'2026-01-02'", "date", "2026-01-02"),
    ("[DateTime]'2026-01-02T03:04:05'", "datetime", "2026-01-02T03:04:05"),
    ("[datetimeoffset]'2026-01-02T03:04:05+02:00'", "datetime", "2026-01-02T03:04:05+02:00"),
]


@pytest.mark.parametrize("before", ["$x = ", "$x=", "${x} = ", "$x =\n  "])
@pytest.mark.parametrize(("text", "type_", "default"), LITERALS)
def test_it_reads_literals(text: str, type_: str, default: Any, before: str) -> None:
    source = f"# Above\n{before}{text} # Help"
    found = only(source, "powershell")
    assert (found.name, found.type, found.help, found.expression) == ("x", type_, "Help", None)
    assert identical(found.default, default)
    assert right_hand_side(source, found) == text


@pytest.mark.parametrize(
    "text",
    [
        '"a $x"',
        '"a ${x}"',
        '"a $(f "b # )" \')\') c"',
        '"``$x"',
        '@"\n$x\n"@',
        "$env:HOME",
        "$x.Length",
        "(5)",
        "1 + 2",
        "-$true",
        "Get-Date",
        "Get-Date | Select-Object -First 1",
        "Get-ChildItem |\n  Sort-Object",
        "Get-ChildItem\n  | Sort-Object",
        "if ($a) { 1 } else { 2 }",
        "0xFF",
        "1.5d",
        "9223372036854775808",
        "1e400",
        "[int]'5'",
        "[datetime]'1/2/2026'",
        "[pscustomobject]@{a = 1}",
        "@(@(1))",
        "@(1, $x)",
        "@{a = $x}",
        "@{a = 1; A = 2}",
        "@{1 = 2}",
        "@([double]::NaN, 'NaN')",
        "@([datetime]'2026-01-02')",
        "1 `\n  + 2",
        "$a -eq 5",
        "'a' -replace 'b'",
        "1..3",
        "'a'.Length",
    ],
)
def test_it_shows_everything_else_as_an_expression(text: str) -> None:
    first, found, last = read(f"$first = 1\n$x = {text} # Help\n$last = 2", "powershell").parameters
    assert (found.expression, found.default, found.type, found.help) == (text, None, "any", "Help")
    assert (first.default, last.default) == (1, 2)


@pytest.mark.parametrize(
    ("source", "declared"),
    [
        ("[int]$x = 5", {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1, "default": 5}),
        ("[System.Int64] $x = 5", {"type": "integer", "maximum": 2**63 - 1}),
        ("[byte]$x = 5", {"type": "integer", "minimum": 0, "maximum": 255}),
        ("[double]$x = 5", {"type": "number", "floating": True, "default": 5}),
        ("[string]$x = 'a'", {"type": "string", "nullable": False}),
        ("[bool]$x = $true", {"type": "boolean"}),
        ("[switch]$x = $true", {"type": "boolean"}),
        ("[Nullable[int]]$x = $null", {"type": "integer", "nullable": True, "default": None}),
        ("[string[]]$x = @('a')", {"type": "array", "items": "string"}),
        ("[int[]]$x = 1, 2", {"type": "array", "items": "integer", "default": [1, 2]}),
        ("[hashtable]$x = @{}", {"type": "object", "python": "hashtable"}),
        ("[datetime]$x = '2026-01-02T03:04'", {"type": "datetime", "default": "2026-01-02T03:04"}),
        ("[datetime]$x = '2026-01-02'", {"type": "date", "default": "2026-01-02"}),
        ("[ValidateSet('a', 'b')]$x = 'a'", {"type": "string", "choices": ("a", "b")}),
        ("[ValidateSet(1, 2)]\n[int]\n$x = 1", {"type": "integer", "choices": (1, 2)}),
        ("[ValidateRange(1, 10)][double]$x = 2", {"type": "number", "minimum": 1, "maximum": 10}),
        ("[ValidateNotNull()][uri]$x = 'http://a'", {"type": "string", "default": "http://a"}),
        ("[int]$x = '5'", {"type": "integer", "expression": "'5'"}),
        ("[string]$x = 5", {"type": "string", "expression": "5"}),
        ("[datetime]$x = 'soon'", {"type": "datetime", "expression": "'soon'"}),
    ],
)
def test_it_reads_types(source: str, declared: dict[str, Any]) -> None:
    found = only(source, "powershell")
    assert {name: getattr(found, name) for name in declared} == declared


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("$a, $b = 1, 2", "its own line"),
        ("$a = $b = 1", "its own line"),
        ("$a += 1", "changes a value"),
        ("$a++", "changes a value"),
        ("$a.b = 1", "Only '$name = value'"),
        ("$a[0] = 1", "Only '$name = value'"),
        ("$env:A = 1", "Only '$name = value'"),
        ("$script:a = 1", "Only '$name = value'"),
        ("Set-Variable a 1", "assigns nothing"),
        ("Write-Host 'a = 1'", "assigns nothing"),
        ("param(\n  [int]$a = 1\n)", "param block"),
        ("function f {\n  $a = 1\n}", "function"),
        ("$f = { $a = 1 }", "function"),
        ("if ($b) {\n  $a = 1\n}\nelse {\n  $a = 2\n}", "inside a block"),
        ("foreach ($b in 1, 2) { $a = $b }", "inside a block"),
        ("try { $a = 1 }\ncatch { $a = 2 }", "inside a block"),
        ("$a = (1", "no partner"),
        ("$a = 'torn", "no partner"),
        ('$a = "$(torn', "no partner"),
        ("$a = 1)", "no partner"),
        ("@'torn", "no partner"),
    ],
)
def test_it_tells_what_it_does_not_read_and_reads_the_rest(source: str, told: str) -> None:
    found = read(f"$first = 1\n{source}\n$last = 2", "powershell")
    assert [parameter.name for parameter in found.parameters] == ["first", "last"]
    assert [problem.line for problem in found.problems] == [2]
    assert told in found.problems[0].message


def test_it_says_nothing_of_comments_and_modules() -> None:
    source = "using namespace System\nImport-Module A\n<# $a = 1\n#>\n# Region\n$x = 1; # $b = 1"
    found = only(source, "powershell")
    assert (found.name, found.help) == ("x", "$b = 1")


def test_it_knows_that_names_do_not_differ_in_capitals_alone() -> None:
    found = read("$Region = 'us'\n$n = 1\n$region = 'fr'", "powershell")
    assert [(parameter.name, parameter.default) for parameter in found.parameters] == [("n", 1), ("region", "fr")]
    assert [(problem.line, problem.message) for problem in found.problems] == [
        (1, "PowerShell does not tell Region and region apart; the last counts.")
    ]


def test_it_edits_right_hand_sides_only() -> None:
    source = "$x = 'us' # '😀'\n[int]$n=5;$y = @(1,\n 2) <# two #>\r\n$h = @{a = 1}\n${my x} = \"a\"\n$f = 0.5"
    values: dict[str, Any] = {"x": "it's", "n": 6, "y": [3], "h": {"b": {}}, "my x": 'a$"', "f": 2}
    assert edited(source, values, "powershell") == (
        "$x = 'it''s' # '😀'\n[int]$n=6;$y = @(3) <# two #>\r\n$h = @{'b' = @{}}\n${my x} = \"a`$`\"\"\n$f = 2.0"
    )
    assert edited(source, {"x": "us", "n": 5, "y": [1, 2], "h": {"a": 1}, "f": 0.5}, "powershell") == source


@pytest.mark.parametrize(
    ("declared", "sent", "expected"),
    [
        ("$x = 1.5", 2, "$x = 2.0"),
        ("$x = 1.5", "-Infinity", "$x = [double]::NegativeInfinity"),
        ("$x = 1", 10**20, f"$x = [bigint]::Parse('{10**20}', [cultureinfo]::InvariantCulture)"),
        ("$x = 'a'", "\u2019 \u201c", "$x = '\u2019\u2019 \u201c'"),
        ("$x = 'a'", "a\nb\x1b\x85$", '$x = "a`nb$([char]0x001b)$([char]0x0085)`$"'),
        ("$x = @(1)", [[1]], None),
        ("$x = @()", [[1]], "$x = @(, @(1))"),
        ("$x = @()", [{}], "$x = @([ordered]@{})"),
        ("$x = $null", {"a": [True, None]}, "$x = [ordered]@{'a' = @($true, $null)}"),
        ("$x = @{}", {"a": {}}, "$x = @{'a' = @{}}"),
        ("$x = [datetime]'2026-01-02'", "2026-02-03", "$x = [datetime]'2026-02-03'"),
        ("[datetimeoffset]$x = '2026-01-02T03:04Z'", "2026-02-03T04:05Z", "$x = [datetimeoffset]'2026-02-03T04:05Z'"),
        ("${my `} x} = 1", 2, "${my `} x} = 2"),
    ],
)
def test_it_keeps_what_the_cell_declares(declared: str, sent: Any, expected: str | None) -> None:
    parameter = only(declared, "powershell")
    if expected is not None:
        assert injected_source("powershell", [parameter], {parameter.name: sent}) == f"# Parameters\n{expected}"
    else:
        assert parameter.items == "integer"


@pytest.mark.parametrize("value", [{"a": 1, "A": 2}, [{"é": 1, "É": 2}]])
def test_it_refuses_names_that_powershell_does_not_tell_apart(value: Any) -> None:
    with pytest.raises(Invalid, match="does not tell") as refused:
        literal("powershell", value, ANY)
    assert refused.value.reason == "value_not_representable"


def names_apart(value: Any) -> bool:
    if isinstance(value, dict):
        return len({name.upper() for name in value}) == len(value) and all(map(names_apart, value.values()))
    return all(map(names_apart, value)) if isinstance(value, list) else True


@given(values.filter(names_apart), st.sampled_from("'\"\u2018\u201e"))
def test_it_reads_back_what_it_writes(value: Any, quote: str) -> None:
    found = only(f"$x = {literal('powershell', value, ANY, quote)} # Help", "powershell")
    assert found.expression is None
    assert identical(found.default, value)


@given(st.text(st.sampled_from("'\"`$(){}[]@#<>\\\nx1 ,;.=-|:\u2019\u201c"), max_size=30))
def test_it_survives_any_text(text: str) -> None:
    read(f"$first = 1\n{text}", "powershell")


@pytest.mark.parametrize(
    "text", ["(", "[", "@{", '"', '"$(', "'", "@'\n", "<#", "${", "`\n", "[a]\n", "a |\n", "= ", ", "]
)
def test_it_gives_up_on_text_that_is_broken_all_over(text: str) -> None:
    found = read(f"$first = 1\n$x = {text * 4_000}", "powershell")
    assert found.parameters[0].name == "first"
    assert len(found.parameters) <= 2
    assert len(found.problems) <= 101
