"""The parameters of a bash cell: ``name=value``, ``export`` and ``declare`` at top level."""

from __future__ import annotations

from ..assignments import CONTROL, FUNCTION, NO_ASSIGNMENT, SEVERAL, UPDATE, parameter, read_assignments
from ..model import Kind, Parameter, Problem, Value
from ..offsets import Places
from ..tokens import Statement, Token
from .lexing import continues, lex
from .value import plain_value, read_array, read_table, read_word

_DECLARING = frozenset({"declare", "typeset", "export", "readonly", "local"})
_SETTING_UP = frozenset({"set", "shopt", "source", ".", "cd", "umask", "alias", "trap", "ulimit", "unset"})
_READONLY = "A readonly variable cannot be given another value; leave out 'readonly' (or -r) to make it a parameter."
_CHANGING = "Bash changes what this variable is given, so it cannot be a parameter; leave out the options l, n and u."
_MOST = 2**63


def read_cell(cell: str) -> tuple[list[Parameter], list[Problem]]:
    """Parameters and problems, each in the order of the cell."""
    return read_assignments(cell, lex, continues, _read)


def _read(places: Places, statement: Statement) -> Parameter | str | None:
    tokens, flags = statement.tokens, ""
    first = tokens[0]
    if not statement.whole:
        return "Bash cannot read this statement: a bracket, a block or a quote has no partner."
    if first.text in _SETTING_UP:
        return None
    if first.kind == "open":
        return CONTROL
    if first.text in _DECLARING:
        flags, tokens = _flags(tokens)
        refused = _refusal(first.text, flags, tokens)
        if refused is not None:
            return refused
    elif first.text == "function" or (first.kind == "word" and [token.text for token in tokens[1:3]] == ["(", ")"]):
        return FUNCTION
    if not tokens or tokens[0].kind != "assignment":
        return None if first.text == "export" else NO_ASSIGNMENT
    return _assigned(places, statement, tokens, flags)


def _flags(tokens: list[Token]) -> tuple[str, list[Token]]:
    place = 1
    while place < len(tokens) and tokens[place].text.startswith("-"):
        place += 1
    return "".join(token.text[1:] for token in tokens[1:place]), tokens[place:]


def _refusal(command: str, flags: str, tokens: list[Token]) -> str | None:
    if command == "readonly" or "r" in flags:
        return _READONLY
    if command == "local" or (command == "export" and {"f", "n", "p"} & set(flags)) or "f" in flags.lower():
        return NO_ASSIGNMENT
    if command != "export" and {"l", "n", "u", "c"} & set(flags):
        return _CHANGING
    if tokens and tokens[0].kind != "assignment" and command != "export":
        return "Give the variable a value to make it a parameter."
    return None


def _assigned(places: Places, statement: Statement, tokens: list[Token], flags: str) -> Parameter | str:
    name, right = tokens[0].text[:-1], tokens[1:]
    if name.endswith("+"):
        return UPDATE
    if name.endswith("]"):
        return "An element of an array is no parameter; set the whole array in one line."
    end = tokens[0].end
    if not right or right[0].start > end:
        right.insert(0, Token("word", "", end, end))
    array = right[0].text == "("
    if len(right) > 1 and not (array and right[-1].text == ")" and all(token.kind == "word" for token in right[1:-1])):
        return _more_than_a_value(right)
    if not array and ("a" in flags or "A" in flags):
        return "Give the array its elements in brackets to make it a parameter."
    value = _value(right, flags)
    kind = _declared(flags) or (Kind("array") if array and value is None else None)
    return parameter(places, statement, name, right, value, kind)


def _more_than_a_value(right: list[Token]) -> str:
    if any(token.kind == "assignment" for token in right):
        return SEVERAL
    return "Only 'name=value' can be a parameter: without spaces around '=', and with nothing behind it."


def _value(right: list[Token], flags: str) -> Value | None:
    if right[0].text == "(":
        return read_table(right[1:-1]) if "A" in flags else read_array(right[1:-1])
    value = read_word(right[0].text)
    if "i" not in flags or value is None:
        return value
    counted = plain_value(str(value.json))
    return counted if counted.type == "integer" else None  # bash would compute it


def _declared(flags: str) -> Kind | None:
    if "A" in flags:
        return Kind("object")
    if "i" not in flags:
        return None
    whole = Kind("integer", minimum=-_MOST, maximum=_MOST - 1)
    return Kind("array", items="integer", elements=whole) if "a" in flags else whole
