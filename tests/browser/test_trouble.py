"""What went wrong while nobody looked is told in the *Runs* panel, with the way to mend it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from jupyter_notebook_sched.domain.times import utc_now

from ..house import House
from .lab import Lab, lab_server_of, opened

DAILY = {"type": "cron", "cron": "0 7 * * *", "timezone": "UTC"}
WAITS = "import pathlib, time\nwhile not pathlib.Path('go').exists():\n    time.sleep(0.1)"


def new_job(desk: Lab, name: str, notebook: str = "quick.ipynb") -> Any:
    return desk.call("POST", "jobs", {"name": name, "notebook": notebook, "trigger": DAILY})


def test_a_notebook_that_was_moved_outside_is_found_again(desk: Lab) -> None:
    shutil.copy(desk.workspace / "plays_in_r.ipynb", desk.workspace / "to move.ipynb")
    job = new_job(desk, "Moved", "to move.ipynb")
    (desk.workspace / "archived").mkdir()
    shutil.move(desk.workspace / "to move.ipynb", desk.workspace / "archived" / "moved.ipynb")
    desk.open("quick.ipynb")
    row = desk.job_row("Moved")
    expect(row.locator("[data-jns='job-problem']")).not_to_be_empty()
    row.locator("[data-jns='find']").click()
    dialog = desk.page.locator(".jp-Dialog")
    expect(dialog).to_contain_text("to move.ipynb is gone")
    dialog.locator("select").select_option("archived/moved.ipynb")
    dialog.get_by_role("button", name="Use this one").click()
    expect(row.locator("[data-jns='job-problem']")).to_have_count(0)
    found = desk.call("GET", f"jobs/{job['id']}")
    assert (found["notebook"], found["notebook_missing"]) == ("archived/moved.ipynb", False)
    assert found["source_version"] == job["source_version"]


def test_a_job_that_cannot_run_says_why_and_harms_no_other(desk: Lab) -> None:
    broken, healthy = new_job(desk, "Broken"), new_job(desk, "Healthy")
    with sqlite3.connect(desk.workspace / ".notebook-sched" / "store.db", timeout=30) as db:
        spec = json.loads(db.execute("select spec from jobs where id = ?", [broken["id"]]).fetchone()[0])
        wrong = json.dumps(spec | {"trigger": DAILY | {"cron": "99 * * * *"}})
        db.execute("update jobs set spec = ? where id = ?", [wrong, broken["id"]])
    desk.call("PATCH", f"jobs/{healthy['id']}", {"description": "a change, after which all jobs are looked at again"})
    problem = desk.job_row("Broken").locator("[data-jns='job-problem']")
    expect(problem).to_contain_text("99")
    assert problem.text_content() == desk.call("GET", f"jobs/{broken['id']}")["problem"]
    expect(desk.job_row("Healthy").locator("[data-jns='job-problem']")).to_have_count(0)


@pytest.fixture
def after_an_outage(browser: Browser, house: House, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """JupyterLab on a workspace that nobody has looked at for thirty hours; what runs in it ends once ``go`` exists."""
    now = utc_now()
    first, second = (f"{now + timedelta(minutes=ahead):%M} * * * *" for ahead in (20, 40))
    house.now = now - timedelta(hours=30)
    house.notebook("slow.ipynb", WAITS)
    house.job("slow.ipynb", first, name="Load", on_missed="run_all", max_catch_up=4)
    house.job("slow.ipynb", second, name="Report")
    with lab_server_of(house.workspace, tmp_path) as server, opened(browser, server, house.workspace) as lab:
        lab.open("slow.ipynb")
        yield lab
        lab.take_picture(request.node.name)
        (house.workspace / "go").touch()


def test_missed_due_times_are_told_and_those_that_wait_can_be_skipped(after_an_outage: Lab) -> None:
    lab = after_an_outage
    told = lab.page.locator(".Toastify__toast").filter(has_text="After an outage")
    expect(told).to_contain_text("4 runs wait to make up for missed due times")
    runs = lab.side("Runs")
    expect(runs.locator("[data-reason='missed']").filter(has_text="due times missed")).to_have_count(2)
    waiting = runs.locator("[data-jns='run'][data-state='queued']")
    expect(waiting.filter(has_text="waits for the run before it")).to_have_count(3)
    expect(waiting.filter(has_text="waits for its turn: what is caught up starts one at a time")).to_have_count(1)

    told.get_by_role("button", name="Skip the rest").click()
    expect(waiting).to_have_count(0)
    expect(runs.locator("[data-jns='run'][data-reason='user']")).to_have_count(4)
    expect(told).to_have_count(0)
    (lab.workspace / "go").touch()
    expect(runs.locator("[data-jns='run'][data-state='succeeded']")).to_have_count(1)
    assert lab.call("GET", "runs?cause=catch_up&state=queued")["runs"] == []
