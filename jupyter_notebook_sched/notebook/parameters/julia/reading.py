"""The parameters of a Julia cell: ``name = value`` and ``name::Type = value`` at top level."""

from __future__ import annotations

from ..model import Parameter, Problem, Value
from ..offsets import line_end, line_number, to_utf16
from ..tokens import Statement, Token, all_statements, outside_brackets
from .lexing import continues, lex
from .value import read_value

_UPDATES = frozenset(
    ["+=", "-=", "*=", "/=", "//=", "\\=", "^=", "%=", "&=", "|=", "÷=", "⊻=", "<<=", ">>=", ">>>=", ":=", ".="]
)
_LOADING = frozenset({"using", "import", "export"})
_BLOCK = "What is assigned inside a block is not read; assign it plainly to make it a parameter."
_NO_ASSIGNMENT = "This line assigns nothing, so it is not a parameter; move it to another cell."


def read_cell(cell: str) -> tuple[list[Parameter], list[Problem]]:
    """Parameters and problems, each in the order of the cell."""
    parameters, problems = [], []
    for statement in all_statements(cell, lex, continues):
        told = _read(cell, statement)
        if isinstance(told, Parameter):
            parameters.append(told)
        elif told is not None:
            problems.append(Problem(line_number(cell, statement.tokens[0].start), told))
    return parameters, problems


def _read(cell: str, statement: Statement) -> Parameter | str | None:
    tokens = statement.tokens
    first = tokens[0]
    if not statement.whole:
        return "Julia cannot read this statement: a bracket, a block or a quote has no partner."
    if first.text in _LOADING or (len(tokens) == 1 and first.kind in ("string", "other_string")):
        return None
    if first.text == "const":
        return "A constant cannot be given another value; leave out 'const' to make it a parameter."
    plain = outside_brackets(tokens)
    if any(token.text in _UPDATES for token in plain):
        return "An assignment that changes a value is not read; set the name to a plain value instead."
    equals = [token for token in plain if token.text == "="]
    if not equals:
        return _BLOCK if first.kind == "open" and first.text.isalpha() else _NO_ASSIGNMENT
    place = tokens.index(equals[0])
    if len(equals) > 1 or any(token.text == "," for token in tokens[:place]):
        return "Several names are set at once; give each its own line to make them parameters."
    typed = place > 1 and tokens[1].text == "::"
    if first.kind != "name" or not (place == 1 or typed) or place + 1 == len(tokens):
        return "Only 'name = value' can be a parameter."
    return _parameter(cell, statement, tokens[place + 1 :])


def _parameter(cell: str, statement: Statement, right: list[Token]) -> Parameter:
    first, end = statement.tokens[0], right[-1].end
    value = read_value(right)
    seen = value or Value(None, "any")
    stop = line_end(cell, end) if statement.comment is not None else end
    return Parameter(
        first.text,
        seen.type,
        nullable=value is not None and value.json is None,
        default=seen.json,
        help=(statement.comment or "").lstrip("#").strip() or None,
        source=cell[first.start : stop],
        range=(to_utf16(cell, right[0].start), to_utf16(cell, end)),
        expression=cell[right[0].start : end] if value is None else None,
        items=seen.items,
        floating=seen.floating,
    )
