"""The steps of one run, from the request to its end on record, in seconds."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from jupyter_notebook_sched.notebook.document import RUN_METADATA

from .ours import Ours, moment


def steps_of_a_run(ours: Ours, notebook: str) -> dict[str, float]:
    """From the answers, the record, what the output notebook says of its making, and the times that the kernel's own
    messages carry. What runs in one process without a word to others is one step."""
    asked = ours.asked(notebook)
    run = ours.ended(asked.run_id)
    executed = ours.executed(run)
    making = executed["metadata"][RUN_METADATA]
    cells = [cell["metadata"]["execution"] for cell in executed["cells"]]
    busy = [moment(cell["iopub.status.busy"]) for cell in cells]
    idle = [moment(cell["iopub.status.idle"]) for cell in cells]
    claimed, forked = moment(run["started_at"]), moment(making["started_at"])
    sealed, recorded = moment(making["finished_at"]), moment(run["finished_at"])
    found = {
        "(POST, to its answer)": asked.answered - asked.at,
        "POST to claim (commit, wake-up of the worker)": claimed - asked.at,
        "claim to runner (order, fork)": forked - claimed,
        "runner to first cell (prepare, kernel start, ready)": busy[0] - forked,
    }
    found |= {f"cell {number + 1}": idle[number] - busy[number] for number in range(len(cells))}
    found |= {
        "between the cells": sum(after - before for before, after in zip(idle[:-1], busy[1:], strict=True)),
        "last cell to seal (kernel end, nothing left)": sealed - idle[-1],
        "seal to record (output on disk, commit)": recorded - sealed,
        "in all": recorded - asked.at,
    }
    return found


def table(found: Sequence[dict[str, float]]) -> str:
    """Medians in milliseconds, a step a line."""
    medians = {name: statistics.median(one[name] for one in found) * 1000 for name in found[0]}
    return "\n".join(f"  {name:60s} {milliseconds:7.1f}" for name, milliseconds in medians.items())
