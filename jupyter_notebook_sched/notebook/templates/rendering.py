"""Parameter values with templates, rendered when the run is made, and again, as far as they wait for that, when an
attempt starts.

What a rendering gave is never looked at for templates again: a late one begins from what was sent.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ...domain.rendering import Rendering
from ...errors import FieldError
from ..parameters import values
from ..parameters.model import Declared, Json, Kind, Parameter
from .blocks import Block, TemplateFault, holds_template, pieces, told
from .comparing import in_our_words

if TYPE_CHECKING:
    from .expressions import Expression

Names = Mapping[str, Any]
Stays = Callable[["Expression"], bool]


@dataclass
class Rendered:
    values: dict[str, Json] = field(default_factory=dict)
    errors: list[FieldError] = field(default_factory=list)


@dataclass
class AtAttempt(Rendered):
    """``shown``: the values with secrets as their call. ``derived``: texts that were made of secrets."""

    shown: dict[str, Json] = field(default_factory=dict)
    derived: list[str] = field(default_factory=list)


def when_made(parameters: Iterable[Parameter], sent: Mapping[str, Json], rendering: Rendering, run_id: str) -> Rendered:
    """All but what waits for an attempt's start: those templates stand as written."""
    names = _names(rendering, run_id)
    return _all(parameters, sent, names, lambda expression: expression.is_late)


def at_attempt(
    parameters: Iterable[Parameter],
    late: Mapping[str, Json],
    rendering: Rendering,
    facts: Names,
    secrets: Mapping[str, str],
) -> AtAttempt:
    """The values that wait for an attempt. ``facts``: run_id, attempt and run_dir. ``secrets``: by name."""
    from .sandbox import Secrets

    parameters, secret = tuple(parameters), Secrets(secrets)
    names = {**_names(rendering, str(facts["run_id"])), **facts, "secret": secret}
    shown = _all(parameters, late, names, lambda expression: bool(expression.secrets))
    made = _all(parameters, late, names, lambda expression: False)
    return AtAttempt(made.values, made.errors, shown.values, secret.derived)


def preview(
    parameters: Iterable[Parameter], sent: Mapping[str, Json], rendering: Rendering, field: str = "parameters"
) -> Rendered:
    """As a run due then would have them at its first attempt; what only a run knows stands as written."""
    names = {**_names(rendering, ""), "attempt": 1}
    unknown = {"run_id", "run_dir", "secret"}
    return _all(parameters, sent, names, lambda expression: not expression.names.isdisjoint(unknown), field)


def as_shown(parameters: Iterable[Parameter], shown: Mapping[str, Json]) -> tuple[Parameter, ...]:
    """The parameters, such that a template that stands as written can be shown in the place of a value of any type."""
    return tuple(
        replace(parameter, type="any", **Declared().declared())
        if holds_template(shown.get(parameter.name))
        else parameter
        for parameter in parameters
    )


def _names(rendering: Rendering, run_id: str) -> dict[str, Any]:
    from .moments import Moment

    moment = Moment.of(rendering.moment, rendering.timezone)
    return {"scheduled_for": moment, "run_id": run_id, "job_name": rendering.job_name}


def _all(
    parameters: Iterable[Parameter], sent: Mapping[str, Json], names: Names, stays: Stays, field: str = "parameters"
) -> Rendered:
    known = {parameter.name: parameter for parameter in parameters}
    rendered = Rendered()
    for name, value in sent.items():
        if not holds_template(value):
            rendered.values[name] = value
        elif name in known:
            _one(rendered, known[name], value, names, stays, field)
    return rendered


def _one(rendered: Rendered, parameter: Parameter, sent: Json, names: Names, stays: Stays, field: str) -> None:
    name = parameter.name
    rendered.values[name] = sent
    try:
        value, waits = _rendered(sent, parameter, names, stays)
    except TemplateFault as fault:
        rendered.errors.append(FieldError(f"{field}.{name}", str(fault)))
        return
    if waits:
        rendered.values[name] = value
        return
    fitting, errors = values.check_values([parameter], {name: value}, field)
    rendered.values |= fitting
    rendered.errors += [
        FieldError(error.field, f"What its template gives does not fit. {error.message}") for error in errors
    ]


def _rendered(value: Json, parameter: Parameter, names: Names, stays: Stays) -> tuple[Json, bool]:
    """The value, and whether a template in it stands as written."""
    if isinstance(value, str):
        return _text(value, parameter, names, stays)
    if isinstance(value, list | dict):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        made = {key: _rendered(item, _inside(parameter, key), names, stays) for key, item in pairs}
        waits = any(waiting for _, waiting in made.values())
        items = {key: item for key, (item, _) in made.items()}
        return (items if isinstance(value, dict) else list(items.values())), waits  # type: ignore[return-value]
    return value, False


def _inside(parameter: Parameter, place: str | int) -> Parameter:
    """What is declared of a value inside the parameter's own."""
    kind: Kind | None
    if isinstance(place, str):
        kind = (parameter.named or {}).get(place, parameter.members)
    elif parameter.places is not None and place < len(parameter.places):
        kind = parameter.places[place]
    else:
        kind = parameter.element
    return Parameter(parameter.name, "any") if kind is None else Parameter(parameter.name, kind.type, **kind.declared())


def _text(text: str, parameter: Parameter, names: Names, stays: Stays) -> tuple[Json, bool]:
    from . import typed

    parts = pieces(text)
    if len(parts) == 1 and isinstance(only := parts[0], Block):
        waits, value = _block(only, names, stays, lambda result: typed.as_declared(result, parameter))
        return (only.text, True) if waits else (value, False)
    waiting, written = False, []
    for part in parts:
        if isinstance(part, str):
            written.append(part)
            continue
        waits, value = _block(part, names, stays, typed.as_text)
        waiting = waiting or waits
        written.append(part.text if waits else str(value))
    return "".join(written), waiting


def _block(block: Block, names: Names, stays: Stays, convert: Callable[[Any], Json]) -> tuple[bool, Json]:
    """Whether it stands as written; else what the template gives, converted."""
    from .expressions import evaluator, expression_of

    expression = expression_of(block.expression)
    if stays(expression):
        return True, None
    try:
        result = evaluator(block.expression)(names)
    except TemplateFault as fault:
        raise told(block, str(fault)) from None
    except Exception as error:  # whatever an expression makes go wrong
        raise told(block, _cause(error, expression)) from None
    value = _converted(block, functools.partial(convert, result))
    if expression.secrets:
        from .derived import made_of_secrets

        known = {*expression.texts, *map(str, names.values())}
        names["secret"].derived += made_of_secrets(result, value, known)
    return False, value


def _converted(block: Block, convert: Callable[[], Json]) -> Json:
    try:
        return convert()
    except Exception as error:  # what a template gives may be of any kind
        raise told(block, f"It gives nothing that this parameter takes ({type(error).__name__}).") from None


def _cause(error: Exception, expression: Expression) -> str:
    # Python's messages quote values.
    what = type(error).__name__ if expression.secrets else in_our_words(error) or type(error).__name__
    return f"It cannot be rendered: {what.rstrip('.')}."
