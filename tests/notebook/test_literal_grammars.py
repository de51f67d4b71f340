"""Every JSON value as a literal, read by a grammar of the language that is not ours: it means what was sent."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_notebook_sched.errors import Invalid
from jupyter_notebook_sched.notebook.parameters.injecting import injected_source
from jupyter_notebook_sched.notebook.parameters.model import Parameter

from .arrivals import as_doubles, as_texts, holds_nul
from .grammars import bash, javascript, julia, powershell
from .json_values import identical, values

ODD_TEXTS = [
    *("'", '"', "`", "\\", "''", '"""', "${x}", "$(x)", "`x`", "$x", "\\$x", "!", "!!", "!x", "#", ";", "//", "/*"),
    *("\u2018", "\u2019\u2019", "\u201c", "\u201e$x", "\u2028\u2029", "\x85", "\x00", "\x00" + "1", "\x1b[0m", "\x7f"),
    *("\n", "\r\n", "\r", "\t", "\v\f", "é", "日本語", "😀", "\U000e0001f", "\ufeff", "\u202e", "e\u0301", "\xa0", " "),
    *(
        "{{ x }}",
        "@(",
        "@'",
        "$null",
        "null",
        "true",
        "NaN",
        "5",
        "-",
        "__proto__",
        "</script>",
        "%s",
        "\\u0041",
        "\\x41",
    ),
]
sent = st.one_of(
    values, st.sampled_from(ODD_TEXTS), st.text(st.sampled_from("'\"`$\\\n\u2019\u201cé{(!1x#"), max_size=8)
)


def told(language: str, value: Any) -> str:
    """The injected cell without its comment."""
    comment, _, line = injected_source(language, [Parameter("x", "any", nullable=True)], {"x": value}).partition("\n")
    assert comment.lstrip("#/ ") == "Parameters"
    assert len(line.splitlines()) == 1 or language != "bash"
    return line


GRAMMARS: dict[str, tuple[Callable[[str], tuple[str, Any]], Callable[[Any], Any]]] = {
    "bash": (bash.assigned, as_texts),
    "javascript": (javascript.assigned, as_doubles),
    "julia": (julia.assigned, lambda value: value),
    "powershell": (powershell.assigned, lambda value: value),
    "typescript": (lambda source: javascript.assigned(source, typescript=True), as_doubles),
}


@pytest.mark.parametrize("language", GRAMMARS)
@given(sent)
def test_it_writes_what_a_grammar_of_the_language_reads_as_the_value(language: str, value: Any) -> None:
    assigned, held = GRAMMARS[language]
    if cannot_be_held(language, value):
        with pytest.raises(Invalid) as refused:
            told(language, value)
        assert refused.value.reason == "value_not_representable"
        return
    line = told(language, value)
    assert identical(assigned(line), ("x", held(value))), line


def cannot_be_held(language: str, value: Any) -> bool:
    if language == "bash":
        return holds_nul(as_texts(value))
    return language == "powershell" and has_names_alike(value)


def has_names_alike(value: Any) -> bool:
    inner = value if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else []
    alike = isinstance(value, dict) and len({name.upper() for name in value}) < len(value)
    return alike or any(map(has_names_alike, inner))


ODD = [(name, text) for name in GRAMMARS for text in ODD_TEXTS if not (name == "bash" and "\0" in text)]


@pytest.mark.parametrize(("language", "text"), ODD)
def test_it_writes_odd_texts(language: str, text: str) -> None:
    assigned, _ = GRAMMARS[language]
    assert assigned(told(language, text)) == ("x", text)
    if language != "bash":
        assert assigned(told(language, {text: [text]})) == ("x", {text: [text]})


@pytest.mark.parametrize("language", ["javascript", "julia", "powershell", "typescript"])
@pytest.mark.parametrize("sent", ["NaN", "Infinity", "-Infinity"])
def test_it_writes_numbers_that_json_has_not(language: str, sent: str) -> None:
    source = injected_source(language, [Parameter("x", "number")], {"x": sent})
    _, found = GRAMMARS[language][0](source.partition("\n")[2])
    assert (math.isnan(found) and sent == "NaN") or found == float(sent)


@pytest.mark.parametrize("language", [*GRAMMARS, "r"])
@pytest.mark.parametrize("value", ["\ud83d", ["a\udc00"], {"\ud800": 1}])
def test_it_refuses_half_a_surrogate_pair(language: str, value: Any) -> None:
    with pytest.raises(Invalid, match="half a surrogate pair") as refused:
        told(language, value)
    assert (refused.value.reason, refused.value.errors[0].field) == ("value_not_representable", "parameters.x")
