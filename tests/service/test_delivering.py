"""Outputs that a job wants in the workspace: where they go, what they never replace, who puts them there."""

from __future__ import annotations

import json
import signal
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from jupyter_notebook_sched.archive.writing import TEMPORARY
from jupyter_notebook_sched.domain.run import RunDetail
from jupyter_notebook_sched.errors import Invalid
from jupyter_notebook_sched.service import jobs, starting
from jupyter_notebook_sched.service.forms import Rerun, RunJob
from jupyter_notebook_sched.store import deliveries

from ..faults.breaking import start_broken_worker, was_killed
from ..house import House

NOTEBOOK: tuple[str, ...] = ("print('for ' + region)", "1 + 1")


def delivering_job(house: House, path: str, name: str = "r/daily.ipynb", **more: Any) -> str:
    """The id of a job whose successes go to that path."""
    if not (house.workspace / name).exists():
        house.notebook(name, *NOTEBOOK, parameters="region = 'us'")
    ending = path.rpartition(".")[2]
    deliver = {"path": path, "format": ending} | more.pop("deliver", {})
    return house.job(name, None, deliver=deliver, **more).id


def delivered(house: House, run_id: str, seconds: float = 60.0) -> RunDetail:
    """The run once something has come of its delivery."""
    run = house.ended(run_id)
    assert run.state == "succeeded", run.message
    until = time.monotonic() + seconds
    while (run := house.get(run_id)).delivery is None:
        assert time.monotonic() < until, "nothing has come of the delivery"
        time.sleep(0.02)
    return run


def ran(house: House, job_id: str, **values: Any) -> RunDetail:
    return delivered(house, jobs.run(house.context, job_id, RunJob(parameters=values)).id)


def path_of(run: RunDetail) -> str:
    assert run.delivery is not None
    assert run.delivery.problem is None, run.delivery.problem
    assert run.delivery.path is not None
    return run.delivery.path


def problem_of(run: RunDetail) -> str:
    assert run.state == "succeeded", "a delivery never changes how a run ended"
    assert run.delivery is not None
    assert run.delivery.path is None
    assert run.delivery.problem is not None
    return run.delivery.problem


def test_it_delivers_the_archived_output_bit_for_bit(busy_house: House) -> None:
    job = delivering_job(busy_house, "out/new/{{ job_name }}-{{ scheduled_for | date }}.ipynb")
    run = ran(busy_house, job, region="fr")
    path = path_of(run)
    assert path == f"out/new/Daily-{run.created_at:%Y-%m-%d}.ipynb"
    assert run.output is not None
    archived = busy_house.context.archive.root / run.output
    file = busy_house.workspace / path
    assert file.read_bytes() == archived.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o644
    assert file.parent.stat().st_mode & 0o055, "the folders are not our private ones"
    assert not list(busy_house.workspace.rglob(f"{TEMPORARY}*"))


def test_it_delivers_a_page_without_code(busy_house: House) -> None:
    job = delivering_job(busy_house, "out/page.html", deliver={"hide_code": True})
    page = (busy_house.workspace / path_of(ran(busy_house, job, region="<fr>"))).read_text()
    assert page.startswith("<!DOCTYPE html>")
    assert "for &lt;fr&gt;" in page
    assert "print(" not in page


def test_it_delivers_a_notebook_with_its_code_folded_away(busy_house: House) -> None:
    job = delivering_job(busy_house, "out/folded.ipynb", deliver={"hide_code": True})
    for region in ("fr", "de"):
        run = ran(busy_house, job, region=region)
        assert run.output is not None
        archived = json.loads((busy_house.context.archive.root / run.output).read_bytes())
        made = json.loads((busy_house.workspace / path_of(run)).read_bytes())
        codes = [cell for cell in made["cells"] if cell["cell_type"] == "code"]
        assert [cell["metadata"].pop("jupyter") for cell in codes] == [{"source_hidden": True}] * 4
        assert made == archived
        assert f"for {region}" in str(made)


def test_it_replaces_what_it_delivered_before(busy_house: House) -> None:
    job = delivering_job(busy_house, "out/latest.ipynb")
    path = path_of(ran(busy_house, job, region="one"))
    file = busy_house.workspace / path
    file.chmod(0o640)
    second = ran(busy_house, job, region="two")
    assert path_of(second) == path
    assert "for two" in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o640


