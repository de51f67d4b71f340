"""A fix becomes the version that jobs run; versions and runs are compared; the archive is browsed, and stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from ..written import tree, write_notebook
from .lab import Lab

FAILS, MENDED = "print(10 / n)", "print(10 / max(n, 1))"


@pytest.fixture(scope="module", autouse=True)
def as_it_was(shared_lab: Lab) -> Iterator[None]:
    """Leaves the shared JupyterLab with what it had open."""
    yield
    shared_lab.open("quick.ipynb")


@pytest.fixture
def notebook(desk: Lab) -> str:
    """One that fails where n is 0. Not the one that the shared JupyterLab has open."""
    write_notebook(desk.workspace / "ratio.ipynb", FAILS, parameters="n: int = 2")
    return "ratio.ipynb"


def new_job(desk: Lab, name: str, n: int = 0) -> Any:
    return desk.call("POST", "jobs", {"name": name, "notebook": "ratio.ipynb", "parameters": {"n": n}})


def failed_run(desk: Lab, job: Any) -> Any:
    run = desk.server.ended(desk.call("POST", f"jobs/{job['id']}/run", {})["id"])
    assert run["state"] == "failed"
    return run


def replaced(file: Path, old: str, new: str) -> None:
    document = json.loads(file.read_text())
    found = [cell for cell in document["cells"] if old in "".join(cell["source"])]
    assert found, f"{old!r} stands nowhere in {file.name}"
    for cell in found:
        cell["source"] = "".join(cell["source"]).replace(old, new)
    file.write_text(json.dumps(document))


def publish_form(desk: Lab, run: Any, mend: str = MENDED) -> Locator:
    """*Use this version* of the run's debug copy, in which the failing cell is mended."""
    copy = desk.call("POST", f"runs/{run['id']}/debug", {})["notebook"]
    replaced(desk.workspace / copy, FAILS, mend)
    desk.open(copy)
    desk.page.locator("[data-jns='copy-publish']:visible").click()
    form = desk.page.locator("[data-jns='publish-form']:visible")
    expect(form.locator("[data-jns='publish']")).to_be_enabled()
    return form


def version_of(desk: Lab, job: Any) -> str:
    return str(desk.call("GET", f"jobs/{job['id']}")["source_version"])


def test_a_fix_is_tried_first_and_becomes_the_version_of_the_jobs_that_are_chosen(desk: Lab, notebook: str) -> None:
    job, weekly, other = (new_job(desk, name) for name in ("Ratio", "Weekly ratio", "Other ratio"))
    run = failed_run(desk, job)
    form = publish_form(desk, run)
    expect(form.locator("[data-jns='diff'] del")).to_have_text(f"− {FAILS}\n")
    expect(form.locator("[data-jns='diff'] ins")).to_have_text(f"+ {MENDED}\n")
    for each in (weekly, other):
        expect(form.locator(f"[data-jns='publish-job-{each['id']}']")).to_be_checked()
    form.locator(f"[data-jns='publish-job-{other['id']}']").uncheck()
    form.locator("[data-jns='publish-message']").fill("nothing is divided by zero")
    form.locator("[data-jns='publish-try']").click()
    expect(form.locator("[data-jns='published']")).to_be_visible()

    assert version_of(desk, job) == version_of(desk, weekly) != version_of(desk, other)
    [newest, _] = desk.call("GET", f"jobs/{job['id']}/versions")
    assert (newest["message"], newest["current"]) == ("nothing is divided by zero", True)
    assert FAILS in (desk.workspace / notebook).read_text(), "the notebook itself was not to be written"
    retry = form.locator("[data-jns='publish-retry']")
    expect(retry).to_be_focused()
    retry.press("Enter")
    expect(form).to_have_count(0)
    reruns = desk.until(
        lambda: [r for r in desk.call("GET", f"runs?job={job['id']}")["runs"] if r["parent_run_id"] == run["id"]][1:]
    )
    ended = [desk.server.ended(rerun["id"]) for rerun in reruns]
    assert [r["state"] for r in ended] == ["succeeded"], ended
    assert {r["source_version"] for r in ended} == {version_of(desk, job)}


def test_a_trial_that_fails_changes_nothing(desk: Lab, notebook: str) -> None:
    job = new_job(desk, "Ratio")
    before = version_of(desk, job)
    form = publish_form(desk, failed_run(desk, job), mend="print(10 / n, 'again')")
    form.locator("[data-jns='publish-try']").click()
    expect(form.locator("[data-jns='trial']")).to_have_attribute("data-state", "failed")
    expect(form.locator("[data-jns='trial']")).to_contain_text("ZeroDivisionError")
    assert version_of(desk, job) == before


def test_changes_made_meanwhile_are_shown_before_they_are_written_over(desk: Lab, notebook: str) -> None:
    job = new_job(desk, "Ratio")
    run = failed_run(desk, job)
    replaced(desk.workspace / notebook, "n: int = 2", "n: int = 3  # changed")
    form = publish_form(desk, run)
    expect(form.locator("[data-jns='conflict']")).to_have_count(0)
    form.locator("[data-jns='publish-write']").check()
    expect(form.locator("[data-jns='conflict'] ins")).to_contain_text("n: int = 3  # changed")
    expect(form.locator("[data-jns='publish']")).to_be_disabled()
    form.locator("[data-jns='publish-over']").check()
    form.locator("[data-jns='publish']").click()
    expect(form.locator("[data-jns='published']")).to_contain_text("The notebook has it now")
    assert desk.saved_cell(notebook, "print") == MENDED
    assert desk.saved_cell(notebook, "n: int") == "n: int = 2"


