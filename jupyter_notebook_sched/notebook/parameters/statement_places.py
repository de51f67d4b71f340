"""The whole statement that sets a parameter, from what its reader tells of it."""

from __future__ import annotations

from jupyter_notebook_sched.errors import Invalid

from .model import Parameter
from .offsets import Places


def right_hand_side(places: Places, parameter: Parameter) -> tuple[int, int]:
    """Characters; for a parameter without a default the place where one belongs.

    Raises ``Invalid``, reason ``not_editable``, where its reader told no place.
    """
    if parameter.range is None:
        if parameter.at is None:  # somebody's translator told the name, and no line of the cell looks like it
            told = f"{parameter.name} is not found in the parameters cell; change it there by hand"
            raise Invalid(told, "not_editable")
        return places.index(parameter.at), places.index(parameter.at)
    return places.index(parameter.range[0]), places.index(parameter.range[1])


def statement(places: Places, parameter: Parameter) -> tuple[int, int] | None:
    """Characters, without a comment behind it; None where ``source`` does not tell where it begins."""
    start, end = right_hand_side(places, parameter)
    for last in (places.line_end(end), end):
        behind = places.text[end:last].rstrip()
        first = end + len(behind) - len(parameter.source)
        if 0 <= first <= start and places.text[first : end + len(behind)] == parameter.source:
            return first, end
    return None
