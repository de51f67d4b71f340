"""Kernels that differ: another environment's, bash, R; the one that was chosen is the one that runs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_notebook_sched.notebook.execution.fork_server.served.message import KEEPER
from jupyter_notebook_sched.service import jobs
from jupyter_notebook_sched.service.forms import RunJob

from ..living import wait_until
from ..written import PYTHON
from .kinds import KindHouse, printed

ELSEWHERE = "elsewhere"
WHERE = "import sys; print(sys.prefix, sys.executable)"
R = {"name": "ir", "display_name": "R", "language": "R"}
BASH = {"name": "bash", "display_name": "Bash", "language": "bash"}


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Another virtual environment, and its kernelspec. It has the packages of this one, by a link."""
    root = tmp_path_factory.mktemp("elsewhere") / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", root], check=True)
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(root)}))
    packages.rmdir()
    packages.symlink_to(sysconfig.get_path("purelib"))
    folder = Path(os.environ["JUPYTER_PATH"], "kernels", ELSEWHERE)
    folder.mkdir()
    argv = [str(root / "bin" / "python"), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (folder / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "Over there", "language": "python"}))
    yield root
    shutil.rmtree(folder)


def test_it_runs_in_another_environment_started_or_forked(elsewhere: Path, kind_house: KindHouse) -> None:
    parents = set()

    def run_there() -> bool:
        run = kind_house.ended(kind_house.begin(WHERE, kernel=ELSEWHERE).id)
        assert (run.state, run.kernel) == ("succeeded", ELSEWHERE)
        output = kind_house.output(run)
        assert printed(output, 1) == f"{elsewhere} {elsewhere}/bin/python\n"
        named = {"name": ELSEWHERE, "display_name": "Over there", "language": "python"}
        assert output["metadata"]["kernelspec"] == named
        facts = output["metadata"]["notebook_sched"]
        assert facts["kernel"] == ELSEWHERE
        assert "packages" not in facts, "those of another environment are not known here"
        kind_house.prove_end(run)
        parents.add(printed(output, 0).strip() == KEEPER)
        return True in parents

    if kind_house.kind == "ordinary":
        assert not run_there()
    else:
        wait_until(run_there, 60)


def test_it_takes_the_kernel_that_the_job_names_over_that_of_the_notebook(
    elsewhere: Path, forking_house: KindHouse
) -> None:
    forking_house.notebook("of-job.ipynb", WHERE, kernelspec=PYTHON)
    job = forking_house.job("of-job.ipynb", cron=None, kernel=ELSEWHERE)
    run = forking_house.ended(jobs.run(forking_house.context, job.id, RunJob()).id)
    assert (run.state, run.kernel) == ("succeeded", ELSEWHERE)
    assert str(elsewhere) in forking_house.output(run)["cells"][0]["outputs"][0]["text"]


# Cells of which the second one does not end well → state, reason and part of the message.
ENDS: dict[str, tuple[dict[str, str], list[str], dict[str, Any], tuple[str, str, str]]] = {
    "bash, a failing command": (BASH, ["echo before", "ls /no/such/place"], {}, ("failed", "cell_error", "cell 2")),
    "bash, a limit": (
        BASH,
        ["echo before", "sleep 1000"],
        {"cell_timeout_seconds": 3},
        ("failed", "cell_timeout", "3 s"),
    ),
    "R, an error": (R, ["cat('before\\n')", "stop('no data')"], {}, ("failed", "cell_error", "no data")),
    "R, its end": (R, ["cat('before\\n')", "quit()"], {}, ("succeeded", "None", "cell 2 ended the notebook")),
    "R, killed": (R, ["cat('before\\n')", "tools::pskill(Sys.getpid(), 9)"], {}, ("failed", "kernel_died", "SIGKILL")),
    "R, a limit": (
        R,
        ["cat('before\\n')", "Sys.sleep(1000)"],
        {"cell_timeout_seconds": 5},
        ("failed", "cell_timeout", "5 s"),
    ),
}


@pytest.mark.parametrize("name", ENDS)
def test_it_says_how_a_notebook_of_another_language_ended(name: str, forking_house: KindHouse) -> None:
    kernelspec, cells, fields, (state, reason, says) = ENDS[name]
    notebook = forking_house.notebook("other.ipynb", *cells, cells[0], kernelspec=kernelspec)
    run = forking_house.ended(forking_house.run(notebook, **fields).id)
    assert (run.state, str(run.reason)) == (state, reason), run.message
    assert says in str(run.message)
    assert [cell.outcome for cell in run.cells][::2] == ["ok", "not_run"]
    assert forking_house.output(run)["cells"][0]["outputs"][0]["text"] == "before\n"
    forking_house.prove_end(run)