def test_it_writes_over_nothing_that_it_has_not_written(busy_house: House) -> None:
    file = busy_house.workspace / "mine.html"
    file.write_text("mine")
    job = delivering_job(busy_house, "mine.html")
    assert "has not written it" in problem_of(ran(busy_house, job))
    assert file.read_text() == "mine"


def test_it_leaves_a_delivered_file_that_a_person_has_changed(busy_house: House) -> None:
    job = delivering_job(busy_house, "out/edited.ipynb")
    file = busy_house.workspace / path_of(ran(busy_house, job, region="one"))
    file.write_text("my notes")
    assert "was changed since" in problem_of(ran(busy_house, job, region="two"))
    assert file.read_text() == "my notes"
    file.unlink()
    assert path_of(ran(busy_house, job, region="three"))


def test_it_leaves_what_another_job_has_delivered(busy_house: House) -> None:
    path_of(ran(busy_house, delivering_job(busy_house, "out/shared.ipynb")))
    before = (busy_house.workspace / "out/shared.ipynb").read_bytes()
    other = delivering_job(busy_house, "out/shared.ipynb", name="r/other.ipynb")
    assert "has not written it" in problem_of(ran(busy_house, other, region="b"))
    assert (busy_house.workspace / "out/shared.ipynb").read_bytes() == before


def second_time(house: House, name: str) -> dict[str, Any]:
    """A notebook that fails at its first attempt, as fields of a job: paths may be others at the second one than they
    were when the job was posted."""
    house.notebook(name, "from pathlib import Path", "if not Path('x').exists(): Path('x').touch(); 1 / 0")
    return {"name": name, "retry": {"max_attempts": 2, "delay_seconds": 0}}


def test_it_never_writes_over_a_source(busy_house: House) -> None:
    path = "s/{{ 'own' if attempt > 1 else 'out' }}.ipynb"
    job = delivering_job(busy_house, path, **second_time(busy_house, "s/own.ipynb"))
    source = (busy_house.workspace / "s/own.ipynb").read_bytes()
    assert "notebook of a job" in problem_of(ran(busy_house, job))
    assert (busy_house.workspace / "s/own.ipynb").read_bytes() == source

    elsewhere = delivering_job(busy_house, "t/out.ipynb")
    path_of(ran(busy_house, elsewhere))
    busy_house.job("t/out.ipynb", None)
    content = (busy_house.workspace / "t/out.ipynb").read_bytes()
    assert "notebook of a job" in problem_of(ran(busy_house, elsewhere, region="b"))
    assert (busy_house.workspace / "t/out.ipynb").read_bytes() == content


def test_it_writes_through_no_link(busy_house: House, tmp_path: Path) -> None:
    (busy_house.workspace / "linked").symlink_to(tmp_path)
    assert "link" in problem_of(ran(busy_house, delivering_job(busy_house, "linked/a.ipynb")))
    (busy_house.workspace / "loose.ipynb").symlink_to(tmp_path / "b.ipynb")
    assert "link" in problem_of(ran(busy_house, delivering_job(busy_house, "loose.ipynb")))
    assert not list(tmp_path.iterdir())


def test_it_tells_what_keeps_it_from_writing(busy_house: House) -> None:
    root = busy_house.workspace / "trouble"
    (root / "a.html").mkdir(parents=True)
    assert problem_of(ran(busy_house, delivering_job(busy_house, "trouble/a.html")))
    assert problem_of(ran(busy_house, delivering_job(busy_house, f"trouble/{'x' * 300}.html")))
    below = delivering_job(busy_house, "trouble/b/c/a.html")
    (root / "b").touch()
    assert problem_of(ran(busy_house, below)) == "'trouble/b' is a file, not a folder; choose another path"
    with pytest.raises(Invalid, match="'trouble/b' is a file") as refused:
        delivering_job(busy_house, "trouble/b/c/a.html")
    assert [error.field for error in refused.value.errors] == ["deliver.path"]


def test_it_tells_that_the_template_gives_no_path_in_the_workspace(busy_house: House) -> None:
    path = "{{ '../..' if attempt > 1 else 'fine' }}/escaped.html"
    job = delivering_job(busy_house, path, **second_time(busy_house, "e/a.ipynb"))
    assert "workspace" in problem_of(ran(busy_house, job))
    assert not list(busy_house.workspace.parent.parent.rglob("escaped.html"))


