"""Parameters cells in another language than their notebook: ``%%sql`` in Python, ``#!fsharp`` in .NET Interactive."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .declared_parameter import DeclaredParameter, declared
from .languages import known_as
from .model import Parameter
from .offsets import Places

_IPYTHON = re.compile(r"(?:[ \t]*\n)*%%(?P<name>\w+)[^\n]*(?:\n|\Z)")
_DOTNET = re.compile(r"(?:\s*#!(?P<name>[\w#-]+)[^\n]*(?:\n|\Z))+")  # of several the last one counts

# What these run keeps its variables for the cells that follow.
_OF_IPYTHON = {"sql": "sql", "sparksql": "sql", "R": "r", "julia": "julia"}
_OF_DOTNET = frozenset({"csharp", "fsharp", "powershell", "javascript"})
_RUN_PYTHON = frozenset({"time", "capture", "prun", "memit", "mprun", "debug"})
_DOTNET_LANGUAGES = frozenset({"csharp", "fsharp", "powershell"})


@dataclass(frozen=True, slots=True)
class Magic:
    """The first ``line`` of a cell, with its end, and the language that it says the others are in; None: one in which
    nothing can be set for later cells, or of which we know nothing."""

    line: str
    name: str
    language: str | None

    @property
    def lines(self) -> int:
        return len(Places(self.line).line_starts) - 1


def cell_magic(language: str, text: str) -> Magic | None:
    """The magic that makes a cell of a ``language`` notebook one of another language."""
    if language == "python":
        found = _IPYTHON.match(text.replace("\r\n", " \n"))
        if found is None or found["name"] in _RUN_PYTHON:
            return None
        return Magic(text[: found.end()], found["name"], _OF_IPYTHON.get(found["name"]))
    found = _DOTNET.match(text) if language in _DOTNET_LANGUAGES else None
    if found is None or known_as(found["name"]) not in _OF_DOTNET:
        return None
    return Magic(text[: found.end()], found["name"], known_as(found["name"]))


def unread(magic: Magic) -> str:
    return (
        f"The parameters cell begins with {magic.line.strip().split()[0]}, whose variables the other cells do not see, "
        "so none can be set; tag a plain cell 'parameters' instead."
    )


def below(magic: Magic, parameter: Parameter) -> DeclaredParameter:
    """A parameter that was read from what follows the magic, with its places in the whole cell."""
    shift = Places(magic.line).utf16(len(magic.line))
    start, end = parameter.range or (0, 0)
    return declared(
        parameter,
        range=(start + shift, end + shift) if parameter.range is not None else None,
        at=parameter.at + shift if parameter.at is not None else None,
        magic=magic.line,
    )


def language_of(parameter: Parameter, language: str) -> str:
    """The language in which this parameter of a ``language`` notebook is written down."""
    line = parameter.magic if isinstance(parameter, DeclaredParameter) else ""
    magic = cell_magic(known_as(language), line) if line else None
    return magic.language or language if magic is not None else language
