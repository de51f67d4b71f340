"""Jobs and history follow a notebook; one that moved where nobody saw it is recognised by what is in it."""

from __future__ import annotations

import os

import pytest

from jupyter_notebook_sched.domain.job import JobAnswer
from jupyter_notebook_sched.service import jobs, moving, runs
from jupyter_notebook_sched.service.forms import JobsQuery, RunsQuery
from jupyter_notebook_sched.store import outbox

from ..house import House
from ..written import tree


def rename(house: House, old: str, new: str) -> None:
    """As Jupyter's contents service does it, and tells it."""
    place = house.workspace / new
    place.parent.mkdir(parents=True, exist_ok=True)
    os.rename(house.workspace / old, place)
    moving.follow(house.context, old, new)


def where(house: House, job: JobAnswer) -> str:
    return jobs.get(house.context, job.id).notebook


def history(house: House, notebook: str) -> dict[str, int]:
    """How many runs the notebook's list has, and counts."""
    found = runs.find(house.context, RunsQuery(notebook=notebook), {})
    return {"listed": len(found.runs), "counted": sum(found.counts.values())}


def changes(house: House, job: JobAnswer) -> int:
    with house.context.store.read() as db:
        return sum(event.fields.get("job_id") == job.id for event in outbox.after(db, 0, 1000))


def test_it_follows_a_notebook(house: House) -> None:
    job = house.job(house.notebook("a.ipynb", "1"))
    run, other = house.run("a.ipynb", name="x"), house.run(house.notebook("aa.ipynb", "2"))
    rename(house, "a.ipynb", "b.ipynb")
    assert where(house, job) == house.get(run.id).notebook == "b.ipynb"
    assert house.get(other.id).notebook == "aa.ipynb"
    assert (history(house, "a.ipynb"), history(house, "b.ipynb")) == (
        {"listed": 0, "counted": 0},
        {"listed": 1, "counted": 1},
    )
    assert runs.find(house.context, RunsQuery(q="b"), {}).runs[0].id == run.id
    now = jobs.get(house.context, job.id)
    assert (now.notebook_missing, now.source_version, now.next_run_at) == (False, job.source_version, job.next_run_at)
    assert now.revision == job.revision + 1
    assert changes(house, job) == 2, "made, and moved"


def test_it_follows_a_folder_and_none_of_a_name_that_begins_alike(house: House) -> None:
    inside = [house.job(house.notebook(f"etl/{name}.ipynb", name)) for name in ("a", "deep/b", "ümlaut %_b")]
    beside = [house.job(house.notebook(name, name)) for name in ("etl.ipynb", "etl2/a.ipynb", "x/etl/a.ipynb")]
    run = house.run("etl/deep/b.ipynb", name="other")
    rename(house, "etl", "archive/2026/etl")
    assert [where(house, job) for job in inside] == [
        *("archive/2026/etl/a.ipynb", "archive/2026/etl/deep/b.ipynb", "archive/2026/etl/ümlaut %_b.ipynb")
    ]
    assert [where(house, job) for job in beside] == ["etl.ipynb", "etl2/a.ipynb", "x/etl/a.ipynb"]
    assert house.get(run.id).notebook == "archive/2026/etl/deep/b.ipynb"
    assert not any(jobs.get(house.context, job.id).notebook_missing for job in inside + beside)


def test_it_follows_onto_a_name_that_has_a_history_of_its_own(house: House) -> None:
    house.run(house.notebook("new.ipynb", "1"), name="n")
    house.run(house.notebook("old.ipynb", "2"), name="n")
    os.unlink(house.workspace / "new.ipynb")
    rename(house, "old.ipynb", "new.ipynb")
    assert history(house, "new.ipynb") == {"listed": 2, "counted": 2}
    assert history(house, "old.ipynb") == {"listed": 0, "counted": 0}


def test_it_swaps_two_notebooks(house: House) -> None:
    first, second = house.job(house.notebook("a.ipynb", "1")), house.job(house.notebook("b.ipynb", "2"))
    for old, new in (("a.ipynb", "tmp.ipynb"), ("b.ipynb", "a.ipynb"), ("tmp.ipynb", "b.ipynb")):
        rename(house, old, new)
    assert (where(house, first), where(house, second)) == ("b.ipynb", "a.ipynb")
    assert not jobs.get(house.context, first.id).notebook_changed


