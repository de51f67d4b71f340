"""A failed run of a notebook of 50 MB, reopened: how long each step takes, and how long others wait meanwhile.

python -m benchmarks.large_notebook [MB [rounds]]
"""

from __future__ import annotations

import base64
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.serving import Served

from .asking import Asker
from .figures import Figure, milliseconds, told
from .live_server import live_server
from .loop import latency_meanwhile, loop_latency

NOTEBOOK = "large.ipynb"
KEPT = "--NotebookSched.keep_kernel_seconds=3600"
DRAWS = "display({'image/png': base64.b64encode(os.urandom(750_000)).decode()}, raw=True)  # "
Step = Callable[[], Any]


def main() -> list[Figure]:
    amount = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with live_server(None, KEPT) as (server, workspace):
        _write_large(workspace / NOTEBOOK, amount)
        job = server.call("POST", "notebook-sched/jobs", {"name": "Large", "notebook": NOTEBOOK})
        other, run = (_failed_run(server, job["id"]) for _ in range(2))
        size = (workspace / ".notebook-sched" / "archive" / run["output"]).stat().st_size
        figures = [Figure(f"{amount} MB reopened: the output notebook", size / 1e6, "MB")]
        idle = loop_latency(server, 2.0)
        figures += milliseconds("  our server's loop before, GET /api", idle)
        everything: list[float] = []
        for what, step in _steps(server, workspace, run, other).items():
            step()  # the first time is another matter: what does the work is started then
            took = []
            with latency_meanwhile(server) as waits:
                for _ in range(rounds):
                    took.append(step())
            everything += waits
            figures += [
                Figure(f"  {what}: median of {rounds}", sorted(took)[rounds // 2], "s"),
                *milliseconds("    others wait meanwhile", waits),
            ]
        figures += milliseconds(f"{amount} MB reopened: API meanwhile, all steps", everything, 50.0)
        server.end_kernels()
    return told(f"a failed run of a notebook of {amount} MB, reopened:", figures)


def _steps(
    server: Served, workspace: Path, run: dict[str, Any], other: dict[str, Any]
) -> dict[str, Callable[[], float]]:
    """What a person does with it, in that order → its seconds, to the last byte."""
    asker = Asker(server)
    mine = f"runs/{run['id']}"
    copy = asker.ask(f"{mine}/debug", {})[1]["notebook"]
    fix = {"notebook": copy, "dry_run": True, "write_notebook": True}

    def debug_anew() -> float:
        os.unlink(workspace / copy)
        return asker.seconds(f"{mine}/debug", {})

    return {
        "look at the run": lambda: asker.seconds(mine),
        "open the output notebook": lambda: asker.seconds(f"archive/api/contents/{run['output']}"),
        "compare with another run": lambda: asker.seconds(f"{mine}/diff?against={other['id']}"),
        "compare with the source": lambda: asker.seconds(f"{mine}/diff?against=source"),
        "debug in a copy": debug_anew,
        "what publishing the copy would change": lambda: asker.seconds(f"{mine}/publish-fix", fix),
        "parameters of the workspace's notebook": lambda: asker.seconds(f"parameters?notebook={NOTEBOOK}"),
    }


def _write_large(path: Path, amount: int) -> None:
    """With its outputs in it, as it was saved in JupyterLab; run, it makes as many anew and then fails."""
    image = {"output_type": "display_data", "metadata": {}}
    cells = [_cell(0, "import base64, os\nfrom IPython.display import display", [])]
    for number in range(1, amount + 1):
        data = {"image/png": base64.b64encode(os.urandom(750_000)).decode()}
        cells.append(_cell(number, f"{DRAWS}{number}", [{**image, "data": data}]))
    cells.append(_cell(amount + 1, "1 / 0", []))
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))


def _cell(number: int, source: str, outputs: list[dict[str, Any]]) -> dict[str, Any]:
    kind = {"cell_type": "code", "id": f"cell-{number}", "metadata": {}, "execution_count": None}
    return {**kind, "source": source, "outputs": outputs}


def _failed_run(server: Served, job_id: str) -> dict[str, Any]:
    run = server.ended(server.call("POST", f"notebook-sched/jobs/{job_id}/run", {})["id"], 120)
    assert run["state"] == "failed", run["message"]
    return run


if __name__ == "__main__":
    main()
