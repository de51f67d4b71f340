"""Jinja's sandbox, with less in it: no globals, no methods, our own filters, operators whose results are bounded.

To be imported only where a template is: it imports Jinja.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import StrictUndefined
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ...domain.secrets import missing_secret
from .blocks import TemplateFault
from .filters import FILTERS, MOST_CHARACTERS
from .moments import ATTRIBUTES, Day, Moment

MOST_BITS = 13_000  # as in parameter values: what Python writes down in decimal
TESTS = frozenset({"none", "odd", "even", "divisibleby", "string", "number"})
_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
}


class Secrets:
    """``secret('NAME')`` in a template. ``derived``: texts that templates made with them."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._known = known
        self.derived: list[str] = []

    def __call__(self, name: str) -> str:
        if name not in self._known:
            raise TemplateFault(missing_secret(name))
        return self._known[name]


class Sandbox(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset({*_OPERATORS, "**"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator not in _OPERATORS:
            raise TypeError(f"{operator} is not available in templates")
        if operator == "+" and _joinable(left, right):
            if len(left) + len(right) > MOST_CHARACTERS:
                raise ValueError(f"that would be larger than {MOST_CHARACTERS // 1024} KiB")
        elif not (isinstance(left, int | float) and isinstance(right, int | float)):
            raise TypeError(f"{operator} takes numbers; put texts together with ~, and shift moments with a filter")
        elif operator == "*" and _bits(left) + _bits(right) > MOST_BITS:
            raise OverflowError("that number would be too large")
        return _OPERATORS[operator](left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return isinstance(obj, Moment | Day) and attr in ATTRIBUTES

    def is_safe_callable(self, obj: Any) -> bool:
        return isinstance(obj, Secrets)


def _joinable(left: Any, right: Any) -> bool:
    return isinstance(left, str | list) and type(left) is type(right)


def _bits(number: int | float) -> int:
    return number.bit_length() if isinstance(number, int) else 0


@functools.cache
def sandbox() -> Sandbox:
    made = Sandbox(undefined=StrictUndefined, optimized=False, autoescape=False)
    made.globals.clear()
    made.filters = dict(FILTERS)
    made.tests = {name: made.tests[name] for name in TESTS}
    return made