def test_it_follows_with_a_drive_and_slashes_as_jupyter_names_them(house: House) -> None:
    job = house.job(house.notebook("a.ipynb", "1"))
    os.rename(house.workspace / "a.ipynb", house.workspace / "b.ipynb")
    moving.follow(house.context, "RTC:a.ipynb", "/b.ipynb")
    assert where(house, job) == "b.ipynb"


@pytest.mark.parametrize(("old", "new"), [("x.ipynb", "y.ipynb"), ("", "y"), ("a.ipynb", ""), ("/", "b")])
def test_it_leaves_alone_what_concerns_nobody(house: House, old: str, new: str) -> None:
    before = tree(house.root)
    moving.follow(house.context, old, new)
    moving.look_again(house.context, old)
    assert tree(house.root) == before, "no state directory is made for it"
    job = house.job(house.notebook("a.ipynb", "1"))
    moving.follow(house.context, old, new)
    assert where(house, job) == "a.ipynb"
    assert changes(house, job) == 1


def test_it_follows_beside_a_row_that_nobody_can_read(house: House) -> None:
    sick, job = house.job(house.notebook("d/a.ipynb", "1")), house.job(house.notebook("d/b.ipynb", "2"))
    with house.context.store.write() as db:
        db.execute("update jobs set spec = '{' where id = ?", [sick.id])
    rename(house, "d", "e")
    assert where(house, job) == "e/b.ipynb"


def test_it_tells_of_a_notebook_that_is_gone_and_of_one_that_is_back(house: House) -> None:
    job, other = house.job(house.notebook("d/a.ipynb", "1")), house.job(house.notebook("b.ipynb", "2"))
    os.rename(house.workspace / "d", house.root / "elsewhere")
    moving.look_again(house.context, "d")
    gone = jobs.get(house.context, job.id)
    assert gone.notebook_missing
    assert gone.problem
    assert "'d'" in gone.problem
    os.rename(house.root / "elsewhere", house.workspace / "d")
    moving.look_again(house.context, "d/a.ipynb")
    back = jobs.get(house.context, job.id)
    assert (back.notebook_missing, back.problem) == (False, None)
    assert (changes(house, job), changes(house, other)) == (3, 1)


def test_it_recognises_by_content_what_moved_elsewhere(house: House) -> None:
    """Outputs do not count; copies are all offered; the person takes one."""
    job = house.job(house.notebook("a.ipynb", "print(1)", parameters="x = 1"))
    (house.workspace / "a.ipynb").unlink()
    house.notebook("other.ipynb", "print(2)")
    assert moving.moved(house.context, job.id) == moving.Moved([], True)
    for place in ("z/found.ipynb", "deep/er/found.ipynb", "node_modules/x.ipynb", ".ipynb_checkpoints/x.ipynb"):
        house.notebook(place, "print(1)", parameters="x = 1")
    (house.workspace / "broken.ipynb").write_text("{")
    found = moving.moved(house.context, job.id)
    assert found == moving.Moved(["deep/er/found.ipynb", "z/found.ipynb"], True)
    taken = jobs.patch(house.context, job.id, {"notebook": "z/found.ipynb"})
    assert (taken.notebook_missing, taken.source_version) == (False, job.source_version)
    assert jobs.find(house.context, JobsQuery(notebook="z/found.ipynb")).jobs[0].id == job.id


def test_it_looks_for_it_in_no_link_and_not_for_ever(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    job = house.job(house.notebook("a.ipynb", "1"))
    outside = house.root / "outside"
    outside.mkdir()
    os.rename(house.workspace / "a.ipynb", outside / "a.ipynb")
    (house.workspace / "link").symlink_to(outside)
    (house.workspace / "loop").symlink_to(house.workspace)
    assert moving.moved(house.context, job.id) == moving.Moved([], True)
    for number in range(5):
        house.notebook(f"n{number}.ipynb", "1")
    monkeypatch.setattr(moving, "MOST_NOTEBOOKS", 3)
    assert moving.moved(house.context, job.id) == moving.Moved(["n0.ipynb", "n1.ipynb", "n2.ipynb"], False)
