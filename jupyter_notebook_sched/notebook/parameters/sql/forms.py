"""The statements that give a name a value, and what each of them tells about the database.

=================================== ==================================================================
``DECLARE @x INT = 5``, ``SET @x``  Transact-SQL; ``SET @x`` MySQL too, so that backslashes are doubtful
``SET VARIABLE x = 5``, ``SET VAR`` DuckDB, Spark and Databricks
``DECLARE x INT64 DEFAULT 5``       BigQuery, Snowflake, Spark: backslashes escape
``SET x = 5``, ``SET x TO 5``       settings of a session, variables in Snowflake and Hive
``\\set x 5``                        psql, in which every value is a text
=================================== ==================================================================
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..assignments import NO_ASSIGNMENT, SEVERAL
from ..tokens import Token, outside_brackets
from ..value_type import ValueType

_SCOPES = frozenset({"variable", "var", "session", "local", "global"})
_TYPES = {
    **dict.fromkeys(("tinyint", "smallint", "int2", "int16"), "int16"),
    **dict.fromkeys(("int", "integer", "int4", "int32", "mediumint"), "int32"),
    **dict.fromkeys(("bigint", "int8", "int64", "long", "hugeint"), "int64"),
    **dict.fromkeys(("float", "real", "double", "double precision", "float64", "float8"), "float64"),
    **dict.fromkeys(("decimal", "numeric", "number", "money", "bignumeric"), "decimal"),
    **dict.fromkeys(("varchar", "char", "text", "string", "character varying"), "string"),
    **dict.fromkeys(("nvarchar", "nchar", "ntext"), "national"),
    **dict.fromkeys(("bool", "boolean"), "bool"),
    "bit": "bit",
    "date": "date",
    **dict.fromkeys(("datetime", "datetime2", "timestamp"), "datetime"),
}
_TYPE = re.compile(r"(?P<name>[a-z]\w*(?: (?:precision|varying))?)(?:\([\w, ]*\))?")


@dataclass(frozen=True, slots=True)
class Assigned:
    """``name`` and where its value begins among the tokens; ``value`` is None for a declaration without one."""

    form: str
    name: str
    head: str
    value: int | None
    kind: ValueType | None = None


def assigned(tokens: list[Token], text: str) -> Assigned | str | None:
    """What a statement assigns; a sentence where it is no parameter, None where there is nothing to say."""
    first = tokens[0].text.lower()
    if first == "set":
        return _set(tokens, text)
    if first == "declare":
        return _declare(tokens, text)
    silent = ("use", "go", "pragma", "install", "load", "attach", "begin", "commit")
    return None if first in silent else NO_ASSIGNMENT


def _set(tokens: list[Token], text: str) -> Assigned | str | None:
    scoped = len(tokens) > 2 and tokens[1].text.lower() in _SCOPES and tokens[2].kind == "name"
    begin = 2 if scoped else 1
    signs = ("=", ":=")
    at = next(
        (place for place, token in enumerate(tokens) if token.text in signs or token.text.lower() == "to"), len(tokens)
    )
    names = tokens[begin:at]
    if at + 1 >= len(tokens) or not names:
        return None  # SET NOCOUNT ON and the like
    if names[0].kind == "open" or _further(tokens[at + 1 :]):
        return SEVERAL
    if names[0].kind != "name" or any(token.kind == "operator" and token.text not in ".:" for token in names):
        return None
    name = "".join(token.text for token in names)
    of_variable = scoped and tokens[1].text.lower() in ("variable", "var")
    form = "variable" if of_variable else "at" if name.startswith("@") else "set"
    return Assigned(form, _plain(name), _joined(tokens[: at + 1], text), at + 1)


def _further(right: list[Token]) -> bool:
    """``SET @a = 1, @b = 2``, but not ``SET search_path TO a, b``."""
    outside = outside_brackets(right)
    return any(token.text == "," for token in outside) and any(token.text in ("=", ":=") for token in outside)


def _declare(tokens: list[Token], text: str) -> Assigned | str | None:
    begin = 1
    for word in ("or", "replace", "variable", "var"):
        begin += len(tokens) > begin + 1 and tokens[begin].text.lower() == word
    if begin >= len(tokens) or tokens[begin].kind != "name":
        return NO_ASSIGNMENT
    outside = outside_brackets(tokens)
    if any(token.text == "," for token in outside):
        return SEVERAL
    signs = [token for token in outside[begin:] if token.text in ("=", ":=") or token.text.lower() == "default"]
    at = tokens.index(signs[0]) if signs else len(tokens)
    name = tokens[begin].text
    form = "transact" if name.startswith("@") else "declare"
    if at + 1 == len(tokens) or (not signs and form == "declare"):
        return "It has no value; write DEFAULT and a value behind it to make it a parameter."
    kind = _kind(_joined(tokens[begin + 1 : at], text))
    head = _joined(tokens[: at + 1], text) if signs else f"{_joined(tokens, text)} ="
    if begin > 1:  # it lasts as long as the session, and may be declared only once
        form, head = "variable", f"SET VARIABLE {name} ="
    return Assigned(form, _plain(name), head, at + 1 if signs else None, kind)


def _kind(text: str) -> ValueType | None:
    found = _TYPE.fullmatch(text.lower().removeprefix("as "))
    name = _TYPES.get(found["name"], "") if found is not None else ""
    return ValueType(name, spelled=text) if name else None


def _plain(name: str) -> str:
    return name[1:-1] if name[0] in '"`' else name.lstrip("@")


def _joined(tokens: list[Token], text: str) -> str:
    return " ".join(text[tokens[0].start : tokens[-1].end].split()) if tokens else ""
