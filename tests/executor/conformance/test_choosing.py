"""The executor is the one that the configuration names, and a worker that cannot have it says what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_notebook_sched.config import Settings
from jupyter_notebook_sched.executor.choosing import GROUP, Unusable, executor_of
from jupyter_notebook_sched.executor.interface import Surroundings
from jupyter_notebook_sched.executor.local import LocalExecutor
from jupyter_notebook_sched.service import status

from ...house import House
from ...living import wait_until
from ...serving import serving

OFFERED = {
    "slurm": "broken_executors:Slurm",
    "half": "broken_executors:Half",
    "no_executor": "broken_executors:no_executor",
    "nowhere": "no_such_module:Executor",
    "local": "broken_executors:Slurm",
}
BROKEN = """\
from jupyter_notebook_sched.executor.interface import Executor

def Slurm(surroundings):
    raise RuntimeError("there is no sbatch")

class Half(Executor):
    def __init__(self, surroundings): ...
    async def submit(self, order): ...

def no_executor(surroundings):
    return {}
"""


@pytest.fixture
def broken_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    metadata = tmp_path / "broken-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1\n")
    lines = [f"{name} = {value}\n" for name, value in OFFERED.items()]
    (metadata / "entry_points.txt").write_text(f"[{GROUP}]\n{''.join(lines)}")
    (tmp_path / "broken_executors.py").write_text(BROKEN)
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)


def chosen(name: str, tmp_path: Path) -> object:
    return executor_of(Surroundings(Settings.of_workspace(tmp_path, executor=name), tmp_path))


def test_it_is_local_by_default_whatever_the_installed_metadata_say(broken_ones: None, tmp_path: Path) -> None:
    assert isinstance(chosen(Settings.executor, tmp_path), LocalExecutor)


def test_the_package_itself_offers_what_local_means() -> None:
    project = (Path(__file__).parents[3] / "pyproject.toml").read_text()
    offered = f'[project.entry-points."{GROUP}"]\nlocal = "{LocalExecutor.__module__}:LocalExecutor.of"\n\n'
    assert offered in project


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("slrum", "did you mean 'slurm'?"),
        ("nobody", "half, local, no_executor, nowhere, slurm. Set "),
        ("slurm", "(broken_executors:Slurm of the package broken) cannot be used: RuntimeError: there is no sbatch"),
        ("half", "cannot be used: TypeError: Can't instantiate abstract class Half"),
        ("no_executor", "cannot be used: it makes a dict"),
        ("nowhere", "cannot be used: ModuleNotFoundError"),
    ],
)
def test_it_says_what_is_wrong_and_what_to_do(broken_ones: None, tmp_path: Path, name: str, says: str) -> None:
    with pytest.raises(Unusable) as refused:
        chosen(name, tmp_path)
    assert says in str(refused.value)
    assert "NotebookSched.executor (--executor) to " in str(refused.value)


def test_a_worker_without_its_executor_does_not_start_and_says_why(house: House) -> None:
    command = [sys.executable, "-m", "jupyter_notebook_sched.worker", "--workspace", str(house.workspace)]
    started = subprocess.run([*command, "--executor=slrum"], capture_output=True, text=True, timeout=60)
    assert started.returncode == 4
    assert "no executor is called 'slrum'" in started.stderr
    assert not house.settings.state_dir.exists(), "nothing is written into the workspace"
    told = status.status(house.context).worker
    assert told.state == "stopped"
    assert told.problem is not None
    assert "no executor is called 'slrum'" in told.problem
    worker = house.start_worker()
    worker.terminate()
    worker.wait(20)
    told = status.status(house.context).worker
    assert (told.state, told.problem) == ("stopped", None), "one could start since"


def test_a_server_says_why_its_worker_is_not_up(tmp_path: Path) -> None:
    workspace = tmp_path / "work"
    workspace.mkdir()
    with serving(
        workspace,
        tmp_path / "home",
        "--NotebookSched.executor=slrum",
        ready=lambda server: bool(server.worker()["problem"]),
    ) as server:
        assert "no executor is called 'slrum'" in server.worker()["problem"]
        assert server.worker()["executor"] == "slrum"
        wait_until(lambda: server.worker()["state"] == "stopped", 30)
