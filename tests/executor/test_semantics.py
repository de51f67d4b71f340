"""What a kernel says becomes the output that plain nbclient makes of it, with forked and with ordinary kernels.

All behaviours share one notebook, run once plainly and once in each house; each test looks at the cells of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from ..written import document
from .behaviours import BEHAVIOURS, STOPPING, Cells
from .kinds import KINDS, WHO, Kind, KindHouse, environment_of_a_person, outcomes, plain

ALL: Cells = [cell for cells in BEHAVIOURS.values() for cell in cells]
FIRST = 1  # the cell that tells what the kernel is comes before them
WIDGETS = "application/vnd.jupyter.widget-state+json"


def run_plainly(folder: Path, cells: Cells) -> tuple[dict[str, Any], CellExecutionError | None]:
    """What nbclient itself makes of these cells, and the error that it ended with."""
    folder.mkdir(exist_ok=True)
    notebook = nbformat.from_dict(document(WHO, *cells))
    client = NotebookClient(notebook, timeout=60)
    try:
        asyncio.run(client.async_execute(cwd=str(folder), env=environment_of_a_person()))
    except CellExecutionError as error:
        return notebook, error
    return notebook, None


def comparable(cell: dict[str, Any]) -> Any:
    """Neighbouring pieces of a stream as one: how many there are is chance. Of the times only which there are."""
    outputs: list[dict[str, Any]] = []
    for output in cell.get("outputs", []):
        before = outputs[-1] if outputs else {}
        if output["output_type"] == "stream" and output["name"] == before.get("name"):
            before["text"] += "".join(output["text"])
        elif output["output_type"] == "stream":
            outputs.append(output | {"text": "".join(output["text"])})
        else:
            outputs.append(output)
    metadata = dict(cell["metadata"])
    if "execution" in metadata:
        metadata["execution"] = sorted(metadata["execution"])
    return plain(dict(cell) | {"outputs": outputs, "metadata": metadata})


def cells_of(notebook: dict[str, Any], name: str) -> list[Any]:
    """The cells of a behaviour."""
    first = FIRST
    for before, cells in BEHAVIOURS.items():
        if before == name:
            return [comparable(cell) for cell in notebook["cells"][first : first + len(cells)]]
        first += len(cells)
    raise KeyError(name)


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    notebook, error = run_plainly(tmp_path_factory.mktemp("plain"), ALL)
    assert error is None
    return notebook


@pytest.fixture(scope="module")
def output_of(house_of: Callable[[Kind], KindHouse]) -> Callable[[Kind], dict[str, Any]]:
    """The output notebook of all behaviours in the house of that kind."""
    made: dict[Kind, dict[str, Any]] = {}

    def of(kind: Kind) -> dict[str, Any]:
        if kind not in made:
            house = house_of(kind)
            run = house.ran(*ALL)
            assert (run.state, run.message) == ("succeeded", None)
            made[kind] = house.output(run)
        return made[kind]

    return of


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", BEHAVIOURS)
def test_it_makes_the_same_of_it_as_nbclient(
    name: str, kind: Kind, reference: dict[str, Any], output_of: Callable[[Kind], dict[str, Any]]
) -> None:
    assert cells_of(output_of(kind), name) == cells_of(reference, name)


@pytest.mark.parametrize("kind", KINDS)
def test_it_writes_the_metadata_that_nbclient_writes(
    kind: Kind, reference: dict[str, Any], output_of: Callable[[Kind], dict[str, Any]]
) -> None:
    notebook = output_of(kind)
    assert set(notebook["metadata"]) == {*reference["metadata"], "notebook_sched"}
    for name in ("language_info", "widgets"):
        assert notebook["metadata"][name] == reference["metadata"][name]
    assert set(notebook["metadata"]["widgets"][WIDGETS]["state"]) == {"w1", "w4", "o1"}
    assert len(notebook["cells"]) == len(reference["cells"])


@pytest.mark.parametrize("kind", KINDS)
def test_it_records_when_each_cell_ran(kind: Kind, output_of: Callable[[Kind], dict[str, Any]]) -> None:
    ran = [cell["metadata"]["execution"] for cell in output_of(kind)["cells"] if cell.get("execution_count")]
    assert len(ran) > len(BEHAVIOURS)
    for times in ran:
        busy, begun, ended = (times[f"iopub.{word}"] for word in ("status.busy", "execute_input", "status.idle"))
        assert busy <= begun <= ended
        assert busy <= times["shell.execute_reply"]
    beginnings = [times["iopub.status.busy"] for times in ran]
    assert beginnings == sorted(beginnings)


@pytest.mark.parametrize("name", STOPPING)
def test_it_stops_where_nbclient_stops(name: str, kind_house: KindHouse, tmp_path: Path) -> None:
    notebook, error = run_plainly(tmp_path, STOPPING[name])
    run = kind_house.ran(*STOPPING[name])
    assert error is not None
    assert run.error is not None
    assert (run.state, run.reason) == ("failed", "cell_error")
    assert (run.error.name, run.error.value) == (error.ename, error.evalue)
    assert outcomes(run) == ["ok", "failed", "not_run"]
    assert [comparable(cell) for cell in kind_house.output(run)["cells"][FIRST:]] == [
        comparable(cell) for cell in notebook["cells"][FIRST:]
    ]


def test_it_keeps_what_arrives_after_the_end_of_its_cell_with_that_cell(kind_house: KindHouse) -> None:
    """As in JupyterLab; nbclient drops it, or gives it to whichever cell runs by then."""
    later = "import asyncio\nasync def later():\n    await asyncio.sleep(0.3); print('late'); display('late')\n"
    run = kind_house.ran(later + "task = asyncio.create_task(later())", "await task", "1")
    assert run.state == "succeeded"
    cell, waits = kind_house.output(run)["cells"][1:3]
    assert cell["outputs"][0]["text"] == "late\n"
    assert cell["outputs"][1]["data"] == {"text/plain": "'late'"}
    assert waits["outputs"] == []
