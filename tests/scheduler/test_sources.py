"""Which version of its notebook a scheduled run executes."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from jupyter_notebook_sched.domain.run import Run
from jupyter_notebook_sched.scheduler import versions
from jupyter_notebook_sched.scheduler.ticking import Scheduler
from jupyter_notebook_sched.service import jobs, runs
from jupyter_notebook_sched.service.forms import RunsQuery

from ..house import House

FRIDAY = datetime(2026, 5, 1, 6, 30, tzinfo=timezone.utc)
SEVEN, DAY = FRIDAY + timedelta(minutes=30), timedelta(days=1)


@pytest.fixture
def at_half_past_six(house: House) -> House:
    house.now = FRIDAY
    house.notebook("report.ipynb", "print(1)")
    return house


def run_at(house: House, job_id: str, now: datetime) -> Run:
    """The run that a tick at ``now`` makes."""
    context = house.context
    Scheduler(context.store, context.archive, context.workspace, "python3").tick(now)
    return runs.find(context, RunsQuery(job=job_id), {}).runs[0]


def source(house: House, run: Run) -> str:
    return versions.load(house.context.archive, run.notebook, run.source_version).canonical.decode()


def test_it_runs_the_pinned_version_whatever_becomes_of_the_file(at_half_past_six: House) -> None:
    house = at_half_past_six
    job = house.job("report.ipynb")
    house.notebook("report.ipynb", "print(2)")
    first = run_at(house, job.id, SEVEN)
    assert first.source_version == job.source_version
    assert "print(1)" in source(house, first)
    assert jobs.get(house.context, job.id).notebook_changed
    (house.workspace / "report.ipynb").unlink()
    assert run_at(house, job.id, SEVEN + DAY).state == "queued"
    assert jobs.get(house.context, job.id).notebook_missing


def test_it_runs_a_live_file_as_it_is_when_the_run_is_made(at_half_past_six: House) -> None:
    house = at_half_past_six
    job = house.job("report.ipynb", source="live")
    house.notebook("report.ipynb", "print(2)")
    first = run_at(house, job.id, SEVEN)
    house.notebook("report.ipynb", "print(3)")
    assert "print(2)" in source(house, first)
    assert "print(3)" in source(house, run_at(house, job.id, SEVEN + DAY))
    assert not jobs.get(house.context, job.id).notebook_changed


@pytest.mark.parametrize(("content", "says"), [(None, "no notebook"), (b"{", "cannot be read"), (b"\xff", "UTF-8")])
def test_it_records_a_live_file_that_cannot_be_read_and_goes_on(
    at_half_past_six: House, content: bytes | None, says: str
) -> None:
    house = at_half_past_six
    file = house.workspace / "report.ipynb"
    job = house.job("report.ipynb", source="live")
    file.unlink() if content is None else file.write_bytes(content)
    run = run_at(house, job.id, SEVEN)
    assert (run.state, run.reason, run.scheduled_for) == ("failed", "invalid", SEVEN)
    assert run.message is not None
    assert says in run.message
    house.notebook("report.ipynb", "print(4)")
    assert run_at(house, job.id, SEVEN + DAY).state == "queued"


def test_it_runs_on_the_kernel_asked_for_else_the_notebooks_own_else_the_default(at_half_past_six: House) -> None:
    house = at_half_past_six
    house.notebook("unnamed.ipynb", "1", kernelspec=None)
    house.notebook("shell.ipynb", "1", kernelspec={"name": "bash", "display_name": "Bash", "language": "bash"})
    if "bash" not in house.context.kernels.languages():
        pytest.skip("needs bash_kernel")
    asked = house.job("unnamed.ipynb", kernel="bash")
    assert run_at(house, asked.id, SEVEN).kernel == "bash"
    assert run_at(house, house.job("shell.ipynb").id, SEVEN).kernel == "bash"
    assert run_at(house, house.job("unnamed.ipynb").id, SEVEN).kernel == "python3"
