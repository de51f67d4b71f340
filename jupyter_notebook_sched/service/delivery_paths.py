"""The path template of a delivery: what is refused when it is posted, what it gives when a run has succeeded."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from ..domain import ids
from ..domain.delivery import Delivery
from ..domain.job import JobSpec
from ..domain.rendering import UTC_ZONE, Rendering
from ..domain.trigger import Cron
from ..errors import FieldError, Invalid
from ..notebook.parameters.model import Parameter
from ..notebook.templates import checking, rendering
from ..notebook.templates.blocks import Block, pieces
from ..workspace import Workspace

PATH = "deliver.path"
MISPLACED = ("secret", "run_dir")
_AS_PARAMETER = (Parameter("path", "string"),)


def refuse_misfits(workspace: Workspace, job: JobSpec, now: datetime) -> None:
    """Invalid naming everything that keeps the job from having its delivery."""
    if job.deliver is not None and (errors := _errors(job.deliver, workspace, job, now)):
        raise Invalid.fields(errors)


def _errors(deliver: Delivery, workspace: Workspace, job: JobSpec, now: datetime) -> list[FieldError]:
    errors = []
    if not deliver.path.endswith(ending(deliver)):
        errors.append(FieldError(PATH, f"must end with {ending(deliver)}, for that is its format"))
    if (unsound := _template_errors(deliver.path)) or errors:
        return [*errors, *unsound]
    try:
        zone = job.trigger.timezone if isinstance(job.trigger, Cron) else UTC_ZONE
        path = rendered(deliver.path, Rendering(now, job.name, zone), ids.new_id(now), attempt=1)
        _refuse_below_file(workspace.place(path), workspace)
    except Invalid as error:
        return [FieldError(PATH, error.message)]
    except (KeyError, ValueError, OSError):  # no such time zone: the trigger's own fault, and told as that
        return []
    if path == job.notebook.removeprefix("RTC:"):
        return [FieldError(PATH, "is the job's own notebook, which is never written over; choose another one")]
    return []


def ending(deliver: Delivery) -> str:
    return f".{deliver.format}"


def rendered(template: str, about: Rendering, run_id: str, attempt: int) -> str:
    """The path in the workspace. Invalid where the template gives none."""
    facts = {"run_id": run_id, "attempt": attempt}
    made = rendering.at_attempt(_AS_PARAMETER, {"path": template}, about, facts, secrets={})
    if made.errors:
        raise Invalid(made.errors[0].message, "bad_path")
    return str(made.values["path"])


def place_of(path: str, workspace: Workspace) -> Path:
    """Where the file of that path is to be written. Invalid where it leads out of the workspace, through a link, or
    below a file."""
    place = workspace.unlinked(workspace.place(path))
    _refuse_below_file(place, workspace)
    return place


def _refuse_below_file(place: Path, workspace: Workspace) -> None:
    for folder in reversed(place.relative_to(workspace.root).parents):
        with suppress(OSError):  # it is not there, or cannot be seen
            if not stat.S_ISDIR(os.stat(workspace.root / folder).st_mode):
                raise Invalid(f"{folder.as_posix()!r} is a file, not a folder; choose another path", "not_a_folder")


def _template_errors(template: str) -> list[FieldError]:
    found = checking.check(_AS_PARAMETER, {"path": template}, "deliver").errors
    if found:
        return found
    from ..notebook.templates.expressions import expression_of

    blocks = [piece for piece in pieces(template) if isinstance(piece, Block)]
    names = frozenset[str]().union(*(expression_of(block.expression).names for block in blocks))
    told = "cannot stand in a path; use scheduled_for or run_id"
    return [FieldError(PATH, f"{name} {told}") for name in MISPLACED if name in names]