def test_it_keeps_the_output_of_the_latest_due_time(busy_house: House) -> None:
    job = delivering_job(busy_house, "out/newest.ipynb")
    late = ran(busy_house, job, region="late")
    with busy_house.context.store.write() as db:
        early = f"{late.created_at - timedelta(days=1):%Y-%m-%d}T00:00:00.000Z"
        db.execute("update runs set scheduled_for = ? where id = ?", [early, late.id])
    newer = ran(busy_house, job, region="newer")
    assert path_of(newer)
    again = delivered(busy_house, starting.rerun(busy_house.context, late.id, Rerun()).run.id)
    assert "later due time" in problem_of(again)
    assert "for newer" in (busy_house.workspace / "out/newest.ipynb").read_text()


def test_it_delivers_nothing_of_a_run_that_fails(busy_house: House) -> None:
    busy_house.notebook("f/fails.ipynb", "1 / 0")
    job = delivering_job(busy_house, "out/failed.ipynb", name="f/fails.ipynb")
    run = busy_house.ended(jobs.run(busy_house.context, job, RunJob()).id)
    assert (run.state, run.delivery) == ("failed", None)
    path_of(ran(busy_house, delivering_job(busy_house, "out/after.ipynb")))
    assert busy_house.get(run.id).delivery is None
    assert not (busy_house.workspace / "out/failed.ipynb").exists()


def test_it_delivers_as_the_run_was_told_when_it_was_made(busy_house: House) -> None:
    busy_house.notebook("w/waits.ipynb", "import os, time\nwhile not os.path.exists('go'): time.sleep(0.02)")
    job = delivering_job(busy_house, "out/first.ipynb", name="w/waits.ipynb")
    run = jobs.run(busy_house.context, job, RunJob())
    jobs.patch(busy_house.context, job, {"deliver": None})
    (busy_house.workspace / "w/go").touch()
    assert path_of(delivered(busy_house, run.id)) == "out/first.ipynb"


def test_it_delivers_nothing_that_was_changed_in_the_archive(busy_house: House) -> None:
    run = ran(busy_house, delivering_job(busy_house, "out/intact.ipynb"))
    assert run.output is not None
    file = busy_house.context.archive.root / run.output
    file.chmod(0o600)
    file.write_text(file.read_text().replace("for us", "for me"))
    (busy_house.workspace / path_of(run)).unlink()
    with busy_house.context.store.write() as db:  # as if it was still to come
        db.execute("update runs set delivery = '{}' where id = ?", [run.id])
    busy_house.context.committed()
    assert "was changed" in problem_of(delivered(busy_house, run.id))


PLACES = ("delivery-write", "delivery-rename", "delivery-written", "delivery-recorded")


def test_the_next_worker_delivers_what_a_killed_one_left(house: House) -> None:
    """And so does the one after that, wherever each of them dies."""
    run = jobs.run(house.context, delivering_job(house, "out/a.ipynb"), RunJob())
    for place in PLACES:
        assert was_killed(start_broken_worker(house, f"{place}=kill")), place
        told = house.get(run.id)
        assert (told.state, told.delivery) == ("succeeded", None), "one that is to come is not told as one that came"
    house.start_worker()
    done = delivered(house, run.id)
    assert (house.workspace / path_of(done)).read_bytes() == (
        house.context.archive.root / str(done.output)
    ).read_bytes()


def test_a_worker_that_drains_delivers_before_it_leaves(house: House) -> None:
    house.notebook("slow.ipynb", "import time; time.sleep(0.5)")
    worker = house.start_worker()
    run = jobs.run(house.context, delivering_job(house, "out/a.html", name="slow.ipynb"), RunJob())
    house.running(run.id, current=0)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(60) == 0
    assert path_of(house.get(run.id)) == "out/a.html"
    assert (house.workspace / "out/a.html").is_file()


