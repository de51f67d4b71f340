"""What a person does with jobs in the *Runs* panel."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from playwright.sync_api import expect

from .lab import Lab

HOURLY = {"type": "cron", "cron": "0 * * * *", "timezone": "UTC"}


def new_job(desk: Lab, name: str, **fields: Any) -> Any:
    return desk.call("POST", "jobs", {"name": name, "notebook": "quick.ipynb", "trigger": HOURLY, **fields})


def stored(desk: Lab, job: Any) -> Any:
    return desk.call("GET", f"jobs/{job['id']}")


def test_the_next_time_is_skipped_and_its_record_stays(desk: Lab) -> None:
    job = new_job(desk, "To skip")
    row = desk.job_row("To skip")
    desk.choose(row.locator("[data-jns='more']"), "skip-next")
    expect(row.locator("[data-jns='schedule-words']")).to_contain_text("is skipped")
    after = stored(desk, job)["next_run_at"]
    assert datetime.fromisoformat(after) - datetime.fromisoformat(job["next_run_at"]) == timedelta(hours=1)

    runs = desk.side("Runs")
    runs.locator("[data-jns='tab-skipped']").click()
    skipped = runs.locator("[data-jns='run'][data-state='skipped'][data-reason='user']").filter(has_text="To skip")
    expect(skipped).to_contain_text("skipped by hand")
    run = desk.call("GET", f"runs?job={job['id']}")["runs"][0]
    assert (run["state"], run["scheduled_for"]) == ("skipped", job["next_run_at"])
    runs.locator("[data-jns='tab-all']").click()


def test_a_job_is_paused_until_a_moment_to_come_and_resumed_before_it(desk: Lab) -> None:
    job = new_job(desk, "To pause")
    row = desk.job_row("To pause")
    desk.choose(row.locator("[data-jns='more']"), "pause-job-until")
    moment = desk.page.locator("[data-jns='pause-until']")
    expect(moment).to_be_focused()
    pause = desk.page.locator(".jp-Dialog").get_by_role("button", name="Pause")
    moment.fill("2020-01-01T00:00")
    expect(pause).to_be_disabled()
    moment.fill("2030-01-01T12:00")
    pause.click()
    expect(row).to_have_attribute("data-paused", "true")
    expect(row.locator("[data-jns='schedule-words']")).to_contain_text("Paused until")
    paused = stored(desk, job)
    assert (paused["paused"], paused["paused_until"]) == (True, "2030-01-01T11:00:00Z")

    row.locator("[data-jns='resume']").click()
    expect(row).to_have_attribute("data-paused", "false")
    resumed = stored(desk, job)
    assert (resumed["paused"], resumed["paused_until"]) == (False, None)
    assert resumed["next_run_at"] is not None


def test_a_dialog_is_left_by_escape_and_nothing_has_changed(desk: Lab) -> None:
    job = new_job(desk, "Left alone")
    more = desk.job_row("Left alone").locator("[data-jns='more']")
    for command, hook in (("pause-job-until", "pause-until"), ("backfill-job", "backfill-from")):
        more.focus()
        desk.page.keyboard.press("Enter")
        label = desk.page.locator(f".lm-Menu-item[data-command='jupyter-notebook-sched:{command}']")
        desk.until(lambda label=label: _arrives(desk, label))
        desk.page.keyboard.press("Enter")
        expect(desk.page.locator(".jp-Dialog").locator(f"[data-jns='{hook}']")).to_be_focused()
        desk.page.keyboard.press("Escape")
        expect(desk.page.locator(".jp-Dialog")).to_have_count(0)
        expect(more).to_be_focused()
    assert stored(desk, job) == job


def _arrives(desk: Lab, item: Any) -> bool:
    """One press of the arrow key; whether the menu's mark stands on the item now."""
    desk.page.keyboard.press("ArrowDown")
    return "lm-mod-active" in (item.get_attribute("class") or "")


def test_a_backfill_tells_what_would_run_and_runs_it(desk: Lab) -> None:
    job = new_job(desk, "To backfill")
    row = desk.job_row("To backfill")
    more, outlook = row.locator("[data-jns='more']"), desk.page.locator("[data-jns='backfill-outlook']")
    start = desk.page.locator(".jp-Dialog").get_by_role("button", name="Start")
    desk.choose(more, "backfill-job")
    expect(outlook).to_have_attribute("data-count", "24")
    desk.page.locator("[data-jns='backfill-from']").fill("2026-05-01T12:00")
    desk.page.locator("[data-jns='backfill-to']").fill("2026-05-01T11:00")
    expect(desk.page.locator("[data-jns='backfill'] [role='alert']")).not_to_be_empty()
    expect(start).to_be_disabled()
    desk.page.locator("[data-jns='backfill-to']").fill("2026-05-01T14:00")
    expect(outlook).to_have_attribute("data-count", "2")
    expect(outlook).to_contain_text("May 1, 2026, 12:00")
    start.click()

    ended = desk.until(lambda: _all_succeeded(desk, job, 2))
    due = {run["scheduled_for"] for run in ended}
    assert due == {"2026-05-01T12:00:00Z", "2026-05-01T13:00:00Z"}
    assert {run["cause"] for run in ended} == {"backfill"}
    rows = desk.side("Runs").locator("[data-jns='run'][data-state='succeeded']").filter(has_text="backfill for")
    expect(rows).to_have_count(2)

    desk.choose(more, "backfill-job")
    desk.page.locator("[data-jns='backfill-from']").fill("2026-05-01T12:00")
    desk.page.locator("[data-jns='backfill-to']").fill("2026-05-01T14:00")
    expect(outlook).to_have_attribute("data-count", "0")
    expect(start).to_be_disabled()
    desk.page.locator("[data-jns='backfill-again']").check()
    expect(outlook).to_have_attribute("data-count", "2")
    desk.page.keyboard.press("Escape")


def _all_succeeded(desk: Lab, job: Any, count: int) -> Any:
    runs = desk.call("GET", f"runs?job={job['id']}")["runs"]
    return runs if len(runs) == count and all(run["state"] == "succeeded" for run in runs) else None


def test_all_jobs_are_paused_and_resumed(desk: Lab) -> None:
    jobs = [new_job(desk, name) for name in ("First", "Second")]
    runs = desk.side("Runs")
    expect(runs.locator("[data-jns='job']")).to_have_count(2)
    menu = runs.locator("[data-jns='jobs-menu']")
    desk.choose(menu, "pause-all")
    expect(runs.locator("[data-jns='job'][data-paused='true']")).to_have_count(2)
    assert all(stored(desk, job)["paused"] for job in jobs)
    desk.choose(menu, "resume-all")
    expect(runs.locator("[data-jns='job'][data-paused='false']")).to_have_count(2)
    assert all(stored(desk, job)["next_run_at"] for job in jobs)


def test_the_runs_of_one_job_are_shown_alone(desk: Lab) -> None:
    one, other = new_job(desk, "Shown alone"), new_job(desk, "Left out")
    for job in (one, other):
        desk.call("POST", f"jobs/{job['id']}/run", {})
    runs = desk.side("Runs")
    shown = runs.locator("[data-jns='run']")
    expect(shown.filter(has_text="Left out").first).to_be_visible()
    desk.choose(desk.job_row("Shown alone").locator("[data-jns='more']"), "show-runs")
    expect(runs.locator("[data-jns='only']")).to_contain_text("Only Shown alone")
    expect(shown.filter(has_text="Left out")).to_have_count(0)
    expect(shown).to_have_count(1)
    runs.locator("[data-jns='show-all']").click()
    expect(shown.filter(has_text="Left out").first).to_be_visible()
