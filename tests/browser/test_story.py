"""The whole story on the examples: a scheduled run fails at night, is looked into, mended, and runs again."""

from __future__ import annotations

import contextlib
import os
import re
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from jupyter_notebook_sched.domain.times import from_text, to_text, utc_now

from .lab import Lab, lab_server, lab_server_of
from .reopening import KEPT, bar, executed, header, mend, reopening, row_of

WRONG = 'tv_before = hours_before["tv"] / hours_before.sum()'
RIGHT = 'tv_before = hours_before.get("tv", float("nan")) / hours_before.sum()'


@pytest.fixture
def servers() -> Iterator[contextlib.ExitStack]:
    """What takes the place of a server that was stopped."""
    with contextlib.ExitStack() as servers:
        yield servers


@pytest.fixture
def lab(
    browser: Browser, tmp_path: Path, servers: contextlib.ExitStack, request: pytest.FixtureRequest
) -> Iterator[Lab]:
    with lab_server(tmp_path, KEPT) as (server, workspace), reopening(browser, server, workspace) as lab:
        yield lab
        lab.take_picture(request.node.name)


def soon() -> dict[str, str]:
    return {"type": "once", "at": to_text(utc_now() + timedelta(seconds=2))}


def scheduled(lab: Lab, job: dict[str, Any], state: str) -> dict[str, Any]:
    """The run that the job's schedule started, once it has ended so."""
    runs = lab.until(lambda: lab.call("GET", f"runs?job={job['id']}&cause=schedule&state={state}")["runs"])
    found: dict[str, Any] = lab.call("GET", f"runs/{runs[0]['id']}")
    return found


def nothing() -> None:
    pass


def tell_the_story(
    lab: Lab, once_failed: Callable[[], None] = nothing, in_the_copy: Callable[[], None] = nothing
) -> dict[str, Any]:
    """The last run of its job."""
    lab.open("daily_plays.ipynb")
    asked = {"name": "Devices", "notebook": "device_report.ipynb", "parameters": {"region": "jp"}, "trigger": soon()}
    job = lab.call("POST", "jobs", asked)

    run = scheduled(lab, job, "failed")
    once_failed()
    told = lab.page.locator(".Toastify__toast").filter(has_text="“Devices” failed. Cell 10 KeyError: 'tv'")
    told.get_by_role("button", name="Open").click()
    expect(header(lab, run).locator("[data-jns='failure']")).to_contain_text("Cell 10 KeyError: 'tv'")
    expect(header(lab, run).locator("[data-jns='failure']")).to_contain_text('tv_now = hours_now["tv"]')
    error = lab.page.locator(".jp-NotebookPanel:visible .jns-mod-failedCell .jp-OutputArea-output").last
    expect(error).to_be_in_viewport()

    lab.page.locator("[data-jns='output-debug']:visible").click()
    copy = bar(lab)
    expect(copy).to_contain_text("Its variables are here, kept for")
    executed(lab, "print(region, len(hours_before))", "jp 0")
    in_the_copy()
    mend(lab, WRONG, RIGHT)
    lab.page.keyboard.press("Control+Enter")
    expect(lab.cell_with("tv_now = hours_now").locator(".jp-OutputArea-output")).to_contain_text(
        "nan% a quarter before"
    )

    copy.locator("[data-jns='copy-publish']").click()
    form = lab.page.locator("[data-jns='publish-form']:visible")
    diff = form.locator("[data-jns='diff']")
    expect(diff.locator("del").first).to_contain_text(WRONG)
    expect(diff.locator("ins").filter(has_text=RIGHT)).to_have_count(1)
    form.locator("[data-jns='publish-try']").click()
    form.locator("[data-jns='publish-retry']").click()
    green = lab.side("Runs").locator("[data-jns='run'][data-state='succeeded']").filter(has_text="Devices")
    expect(green).to_have_count(2)  # the trial, and the failed run again

    mended = lab.call("GET", f"jobs/{job['id']}")["source_version"]
    assert mended != run["source_version"]
    reruns = lab.call("GET", f"runs?job={job['id']}&cause=rerun")["runs"]
    assert [(again["source_version"], again["parent_run_id"]) for again in reruns] == [(mended, run["id"])] * 2
    lab.call("PATCH", f"jobs/{job['id']}", {"trigger": soon()})
    again = scheduled(lab, job, "succeeded")
    assert (again["source_version"], again["parameters"]["region"]) == (mended, "jp")
    return again


def test_a_scheduled_run_fails_is_looked_into_mended_published_and_runs_again(lab: Lab) -> None:
    run = tell_the_story(lab)
    row_of(lab, run).locator("[data-jns='open']").click()
    lab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    header(lab, run).get_by_role("button", name="Without the code").click()
    lab.page.locator(".lm-Menu-item").filter(has_text="Copy link, last success").click()
    link = lab.page.evaluate("navigator.clipboard.readText()")
    assert link == f"{lab.base}/notebook-sched/jobs/{run['job_id']}/output?format=html"


def test_the_same_where_the_worker_was_killed_after_the_failure(lab: Lab) -> None:
    killed = lab.server.worker()["pid"]

    def kill_the_worker() -> None:
        os.kill(killed, signal.SIGKILL)
        lab.until(lambda: lab.server.worker()["pid"] not in (None, killed))

    tell_the_story(lab, once_failed=kill_the_worker)


def test_the_same_where_the_server_is_restarted_while_the_copy_is_open(
    lab: Lab, tmp_path: Path, servers: contextlib.ExitStack
) -> None:
    def restart_the_server() -> None:
        assert lab.server.stop() < 2.0, "a kernel that it has adopted does not hold it up"
        port = int(lab.base.rpartition(":")[2])
        lab.server = servers.enter_context(lab_server_of(lab.workspace, tmp_path, KEPT, port=port))
        lab.reload()
        expect(bar(lab)).to_contain_text("Its variables are here, kept for")
        lab.cell_with(WRONG).locator(".jp-InputPrompt").click()
        executed(lab, "print(region, len(hours_now) > 0)", "jp True")

        (run,) = lab.call("GET", "runs?state=failed")["runs"]
        lab.until(lambda: utc_now() - from_text(run["finished_at"]) > timedelta(seconds=11))  # it is no news any more
        bar(lab).get_by_role("button", name="Keep longer").click()
        lab.page.locator(".lm-Menu-item").filter(has_text="For 7 d").click()
        expect(bar(lab)).to_contain_text(re.compile("kept for (7 d|6 d 23 h)"))
        expect(lab.page.locator(".Toastify__toast").filter(has_text="failed")).to_have_count(0)

    tell_the_story(lab, in_the_copy=restart_the_server)
