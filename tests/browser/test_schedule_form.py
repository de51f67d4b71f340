"""The *Schedule* form: what a person fills in is the job that is stored."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, expect

from .lab import Lab

WRONG = ("cron", "maxRuns", "attempts", "maxCatchUp")
"""Inputs, besides the name, that the last test fills in wrongly."""


def fill(form: Locator, **values: str) -> None:
    """Inputs by their ``data-jns``, in the order given; a choice is made by its value."""
    for name, value in values.items():
        found = form.locator(f"[data-jns='{name}']")
        if found.evaluate("input => input.tagName") == "SELECT":
            found.select_option(value)
        else:
            found.fill(value)


def choose_kind(form: Locator, kind: str) -> None:
    form.locator(f"[data-jns='kind-{kind}']").check()


def unfold(form: Locator, part: str) -> None:
    form.locator(f"[data-jns='{part}'] > summary").click()


def told(form: Locator, name: str) -> Locator:
    """What is said to be wrong with an input, beside it."""
    return form.locator(f".jns-Field:has([data-jns='{name}'])").get_by_role("alert")


def send(desk: Lab, form: Locator) -> Any:
    """Presses the form's button; the job, once the form has gone."""
    form.locator("[data-jns='send']").click()
    expect(form).to_have_count(0)
    return desk.call("GET", "jobs")["jobs"][0]


def test_an_interval_counts_from_a_moment(desk: Lab) -> None:
    form = desk.form()
    choose_kind(form, "interval")
    fill(form, name="Often", interval="90", start="2030-06-01T08:00")
    preview = form.locator("[data-jns='preview']")
    expect(preview).to_contain_text("Every 90 minutes")
    expect(preview.locator("li").nth(1)).to_contain_text("Jun 1, 2030, 09:30")
    job = send(desk, form)
    assert job["trigger"] == {"type": "interval", "every_seconds": 5400, "start_at": "2030-06-01T06:00:00Z"}
    assert job["next_run_at"] == "2030-06-01T06:00:00Z"
    expect(desk.job_row("Often").locator("[data-jns='schedule-words']")).to_contain_text("Every 90 minutes")


def test_a_single_time_is_told_in_the_zone_of_the_form(desk: Lab) -> None:
    form = desk.form()
    choose_kind(form, "once")
    fill(form, name="Just once", at="2030-01-02T03:04", timezone="Asia/Tokyo")
    expect(form.locator("[data-jns='preview'] li")).to_have_text(
        [re.compile("Jan 2, 2030, 03:04.*Jan 1, 2030, 19:04 here")]
    )
    job = send(desk, form)
    assert job["trigger"] == {"type": "once", "at": "2030-01-01T18:04:00Z"}


def test_bounds_and_policies_are_stored_and_come_back_when_the_job_is_edited(desk: Lab) -> None:
    form = desk.form()
    fill(form, name="Bounded", every="day", time="06:30", timezone="America/New_York")
    unfold(form, "bounds")
    fill(form, **{"from": "2030-03-01T00:00"}, until="2030-04-01T00:00", maxRuns="3")
    expect(form.locator("[data-jns='preview'] li")).to_have_count(3)
    unfold(form, "more-settings")
    fill(form, onMissed="run_all", maxCatchUp="5", lateLimit="2", lateLimitUnit="hours")
    fill(form, onOverlap="parallel", maxParallel="4", attempts="3", delay="7", timeout="600", cellTimeout="60")
    fill(form, keepRuns="20", keepDays="14", tags="nightly, eu", description="What it is for")
    job = send(desk, form)
    stored = {
        "trigger": {"type": "cron", "cron": "30 6 * * *", "timezone": "America/New_York"},
        "starts_at": "2030-03-01T05:00:00Z",
        "ends_at": "2030-04-01T04:00:00Z",
        "max_runs": 3,
        "on_missed": "run_all",
        "max_catch_up": 5,
        "late_limit_seconds": 7200,
        "on_overlap": "parallel",
        "max_parallel": 4,
        "timeout_seconds": 600,
        "cell_timeout_seconds": 60,
        "keep_runs": 20,
        "keep_days": 14,
        "tags": ["nightly", "eu"],
        "description": "What it is for",
    }
    assert {name: job[name] for name in stored} == stored
    assert (job["retry"]["max_attempts"], job["retry"]["delay_seconds"]) == (3, 7)

    desk.job_row("Bounded").locator("[data-jns='edit']").click()
    form = desk.page.locator("[data-jns='schedule-form']:visible")
    expect(form.locator("[data-jns='from']")).to_have_value("2030-03-01T00:00")
    fill(form, name="Bounded and renamed")
    again = send(desk, form)
    changes = {"name", "updated_at", "revision"}
    assert {name for name in job if job[name] != again[name]} == changes, "editing changes nothing that was not touched"


def test_every_invalid_field_is_told_at_once_and_nothing_is_stored(desk: Lab) -> None:
    form = desk.form()
    fill(form, every="custom", cron="61 * * * *")
    expect(told(form, "cron")).to_have_text(re.compile("'61' is out of range"))
    unfold(form, "bounds")
    unfold(form, "more-settings")
    fill(form, name="", maxRuns="0", attempts="0", onMissed="run_all", maxCatchUp="100000")
    form.locator("[data-jns='send']").click()

    for name in ("name", *WRONG):
        expect(told(form, name)).not_to_be_empty()
        expect(form.locator(f"[data-jns='{name}']")).to_have_attribute("aria-invalid", "true")
    expect(form.get_by_role("alert")).to_have_count(5)
    expect(form.locator("[data-jns='name']")).to_be_focused()
    assert desk.call("GET", "jobs")["jobs"] == []

    fill(form, name="Mended", cron="0 12 * * *", maxRuns="2", attempts="2", maxCatchUp="3")
    expect(form.get_by_role("alert")).to_have_count(0)
    job = send(desk, form)
    assert (job["name"], job["max_runs"], job["max_catch_up"]) == ("Mended", 2, 3)
