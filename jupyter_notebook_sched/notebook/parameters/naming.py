"""What a parameter may be called: the identifiers and reserved words of each language."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from .languages import known_as

_LONGEST = 200
_WORD = r"[^\W\d]\w*"

_ECMASCRIPT = (
    "await break case catch class const continue debugger default delete do else enum export extends false finally for "
    "function if implements import in instanceof interface let new null package private protected public return static "
    "super switch this throw true try typeof var void while with yield undefined NaN Infinity arguments eval"
)


_SHOWN = "letters, digits and underscores, not beginning with a digit"


@dataclass(frozen=True, slots=True)
class _Rule:
    """``reserved``: what the language's own reference calls keywords, reserved words or constants."""

    pattern: str
    reserved: frozenset[str]
    shown: str


def _rule(reserved: str, pattern: str = _WORD, shown: str = _SHOWN) -> _Rule:
    return _Rule(pattern, frozenset(reserved.split()), shown)


_RULES: Mapping[str, _Rule] = {
    "bash": _rule("BASHOPTS BASH_VERSINFO EUID PPID SHELLOPTS UID", r"[A-Za-z_][A-Za-z0-9_]*"),
    "csharp": _rule(
        "abstract as base bool break byte case catch char checked class const continue decimal default delegate do "
        "double else enum event explicit extern false finally fixed float for foreach goto if implicit in int "
        "interface internal is lock long namespace new null object operator out override params private protected "
        "public readonly ref return sbyte sealed short sizeof stackalloc static string struct switch this "
        "throw true try typeof uint ulong unchecked unsafe ushort using virtual void volatile while"
    ),
    "fsharp": _rule(
        "abstract and as assert base begin class default delegate do done downcast downto elif else end exception "
        "extern false finally fixed for fun function global if in inherit inline interface internal "
        "lazy let match member module mutable namespace new not null of open or override private public rec return sig "
        "static struct then to "
        "true try type upcast use val void when while with yield",
        r"[^\W\d][\w']*",
    ),
    "javascript": _rule(_ECMASCRIPT, r"(?:[^\W\d]|\$)[\w$]*"),
    "julia": _rule(
        "baremodule begin break catch const continue do else elseif end export false finally for function global if "
        "import let local macro module quote return struct true try using while",
        r"[^\W\d][\w!]*",
    ),
    "powershell": _rule("_ args error false home host input matches null pid profile pwd self this true", r"\w+"),
    "python": _rule(" ".join(keyword.kwlist)),
    "r": _rule(
        "if else repeat while function for next break in TRUE FALSE NULL Inf NaN NA NA_integer_ NA_real_ NA_character_ "
        "NA_complex_ ...",
        r"(?:[^\W\d_]|\.(?!\d))[\w.]*",
        "letters, digits, dots and underscores, beginning with a letter or a dot",
    ),
    "scala": _rule(
        "abstract case catch class def do else enum export extends false final finally for given if implicit import "
        "lazy match new null object override package private protected return sealed super then this throw trait true "
        "try type val var while with yield _"
    ),
    "typescript": _rule(_ECMASCRIPT, r"(?:[^\W\d]|\$)[\w$]*"),
}


def unfit_name(name: str, language: str) -> str | None:
    """Why nothing can be called so in this language, as a sentence; None where it can."""
    rule = _RULES.get(known_as(language), _rule(""))
    if len(name) > _LONGEST:
        return f"A name has at most {_LONGEST} characters."
    if name in rule.reserved:
        return f"Choose another name: {name} is a word of the language."
    identifier = re.fullmatch(rule.pattern, name) is not None
    if known_as(language) == "python":
        identifier = name.isidentifier() and unicodedata.normalize("NFKC", name) == name
    return None if identifier else f"Nothing can be called {name!r} in this language: it takes {rule.shown}."
