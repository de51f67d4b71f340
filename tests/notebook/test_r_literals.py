from __future__ import annotations

import math
import random
import struct
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from jupyter_notebook_sched.errors import Invalid
from jupyter_notebook_sched.notebook.parameters.injecting import injected_source
from jupyter_notebook_sched.notebook.parameters.literals import literal
from jupyter_notebook_sched.notebook.parameters.model import Parameter

from .json_values import identical
from .parameter_cells import only
from .rscript import as_r_has_it, needs_r, values_after

ANY = Parameter("x", "any", nullable=True)

texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(-1000, 1000, places=3).map(float),
    texts,
    st.sampled_from(
        ["'", '"', "\\", "\\u0041", "\n", "\r", "\t", "\x7f", "\u2028", "é", "😀", "#", "...", "NA", "NULL"]
    ),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=8,
)


@needs_r
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(st.lists(values, min_size=20, max_size=40))
def test_it_sends_json_values_to_r_unchanged(sent: list[Any]) -> None:
    parameters = [Parameter(f"x{number}", "any", nullable=True) for number in range(len(sent))]
    named = {parameter.name: value for parameter, value in zip(parameters, sent, strict=True)}
    arrived = values_after(injected_source("r", parameters, named), list(named))
    for value, found in zip(sent, arrived, strict=True):
        assert identical(as_r_has_it(value), found), (value, found, literal("r", value, ANY))


@needs_r
def test_it_sends_floating_point_numbers_to_the_last_bit() -> None:
    bits = random.Random(7)
    drawn = [struct.unpack("<d", bits.randbytes(8))[0] for _ in range(20_000)]
    sent: list[Any] = [5e-324, -0.0, 1.7976931348623157e308, 2.2250738585072014e-308, *filter(math.isfinite, drawn)]
    (arrived,) = values_after(f"x <- {literal('r', sent, ANY)}", ["x"])
    assert [found.hex() for found in arrived] == [value.hex() for value in sent]


@needs_r
def test_it_sends_short_decimals_to_the_last_bit() -> None:
    sent = [number / 10**places for places in range(1, 16) for number in range(1, 3 * 10**7, 199_999)]
    (arrived,) = values_after(f"x <- {literal('r', sent, ANY)}", ["x"])
    assert [found.hex() for found in arrived] == [value.hex() for value in sent]


@needs_r
@pytest.mark.parametrize(
    ("declared", "sent", "expected"),
    [
        ("x <- 5L", 7, 7),
        ("x <- 5", 7, 7.0),
        ("x <- 5L", 3 * 10**9, 3e9),
        ("x <- 1.5", "-Infinity", -math.inf),
        ("x <- c(1L, 2L)", [3, 4], [3, 4]),
        ("x <- c('a', 'b')", [], []),
        ("x <- as.Date('2026-01-01')", "2026-02-03", "2026-02-03"),
        ("`my x` <- 1", 2, 2.0),
    ],
)
def test_it_keeps_what_the_cell_declares(declared: str, sent: Any, expected: Any) -> None:
    parameter = only(declared, "r")
    name = "x" if parameter.name == "x" else "`my x`"
    source = injected_source("r", [parameter], {parameter.name: sent}) + f"\ny <- {name}\nrm({name})"
    (arrived,) = values_after(source, ["y"])
    assert identical(arrived, expected)


@needs_r
@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("2026-02-03T04:05:06", "2026-02-03 04:05:06"),
        ("2026-02-03 04:05", "2026-02-03 04:05:00"),
        ("2026-02-03T04:05:06.25+02:00", "2026-02-03 02:05:06.25 UTC"),
        ("1900-01-01T00:00:00Z", "1900-01-01 00:00:00 UTC"),
    ],
)
def test_it_sends_moments(sent: str, expected: str) -> None:
    parameter = only("x <- as.POSIXct('2026-01-01 00:00:00')", "r")
    told = "y <- paste(c(format(x, '%Y-%m-%d %H:%M:%OS2'), attr(x, 'tzone')), collapse = ' '); rm(x)"
    (arrived,) = values_after(f"{injected_source('r', [parameter], {'x': sent})}\n{told}", ["y"])
    assert arrived.replace(".00", "").rstrip() == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "NULL"),
        (True, "TRUE"),
        (3, "3"),
        (-0.5, "-0.5"),
        (10**15, "0x1.c6bf526340000p+49"),
        ("it's", '"it\'s"'),
        ('say "hi"\n', '"say \\"hi\\"\\n"'),
        ("\x01é😀\u2028", '"\\u0001é😀\\u2028"'),
        ([1, 2.5], "c(1, 2.5)"),
        ([True, 1], "list(TRUE, 1)"),
        (["a", None], 'list("a", NULL)'),
        ([[1], ["a"]], 'list(c(1), c("a"))'),
        ([], "list()"),
        ({}, "structure(list(), names = character(0))"),
        ({"a b": 1, "c": None}, 'list("a b" = 1, "c" = NULL)'),
        ({"": 1}, 'structure(list(1), names = c(""))'),
    ],
)
def test_it_writes_base_r(value: Any, expected: str) -> None:
    assert literal("r", value, ANY) == expected


@pytest.mark.parametrize("value", [2**53 + 1, -(10**400), "a\0b", {"\0": 1}, "\ud83d"])
def test_it_refuses_what_r_cannot_hold(value: Any) -> None:
    with pytest.raises(Invalid) as refused:
        literal("r", value, ANY)
    assert refused.value.reason == "value_not_representable"
    assert refused.value.errors[0].field == "parameters.x"


def test_it_refuses_what_is_nested_deeper_than_r_reads() -> None:
    value: Any = 1
    for _ in range(60):
        value = [value]
    with pytest.raises(Invalid, match="nested"):
        literal("r", value, ANY)


@needs_r
def test_it_reads_back_the_deepest_value_it_writes() -> None:
    value: Any = 1
    for _ in range(44):
        value = [value, "x"]
    (arrived,) = values_after(f"x <- {literal('r', value, ANY)}", ["x"])
    assert identical(arrived, as_r_has_it(value))
