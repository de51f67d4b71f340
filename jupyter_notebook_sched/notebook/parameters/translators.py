"""Papermill's translators, for the languages that have no reader and writer of their own here.

Papermill (2.7) looks its translators up in a registry, ``papermill.translators.papermill_translators``, first by the
kernel's name, then by the language. It has groups of entry points for engines and storage only (``papermill.engine``,
``papermill.io``); packages that bring a translator register it while their engine is imported, as sos-papermill does.
So two ways lead here: an entry point of the group ``papermill.translators`` (or ``papermill.translator``, as papermill
forms such names) that is called as the language and names a translator, for which papermill need not be there; and,
where it is, its registry.

For a language that we write ourselves a translator never counts: values of runs and edits of the cell go through one
module, which answers for what arrives, and a package that was installed for something else must not change that.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import entry_points
from importlib.util import find_spec
from typing import Any

from jupyter_notebook_sched.errors import Invalid

from ..document import PARAMETERS_TAG
from .languages import known_as
from .model import Json, Parameter, Problem
from .offsets import Places

GROUPS = ("papermill.translators", "papermill.translator")
FAILED = "translator_failed"

_TYPES = {
    **dict.fromkeys(("str", "string"), "string"),
    **dict.fromkeys(("int", "integer"), "integer"),
    **dict.fromkeys(("float", "double", "number"), "number"),
    **dict.fromkeys(("bool", "boolean"), "boolean"),
    **dict.fromkeys(("list", "array"), "array"),
    "dict": "object",
}
_NAME, _VALUE = "papermillsname", "papermillsvalue"

logger = logging.getLogger(__name__)


def translator_of(language: str) -> Translated | None:
    """The translator of a language; None where there is none. Raises ``Invalid``, reason ``translator_failed``."""
    for group in GROUPS:
        for point in entry_points(group=group):
            if known_as(point.name) == known_as(language):
                with _told(language, f"cannot be loaded from {point.value}"):
                    return Translated(language, point.load())
    return _registered(language)


def _registered(language: str) -> Translated | None:
    if find_spec("papermill") is None:
        return None
    with _told(language, "cannot be found: papermill cannot be imported"):
        import papermill.execute  # noqa: F401  # its engines, whose packages register their translators
        from papermill.translators import papermill_translators
    found = getattr(papermill_translators, "_translators", {})
    named = {known_as(str(name)): translator for name, translator in found.items()}
    return Translated(language, named[known_as(language)]) if known_as(language) in named else None


def read_cell(language: str, cell: str) -> tuple[list[Parameter], list[Problem]]:
    """A parameters cell in a language that only a translator may know."""
    try:
        translator = translator_of(language)
    except Invalid as error:
        return [], [Problem(1, error.message)]
    if translator is None:
        unread = f"Parameters of {language} notebooks cannot be read yet, so none can be set."
        return [], [Problem(1, unread)]
    return translator.read_cell(cell)


@contextmanager
def _told(language: str, what: str) -> Iterator[None]:
    """Whatever somebody's translator raises is told as its fault, with the reason ``translator_failed``."""
    try:
        yield
    except Invalid:
        raise
    except (Exception, SystemExit) as error:
        logger.warning("the papermill translator of %s %s", language, what, exc_info=True)
        detail = f"{type(error).__name__}: {error}".strip(": ")[:300]
        raise Invalid(f"The papermill translator of {language} {what} ({detail}).", FAILED) from error


