"""The parameters of a Python cell: its plain assignments to one name, in order."""

from __future__ import annotations

import ast
import re
from dataclasses import replace

from ..assignments import CONTROL, FUNCTION, NO_ASSIGNMENT, SEVERAL, UPDATE
from ..model import Parameter, Problem, Value
from ..offsets import Places
from .annotation import UNDECLARED, Declared, read_annotation
from .statements import Statement, statements
from .value import read_value

_COMMENT = re.compile(r"[ \t]*;?[ \t]*#[ \t]*(.*)")
_TYPE_COMMENT = re.compile(r"type:\s*([^\s#]+)\s*#?\s*(.*)")
_TO_RIGHT_HAND_SIDE = re.compile(r"(?:\#[^\r\n]*|[^#=])*=(?:[ \t\f]|\\(?:\r\n|\r|\n))*")

_UNREAD_CELL = re.compile(r"\s*%%(?!time\b|capture\b|prun\b)(\S+)")  # those three run the cell as Python

_TOLD = {
    ast.AugAssign: UPDATE,
    ast.FunctionDef: FUNCTION,
    ast.AsyncFunctionDef: FUNCTION,
    ast.ClassDef: "A class is not a parameter; move it to another cell.",
    ast.Expr: NO_ASSIGNMENT,
}
_CONDITIONAL = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)


def read_cell(cell: str) -> tuple[list[Parameter], list[Problem]]:
    """Parameters and problems, each in the order of the cell."""
    unread = _UNREAD_CELL.match(cell)
    if unread is not None:
        return [], [Problem(1, f"The cell is for %%{unread[1]}, so its parameters cannot be read.")]
    found, problems = statements(Places(cell))
    parameters = []
    for statement in found:
        try:
            told = _read(statement)
        except RecursionError:
            told = "This statement is nested too deeply to be read."
        if isinstance(told, Parameter):
            parameters.append(told)
        elif told is not None:
            problems.append(Problem(statement.line, told))
    return parameters, sorted(problems, key=lambda problem: problem.line)


def _read(statement: Statement) -> Parameter | str | None:
    """A parameter, the sentence that says why it is none, or None where there is nothing to say."""
    match statement.node:
        case ast.Assign(targets=[ast.Name(id=name) as target], value=value):
            return _parameter(statement, name, None, statement.end_of(target), value)
        case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value, simple=1):
            return _parameter(statement, name, annotation, statement.end_of(annotation), value)
        case ast.Import() | ast.ImportFrom() | ast.Pass() | ast.Expr(value=ast.Constant()):
            return None
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]) | ast.AnnAssign():
            return "Only a plain name can be a parameter."
        case ast.Assign():
            return SEVERAL
        case node if isinstance(node, _CONDITIONAL):
            return CONTROL
        case node:
            return _TOLD.get(type(node), "This is not an assignment, so it is not a parameter.")


def _parameter(
    statement: Statement, name: str, annotation: ast.expr | None, target_end: int, node: ast.expr | None
) -> Parameter:
    comment = _COMMENT.match(statement.rest_of_line)
    told = comment[1].strip() if comment is not None else ""
    declared = read_annotation(annotation) if annotation is not None else UNDECLARED
    type_comment = _TYPE_COMMENT.match(told)
    if annotation is None and type_comment is not None:
        declared, told = read_annotation(ast.Constant(type_comment[1])), type_comment[2].strip()
    source = statement.cell[statement.start : statement.end] + (statement.rest_of_line if comment else "")
    value = read_value(node) if node is not None else None
    parameter = replace(_typed(name, declared, value, node), help=told or None, source=source.rstrip())
    if node is None:
        return replace(parameter, required=True, at=statement.places.utf16(statement.end))
    start = _right_hand_side(statement, target_end)
    if value is None:
        parameter = replace(parameter, expression=statement.cell[start : statement.end])
    return replace(parameter, range=(statement.places.utf16(start), statement.places.utf16(statement.end)))


def _right_hand_side(statement: Statement, target_end: int) -> int:
    """Where the text after ``=`` begins, parentheses included (the parser's own positions leave them out)."""
    found = _TO_RIGHT_HAND_SIDE.match(statement.cell, target_end)
    assert found is not None  # the parser saw an assignment
    return found.end()


def _typed(name: str, declared: Declared, value: Value | None, node: ast.expr | None) -> Parameter:
    seen = value if value is not None else Value(None, "string" if isinstance(node, ast.JoinedStr) else "any")
    is_none = value is not None and value.json is None
    inferred = declared.type is None
    kind = seen.type if declared.type is None else declared.type
    adopted = seen if inferred or (kind == seen.type and declared.python is None) else Value(None, kind)
    return Parameter(
        name,
        kind,
        nullable=declared.nullable or is_none,
        default=seen.json,
        choices=declared.choices,
        python=declared.python or (None if kind == "any" else adopted.python),
        minimum=declared.minimum,
        maximum=declared.maximum,
        items=declared.items or adopted.items,
        floating=declared.floating if declared.type is not None else adopted.floating,
    )
