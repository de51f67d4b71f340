"""One assignment of a Python cell as a parameter: its annotation, value, comments and form field held together."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from typing import Any

from ..fitting import misfit
from ..model import Parameter, Value
from .annotation import UNDECLARED, Annotation, read_annotation
from .comments import Block, Comment, comment_behind
from .form_field import Field, FormField, as_declared
from .names import Names
from .python_parameter import remarked
from .statements import Statement
from .value import read_value

_TO_RIGHT_HAND_SIDE = re.compile(r"(?:\#[^\r\n]*|[^#=])*=(?:[ \t\f]|\\(?:\r\n|\r|\n))*")


@dataclass(frozen=True, slots=True)
class Around:
    """The comments right above an assignment, and a string right below."""

    above: Block
    below: str | None


def read_parameter(
    statement: Statement,
    name: str,
    annotation: ast.expr | None,
    target_end: int,
    node: ast.expr | None,
    names: Names,
    around: Around,
) -> tuple[Parameter | None, list[str]]:
    """The parameter, and what a person should know of it."""
    comment = comment_behind(statement) or Comment(statement.end)
    form = comment.field or around.above.field
    spelled = annotation if annotation is not None else ast.Constant(comment.type) if comment.type else None
    declared = read_annotation(spelled, names) if spelled is not None else UNDECLARED
    value = read_value(node, names) if node is not None else None
    field = as_declared(form, value, names) if form is not None else Field()
    declared, value = _merged(declared, field.declared), None if field.source else value
    start = _right_hand_side(statement, target_end) if node is not None else statement.end
    span = (statement.places.utf16(start), statement.places.utf16(statement.end))
    parameter = Parameter(
        name,
        default=value.json if value is not None else None,
        required=node is None,
        help=comment.help or declared.help or around.below or around.above.help,
        source=statement.cell[statement.start : comment.end].rstrip(),
        range=span if node is not None else None,
        at=span[1] if node is None else None,
        expression=statement.cell[start : statement.end] if node is not None and value is None else None,
        title=declared.title,
        suggestions=declared.suggestions,
        control=field.control,
        placeholder=field.placeholder,
        **_declared(declared, value, node),
    )
    parameter = remarked(parameter, names.rebound, statement.is_shifted)
    told = _problems(form, annotation, value, node, names)
    return parameter, [*told, *_of_another_kind(parameter, declared, value)]


def _right_hand_side(statement: Statement, target_end: int) -> int:
    """Where the text after ``=`` begins, parentheses included (the parser's own positions leave them out)."""
    found = _TO_RIGHT_HAND_SIDE.match(statement.cell, target_end)
    assert found is not None  # the parser saw an assignment
    start = found.end()
    return max(start, statement.columns.start(statement.places.line(start)))  # a prompt is no part of it


def _merged(annotation: Annotation, field: Annotation) -> Annotation:
    """What either declares; where both do, the annotation."""
    if field is UNDECLARED:
        return annotation
    if annotation is UNDECLARED or field.python == "source":
        return field
    told = {
        name: getattr(field, name)
        for name in (*_BOTH, "type", "title", "help", "suggestions")
        if getattr(annotation, name) in (None, False)
    }
    return replace(annotation, **told)


_BOTH = ("nullable", "choices", "minimum", "maximum", "multiple_of")


def _declared(declared: Annotation, value: Value | None, node: ast.expr | None) -> dict[str, Any]:
    """The type, and all else that is known of the values: what is declared, else what the default's spelling says."""
    seen = value if value is not None else Value(None, "string" if isinstance(node, ast.JoinedStr) else "any")
    kind = seen.type if declared.type is None else declared.type
    nullable = declared.nullable or (value is not None and value.json is None)
    if declared is UNDECLARED and seen.kind is None:
        plain = {"type": kind, "nullable": nullable, "floating": seen.floating}
        return plain | ({"python": seen.python, "enum": seen.enum} if seen.python is not None else {})
    own = declared.declared()
    if declared.type is None or (kind == seen.type and declared.python is None and not _differs(declared, value)):
        adopted = seen.declared
        own |= {name: getattr(adopted, name) for name in _ADOPTED if own[name] is None}
    if declared.type is None:
        own["floating"] = seen.floating
    if kind == "any":
        own["python"] = None
    return own | {"type": kind, "nullable": nullable}


def _differs(declared: Annotation, value: Value | None) -> bool:
    """Whether JSON says alike what the default is and what it is declared to be, but Python does not."""
    known = declared.exact and value is not None and value.json is not None and value.enum is None
    return known and value is not None and declared.python != value.python


def _of_another_kind(parameter: Parameter, declared: Annotation, value: Value | None) -> list[str]:
    if value is None or not _differs(declared, value) or misfit(parameter, value.json) is not None:
        return []  # what does not fit is told anyway
    said, wanted = _KINDS[value.python or value.type], _KINDS[declared.python or str(declared.type)]
    told = f"The default of {parameter.name} is {said}, but {wanted} is declared; a value of a run becomes {wanted}."
    return [told]


_KINDS = {
    "array": "a list",
    "tuple": "a tuple",
    "set": "a set",
    "frozenset": "a frozenset",
    "path": "a path",
    "decimal": "a Decimal",
    "date": "a date",
    "datetime": "a datetime",
    "string": "a text",
}
_ADOPTED = ("choices", "python", "enum", "items", "elements", "places", "members", "named")


def _problems(
    form: FormField | None, annotation: ast.expr | None, value: Value | None, node: ast.expr | None, names: Names
) -> list[str]:
    problems = [form.problem] if form is not None and form.problem is not None else []
    match annotation, node:
        case ast.Name(id=declared), ast.Attribute(value=ast.Name(id=of), attr=name) if declared == of and not value:
            unseen = f"{of} is no Enum that is defined in this cell or above, so its choices are not known."
            problems.append(f"{of} has no member {name}." if of in names.enums else unseen)
    return problems
