"""What an attempt is asked to do: the order that an executor gets, from what the run has on record."""

from __future__ import annotations

import msgspec

from ..archive import sources
from ..archive.layout import Archive, output_path
from ..domain.rendering import Rendering
from ..domain.run import Resumption, Run, Terms
from ..errors import Invalid
from ..store.attempts import Claimed
from ..workspace import Workspace
from .interface import Late, Order

PROVENANCE = ("job_id", "name", "notebook", "source_version", "parameters", "kernel", "cause", "scheduled_for")


def order_of(claimed: Claimed, archive: Archive, workspace: Workspace, terms: Terms) -> Order:
    """For an attempt that may outlive its worker, and whose kernel ends with it. ``terms``: of runs that ask for no
    others. SchedError, ValueError or OSError where what the run needs is not there."""
    run = claimed.run
    return Order(
        run_id=run.id,
        attempt=run.attempt,
        source=sources.load(archive, run.source_version),
        kernel=run.kernel,
        parameters=msgspec.json.encode(run.parameters),
        folder=str(workspace.folder(run.notebook)),
        output=str(archive.root / output_of(run)),
        provenance=_provenance(run),
        timeout_seconds=claimed.policies.timeout_seconds,
        cell_timeout_seconds=claimed.policies.cell_timeout_seconds,
        terms=terms.asked(claimed.policies.resources),
        late=_late(claimed),
        resumption=_resumption(claimed, archive),
    )


def output_of(run: Run) -> str:
    """The path in the archive of the output notebook of the run's present attempt."""
    # What is on record counts: the notebook may have been renamed since.
    return run.output or output_path(run.id, run.attempt, run.notebook)


def keep_seconds_of(claimed: Claimed, usual: float) -> float:
    """For how long the kernel of a run that fails is kept; ``usual``: of runs that ask for nothing else."""
    asked = claimed.policies.keep_kernel_seconds
    return usual if asked is None else float(asked)


def _late(claimed: Claimed) -> Late | None:
    """What waits for the attempt's start; nearly always nothing."""
    rendering = Rendering.from_json(claimed.rendering)
    if rendering is None or not rendering.late:
        return None
    template = claimed.run.parameters_template
    return Late(msgspec.json.encode({name: template[name] for name in rendering.late if name in template}), rendering)


def _resumption(claimed: Claimed, archive: Archive) -> Resumption | None:
    """Invalid where the output that it names cannot be one (edited by hand)."""
    if (found := claimed.resumption) is None:
        return None
    file = archive.file(found.output)
    if file is None:
        raise Invalid(f"there is no output {found.output!r} to go on from")
    return msgspec.structs.replace(found, output=str(file))


def _provenance(run: Run) -> bytes:
    """What the output notebook says of the run that made it, as JSON."""
    facts = {name: getattr(run, name) for name in PROVENANCE}
    return msgspec.json.encode({"run_id": run.id, **facts})
