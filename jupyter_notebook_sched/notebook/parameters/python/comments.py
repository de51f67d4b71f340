"""Help for a parameter, from the comments around its assignment."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import dataclass

from ..offsets import Places
from .form_field import PARAM, FormField, read_form_field
from .parsing import REFUSED, parsed, parsed_expression
from .statements import Statement
from .value import read_value

LONGEST_HELP = 2_000  # of a line; the patterns below go through it more than once

_TRAILING = re.compile(r"[ \t]*(?:;[ \t]*)?(?:\\(?:\r\n|\r|\n)[ \t]*)*(#[^\r\n]*)")
_TYPE = re.compile(r"#?\s*type:\s*")
_FOR_TOOLS = re.compile(
    r"#*\s*(?:noqa\b|type:\s*ignore\b|(?:pylint|fmt|ruff|pyright|mypy|isort|pragma|yapf):|nosec\b|nbqa\b)[^#]*"
)
_DIRECTIVE = re.compile(r"#\s*@(title|markdown|param)\b[ \t]*(.*)")
_FORM_LINE = re.compile(r"^[ \t]*#[ \t]*@(title|markdown)\b[ \t]*([^\r\n]*)", re.MULTILINE)
_RULE = re.compile(r"#[\s\-=#*~_+.]*$|#?\s*([-=#*~_+])\1{2,}|.*([-=#*~_+])\2{2,}\s*$|#\s?%%|#!|#.*coding[:=]")
_CELL_HEADING = re.compile(
    r"(?:notebook |papermill |default |input )*(?:parameters?|params?|settings|config(?:uration)?|inputs?|options|"
    r"constants|variables|arguments|defaults)(?: cell)?\W*",
    re.IGNORECASE,
)
_MARKDOWN_HEADING = re.compile(r"(?:#|-{3}|<h\d|!\[|\*\*\*)")
_DEPTHS = {"[": 1, "(": 1, "{": 1, "]": -1, ")": -1, "}": -1}


@dataclass(slots=True)
class Comment:
    """What stands behind an assignment, ``end`` being where it ends: a type comment, a form field, help."""

    end: int
    type: str | None = None
    field: FormField | None = None
    help: str | None = None


def comment_behind(statement: Statement) -> Comment | None:
    found = _TRAILING.match(statement.cell, statement.end)
    if found is None:
        return None
    text, comment = found[1], Comment(found.end())
    marker = PARAM.search(text)
    if marker is not None:
        comment.field = read_form_field(text[marker.end() :])
        text = "" if _is_literal(text[: marker.start()]) else text[: marker.start()]
    text = _FOR_TOOLS.sub("", text[:LONGEST_HELP]).strip()
    typed = _TYPE.match(text)
    if typed is not None:
        end = _end_of_type(text, typed.end())
        comment.type, text = text[typed.end() : end].strip() or None, text[end:].lstrip(" \t#")
    comment.help = _words(text) or (comment.field.help if comment.field is not None else None)
    return comment


def _words(comment: str) -> str:
    """Without what makes it a comment; ``#:`` makes it documentation for Sphinx."""
    return comment.lstrip("#").removeprefix(":").strip() if comment.startswith("#") else comment.strip()


def _is_literal(comment: str) -> bool:
    """A value that somebody tried before."""
    node = parsed_expression(comment.strip("# \t"))
    return node is not None and read_value(node) is not None


def _end_of_type(text: str, start: int) -> int:
    """Where ``Dict[str, int]`` or ``int | None`` ends: at a blank outside of brackets, unless a ``|`` is beside it."""
    depth = 0
    for position in range(start, len(text)):
        character = text[position]
        depth += _DEPTHS.get(character, 0)
        if depth == 0 and character == "#":
            return position
        if depth == 0 and character.isspace():
            joined = text[position:].lstrip().startswith("|") or text[:position].rstrip().endswith("|")
            if not joined:
                return position
    return len(text)


@dataclass(slots=True)
class Block:
    """The comment lines right above an assignment: help, a form field, and the lines that gave the help."""

    help: str | None = None
    field: FormField | None = None
    lines: frozenset[int] = frozenset()


def block_above(statement: Statement, first: int) -> Block:
    """Lines ``first`` and on up to the statement's own; a blank line or a rule ends the block."""
    told: list[tuple[int, str]] = []
    block = Block()
    for line in range(statement.line - 1, first - 1, -1):
        text = statement.line_text(line).strip()
        directive = _DIRECTIVE.match(text)
        if directive is not None and directive[1] == "param":
            block.field = block.field or read_form_field(directive[2])
        elif directive is not None:
            if directive[1] == "title" or _MARKDOWN_HEADING.match(directive[2]):
                break
            told.append((line, directive[2].strip()))
        elif not text.startswith("#") or _RULE.match(text[:LONGEST_HELP]):
            break
        elif not _is_code(text[:LONGEST_HELP]):
            told.append((line, _words(_FOR_TOOLS.sub("", text[:LONGEST_HELP]))))
    told.reverse()
    words = " ".join(text for _, text in told if text)
    if words and not _CELL_HEADING.fullmatch(words):
        block.help, block.lines = words, frozenset(line for line, _ in told)
    return block


def _is_code(text: str) -> bool:
    """An assignment, a call or an import that somebody switched off."""
    source = text.lstrip("#").strip()
    if not any(mark in source for mark in ("=", "(", "import ")):
        return False
    try:
        (node,) = parsed(source)
    except REFUSED:
        return False
    calls = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    return (
        calls
        or isinstance(node, ast.Assign | ast.AugAssign | ast.Import | ast.ImportFrom)
        or (isinstance(node, ast.AnnAssign) and node.value is not None)
    )


def text_below(statement: Statement, following: Statement | None) -> str | None:
    """A string that stands alone in the next line, as tools for documentation read it."""
    match following.node if following is not None else None:
        case ast.Expr(value=ast.Constant(value=str(text))) if following is not None:
            if following.line == statement.last_line + 1:
                return " ".join(inspect.cleandoc(text).split()) or None
    return None


def form_texts(places: Places) -> tuple[str | None, list[tuple[int, str]]]:
    """The form's title, and its Markdown with line numbers, counted from 1; of comment lines only."""
    title: str | None = None
    told: list[tuple[int, str]] = []
    for found in _FORM_LINE.finditer(places.text.encode("utf-8", "replace").decode()):
        number = places.line(found.start(1))
        if found[1] == "title":
            title = title or re.sub(r"\s*\{[^{}]*\}\s*$", "", found[2]).strip() or None
        else:
            told.append((number, found[2].strip()))
    return title, told
