"""JSON Schema as these parameters mean it, by the ``jsonschema`` library; import it when a value has to be checked."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend

from .formats import FORMATS
from .model import NON_FINITE, same_value


def first_error(schema: dict[str, Any], value: Any) -> ValidationError | None:
    """The first thing by which ``value`` does not fit ``schema``; the schema's own keywords come in its order."""
    return next(_Validator(schema, format_checker=_formats).iter_errors(value), None)


def _is_number(checker: object, value: object) -> bool:
    return _as_number(value) is not None


def _as_number(value: object) -> int | float | None:
    """On the wire ``"NaN"``, ``"Infinity"`` and ``"-Infinity"`` are numbers too (API.md, *Parameters*)."""
    if isinstance(value, str):
        return NON_FINITE.get(value)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _bound(within: Callable[[Any, Any], bool]) -> Callable[..., Iterator[ValidationError]]:
    """NaN is inside no bounds: no comparison with it holds."""

    def check(validator: object, bound: float, value: object, schema: object) -> Iterator[ValidationError]:
        number = _as_number(value)
        if number is not None and not within(number, bound):
            yield ValidationError("out of bounds")

    return check


def _multiple(validator: object, step: float, value: object, schema: object) -> Iterator[ValidationError]:
    """As the numbers are written: 0.3 is a multiple of 0.1, though their binary fractions are not."""
    number = _as_number(value)
    if number is None:
        return
    finite = isinstance(number, int) or abs(number) < float("inf")
    if not finite or (Fraction(str(number)) / Fraction(str(step))).denominator != 1:
        yield ValidationError("no multiple")


def _one_of(validator: object, choices: list[Any], value: Any, schema: object) -> Iterator[ValidationError]:
    if not any(same_value(choice, value) for choice in choices):
        yield ValidationError("no choice")


def _pattern(validator: object, pattern: str, value: object, schema: object) -> Iterator[ValidationError]:
    """As in the regular expressions of ECMA-262, which JSON Schema uses, ``$`` is not also before a last line break."""
    ends = pattern.endswith("$") and not pattern.endswith("\\$")
    if isinstance(value, str) and not re.search(pattern[:-1] + r"\Z" if ends else pattern, value):
        yield ValidationError("does not match")


def _items(validator: Any, items: Any, value: object, schema: dict[str, Any]) -> Iterator[ValidationError]:
    """Elements of one plain type are told in one pass; a validator each would take seconds for a long list."""
    kind = items.get("type") if isinstance(items, dict) and len(items) == 1 else None
    if not isinstance(value, list) or items == {}:
        return
    if isinstance(kind, str):
        wrong = next((place for place, item in enumerate(value) if not validator.is_type(item, kind)), None)
        if wrong is None:
            return
        yield from validator.descend(value[wrong], items, path=wrong)
    else:
        yield from Draft202012Validator.VALIDATORS["items"](validator, items, value, schema)


_formats = FormatChecker(formats=())
for _name, (_check, _) in FORMATS.items():
    _formats.checks(_name)(lambda value, check=_check: not isinstance(value, str) or check(value))

_Validator = extend(
    Draft202012Validator,
    {
        "minimum": _bound(operator.ge),
        "maximum": _bound(operator.le),
        "exclusiveMinimum": _bound(operator.gt),
        "exclusiveMaximum": _bound(operator.lt),
        "multipleOf": _multiple,
        "enum": _one_of,
        "items": _items,
        "pattern": _pattern,
    },
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("number", _is_number),
)
