"""Whether one value is one that a parameter takes: its JSON Schema says so, and here it is said in a sentence."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .formats import FORMATS
from .formats import is_decimal as is_decimal
from .formats import read_datetime as read_datetime
from .model import DECLARED, Json, Parameter
from .schema import HASHABLE, NON_FINITE_PATTERN, value_schema

if TYPE_CHECKING:
    from jsonschema import ValidationError

MOST_CHOICES_TOLD = 20
LONGEST_NAME_TOLD = 40

_PLAIN: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "any": (str, int, float, bool, list, dict, type(None)),
    "date": (),
    "datetime": (),
}
_MORE_DECLARED = tuple(name for name in DECLARED if name not in ("nullable", "floating"))

_CALLED = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object (names with values)",
}


def misfit(parameter: Parameter, value: Json) -> str | None:
    """Why ``value`` is none that ``parameter`` takes, as a sentence; None where it fits."""
    if _fits_plainly(parameter, value):
        return None
    from .validating import first_error

    error = first_error(value_schema(parameter), value)
    return _sentence(error) if error is not None else None


def _fits_plainly(parameter: Parameter, value: Json) -> bool:
    """What the schema would say of a plain value where nothing more than its type is declared.

    It saves the import of the library, which can take a second, wherever parameters are plain.
    """
    plain = type(value) in _PLAIN[parameter.type] or (value is None and parameter.nullable)
    return plain and all(getattr(parameter, name) is None for name in _MORE_DECLARED)


def _sentence(error: ValidationError) -> str:
    if error.validator == "type" and error.schema.get("type") == list(HASHABLE):
        return "A set holds only texts, numbers, true, false and null."
    if error.instance is None:
        return f"{_place(error.absolute_path)} cannot be empty (null)."
    return f"{_place(error.absolute_path)} must {_demand(error)}."


def _place(path: Sequence[str | int]) -> str:
    """``It``, ``Item 3``, ``"alpha"``, ``Item 3 of "alpha"``."""
    steps = [f"item {step + 1}" if isinstance(step, int) else _named(step) for step in reversed(path)]
    told = " of ".join(steps) or "it"
    return told[0].upper() + told[1:]


def _named(name: str) -> str:
    return _shown(name if len(name) <= LONGEST_NAME_TOLD else name[:LONGEST_NAME_TOLD] + "…")


def _shown(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)


def _demand(error: ValidationError) -> str:
    schema: dict[str, Any] = error.schema
    limit = error.validator_value
    match error.validator:
        case "type" | "format":
            return f"be {_called(schema)}"
        case "pattern" if limit == NON_FINITE_PATTERN:
            return f"be {_CALLED['number']}"
        case "pattern":
            return f"match the pattern {limit}"
        case "enum":
            return f"be one of {_choices(limit)}"
        case "minItems" | "maxItems" if schema.get("minItems") == schema.get("maxItems"):
            return f"have exactly {_counted(limit, 'item')}"
    bound = _BOUNDS.get(str(error.validator))
    if bound is None:  # no schema of ours has another keyword
        return "be something else"
    words, noun = bound
    return f"{words} {_counted(limit, noun) if noun else limit}"


_BOUNDS = {
    "minimum": ("be at least", ""),
    "maximum": ("be at most", ""),
    "exclusiveMinimum": ("be more than", ""),
    "exclusiveMaximum": ("be less than", ""),
    "multipleOf": ("be a multiple of", ""),
    "minLength": ("have at least", "character"),
    "maxLength": ("have at most", "character"),
    "minItems": ("have at least", "item"),
    "maxItems": ("have at most", "item"),
    "minProperties": ("have at least", "member"),
    "maxProperties": ("have at most", "member"),
}


def _called(schema: dict[str, Any]) -> str:
    if schema.get("format") in FORMATS:
        return FORMATS[schema["format"]][1]
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if schema.get("pattern") == NON_FINITE_PATTERN:
        types = ["number"]
    return " or ".join(_CALLED[kind] for kind in types if kind != "null")


def _choices(choices: list[Json]) -> str:
    told = ", ".join(map(_shown, [choice for choice in choices if choice is not None][:MOST_CHOICES_TOLD]))
    return told if len(choices) <= MOST_CHOICES_TOLD else f"{told}, … ({len(choices)} in all)"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
