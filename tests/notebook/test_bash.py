"""Everything is a text in bash: what is read as what, and what arrives, is our own choice; the package tells it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

from jupyter_notebook_sched.errors import Invalid
from jupyter_notebook_sched.notebook.parameters.injecting import injected_source
from jupyter_notebook_sched.notebook.parameters.literals import literal
from jupyter_notebook_sched.notebook.parameters.model import Parameter

from .arrivals import as_texts, holds_nul
from .bash_session import values_after
from .json_values import identical, values
from .parameter_cells import edited, only, read, right_hand_side

ANY = Parameter("x", "any", nullable=True)

LITERALS: list[tuple[str, str, Any]] = [
    ("us", "string", "us"),
    ("'us'", "string", "us"),
    ("'a = b # c'", "string", "a = b # c"),
    ("'a $b `c` \\'", "string", "a $b `c` \\"),
    ('"it\'s \\"quoted\\" \\$5 \\\\ \\n $ 100%"', "string", 'it\'s "quoted" $5 \\ \\n $ 100%'),
    (r"$'a\tb\'c\\\x41\101\u00e9\xc3\xa9'", "string", "a\tb'c\\AAéé"),
    ("'a\nb'", "string", "a\nb"),
    ('"a\nb\\\nc"', "string", "a\nbc"),
    ("a'b c'\"d\"\\ e", "string", "ab cd e"),
    ("a=b", "string", "a=b"),
    ("a#b", "string", "a#b"),
    ("a,b/c.d:e", "string", "a,b/c.d:e"),
    ("*.csv", "string", "*.csv"),
    ("", "string", ""),
    ("''", "string", ""),
    ("5", "integer", 5),
    ("-5", "integer", -5),
    ("12345678901234567890123", "integer", 12345678901234567890123),
    ("'5'", "string", "5"),
    ("007", "string", "007"),
    ("+5", "string", "+5"),
    ("1.5", "number", 1.5),
    ("-1e-07", "number", -1e-07),
    ("1e999", "string", "1e999"),
    ("true", "boolean", True),
    ("false", "boolean", False),
    ("'true'", "string", "true"),
    ("True", "string", "True"),
    ("(1 2 3)", "array", [1, 2, 3]),
    ("(1 2.5)", "array", [1, 2.5]),
    ("(a 'b c' \"d\")", "array", ["a", "b c", "d"]),
    ("(\n  a # one\n  b\n)", "array", ["a", "b"]),
    ("(1 a true)", "array", ["1", "a", "true"]),
    ("()", "array", []),
]


@pytest.mark.parametrize("before", ["x=", "export x=", "declare x=", "typeset -x -g x=", "x+=1; x="])
@pytest.mark.parametrize(("text", "type_", "default"), LITERALS)
def test_it_reads_literals(text: str, type_: str, default: Any, before: str) -> None:
    source = f"# Above\n{before}{text} # Help"
    found = read(source, "bash").parameters[-1]
    assert (found.name, found.type, found.help, found.expression) == ("x", type_, "Help", None)
    assert identical(found.default, default)
    assert right_hand_side(source, found) == text


def test_it_agrees_with_bash_about_literals() -> None:
    names = [f"x{number}" for number in range(len(LITERALS))]
    code = "\n".join(f"{name}={text}" for name, (text, _, _) in zip(names, LITERALS, strict=True))
    for found, (text, _, default) in zip(values_after(code, names), LITERALS, strict=True):
        assert found == as_texts(default), text


@pytest.mark.parametrize(
    "text",
    [
        "$HOME/x",
        '"$HOME/x"',
        '"a ${b} c"',
        "${x:-us}",
        "$(date +%F)",
        '"$(echo "a # b" \')\')"',
        "`date`",
        "$((1 + 2))",
        "$1",
        "~/data",
        "/a:~/b",
        "(*.csv)",
        "(a{1,2})",
        "({1..3})",
        '("${a[@]}")',
        "([3]=a [5]=b)",
        r"$'\cA'",
        r"$'\0'",
        r"$'\xff'",
    ],
)
def test_it_shows_what_bash_would_expand_as_an_expression(text: str) -> None:
    found = read(f"first=1\nx={text} # Help\nlast=2", "bash")
    names = {parameter.name: parameter for parameter in found.parameters}
    assert (names["first"].default, names["last"].default) == (1, 2)
    assert (names["x"].expression, names["x"].default, names["x"].help) == (text, None, "Help")
    assert names["x"].type == ("array" if text.startswith("(") else "any")


@pytest.mark.parametrize(
    ("source", "declared"),
    [
        ("declare -i n=5", {"type": "integer", "default": 5, "minimum": -(2**63), "maximum": 2**63 - 1}),
        ("declare -i n='5'", {"type": "integer", "default": 5}),
        ("declare -i n=2+3", {"type": "integer", "expression": "2+3"}),
        ("declare -a n=(a b)", {"type": "array", "default": ["a", "b"], "items": "string"}),
        ("declare -ai n=(1 2)", {"type": "array", "default": [1, 2], "items": "integer"}),
        (
            'declare -A n=([a]=1 [\'b c\']="x" ["d"]=true)',
            {"type": "object", "default": {"a": 1, "b c": "x", "d": True}},
        ),
        ("declare -A n=([a]=$b)", {"type": "object", "expression": "([a]=$b)"}),
        ("declare -A n=()", {"type": "object", "default": {}}),
    ],
)
def test_it_reads_what_declare_says(source: str, declared: dict[str, Any]) -> None:
    found = only(source, "bash")
    assert {name: getattr(found, name) for name in declared} == declared


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("readonly a=1", "leave out 'readonly'"),
        ("declare -r a=1", "leave out 'readonly'"),
        ("export -n a=1", "assigns nothing"),
        ("declare -u a=x", "Bash changes"),
        ("declare -n a=b", "Bash changes"),
        ("declare a", "Give the variable a value"),
        ("declare -a a=1", "elements in brackets"),
        ("a=1 b=2", "its own line"),
        ("a=1 cmd", "Only 'name=value'"),
        ("a= 1", "Only 'name=value'"),
        ("a = 1", "assigns nothing"),
        ("a+=1", "changes a value"),
        ("a[0]=1", "whole array"),
        ("a=1 && b=2", "its own line"),
        ("a=1 &", "Only 'name=value'"),
        ("if true; then\n  a=1\nfi", "inside a block"),
        ("for a in 1 2; do\n  b=1\ndone", "inside a block"),
        ("while read a; do b=1; done < x", "inside a block"),
        ("case $x in\n  a) b=1 ;;\n  (c|d) e=1 ;;\nesac", "inside a block"),
        ("{ a=1; }", "inside a block"),
        ("( a=1 )", "inside a block"),
        ("f() {\n  a=1\n}", "function"),
        ("function f {\n  a=1\n}", "function"),
        ("cat <<EOF\na=1\nit's \"\nEOF", "assigns nothing"),
        ("cat <<-'EOF' <<B | wc\n\ta=1\n\tEOF\nb=1\nB", "assigns nothing"),
        ("echo a=1", "assigns nothing"),
        ("echo if done fi }", "assigns nothing"),
        ("echo \\\n  a=1", "assigns nothing"),
        ("a=(1", "no partner"),
        ("a='torn", "no partner"),
        ('a="$(torn', "no partner"),
        ("a=1)", "no partner"),
    ],
)
def test_it_tells_what_it_does_not_read_and_reads_the_rest(source: str, told: str) -> None:
    found = read(f"first=1\n{source}\nlast=2", "bash")
    assert [parameter.name for parameter in found.parameters] == ["first", "last"]
    assert [problem.line for problem in found.problems] == [2]
    assert told in found.problems[0].message


def test_it_declares_a_table_as_one() -> None:
    parameter = Parameter("x", "object")
    written = injected_source("bash", [parameter], {"x": {"a": 1}})
    assert written == "# Parameters\ndeclare -A x=(['a']=1)"
    assert (only(written, "bash").type, values_after(written, ["x"])) == ("object", [{"a": "1"}])


def test_it_says_nothing_of_comments_and_of_what_sets_bash_up() -> None:
    source = (
        "#!/usr/bin/env bash\nset -euo pipefail\nshopt -s nullglob; cd /tmp\n. ./env.sh\nexport PATH\n# Region\nx=1"
    )
    found = only(source, "bash")
    assert (found.name, found.help) == ("x", "Region")


def test_it_edits_right_hand_sides_only() -> None:
    source = "x='us' # '😀'\nn=5;y=(1\n 2) # two\r\nexport d=\"a\" e=b\nw=plain\nempty=\ndeclare -A t=([a]=1)\n"
    values: dict[str, Any] = {"x": "it's $5", "n": 6, "y": [3, 4], "w": "other", "empty": "a b", "t": {"a b": "c'd"}}
    assert edited(source, values, "bash") == (
        "x=$'it\\'s $5' # '😀'\nn=6;y=(3 4) # two\r\nexport d=\"a\" e=b\nw=other\nempty='a b'\n"
        "declare -A t=(['a b']=\"c'd\")\n"
    )
    assert edited(source, {"x": "us", "n": 5, "y": [1, 2], "empty": ""}, "bash") == source


@pytest.mark.parametrize(
    ("replaced", "text", "expected"),
    [
        ("'us'", "fr", "'fr'"),
        ('"us"', "fr", '"fr"'),
        ('"us"', 'a $b "c" `d` \\', '"a \\$b \\"c\\" \\`d\\` \\\\"'),
        ('"us"', "a!", "'a!'"),
        ("us", "fr", "fr"),
        ("us", "a b", "'a b'"),
        ("us", "5", "'5'"),
        ("us", "true", "'true'"),
        ("us", "~/x", "'~/x'"),
        ("us", "", "''"),
        ("$HOME", "a", "'a'"),
        ("", "a", "'a'"),
        ("'us'", "a\tb\n", "$'a\\tb\\n'"),
        ("'us'", "it's", '"it\'s"'),
        ("'us'", "it's!", "$'it\\'s!'"),
        ("'us'", "a\t\\", "$'a\\t\\x5c'"),
        ("'us'", "\u2028é", "$'\\xe2\\x80\\xa8é'"),
    ],
)
def test_it_keeps_quotes_where_they_are_safe(replaced: str, text: str, expected: str) -> None:
    assert literal("bash", text, Parameter("x", "string"), replaced) == expected


@pytest.mark.parametrize(
    ("declared", "sent", "expected"),
    [
        ("x=1", 2, "2"),
        ("x=1.5", 2, "2"),
        ("x=1.5", "NaN", "NaN"),
        ("x=1.5", "-Infinity", "-Infinity"),
        ("x=true", False, "false"),
        ("x=(1 2)", [3], ["3"]),
        ("x=(a)", [], []),
        ("x=$y", None, ""),
        ("x=$y", {"a": [1]}, '{"a": [1]}'),
        ("x=$y", [[1], None], "[[1], null]"),
        ("x=$y", ["a b", 1], ["a b", "1"]),
        ("declare -a x=($y)", ["a", [1, "é"]], ["a", '[1, "é"]']),
        ("declare -A x=([a]=1)", {"b c": "$x", "]": [1], "@": None}, {"b c": "$x", "]": "[1]", "@": ""}),
        ("declare -i x=1", 7, "7"),
    ],
)
def test_it_gives_bash_what_was_sent(declared: str, sent: Any, expected: Any) -> None:
    parameter = only(declared, "bash")
    assert values_after(f"{declared}\n{injected_source('bash', [parameter], {'x': sent})}", ["x"]) == [expected]


@pytest.mark.parametrize(
    ("declared", "sent", "told"),
    [("x=a", "\0", "NUL"), ("x=(a)", ["a\0"], "NUL"), ("declare -A x=([a]=1)", {"": 1}, "empty name")],
)
def test_it_refuses_what_bash_cannot_hold(declared: str, sent: Any, told: str) -> None:
    with pytest.raises(Invalid, match=told) as refused:
        literal("bash", sent, only(declared, "bash"))
    assert refused.value.reason == "value_not_representable"


@settings(max_examples=12, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(st.lists(values.filter(lambda value: not holds_nul(as_texts(value))), min_size=30, max_size=60))
def test_it_sends_json_values_to_bash_unchanged(sent: list[Any]) -> None:
    parameters = [Parameter(f"x{number}", "any", nullable=True) for number in range(len(sent))]
    named = {parameter.name: value for parameter, value in zip(parameters, sent, strict=True)}
    arrived = values_after(injected_source("bash", parameters, named), list(named))
    for value, found in zip(sent, arrived, strict=True):
        assert found == as_texts(value), literal("bash", value, ANY)


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20), st.sampled_from(["", "'", '"', "us"])
)
def test_it_reads_any_text_that_it_writes(text: str, replaced: str) -> None:
    assert only(f"x={literal('bash', text, Parameter('x', 'string'), replaced)} # Help", "bash").default == text


@given(st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.integers(), st.booleans()))
def test_it_reads_any_number_that_it_writes(value: float) -> None:
    assert identical(only(f"x={literal('bash', value, ANY)}", "bash").default, value)


@given(st.text(st.sampled_from("'\"`$(){}[]\\\n\tx1 ;&|<>=#!~*-EOF"), max_size=30))
def test_it_survives_any_text(text: str) -> None:
    read(f"first=1\n{text}", "bash")


@pytest.mark.parametrize(
    "text", ["(", '"', '"$(', "${", "`", "if x\n", "done\n", "case x in\n", "<<EOF\n", "'\n", "$'\n", "{ "]
)
def test_it_gives_up_on_text_that_is_broken_all_over(text: str) -> None:
    found = read(f"first=1\nx={text * 4_000}", "bash")
    assert found.parameters[0].name == "first"
    assert len(found.parameters) <= 2
    assert len(found.problems) <= 101


class _Kernels(KernelManager):
    @property
    def kernel_spec(self) -> KernelSpec:
        argv = [sys.executable, "-m", "bash_kernel", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="Bash", language="bash")


@pytest.fixture(params=["C", "C.UTF-8"])
def kernel(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], str]]:
    """Runs cells in the real kernel, which types them at the prompt of an interactive bash."""
    monkeypatch.setenv("LC_ALL", request.param)
    manager = _Kernels()
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)

    def run(cell: str) -> str:
        told: list[str] = []
        hook = lambda message: told.append(message["content"].get("text", ""))  # noqa: E731
        client.execute_interactive(cell, output_hook=hook, timeout=60)
        return "".join(told)

    yield run
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def test_it_reaches_the_bash_kernel_unchanged(kernel: Callable[[str], str]) -> None:
    """A tab would complete a name there, an exclamation mark recall a command, in double quotes too."""
    sent = [
        "it's !!",
        "a!b",
        '"!x"',
        "a\tb",
        "a\nb\r\n",
        "\x03\x04\x1b[A\x7f",
        "é😀\u2028",
        "$x `y` \\",
        "x" * 5000,
        "#",
    ]
    kernel(injected_source("bash", [Parameter("x", "any", nullable=True)], {"x": sent}))
    told = kernel('printf "%s\\0" "${x[@]}" | od -An -v -tx1 | tr -d " \\n"')
    assert bytes.fromhex(told.strip()).decode().split("\0")[:-1] == sent
