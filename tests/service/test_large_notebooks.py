"""Large notebooks are read in a process of their own: parsing them here would hold up every other request."""

from __future__ import annotations

import pytest

from jupyter_notebook_sched.apart.tasks import LARGEST_AT_HAND
from jupyter_notebook_sched.scheduler.versions import look
from jupyter_notebook_sched.service import jobs, parameters, starting
from jupyter_notebook_sched.service.forms import PreviewParameters, Rerun, RunJob
from jupyter_notebook_sched.service.seen_notebooks import seen

from ..house import House
from ..written import code
from .test_publishing_fix import watched

MUCH = "z" * LARGEST_AT_HAND


def large(house: House, path: str, kind: str) -> str:
    """The version of a notebook with that much in its outputs, or in its sources."""
    output = {"output_type": "stream", "name": "stdout", "text": MUCH}
    cell = code(f"# {path}") | {"outputs": [output]} if kind == "outputs" else code(f"# {path} {MUCH}")
    house.notebook(path, cell, parameters="x = 1")
    return look(house.context.workspace, path).version


@pytest.mark.parametrize("kind", ["outputs", "sources"])
def test_it_reads_them_apart_for_runs_reruns_and_jobs(house: House, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    version, of_copy = large(house, "a.ipynb", kind), large(house, "copy.ipynb", kind)
    apart = watched(monkeypatch)
    run = house.run("a.ipynb", parameters={"x": 2})
    assert (run.source_version, run.kernel) == (version, "python3")
    trial = starting.rerun(house.context, run.id, Rerun(notebook="copy.ipynb")).run
    assert trial.source_version == of_copy
    assert starting.rerun(house.context, run.id, Rerun(source="current")).run.source_version == version
    job = house.job("a.ipynb", source="live")
    assert jobs.run(house.context, job.id, RunJob()).source_version == version
    assert set(apart) == {"source"}
    assert len(apart) >= 5
    found = seen(house.context, "copy.ipynb").document
    assert [cell["outputs"] for cell in found["cells"]] == [[], []]


@pytest.mark.parametrize("kind", ["outputs", "sources"])
def test_it_reads_them_apart_for_their_parameters(house: House, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    large(house, "a.ipynb", kind)
    apart = watched(monkeypatch)
    told = parameters.read(house.context, "a.ipynb")
    assert [(one["name"], one["default"]) for one in told.parameters] == [("x", 1)]
    assert told.last_modified == house.context.workspace.read("a.ipynb").last_modified
    shown = parameters.preview(house.context, PreviewParameters(notebook="a.ipynb", values={"x": 2}))
    assert "x = 2" in shown.source
    assert apart == ["source", "source"]
