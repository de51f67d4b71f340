"""Values as source text of a language, such that the value that arrives equals the value that was sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Protocol, cast

from jupyter_notebook_sched.errors import FieldError, Invalid

from .declared_parameter import DeclaredParameter
from .languages import known_as
from .magics import language_of
from .model import NON_FINITE, Json, Parameter
from .translators import translator_of


class Writing(Protocol):
    """The module in which a language writes values down."""

    COMMENT: str
    """What begins a comment line."""

    def literal(self, value: Json, parameter: Parameter, replaced: str) -> str:
        """May follow the spelling of the text that it replaces ("" for a new one).

        Raises ``ValueError``, with a sentence, for what the language cannot hold.
        """

    def assignment(self, name: str, text: str) -> str:
        """A statement that gives ``name`` the value of the literal ``text``."""


class Injecting(Writing, Protocol):
    """The module of a language in which a notebook can give another meaning to what literals are written with."""

    def injected(self, value: Json, parameter: Parameter) -> str:
        """The same as ``literal`` of no text, for whatever names mean in the notebook."""


class Declaring(Writing, Protocol):
    """The module of a language whose parameters are ``DeclaredParameter``."""

    def declaration(self, parameter: DeclaredParameter, text: str) -> str:
        """The same statement as the one that was read, with the literal ``text`` for its value."""


LITERALS: Mapping[str, str] = {
    "python": ".python.literal",
    "bash": ".bash.literal",
    "csharp": ".csharp.literal",
    "fsharp": ".fsharp.literal",
    "javascript": ".javascript.literal",
    "julia": ".julia.literal",
    "powershell": ".powershell.literal",
    "r": ".r.literal",
    "scala": ".scala.literal",
    "sql": ".sql.literal",
    "typescript": ".typescript.literal",
}


def writing(language: str) -> Writing:
    """The language's module, imported when first needed, else what papermill's translators have for it.

    Raises ``Invalid``: ``language_not_supported``, or ``translator_failed``.
    """
    language = known_as(language)
    if language in LITERALS:
        return cast(Writing, import_module(LITERALS[language], __package__))
    translator = translator_of(language)
    if translator is None:
        raise Invalid(
            f"Parameters cannot be written in {language} yet, only in {', '.join(sorted(LITERALS))}; "
            "run the notebook without any.",
            "language_not_supported",
        )
    return cast(Writing, translator)


def assignment(language: str, parameter: Parameter, text: str) -> str:
    """The statement that gives ``parameter`` the value of the literal ``text``, declared as its cell declares it."""
    write = writing(language_of(parameter, language))
    if isinstance(parameter, DeclaredParameter) and parameter.head:
        return cast(Declaring, write).declaration(parameter, text)
    return write.assignment(parameter.name, text)


def literal(language: str, value: Json, parameter: Parameter, replaced: str = "") -> str:
    """One line of source that evaluates to ``value`` (in its wire form), rebuilt as what ``parameter`` declares.

    Raises ``Invalid``: ``language_not_supported``, or ``value_not_representable`` for what the language cannot hold.
    """
    write = writing(language_of(parameter, language)).literal
    with _refusing(parameter):
        return write(as_declared(value, parameter), parameter, replaced)


def injected_literal(language: str, value: Json, parameter: Parameter) -> str:
    """The same for a cell of our own, where no name counts that the notebook may have given another meaning."""
    write = writing(language_of(parameter, language))
    if not hasattr(write, "injected"):
        return literal(language, value, parameter)
    with _refusing(parameter):
        return cast(Injecting, write).injected(as_declared(value, parameter), parameter)


@contextmanager
def _refusing(parameter: Parameter) -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise Invalid.fields(
            [FieldError(f"parameters.{parameter.name}", str(error))], "value_not_representable"
        ) from error


def as_declared(value: Json, parameter: Parameter) -> Json:
    """Wire form to number: ``"NaN"`` where numbers are declared, and 1 as 1.0 where they are floating point."""
    if isinstance(value, list) and parameter.type == "array" and parameter.items == "number":
        return [_as_number(item, parameter.floating) for item in value]
    return _as_number(value, parameter.floating) if parameter.type == "number" else value


def _as_number(value: Json, floating: bool) -> Json:
    if isinstance(value, str):
        return NON_FINITE.get(value, value)
    if floating and type(value) is int and abs(value) < 2**53:
        return float(value)
    return value
