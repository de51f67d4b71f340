"""The parameters of a Python cell: its plain assignments to one name, in order."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from ..assignments import CONTROL, FUNCTION, NO_ASSIGNMENT, SEVERAL, UPDATE
from ..model import Parameter, Problem, ReadParameters
from ..offsets import Places
from .comments import Block, block_above, form_texts, text_below
from .names import Names
from .parameter import Around, read_parameter
from .statements import Statement, statements

# The magics that are left out run the cell as Python, or as what the next magic says, and keep what it sets.
_UNREAD_CELL = re.compile(r"(?:\s*%%(?:time|capture|prun)\b[^\r\n]*[\r\n])*\s*%%(?!time\b|capture\b|prun\b)(\S+)")

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
    found = read(cell, ())
    return list(found.parameters), list(found.problems)


def read(cell: str, earlier: Sequence[str]) -> ReadParameters:
    """The same with the title and description of its form; ``earlier``: the code cells above, for what names mean."""
    unread = _UNREAD_CELL.match(cell)
    if unread is not None:
        problem = Problem(1, f"The cell is for %%{unread[1]}, so its parameters cannot be read.")
        return ReadParameters(problems=(problem,))
    names = names_in(earlier)
    places = Places(cell)
    found, problems = statements(places)
    names.learn(statement.node for statement in found)
    parameters: list[Parameter] = []
    used: set[int] = set()
    for place, statement in enumerate(found):
        following = found[place + 1] if place + 1 < len(found) else None
        block = _block(statement, found[place - 1] if place else None)
        try:
            told, told_of = _read(statement, names, Around(block, text_below(statement, following)))
        except RecursionError:
            told, told_of = None, ["This statement is nested too deeply to be read."]
        problems += [Problem(statement.line, message) for message in told_of]
        if told is not None:
            parameters.append(told)
            used |= block.lines if told.help == block.help else frozenset()
    title, markdown = form_texts(places)
    description = "\n".join(text for line, text in markdown if line not in used).strip()
    problems.sort(key=lambda problem: problem.line)
    return ReadParameters(None, tuple(parameters), tuple(problems), title, description or None)


def names_in(cells: Sequence[str]) -> Names:
    """What names mean below these cells."""
    names = Names()
    for cell in cells:
        if not is_other_language(cell):
            names.learn(statement.node for statement in statements(Places(cell))[0])
    return names


def is_other_language(cell: str) -> bool:
    """Whether a cell magic hands the cell to something else than Python."""
    return _UNREAD_CELL.match(cell) is not None


def _block(statement: Statement, previous: Statement | None) -> Block:
    first = previous.last_line + 1 if previous is not None else 1
    if first > statement.line or not isinstance(statement.node, ast.Assign | ast.AnnAssign):
        return Block()
    return block_above(statement, first)


def _read(statement: Statement, names: Names, around: Around) -> tuple[Parameter | None, list[str]]:
    """A parameter and what is to be told of it, or the sentence, if need be, that says why the statement is none."""
    if names.is_definition(statement.node):
        return None, []
    match statement.node:
        case ast.Assign(targets=[ast.Name(id=name) as target], value=value):
            return read_parameter(statement, name, None, statement.end_of(target), value, names, around)
        case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value, simple=1):
            return read_parameter(statement, name, annotation, statement.end_of(annotation), value, names, around)
        case ast.Import() | ast.ImportFrom() | ast.Pass() | ast.Expr(value=ast.Constant()):
            return None, []
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]) | ast.AnnAssign():
            return None, ["Only a plain name can be a parameter."]
        case ast.Assign():
            return None, [SEVERAL]
        case node if isinstance(node, _CONDITIONAL):
            return None, [CONTROL]
        case node:
            return None, [_TOLD.get(type(node), "This is not an assignment, so it is not a parameter.")]
