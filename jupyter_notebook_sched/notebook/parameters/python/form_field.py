"""Google Colab's form fields: ``x = 1 #@param {type:"slider", min:0, max:10}``, ``#@param ["a", "b"]``.

There is no specification; the rules are those of Colab's own example notebook on forms, and of what notebooks carry.
"""

from __future__ import annotations

import ast
import math
import re
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from ..model import Json, Value
from .annotation import UNDECLARED, Annotation
from .loose_json import NotReadable, read_loose
from .names import Names
from .parsing import parsed_expression
from .source import is_expression
from .value import read_value

PARAM = re.compile(r"#\s*@param(?![\w-])\s*:?")
_MORE_COMMENT = re.compile(r"\s*#?\s*(?:@markdown\b)?\s*")
_TYPES = {
    **dict.fromkeys(("string", "str", "text"), Annotation("string")),
    **dict.fromkeys(("integer", "int"), Annotation("integer")),
    **dict.fromkeys(("number", "float", "double"), Annotation("number")),
    **dict.fromkeys(("boolean", "bool"), Annotation("boolean")),
    "date": Annotation("date"),
    "raw": UNDECLARED,
    "slider": UNDECLARED,
}
_TOLD_TYPES = ("string", "integer", "number", "boolean", "date", "slider", "raw")
_SETTINGS = frozenset(
    {
        *("type", "min", "max", "step", "allow-input", "allowinput", "placeholder", "istemplate"),
        *("display-mode", "run", "form-width", "title"),
    }
)


@dataclass(slots=True)
class FormField:
    """What stands behind ``#@param``."""

    choices: list[Json] | None = None
    settings: dict[str, Json] = field(default_factory=dict)
    problem: str | None = None
    help: str | None = None

    @property
    def raw(self) -> bool:
        return self.settings.get("type") == "raw"

    @property
    def takes_other_input(self) -> bool:
        return bool(self.settings.get("allow-input", self.settings.get("allowinput", False)))


@dataclass(frozen=True, slots=True)
class Field:
    """A form field held against the value beside it. ``source``: values are Python expressions."""

    declared: Annotation = UNDECLARED
    control: str | None = None
    placeholder: str | None = None
    source: bool = False


def read_form_field(text: str) -> FormField:
    """``text`` follows ``@param``; what cannot be read is told in ``problem``, and the rest counts."""
    found = FormField()
    position = 0
    try:
        while (start := _next_bracket(text, position)) is not None:
            value, position = read_loose(text, start)
            if isinstance(value, list):
                found.choices = value
            elif isinstance(value, dict):
                found.settings |= {key.lower(): setting for key, setting in value.items()}
    except NotReadable as error:
        found.problem = f"The form field behind @param cannot be read: {error}."
        return found
    found.help = text[position:].removeprefix(_MORE_COMMENT.match(text[position:])[0]).strip() or None  # type: ignore[index]
    found.problem = _unknown(found.settings)
    return found


def _next_bracket(text: str, position: int) -> int | None:
    rest = text[position:]
    start = position + len(rest) - len(rest.lstrip(" \t,"))
    return start if text[start : start + 1] in ("[", "{") and text[start : start + 1] else None


def _unknown(settings: dict[str, Json]) -> str | None:
    kind = settings.get("type")
    if kind is not None and (not isinstance(kind, str) or kind.lower() not in _TYPES):
        return f"The form field has the type {kind!r}, which is none of {', '.join(_TOLD_TYPES)}."
    unknown = [key for key in settings if key not in _SETTINGS]
    return f"The form field has the setting {unknown[0]!r}, which means nothing there." if unknown else None


def as_declared(form: FormField, value: Value | None, names: Names) -> Field:
    """What the field declares of a parameter whose default is ``value`` (None: an expression)."""
    kind = str(form.settings.get("type", "")).lower()
    placeholder = form.settings.get("placeholder")
    declared = Field(_TYPES.get(kind, UNDECLARED), placeholder=placeholder if isinstance(placeholder, str) else None)
    if kind == "slider":
        return replace(declared, declared=_slider(form.settings, value), control="slider")
    choices: list[Json] = [choice for choice in form.choices or [] if not isinstance(choice, list | dict)]
    if form.raw or kind == "raw":
        return _raw(declared, choices, form.takes_other_input, value, names)
    if not choices:
        return declared
    if declared.declared.type in ("integer", "number"):
        choices = [_numeral(choice) for choice in choices]
    return replace(declared, declared=_with_choices(declared.declared, choices, form.takes_other_input))


def _with_choices(declared: Annotation, choices: list[Json], others_too: bool) -> Annotation:
    present = tuple(choice for choice in choices if choice is not None)
    nullable = len(present) < len(choices)
    if others_too or not present:
        return replace(declared, suggestions=present or None)
    types = {_type_of(choice) for choice in present}
    if types == {"integer", "number"}:
        types = {"number"}
    inferred = types.pop() if len(types) == 1 else "any"
    return replace(declared, type=declared.type or inferred, choices=present, nullable=nullable)


def _type_of(choice: Json) -> str:
    if isinstance(choice, bool):
        return "boolean"
    return {int: "integer", float: "number", str: "string"}.get(type(choice), "any")


def _numeral(choice: Json) -> Json:
    if not isinstance(choice, str):
        return choice
    value = read_value(parsed_expression(choice) or ast.Constant(choice))
    return value.json if value is not None and value.type in ("integer", "number") else choice


def _raw(field: Field, choices: list[Json], others_too: bool, value: Value | None, names: Names) -> Field:
    """Choices that are all literals are these values; otherwise each is Python source, and so is the value."""
    sources = [choice if isinstance(choice, str) else repr(choice) for choice in choices]
    nodes = [parsed_expression(source) for source in sources]
    read = [read_value(node, names) if node is not None else None for node in nodes]
    literals: list[Json] = [
        one.json for one in read if one is not None and one.python is None and one.type not in _NESTED
    ]
    if choices and value is not None and not others_too and len(literals) == len(choices):
        return replace(field, declared=_with_choices(UNDECLARED, literals, others_too))
    usable = tuple(source for source in sources if is_expression(source))
    limits: dict[str, Any] = {"suggestions" if others_too else "choices": usable or None}
    return Field(Annotation("string", python="source", **limits), "raw", field.placeholder, source=True)


_NESTED = ("array", "object")


def _slider(settings: dict[str, Json], value: Value | None) -> Annotation:
    least, most, step = (_number(settings.get(name)) for name in ("min", "max", "step"))
    default = value.json if value is not None else None
    fractional = any(isinstance(number, float) and not number.is_integer() for number in (least, most, step, default))
    if least is not None and most is not None and least > most:
        least = most = None
    multiple = step if step is not None and step > 0 and _divides(step, least or 0) else None
    return Annotation(
        "number" if fractional or isinstance(default, float) else "integer",
        minimum=least,
        maximum=most,
        multiple_of=multiple,
    )


def _number(setting: Json) -> int | float | None:
    number = _numeral(setting)
    usable = isinstance(number, int | float) and not isinstance(number, bool) and math.isfinite(number)
    return number if usable and isinstance(number, int | float) else None


def _divides(step: int | float, number: int | float) -> bool:
    """As a slider counts: its steps start at its least value, those of a JSON Schema at zero."""
    return (Fraction(str(number)) / Fraction(str(step))).denominator == 1
