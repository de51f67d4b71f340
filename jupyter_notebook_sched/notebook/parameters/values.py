"""Values that somebody sent, held against the parameters of the notebook."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from jupyter_notebook_sched.errors import FieldError

from .fitting import misfit
from .model import Json, Kind, Parameter

MOST_BYTES = 256 * 1024
MOST_NESTED = 100  # Python's own parser stops at 200 brackets
MOST_BITS = 13_000  # Python reads decimal integers up to 4,300 digits

_UNKNOWN = Kind()

NO_PARAMETERS_CELL = "no_parameters_cell"


def check_values(
    parameters: Iterable[Parameter], values: Mapping[str, Json], field: str = "parameters"
) -> tuple[dict[str, Json], list[FieldError]]:
    """The values that fit, as they will be stored, and one error for each that does not."""
    known = {parameter.name: parameter for parameter in parameters}
    fitting: dict[str, Json] = {}
    errors = []
    for name, value in values.items():
        parameter = known.get(name)
        message = _unknown(name, list(known)) if parameter is None else (_unsound(value) or misfit(parameter, value))
        if message is not None:
            errors.append(FieldError(f"{field}.{name}", message))
        elif parameter is not None:
            fitting[name] = _stored(parameter, value)
    return fitting, errors


def missing_required(
    parameters: Iterable[Parameter], values: Mapping[str, Json], field: str = "parameters"
) -> list[FieldError]:
    """One error for each parameter that has no default and got no value."""
    return [
        FieldError(f"{field}.{parameter.name}", f"Give {parameter.name} a value: it has no default.")
        for parameter in parameters
        if parameter.required and parameter.name not in values
    ]


def refuse_without_cell(values: Mapping[str, Json], field: str = "parameters") -> list[FieldError]:
    """One error for each value sent to a notebook that has no parameters cell (reason ``NO_PARAMETERS_CELL``)."""
    return [
        FieldError(
            f"{field}.{name}",
            "The notebook has no parameters cell, so it takes no values; "
            f"tag a code cell 'parameters' and assign {name} in it.",
        )
        for name in values
    ]


def _unknown(name: str, known: list[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, known, n=1)
    if close:
        return f"The notebook has no parameter {name}; did you mean {close[0]}?"
    offered = f"it has {', '.join(known)}" if known else "its parameters cell offers none"
    return f"The notebook has no parameter {name}; {offered}."


def _unsound(value: Json) -> str | None:
    try:
        size = len(json.dumps(value, allow_nan=False, ensure_ascii=False).encode())
    except UnicodeEncodeError:
        return "It holds half a surrogate pair, which is no character."
    except (ValueError, TypeError, RecursionError):
        return "It is not a JSON value."
    if size > MOST_BYTES:
        return f"It is larger than {MOST_BYTES // 1024} KiB; put it in a file and send its path."
    return "It is nested too deeply, or holds too large a number." if _too_deep_or_large(value, MOST_NESTED) else None


def _too_deep_or_large(value: Json, levels: int) -> bool:
    if isinstance(value, int):
        return value.bit_length() > MOST_BITS
    if isinstance(value, list | dict):
        inner = value.values() if isinstance(value, dict) else value
        return levels == 0 or any(_too_deep_or_large(item, levels - 1) for item in inner)
    return False


def _stored(declared: Parameter | Kind, value: Json) -> Json:
    """Whole numbers that came as 2.0 are integers where integers are declared, inside of lists and objects too."""
    if declared.type == "integer" and isinstance(value, float):
        return int(value)
    if isinstance(value, list):
        kinds = declared.places or (declared.element or _UNKNOWN,) * len(value)
        return [_stored(kind, item) for kind, item in zip(kinds, value, strict=True)]
    if isinstance(value, dict):
        named, others = declared.named or {}, declared.members or _UNKNOWN
        return {name: _stored(named.get(name, others), item) for name, item in value.items()}
    return value
