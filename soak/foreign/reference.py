"""The other side: a notebook through plain nbclient, as its documentation shows it."""

from __future__ import annotations

import subprocess
import warnings
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

from .comparing import Executed, seen_in

SECONDS = 120
NO_ERROR = ("", "0", "None")


def execute(file: Path, kernel: str) -> Executed:
    """The notebook of that file, executed in the file's folder."""
    notebook = fresh(file)
    client = NotebookClient(
        notebook, kernel_name=kernel, timeout=SECONDS, resources={"metadata": {"path": str(file.parent)}}
    )
    failed: tuple[int, str] | None = None
    try:
        client.execute(stderr=subprocess.DEVNULL)  # the kernel's own remarks, that it is reached by TCP above all
    except CellExecutionError as error:
        failed = (_last_executed(notebook), error.ename)
        if error.ename == "SystemExit" and error.evalue in NO_ERROR:
            # Here sys.exit() ends a run that has succeeded (docs/run-states.md); nbclient calls it an error.
            failed = None
            _drop_exit(notebook)
    except DeadKernelError:
        failed = (_last_executed(notebook), "kernel died")
    return seen_in(notebook, failed)


def fresh(file: Path) -> Any:
    """As a job's version is stored: version 4, nothing executed, without what an earlier tool has injected."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", nbformat.warnings.MissingIDFieldWarning)  # of those that are older than ids
        notebook: Any = nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]
    notebook.cells = [cell for cell in notebook.cells if "injected-parameters" not in cell.metadata.get("tags", [])]
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def _last_executed(notebook: Any) -> int:
    """Among the code cells: nbclient notes when it began each."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return max(index for index, cell in enumerate(code) if "execution" in cell.metadata)


def _drop_exit(notebook: Any) -> None:
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.get("ename") != "SystemExit"]