def test_a_run_without_a_job_publishes_to_its_notebook(desk: Lab, notebook: str) -> None:
    run = desk.server.ended(desk.server.start(notebook, parameters={"n": 0}))
    form = publish_form(desk, run)
    write = form.locator("[data-jns='publish-write']")
    expect(write).to_be_checked()
    expect(write).to_be_disabled()
    form.locator("[data-jns='publish']").click()
    expect(form.locator("[data-jns='published']")).to_be_visible()
    assert desk.saved_cell(notebook, "print") == MENDED


def test_a_job_is_updated_to_its_notebook_and_taken_back(desk: Lab, notebook: str) -> None:
    job = new_job(desk, "Ratio", n=1)
    first = version_of(desk, job)
    write_notebook(desk.workspace / notebook, FAILS, MENDED, parameters="m: int = 1")
    desk.call("PATCH", f"jobs/{job['id']}", {"description": "looked at"})
    row = desk.job_row("Ratio")
    row.locator("[data-jns='update']").click()
    form = desk.page.locator("[data-jns='publish-form']:visible")
    expect(form.locator("[data-jns='misfits']")).to_contain_text("Ratio, n")
    expect(form.locator("[data-jns='publish-try']")).to_have_count(0)
    form.locator("[data-jns='publish']").click()
    expect(form.locator("[data-jns='published']")).to_be_visible()
    expect(row.locator("[data-jns='update']")).to_have_count(0)
    second = version_of(desk, job)
    assert second != first

    desk.choose(row.locator("[data-jns='more']"), "show-versions")
    versions = desk.page.locator("[data-jns='versions']:visible")
    shown = versions.locator("[data-jns='version']")
    expect(shown).to_have_count(2)
    expect(shown.first).to_contain_text("in use")
    shown.first.locator("[data-jns='what-changed']").click()
    page = versions.locator("[data-jns='page']")
    expect(page).to_have_attribute("sandbox", "")
    expect(page.content_frame.locator("body")).to_contain_text("m: int = 1")
    link = page.content_frame.get_by_role("link").first
    link.click()
    expect(link).to_be_visible()
    expect(page.content_frame.locator(":target")).to_be_in_viewport()
    versions.locator("[data-jns='diff-left']").select_option("notebook")
    versions.locator("[data-jns='diff-right']").select_option(second)
    expect(page.content_frame.locator("body")).to_contain_text("No cell differs")

    shown.last.locator("[data-jns='use-again']").click()
    form = desk.page.locator("[data-jns='publish-form']:visible")
    expect(form.locator("[data-jns='earlier']")).to_contain_text("Version 1 again: what came after is undone")
    form.locator("[data-jns='publish']").click()
    expect(form.locator("[data-jns='published']")).to_be_visible()
    assert version_of(desk, job) == first
    desk.page.locator(".lm-TabBar-tab", has_text="Versions of").click()
    expect(shown).to_have_count(3)


def test_a_run_is_compared_with_the_last_success_and_another_run(desk: Lab, notebook: str) -> None:
    job = new_job(desk, "Ratio", n=5)
    succeeded = desk.server.ended(desk.call("POST", f"jobs/{job['id']}/run", {})["id"])
    failed = desk.server.ended(desk.call("POST", f"jobs/{job['id']}/run", {"parameters": {"n": 0}})["id"])
    desk.open(notebook)
    row = desk.side("Runs").locator(f"[data-jns='run'][data-run='{failed['id']}']")
    row.locator(".jns-Row-main").focus()
    row.locator("[data-jns='open']").click()
    below = desk.page.locator("[data-jns='below']:visible")
    below.get_by_role("button", name="Compare").click()
    tab = desk.page.locator("[data-jns='run-comparison']:visible")
    body = tab.locator("[data-jns='page']").content_frame.locator("body")
    expect(body).to_contain_text("The last success")
    expect(body).to_contain_text("ZeroDivisionError")
    for against, words in (("source", "source"), (succeeded["id"], "Another run")):
        tab.locator("[data-jns='against']").select_option(against)
        expect(body).to_contain_text(words)
    desk.reload()
    expect(desk.page.locator("[data-jns='run-comparison']")).to_be_attached()


def test_the_archive_is_browsed_without_a_kernel_and_changed_by_nothing(desk: Lab, notebook: str) -> None:
    job = new_job(desk, "Ratio", n=5)
    run = desk.server.ended(desk.call("POST", f"jobs/{job['id']}/run", {})["id"])
    desk.open("quick.ipynb")
    archive = desk.workspace / ".notebook-sched" / "archive"
    before = tree(archive)
    desk.choose(desk.side("Runs").locator("[data-jns='jobs-menu']"), "show-archive")
    browser = desk.page.get_by_role("region", name="Archive (read-only)")
    for step in run["output"].split("/"):
        item = browser.locator(".jp-DirListing-item").filter(has=desk.page.get_by_text(step, exact=True))
        item.dblclick()
    expect(desk.page.locator("[data-jns='outcome']:visible")).to_be_visible()
    file = browser.locator(".jp-DirListing-item", has_text="ratio.ipynb")
    file.click(button="right")
    expect(desk.page.locator(".lm-Menu")).to_have_count(0)
    file.click()
    desk.page.keyboard.press("Delete")
    dialog = desk.page.locator(".jp-Dialog")
    dialog.locator(".jp-mod-accept").click()
    expect(dialog).to_contain_text("not possible here")
    dialog.get_by_role("button", name="Close").click()
    assert tree(archive) == before
    sessions = desk.server.call("GET", "api/sessions")
    assert not [session for session in sessions if run["id"] in session["path"]]
