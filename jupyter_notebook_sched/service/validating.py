"""From what was sent to a typed form, with every invalid field named at once.

msgspec stops at the first error; going field by field gives them all, each with its dotted path.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

import msgspec

from ..domain.fields import fields_of
from ..errors import FieldError, Invalid

FIRST_YEAR, LAST_YEAR = 1900, 2999
OUT_OF_TIME = f"must be a time between the years {FIRST_YEAR} and {LAST_YEAR}"
UNKNOWN_TOLD, SUGGESTED = 50, 20
Form = TypeVar("Form", bound=msgspec.Struct)


def form_of(kind: type[Form], sent: Mapping[str, Any], lenient: bool = False) -> Form:
    """The form, or Invalid naming every field that is not as it should be. ``lenient`` reads numbers from text
    (query strings)."""
    errors = errors_in(kind, sent, lenient)
    if errors:
        raise Invalid.fields(errors)
    try:
        return msgspec.convert(sent, kind, strict=not lenient)
    except msgspec.ValidationError as error:
        raise Invalid(str(error)) from None


def told_with_the_rest(
    found: Invalid, kind: type[msgspec.Struct], sent: Mapping[str, Any], check: Callable[[dict[str, Any]], object]
) -> Invalid:
    """What ``check`` refuses in the fields that are right by themselves, told together with those that are not."""
    wrong = {_first_part(error) for error in found.errors}
    right = {field.encode_name for field in fields_of(kind)} - wrong
    try:
        check({name: value for name, value in sent.items() if name in right})
    except Invalid as error:
        more = [one for one in error.errors if _first_part(one) not in wrong]
        return Invalid.fields([*found.errors, *more], found.reason)
    return found


def with_stand_ins(kind: type[Form], sound: Mapping[str, Any]) -> Form:
    """A form of what is right in it, to check that; Invalid where it cannot be made. Required fields are texts."""
    required = {field.encode_name: "-" for field in fields_of(kind) if field.required}
    return form_of(kind, {**required, **sound})


def errors_in(
    kind: type[msgspec.Struct], sent: Mapping[str, Any], lenient: bool = False, above: str = ""
) -> list[FieldError]:
    """What is wrong with each field, those of nested structures too."""
    known = {field.encode_name: field for field in fields_of(kind)}
    tag = kind.__struct_config__.tag_field
    strict = kind.__struct_config__.forbid_unknown_fields
    unknown = [name for name in sent if strict and name not in known and name != tag]
    errors = [FieldError(above + name, _unknown(name, known)) for name in unknown[:SUGGESTED]]
    errors += [FieldError(above + name, "is not known") for name in unknown[SUGGESTED:UNKNOWN_TOLD]]
    for name, field in known.items():
        if name in sent:
            errors += _errors_of_value(field.type, sent[name], lenient, above + name)
        elif field.required:
            errors.append(FieldError(above + name, "is required"))
    return errors


def _errors_of_value(kind: Any, value: Any, lenient: bool, path: str) -> list[FieldError]:
    try:
        converted = msgspec.convert(value, kind, strict=not lenient)
        return [FieldError(path + below, OUT_OF_TIME) for below in _out_of_time(converted)]
    except msgspec.ValidationError as error:
        nested, items = _structure_for(kind, value), _items_of(kind, value)
        found = errors_in(nested, value, lenient, path + ".") if nested is not None else []
        for place, item in enumerate(value if items is not None else []):
            found += _errors_of_value(items, item, lenient, f"{path}.{place}") if len(found) < UNKNOWN_TOLD else []
        return found or [FieldError(path, _told(kind, str(error)))]


def _first_part(error: FieldError) -> str:
    return error.field.partition(".")[0]


def _out_of_time(converted: Any) -> list[str]:
    """The paths below it, each beginning with a dot, of the moments that cannot be moved to another zone, or by a day,
    everywhere; an empty one for the value itself."""
    if isinstance(converted, msgspec.Struct):
        fields = ((name, getattr(converted, name)) for name in converted.__struct_fields__)
        return [f".{name}{below}" for name, value in fields for below in _out_of_time(value)]
    return [""] if isinstance(converted, datetime) and not FIRST_YEAR <= converted.year <= LAST_YEAR else []


def _told(kind: Any, message: str) -> str:
    choices = _choices(kind) if message.startswith(("Invalid enum value", "Invalid value")) else []
    return f"must be one of {', '.join(choices)}" if choices else _in_plain_words(message)


def _choices(kind: Any) -> list[str]:
    """The texts that a Literal allows, wherever in the type it is; the tags of structures."""
    if get_origin(kind) is Literal:
        return [repr(choice) for choice in get_args(kind)]
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        tag = kind.__struct_config__.tag
        return [f"type {tag!r}"] if tag else []
    return [choice for part in get_args(kind) for choice in _choices(part)]


def _structure_for(kind: Any, value: Any) -> type[msgspec.Struct] | None:
    """The structure that an object is meant to be: the only one, or the one that its tag names."""
    if not isinstance(value, dict):
        return None
    candidates = [
        part for part in (kind, *get_args(kind)) if isinstance(part, type) and issubclass(part, msgspec.Struct)
    ]
    tagged = [part for part in candidates if part.__struct_config__.tag in (None, value.get("type"))]
    return tagged[0] if len(tagged) == 1 else None


def _items_of(kind: Any, value: Any) -> type[msgspec.Struct] | None:
    """What each item of a list of structures is meant to be; a list of plain values is told as a whole."""
    kind = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    item = get_args(kind)[0] if isinstance(value, list) and get_origin(kind) is list else None
    return item if isinstance(item, type) and issubclass(item, msgspec.Struct) else None


def _unknown(name: str, known: Mapping[str, Any]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"is not known; did you mean {close[0]!r}?" if close else "is not known"


WORDS = (
    (r"Expected datetime with a timezone component", "needs a time zone: end it with Z or an offset such as +02:00"),
    (r"Invalid RFC3339 encoded datetime", "is not a time such as 2026-03-29T07:00:00Z"),
    (r"\bdatetime\b", "a time such as 2026-03-29T07:00:00Z"),
    (r"Expected str of length >= 1$", "must not be empty"),
    (r"Object missing", "misses the"),
    (r"Expected", "must be"),
    (r" \| ", " or "),
    (r"\bint\b", "a whole number"),
    (r"\bfloat\b", "a number"),
    (r"\bstr\b", "text"),
    (r"\bbool\b", "true or false"),
    (r"\barray\b", "a list"),
    (r"\bobject\b", "an object"),
    (r" >= ", " of at least "),
    (r" <= ", " of at most "),
    (r" > ", " above "),
    (r" < ", " below "),
    (r"of length of", "with a length of"),
    (r"\.0\b", ""),
)
"""msgspec's words → a person's."""


def _in_plain_words(message: str) -> str:
    """msgspec's sentence, its path left out: the field says it."""
    text = message.partition(" - at `")[0].replace("`", "")
    for theirs, ours in WORDS:
        text = re.sub(theirs, ours, text)
    return text[0].lower() + text[1:]
