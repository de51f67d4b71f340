"""Parameter values with templates, as they are when they are posted: their syntax, their names, their places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...errors import FieldError
from ..parameters import values
from ..parameters.fitting import misfit
from ..parameters.model import Json, Parameter
from .blocks import Block, TemplateFault, holds_template, pieces, told

if TYPE_CHECKING:
    from .expressions import Expression

MOST_BLOCKS = 100
OF_TEXT = ("string", "date", "datetime", "any")


@dataclass
class Checked:
    """``secrets``: parameter → the names of the secrets that its templates ask for. ``late``: the parameters that wait
    for an attempt's start."""

    errors: list[FieldError] = field(default_factory=list)
    secrets: dict[str, list[str]] = field(default_factory=dict)
    late: list[str] = field(default_factory=list)


def check(parameters: Iterable[Parameter], sent: Mapping[str, Json], field: str = "parameters") -> Checked:
    """Syntax and names of every template, and whether its parameter can take such a value at all."""
    known = {parameter.name: parameter for parameter in parameters}
    checked = Checked()
    for name, value in sent.items():
        standing = known.get(name)
        # What no value may be, templates or not: unknown, too large, nested too deeply.
        loosely = [] if standing is None else [Parameter(name, "any", nullable=True)]
        unsound = values.check_values(loosely or known.values(), {name: value}, field)[1]
        if unsound or standing is None:
            checked.errors += unsound
            continue
        try:
            asked = _expressions(value)
            _refuse_misplaced(standing, value)
        except TemplateFault as fault:
            checked.errors.append(FieldError(f"{field}.{name}", str(fault)))
            continue
        if secrets := sorted({secret for expression in asked for secret in expression.secrets}):
            checked.secrets[name] = secrets
        if any(expression.is_late for expression in asked):
            checked.late.append(name)
    return checked


def secrets_asked(values: Mapping[str, Json]) -> list[str]:
    """The names of the secrets that templates in the values ask for; of values that cannot be read, none."""
    asked: set[str] = set()
    for value in values.values():
        if holds_template(value):
            with suppress(TemplateFault):
                asked.update(*(expression.secrets for expression in _expressions(value)))
    return sorted(asked)


def _expressions(value: Json) -> list[Expression]:
    """Of every template in the value."""
    from .expressions import expression_of

    found = []
    for text in _texts(value):
        for piece in pieces(text):
            if isinstance(piece, Block):
                try:
                    found.append(expression_of(piece.expression))
                except TemplateFault as fault:
                    raise told(piece, str(fault)) from None
    if len(found) > MOST_BLOCKS:
        raise TemplateFault(f"It holds {len(found)} templates; at most {MOST_BLOCKS} can stand in a value.")
    return found


def _texts(value: Json) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


def _refuse_misplaced(parameter: Parameter, value: Json) -> None:
    if isinstance(value, str):
        if len(pieces(value)) > 1 and parameter.type not in OF_TEXT:
            raise TemplateFault(
                f"A template with other text around it makes a text, which a parameter of type {parameter.type} "
                "does not take; let the value be one template alone."
            )
    elif (message := misfit(Parameter(parameter.name, parameter.type), value)) is not None:
        raise TemplateFault(message)