REFUSED = [
    ({"path": "a.html"}, "deliver.path", "must end with .ipynb"),
    ({"path": "a.ipynb", "format": "html"}, "deliver.path", "must end with .html"),
    ({"path": "/etc/a.ipynb"}, "deliver.path", "workspace"),
    ({"path": "../a.ipynb"}, "deliver.path", "workspace"),
    ({"path": "a/../../a.ipynb"}, "deliver.path", "workspace"),
    ({"path": ".notebook-sched/a.ipynb"}, "deliver.path", "seen"),
    ({"path": ".config/a.ipynb"}, "deliver.path", "seen"),
    ({"path": "a/.ipynb"}, "deliver.path", "seen"),
    ({"path": "s3://bucket/a.ipynb"}, "deliver.path", "workspace"),
    ({"path": "a\nb.ipynb"}, "deliver.path", "no path"),
    ({"path": "{{ job_nam }}.ipynb"}, "deliver.path", "did you mean job_name"),
    ({"path": "{{ scheduled_for | dat }}.ipynb"}, "deliver.path", "filter"),
    ({"path": "{{ scheduled_for .ipynb"}, "deliver.path", "not closed"),
    ({"path": "{{ secret('X') }}.ipynb"}, "deliver.path", "cannot stand in a path"),
    ({"path": "{{ run_dir }}/a.ipynb"}, "deliver.path", "cannot stand in a path"),
    ({"path": "{{ '../' * 3 }}a.ipynb"}, "deliver.path", ""),
    ({"path": "r/daily.ipynb"}, "deliver.path", "own notebook"),
    ({"path": ""}, "deliver.path", "empty"),
    ({"path": "x" * 1001 + ".ipynb"}, "deliver.path", "at most 1000"),
]


@pytest.mark.parametrize(("deliver", "field", "told"), REFUSED)
def test_it_refuses_what_can_never_be_delivered(house: House, deliver: Any, field: str, told: str) -> None:
    house.notebook("r/daily.ipynb", *NOTEBOOK, parameters="region = 'us'")
    with pytest.raises(Invalid) as refused:
        house.job("r/daily.ipynb", None, deliver=deliver)
    (error,) = refused.value.errors
    assert error.field == field
    assert told in error.message


def test_it_names_what_is_wrong_beside_a_bad_trigger(house: House) -> None:
    house.notebook("r/daily.ipynb", *NOTEBOOK, parameters="region = 'us'")
    trigger = {"type": "cron", "cron": "0 7 * * *", "timezone": "Nowhere/City"}
    deliver = {"path": "{{ scheduled_for | date }}.html"}
    with pytest.raises(Invalid) as refused:
        house.job("r/daily.ipynb", None, trigger=trigger, deliver=deliver)
    assert {error.field for error in refused.value.errors} == {"trigger.timezone", "deliver.path"}


def test_it_takes_any_path_in_the_workspace(house: House) -> None:
    house.notebook("r/daily.ipynb", *NOTEBOOK, parameters="region = 'us'")
    for path in ("a.ipynb", "r/{{ scheduled_for }}.ipynb", "ä ö/{{ run_id }}-{{ attempt }}.ipynb"):
        answer = house.job("r/daily.ipynb", None, deliver={"path": path})
        assert answer.deliver is not None
        assert answer.deliver.path == path
    assert jobs.patch(house.context, answer.id, {"deliver": None}).deliver is None


def test_a_delivery_is_rendered_in_the_zone_of_the_job(busy_house: House) -> None:
    busy_house.notebook("z.ipynb", "1")
    trigger = {"type": "cron", "cron": "0 7 * * *", "timezone": "Pacific/Kiritimati"}  # UTC+14
    job = busy_house.job("z.ipynb", trigger=trigger, deliver={"path": "z/{{ scheduled_for | date }}.ipynb"}).id
    run = ran(busy_house, job)
    there = run.created_at.astimezone(timezone(timedelta(hours=14)))
    assert path_of(run) == f"z/{there:%Y-%m-%d}.ipynb"
    assert isinstance(there, datetime)
    assert json.loads((busy_house.workspace / path_of(run)).read_bytes())["nbformat"] == 4


def test_looking_for_deliveries_reads_none_of_the_other_runs(house: House) -> None:
    """A worker looks at each of its steps, with a million runs on record."""
    house.run(house.notebook("a.ipynb", "1"))
    asked: list[str] = []
    with house.context.store.read() as db:
        db.conn.set_trace_callback(asked.append)
        deliveries.pending(db, "here", house.clock())
        db.conn.set_trace_callback(None)
        plan = [row[3] for row in db.execute(f"explain query plan {asked[-1]}").fetchall()]
    assert plan == ["SCAN runs USING INDEX runs_to_deliver"]
