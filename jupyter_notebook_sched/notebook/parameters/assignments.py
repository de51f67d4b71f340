"""What all languages but Python share: a cell of statements, some of which assign a value to a name."""

from __future__ import annotations

import re
from collections.abc import Callable

from .model import Kind, Parameter, Problem, Value
from .offsets import Places
from .tokens import Lexer, Statement, Token, all_statements

CONTROL = "What is assigned inside a block is not read; assign it plainly to make it a parameter."
FUNCTION = "A function is not a parameter; move it to another cell."
NO_ASSIGNMENT = "This line assigns nothing, so it is not a parameter; move it to another cell."
SEVERAL = "Several names are set at once; give each its own line to make them parameters."
UNREAD = "From here on the cell was not read: mend it above first."
UPDATE = "An assignment that changes a value is not read; set the name to a plain value instead."

Reader = Callable[[Places, Statement], Parameter | str | None]
"""A parameter, the sentence that says why a statement is none, or None where there is nothing to say."""

_MARKS = re.compile(r"\A(?:\#+'?|//+|--+|/\*+|<\#|\#=|\(\*+)?!?\s*|\s*(?:\*+/|\#>|=\#|\*+\))?\Z")
_STAR = re.compile(r"^\s*\*+ ?", re.MULTILINE)
_HEADING = re.compile(
    r"(?:notebook |papermill |default |input )*(?:parameters?|params?|settings|config(?:uration)?|inputs?|options|"
    r"constants|variables|arguments|defaults)(?: cell)?\W*",
    re.IGNORECASE,
)
_RULE = re.compile(r"[-=#*~_+./ ]*|([-=#*~_+])\1{2,}.*|.*([-=#*~_+])\2{2,}|%%.*|\#!.*")
_TYPE = re.compile(r"/\*\*\s*@type\b")  # for the compiler
_CODE = re.compile(r"(?:(?:let|var|const|export|declare)\s+)?\$?[\w.]+\s*(?:=|<-)\s*[^\s=]+|[\w.]+\(.*\);?")


def read_assignments(
    cell: str, lex: Lexer, continues: Callable[[list[Token]], bool], read: Reader
) -> tuple[list[Parameter], list[Problem]]:
    """Parameters and problems, each in the order of the cell."""
    places = Places(cell)
    found, unread = all_statements(places, lex, continues)
    parameters, problems = [], []
    for statement in found:
        told = read(places, statement)
        if isinstance(told, Parameter):
            parameters.append(told)
        elif told is not None:
            problems.append(Problem(places.line(statement.tokens[0].start), told))
    if unread is not None:
        problems.append(Problem(places.line(unread), UNREAD))
    return parameters, problems


def parameter(
    places: Places,
    statement: Statement,
    name: str,
    right: list[Token],
    value: Value | None,
    declared: Kind | None = None,
) -> Parameter:
    """The parameter ``name`` with these tokens on its right-hand side, which mean ``value`` if they are a literal."""
    start, end = right[0].start, right[-1].end
    kind = declared or (value.declared if value is not None else Kind())
    default = value.json if value is not None else None
    told = kind.declared() | {"nullable": kind.nullable or (value is not None and default is None)}
    last = max(end, statement.tokens[-1].end)
    source_end = places.line_end(last) if statement.comment is not None else last
    return Parameter(
        name,
        kind.type,
        default,
        help=statement_help(statement),
        source=places.text[statement.tokens[0].start : source_end],
        range=(places.utf16(start), places.utf16(end)),
        expression=places.text[start:end] if value is None else None,
        **told,
    )


def required(places: Places, statement: Statement, name: str, declared: Kind | None = None) -> Parameter:
    """A parameter that is declared without a value: one may follow the last token of its statement."""
    kind = declared or Kind(nullable=True)
    end = statement.tokens[-1].end
    return Parameter(
        name,
        kind.type,
        required=True,
        help=statement_help(statement),
        source=places.text[statement.tokens[0].start : end],
        at=places.utf16(end),
        **kind.declared(),
    )


def statement_help(statement: Statement) -> str | None:
    """What the comment behind the statement says, else the comment lines right above it.

    A heading, a ruled line and code that somebody switched off are no help.
    """
    if statement.comment is not None and not _TYPE.match(statement.comment):
        return _words(comment_lines(statement.comment)) or None
    told: list[str] = []
    for line in reversed([line for comment in statement.above for line in comment_lines(comment)]):
        if _RULE.fullmatch(line):
            break
        if not _CODE.fullmatch(line):
            told.insert(0, line)
    words = _words(told)
    return words if words and not _HEADING.fullmatch(words) else None


def _words(lines: list[str]) -> str:
    return " ".join(line for line in lines if line)


def comment_lines(comment: str) -> list[str]:
    """The lines of a comment without the marks that make it one."""
    inner = _MARKS.sub("", comment) if not comment.startswith("#!") else comment
    return [line.strip() for line in (_STAR.sub("", inner) if comment.startswith("/*") else inner).splitlines()]
