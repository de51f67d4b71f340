"""Presets: named sets of parameter values, kept in the notebook's own metadata so that they travel with it.

``metadata.notebook_sched.presets`` is an object: name → {parameter: value in wire form}. No version of a notebook has
it (``document.canonical_source`` leaves ``notebook_sched`` out), so that saving a preset changes no job.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

from jupyter_notebook_sched.errors import FieldError, Invalid

from .document import RUN_METADATA
from .json_members import GONE, with_values
from .parameters.model import Json, same_value

Presets: TypeAlias = "dict[str, dict[str, Json]]"

PATH = (RUN_METADATA, "presets")  # in the notebook's metadata
MOST_PRESETS = 100
LONGEST_NAME = 100
MOST_BYTES = 256 * 1024
MOST_NESTED = 100

_CONTROL = {chr(point) for point in (*range(32), *range(127, 160), 0x2028, 0x2029)}


def of_metadata(metadata: Mapping[str, Any]) -> tuple[Presets, list[str]]:
    """The presets of a notebook, and what is in their place and is none."""
    ours = metadata.get(RUN_METADATA)
    if ours is not None and not isinstance(ours, Mapping):
        return {}, [f"The notebook's metadata has no object at '{RUN_METADATA}', so it can hold no presets."]
    return of_object(ours.get("presets") if ours is not None else None)


def of_object(found: object) -> tuple[Presets, list[str]]:
    """The same for what a notebook's metadata has as its presets; None where it has nothing."""
    if found is None:
        return {}, []
    if not isinstance(found, Mapping):
        return {}, [f"The notebook's metadata has no object at '{RUN_METADATA}.presets', so it can hold no presets."]
    presets = {str(name): dict(values) for name, values in found.items() if isinstance(values, Mapping)}
    return presets, [
        f"The preset {name!r} in the notebook's metadata is no object of values, so it is left out."
        for name, values in found.items()
        if not isinstance(values, Mapping)
    ]


def checked(sent: Mapping[str, Any], field: str = "presets") -> tuple[Presets, list[FieldError]]:
    """Presets as they will be kept, names trimmed, and one error for each that cannot be. Whether the values fit the
    notebook's parameters is no matter here: it changes with the notebook."""
    errors: list[FieldError] = []
    kept: Presets = {}
    taken: set[str] = set()
    for name, values in sent.items():
        trimmed = name.strip()
        message = _unfit_name(trimmed, taken) or _unfit_values(values)
        if message is not None:
            errors.append(FieldError(f"{field}.{name}", message))
            continue
        taken.add(trimmed.casefold())
        kept[trimmed] = dict(values)
    if len(sent) > MOST_PRESETS:
        errors.append(FieldError(field, f"A notebook has at most {MOST_PRESETS} presets."))
    elif not errors and len(json.dumps(kept).encode()) > MOST_BYTES:
        errors.append(FieldError(field, f"All presets together are larger than {MOST_BYTES // 1024} KiB."))
    return kept, errors


def _unfit_name(name: str, taken: set[str]) -> str | None:
    if not name:
        return "A preset needs a name."
    if len(name) > LONGEST_NAME:
        return f"The name of a preset has at most {LONGEST_NAME} characters."
    if _CONTROL & set(name):
        return "The name of a preset stands on one line."
    return (
        "There is another preset of that name; capital letters make no difference."
        if name.casefold() in taken
        else None
    )


def _unfit_values(values: object) -> str | None:
    if not isinstance(values, Mapping):
        return "A preset is an object: the names of parameters with their values."
    return f"Its values are nested more than {MOST_NESTED} deep." if _too_deep(values, MOST_NESTED + 1) else None


def _too_deep(value: object, levels: int) -> bool:
    if isinstance(value, list | Mapping):
        inner = value.values() if isinstance(value, Mapping) else value
        return levels == 0 or any(_too_deep(item, levels - 1) for item in inner)
    return False


def rewrite_presets(raw: bytes, metadata: Mapping[str, Any], presets: Presets) -> bytes:
    """The notebook's file with these presets and no others; the same bytes where it has them already.

    Layout, key order, escapes and line endings stay, and so does each preset that does not change. With the last one
    goes what was made for it. ``metadata`` is the notebook's own. Raises ``Invalid`` (``presets_unreadable``) where
    something else is in their place, and ``notebook_unreadable`` where the file is no notebook.
    """
    there, problems = of_metadata(metadata)
    ours = metadata.get(RUN_METADATA)
    if problems and not (isinstance(ours, Mapping) and isinstance(ours.get("presets"), Mapping)):
        raise Invalid(
            f"{problems[0]} Take it out in JupyterLab's notebook metadata editor first.", "presets_unreadable"
        )
    gone: list[tuple[tuple[str, ...], object]] = [((*PATH, name), GONE) for name in there if name not in presets]
    kept = [
        ((*PATH, name), values)
        for name, values in presets.items()
        if name not in there or not same_value(there[name], values)
    ]
    if not gone and not kept:
        return raw
    try:
        text = with_values(raw.decode("utf-8"), "metadata", [*kept, *gone])
    except (ValueError, IndexError, RecursionError) as error:
        message = "The notebook's metadata cannot be found in its file; open and save it in JupyterLab first."
        raise Invalid(message, "notebook_unreadable") from error
    return text.encode("utf-8", "backslashreplace")