class Translated:
    """A language as its translator (a class or an object with papermill's methods) reads and writes it."""

    def __init__(self, language: str, translator: Any) -> None:
        self.language = language
        self._translator = translator
        lacking = [name for name in ("codify", "translate") if not callable(getattr(translator, name, None))]
        if lacking:
            raise Invalid(
                f"The papermill translator of {language} is none: it has no {' and no '.join(lacking)}.", FAILED
            )

    @property
    def COMMENT(self) -> str:  # noqa: N802  # as the modules of languages have it
        with _told(self.language, "writes no comment"):
            return str(self._translator.comment("")).strip()

    def codify(self, values: Mapping[str, Json], title: str) -> str:
        """The source of the whole cell that sets these values."""
        with _told(self.language, "cannot write these values"):
            try:
                source = self._translator.codify(dict(values), title)
            except NotImplementedError as error:
                raise Invalid(
                    f"{self.language} cannot hold these values: {error}", "value_not_representable"
                ) from error
        return self._source(source, "a cell")

    def literal(self, value: Json, parameter: Parameter, replaced: str) -> str:
        """Raises ``ValueError`` for a kind of value that the translator leaves out."""
        with _told(self.language, f"cannot write the value of {parameter.name}"):
            try:
                text = self._translator.translate(value)
            except NotImplementedError as error:
                text = error
        if isinstance(text, NotImplementedError):
            raise ValueError(f"The papermill translator of {self.language} does not write this kind of value: {text}")
        return self._source(text, "a value")

    def assignment(self, name: str, text: str) -> str:
        with _told(self.language, f"cannot write an assignment to {name}"):
            return self._source(self._translator.assign(name, text), "an assignment")

    def _source(self, text: Any, what: str) -> str:
        if not isinstance(text, str) or not text.strip():
            raise Invalid(
                f"The papermill translator of {self.language} gave {type(text).__name__} where {what} was due.", FAILED
            )
        return text.rstrip("\n")

    def read_cell(self, cell: str) -> tuple[list[Parameter], list[Problem]]:
        """As the translator inspects it; where it does not, the lines that look like its own assignments.

        What it tells is text: a default counts as an expression, except where it says that it is a number, ``true``
        or ``false``, and JSON reads it as that.
        """
        places = Places(cell)
        lines = {found["name"]: found for found in self._assignments(cell)}
        try:
            told = self._inspected(cell)
            if told is None:
                return [_of_line(places, name, found) for name, found in lines.items()], []
            return [_of_inspected(places, one, lines.get(_said(one, "name"))) for one in told], []
        except Invalid as error:
            return [], [Problem(1, error.message)]

    def _inspected(self, cell: str) -> list[Any] | None:
        with _told(self.language, "cannot read the parameters cell"):
            from nbformat import NotebookNode, from_dict

            metadata = {"tags": [PARAMETERS_TAG]}
            plain: dict[str, Any] = {
                "cell_type": "code",
                "source": cell,
                "metadata": metadata,
                "outputs": [],
                "execution_count": None,
            }
            as_nbformat: NotebookNode = from_dict(plain)  # type: ignore[no-untyped-call]
            inspect = getattr(self._translator, "inspect", None)
            try:
                told = inspect(as_nbformat) if inspect else None
            except NotImplementedError:
                return None
            listed = list(told) if told is not None else None
        for one in listed or []:
            if not _said(one, "name"):
                raise Invalid(f"The papermill translator of {self.language} tells parameters without a name.", FAILED)
        return listed

    def _assignments(self, cell: str) -> Iterator[re.Match[str]]:
        """The lines that are what ``assign`` makes, with any name and any value in it."""
        assign = getattr(self._translator, "assign", None)
        try:
            shape = str(assign(_NAME, _VALUE)) if assign is not None else ""
        except (Exception, SystemExit):
            return
        if shape.count(_NAME) != 1 or shape.count(_VALUE) != 1:
            return
        pattern = re.escape(shape.strip()).replace("\\ ", r"[ \t]*").replace(r"[ \t]*=[ \t]*", r"[ \t]*=[ \t]*")
        pattern = pattern.replace(_NAME, r"(?P<name>[^\W\d]\w*)").replace(_VALUE, r"(?P<value>[^\r\n]*?\S)")
        yield from re.finditer(rf"^[ \t]*{pattern}[ \t]*;?[ \t]*$", cell.replace("\r\n", " \n"), re.MULTILINE)


def _said(one: Any, name: str) -> str:
    """A field of papermill's ``Parameter``, which is a named tuple of texts."""
    told = one.get(name) if isinstance(one, Mapping) else getattr(one, name, None)
    return str(told) if told is not None else ""


def _of_line(places: Places, name: str, found: re.Match[str]) -> Parameter:
    start, end = found.span("value")
    told = places.text[start:end]
    line = places.text[found.start() : found.end()].strip()
    return Parameter(name, "any", source=line, range=(places.utf16(start), places.utf16(end)), expression=told)


def _of_inspected(places: Places, one: Any, found: re.Match[str] | None) -> Parameter:
    name, default = _said(one, "name"), _said(one, "default").strip()
    type_ = _TYPES.get(_said(one, "inferred_type_name").strip().lower(), "any")
    place = _of_line(places, name, found) if found is not None and default in found["value"] else None
    span = None
    if place is not None and found is not None:
        start = found.start("value") + found["value"].index(default)
        span = (places.utf16(start), places.utf16(start + len(default)))
    literal = _plain(type_, default)
    return Parameter(
        name,
        type_,
        default=literal,
        required=not default,
        help=_said(one, "help").strip() or None,
        source=place.source if place is not None else f"{name} = {default}",
        range=span,
        expression=default if default and literal is None else None,
    )


def _plain(type_: str, default: str) -> Json:
    if type_ == "integer" and re.fullmatch(r"-?(0|[1-9]\d{0,17})", default):
        return int(default)
    if type_ == "number" and re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", default):
        return float(default)
    return {"true": True, "false": False}.get(default) if type_ == "boolean" else None
