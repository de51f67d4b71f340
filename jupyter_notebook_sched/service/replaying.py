"""The values of a run, for a fresh kernel in which its cells are run again."""

from __future__ import annotations

from pathlib import PurePosixPath

from ..domain.rendering import Rendering
from ..domain.run import RunDetail
from ..domain.secrets import missing_secret
from ..errors import Conflict, Invalid
from ..host import keyrings, own_secrets
from ..notebook.parameters import injecting
from ..notebook.parameters.model import Json
from ..notebook.templates import rendering
from ..store import runs
from .context import Context
from .notebooks import Opened, kept_snapshot, opened
from .runs import get


def source_of_values(context: Context, run_id: str) -> str:
    """What the injected cell of the run executes, secrets and all: for a kernel, and nobody else. Conflict where a
    secret is not known here; Invalid where a value cannot be rendered any more. It may take as long as a keyring."""
    run = get(context, run_id)
    snapshot = kept_snapshot(context, run.notebook, run.source_version)
    notebook = opened(context, snapshot, run.kernel)
    values = run.parameters | _late_values(context, run, notebook)
    return injecting.injected_source(notebook.language, notebook.read.parameters, values) if values else ""


def _late_values(context: Context, run: RunDetail, notebook: Opened) -> dict[str, Json]:
    with context.store.read() as db:
        stored = Rendering.from_json(runs.rendering(db, run.id))
    if stored is None or not stored.late:
        return {}
    late = {name: run.parameters_template[name] for name in stored.late if name in run.parameters_template}
    folder = context.archive.root / PurePosixPath(run.output or "").parent
    facts = {"run_id": run.id, "attempt": run.attempt, "run_dir": str(folder)}
    secrets = {name: _secret(name) for name in stored.secrets}
    made = rendering.at_attempt(notebook.read.parameters, late, stored, facts, secrets)
    if made.errors:
        # Their messages may quote what was made of a secret.
        names = ", ".join(sorted({error.field.removeprefix("parameters.") for error in made.errors}))
        raise Invalid(f"these values cannot be rendered again: {names}; retry the run instead", "invalid_parameters")
    return made.values


def _secret(name: str) -> str:
    found = own_secrets.known().get(name)
    if found is None:
        found = keyrings.of_keyring(name)
    if found is None:
        raise Conflict(missing_secret(name), "no_such_secret")
    return found
