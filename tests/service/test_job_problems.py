"""What keeps a job from running is told when somebody looks, not when it is due."""

from __future__ import annotations

import shutil

import pytest

from jupyter_notebook_sched.domain.job import JobAnswer
from jupyter_notebook_sched.host import keyrings
from jupyter_notebook_sched.service import jobs, moving
from jupyter_notebook_sched.store import leases, outbox
from jupyter_notebook_sched.store.leases import WorkerFacts

from ..house import House


def seen(house: House, job: JobAnswer) -> str | None:
    return jobs.get(house.context, job.id).problem


@pytest.fixture
def job(house: House) -> JobAnswer:
    return house.job(house.notebook("reports/daily.ipynb", "print(1)"))


def test_it_finds_nothing_wrong_with_a_sound_job(house: House, job: JobAnswer) -> None:
    assert job.problem is None
    assert seen(house, job) is None


def test_it_tells_that_a_pinned_jobs_notebook_is_missing_and_that_it_runs_nevertheless(
    house: House, job: JobAnswer
) -> None:
    (house.workspace / "reports/daily.ipynb").unlink()
    assert seen(house, job) == (
        "the notebook 'reports/daily.ipynb' is missing; its runs use the version that was kept. "
        "Put it back, or choose another notebook"
    )
    house.notebook("reports/daily.ipynb", "print(1)")
    assert seen(house, job) is None


def test_it_tells_that_a_live_job_will_fail_without_its_notebook(house: House) -> None:
    job = house.job(house.notebook("live.ipynb", "print(1)"), source="live")
    (house.workspace / "live.ipynb").unlink()
    assert "so its next run will fail" in (seen(house, job) or "")


def test_it_tells_that_the_folder_is_missing(house: House, job: JobAnswer) -> None:
    shutil.rmtree(house.workspace / "reports")
    assert (seen(house, job) or "").startswith("the folder 'reports' that its runs start in is missing")


def test_it_tells_that_no_host_has_the_kernel(house: House, job: JobAnswer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house.context.kernels, "languages", lambda: {"other": "r"})
    assert (seen(house, job) or "").startswith("the kernel 'python3' is installed on no host of this workspace")
    facts = WorkerFacts("elsewhere", "running", 2, ("python3",))
    with house.context.store.write() as db:
        leases.register(db, "elsewhere/boot/ns/7/1", facts, house.context.clock())
    assert seen(house, job) is None, "another host can run it"


def test_it_takes_a_kernel_that_only_another_host_has(house: House) -> None:
    house.job(house.notebook("first.ipynb", "print(1)"))
    facts = WorkerFacts("elsewhere", "running", 2, ("julia-1.10",))
    with house.context.store.write() as db:
        leases.register(db, "elsewhere/boot/ns/7/1", facts, house.context.clock())
    assert house.job("first.ipynb", kernel="julia-1.10").kernel == "julia-1.10"


@pytest.mark.parametrize("path", ["reports/daily.ipynb", "reports", "RTC:reports/daily.ipynb"])
def test_it_has_everybody_look_again_when_jupyter_removes_or_saves_what_a_job_uses(
    house: House, job: JobAnswer, path: str
) -> None:
    with house.context.store.read() as db:
        before = outbox.last_seq(db)
    moving.look_again(house.context, path)
    moving.look_again(house.context, "reports/other.ipynb")
    with house.context.store.read() as db:
        (event,) = outbox.after(db, before)
    assert (event.fields["job_id"], event.fields["change"]) == (job.id, "updated")


def test_it_tells_that_a_schedule_edited_by_hand_cannot_be_followed(house: House, job: JobAnswer) -> None:
    with house.context.store.write() as db:
        db.execute("update jobs set spec = replace(spec, '0 7 * * *', '99 7 * * *')")
    assert (seen(house, job) or "").startswith("this schedule cannot be followed: ")


def test_it_tells_that_a_secret_has_gone(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyrings, "is_installed", lambda: False)  # whatever this machine has
    published: dict[str, object] = {"secrets": ["KEPT"]}
    monkeypatch.setattr(house.context.meeting, "published", lambda: published)
    path = house.notebook("n.ipynb", "print(p)", parameters="p = ''")
    job = house.job(path, parameters={"p": "{{ secret('KEPT') }}"})
    assert seen(house, job) is None
    published["secrets"] = []
    assert "There is no secret KEPT; set NOTEBOOK_SCHED_SECRET_KEPT" in (seen(house, job) or "")
    monkeypatch.setenv("NOTEBOOK_SCHED_SECRET_KEPT", "again")
    assert seen(house, job) is None
    monkeypatch.delenv("NOTEBOOK_SCHED_SECRET_KEPT")
    with house.context.store.write() as db:
        leases.register(
            db, "elsewhere/boot/ns/7/1", WorkerFacts("elsewhere", "running", 2, ("python3",)), house.context.clock()
        )
    assert seen(house, job) is None, "a worker on another host keeps its names to itself"
