"""A parameter of a Python cell in which values are not written the usual way."""

from __future__ import annotations

from dataclasses import dataclass, fields

from ..model import Parameter


@dataclass(frozen=True, slots=True)
class PythonParameter(Parameter):
    """``rebound``: built-in names that mean something else in the notebook. ``shifted``: IPython takes away what the
    lines of the cell begin with, of those inside a text too."""

    rebound: frozenset[str] = frozenset()
    shifted: bool = False


def remarked(parameter: Parameter, rebound: frozenset[str], shifted: bool) -> Parameter:
    """The same parameter, with what is unusual about its cell."""
    if not rebound and not shifted:
        return parameter
    told = {field.name: getattr(parameter, field.name) for field in fields(parameter)}
    return PythonParameter(**told, rebound=rebound, shifted=shifted)
