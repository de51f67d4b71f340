"""The examples do what their texts say."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager

from jupyter_notebook_sched.notebook import document

from ..house import House

EXAMPLES = Path(__file__).parents[2] / "examples"
NOTEBOOKS = sorted(path.name for path in EXAMPLES.glob("*.ipynb") if "-debug-" not in path.name)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("examples"))
    shutil.copytree(EXAMPLES, house.workspace, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*"))
    house.start_worker()
    yield house
    house.leave()


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_is_committed_as_it_is_written_not_as_it_ran(name: str) -> None:
    cells = document.read_notebook((EXAMPLES / name).read_bytes())["cells"]
    assert all(
        cell["outputs"] == [] and cell["execution_count"] is None for cell in document.code_cells({"cells": cells})
    )


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("daily_plays.ipynb", {}),
        ("daily_plays.ipynb", {"region": "jp", "run_date": "2026-01-15", "top_n": 3, "measure": "hours"}),
        ("device_report.ipynb", {"region": "br"}),
        ("plays_forecast.ipynb", {"region": "jp", "smoothing": 0.7, "test_days": 14, "weekly": False}),
        ("plays_in_r.ipynb", {"region": "de"}),
    ],
)
def test_it_runs_with_its_own_values_and_with_others(house: House, name: str, values: dict[str, object]) -> None:
    if name == "plays_in_r.ipynb" and "ir" not in KernelSpecManager().find_kernel_specs():
        pytest.skip("needs R's kernel (Debian: apt-get install r-base-core r-cran-irkernel)")
    run = house.ended(house.run(name, parameters=values).id, 120)
    assert (run.state, run.message) == ("succeeded", None)
    assert any(cell.outcome == "ok" for cell in run.cells)


def test_the_device_report_fails_in_the_middle_for_japan(house: House) -> None:
    run = house.ended(house.run("device_report.ipynb", parameters={"region": "jp"}).id)
    assert (run.state, run.reason) == ("failed", "cell_error")
    assert run.error is not None
    assert (run.error.name, run.error.value) == ("KeyError", "'tv'")
    outcomes = [cell.outcome for cell in run.cells]
    assert outcomes.index("failed") > 2
    assert outcomes[-1] == "not_run"


def test_its_data_come_from_its_own_script(tmp_path: Path) -> None:
    shutil.copy(EXAMPLES / "data" / "make_plays.py", tmp_path)
    subprocess.run([sys.executable, "make_plays.py"], cwd=tmp_path, check=True)
    for name in ("plays.csv", "titles.csv"):
        assert (tmp_path / name).read_bytes() == (EXAMPLES / "data" / name).read_bytes()
