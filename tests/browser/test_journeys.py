"""The three journeys, by clicking, on the examples."""

from __future__ import annotations

import json
import re

from playwright.sync_api import expect

from .lab import Lab


def test_a_notebook_is_scheduled_from_its_toolbar_and_fires(lab: Lab) -> None:
    lab.open("daily_plays.ipynb")
    cell = lab.cell_with("top_n: int = 10")
    cell.locator(".cm-content").get_by_text("10", exact=True).dblclick()
    lab.page.keyboard.type("12")  # an edit that is not saved yet

    lab.page.locator(".jp-NotebookPanel:visible .jp-Toolbar").get_by_role("button", name="Run or schedule").click()
    form = lab.page.locator("[data-jns='schedule-form']:visible")
    expect(form.locator("[data-jns='name']")).to_have_value("daily_plays")
    expect(lab.field(form, "top_n")).to_have_value("12")
    assert "top_n: int = 12" in lab.saved_cell("daily_plays.ipynb", "top_n"), "unsaved edits are saved first"
    expect(form.locator("[data-jns='timezone']")).to_have_value("Europe/Berlin")

    form.locator("[data-jns='name']").fill("Every minute")
    lab.field(form, "region").select_option(label="fr")
    form.locator("[data-jns='every']").select_option("custom")
    form.locator("[data-jns='cron']").fill("61 * * * *")
    expect(form.get_by_text(re.compile("out of range"))).to_be_visible()
    form.locator("[data-jns='cron']").fill("* * * * *")
    expect(form.locator("[data-jns='preview']")).to_contain_text("Every minute")
    form.locator("[data-jns='send']").click()

    runs = lab.side("Runs")
    expect(runs.locator("[data-jns='job']")).to_contain_text("Every minute")
    fired = runs.locator("[data-jns='run'][data-state='succeeded']").first
    expect(fired).to_contain_text("Every minute", timeout=100_000)
    run = lab.call("GET", "runs?cause=schedule&state=succeeded")["runs"][0]
    assert run["parameters"]["region"] == "fr"
    output = lab.call("GET", f"runs/{run['id']}/output")
    assert any("top_n: int = 12" in cell["source"] for cell in output["cells"]), "the version with the unsaved edit ran"


def test_parameters_are_edited_both_ways_and_reach_the_run(lab: Lab) -> None:
    lab.open("daily_plays.ipynb")
    panel = lab.side("Parameters")
    expect(lab.field(panel, "region")).to_be_visible()

    lab.field(panel, "top_n").fill("7")
    cell = lab.cell_with("top_n: int =")
    expect(cell).to_contain_text("top_n: int = 7  # Titles in the chart")
    lab.field(panel, "region").select_option(label="de")
    expect(cell).to_contain_text('region: Literal["us", "fr", "de", "jp", "br"] = "de"  # Region code')

    cell.locator(".cm-line").filter(has_text="top_n").get_by_text("7", exact=True).dblclick()
    lab.page.keyboard.type("23")
    expect(lab.field(panel, "top_n")).to_have_value("23")

    lab.field(panel, "top_n").fill("5")
    expect(cell).to_contain_text("top_n: int = 5")
    panel.locator("[data-jns='run-now']").click()
    recent = panel.locator("[data-jns='recent-runs'] [data-jns='run']").first
    expect(recent).to_have_attribute("data-state", "succeeded")
    run = lab.call("GET", "runs")["runs"][0]
    assert run["cause"] == "manual"
    assert run["parameters"]["top_n"] == 5
    output = lab.call("GET", f"runs/{run['id']}/output")
    injected = next(cell for cell in output["cells"] if "injected-parameters" in cell["metadata"].get("tags", []))
    assert "top_n = 5" in injected["source"]
    assert 'region = "de"' in injected["source"].replace("'", '"')


def test_undo_takes_an_edit_of_the_form_back(lab: Lab) -> None:
    lab.open("daily_plays.ipynb")
    panel = lab.side("Parameters")
    lab.field(panel, "top_n").fill("99")
    cell = lab.cell_with("top_n: int =")
    expect(cell).to_contain_text("top_n: int = 99")
    cell.locator(".cm-content").click()
    lab.page.keyboard.press("Control+z")
    expect(cell).to_contain_text("top_n: int = 10")
    expect(lab.field(panel, "top_n")).to_have_value("10")


def test_a_wrong_value_is_told_beside_its_field_and_nothing_runs(lab: Lab) -> None:
    lab.open("daily_plays.ipynb")
    panel = lab.side("Parameters")
    lab.field(panel, "top_n").fill("ten")
    expect(panel.locator(".jns-Field-error")).to_be_visible()
    panel.locator("[data-jns='run-now']").click()
    lab.page.wait_for_timeout(1000)
    assert lab.call("GET", "runs")["runs"] == []
    assert "top_n: int = 10" in lab.saved_cell("daily_plays.ipynb", "top_n")


def test_a_failed_run_is_opened_at_its_failing_cell_and_debugged_in_a_copy(lab: Lab) -> None:
    lab.open("device_report.ipynb")
    panel = lab.side("Parameters")
    lab.field(panel, "region").select_option(label="jp")
    panel.locator("[data-jns='run-now']").click()

    runs = lab.side("Runs")
    failed = runs.locator("[data-jns='run'][data-state='failed']").first
    expect(failed).to_contain_text("KeyError: 'tv'")
    failed.locator(".jns-Row-main").focus()
    failed.locator("[data-jns='open']").click()
    outcome = lab.page.locator("[data-jns='outcome'][data-state='failed']:visible")
    expect(outcome).to_contain_text("Failed")
    error = lab.page.locator(".jp-NotebookPanel:visible .jp-OutputArea").filter(has_text="KeyError").last
    expect(error).to_be_in_viewport()
    run = lab.call("GET", "runs?state=failed")["runs"][0]
    sessions = lab.server.call("GET", "api/sessions")
    assert not any("archive" in session["path"] for session in sessions), "an output notebook starts no kernel"

    lab.page.locator("[data-jns='output-debug']:visible").click()
    lab.until(lambda: list(lab.workspace.glob("device_report-debug-*.ipynb")))
    copy = next(lab.workspace.glob("device_report-debug-*.ipynb")).name
    cell = lab.cell_with('hours_before["tv"]')
    expect(lab.page.locator(".lm-TabBar-tab.lm-mod-current").filter(has_text=copy)).to_be_visible()
    expect(cell).to_be_in_viewport()

    cell.locator(".cm-line").filter(has_text='hours_before["tv"]').click()
    lab.page.keyboard.press("Home")
    lab.page.keyboard.press("Shift+End")
    lab.page.keyboard.type('tv_before = hours_before.get("tv", float("nan")) / hours_before.sum()')
    lab.page.get_by_role("menuitem", name="Run", exact=True).click()
    lab.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    lab.page.keyboard.press("Control+s")
    lab.until(lambda: _has_run_without_error(lab, copy))

    again = lab.call("POST", f"runs/{run['id']}/rerun", {"notebook": copy})
    ended = lab.until(lambda: _ended(lab, again["id"]))
    assert ended["state"] == "succeeded"
    assert ended["parameters"]["region"] == "jp"


def _has_run_without_error(lab: Lab, notebook: str) -> bool:
    """Whether every code cell of the notebook has run, as it is on disk; saves it on the way."""
    lab.page.keyboard.press("Control+s")
    try:
        saved = json.loads((lab.workspace / notebook).read_text())
    except ValueError:
        return False  # Jupyter saves in place: a reader can see half of it
    cells = [cell for cell in saved["cells"] if cell["cell_type"] == "code"]
    failed = any(output["output_type"] == "error" for cell in cells for output in cell["outputs"])
    return not failed and all(cell["execution_count"] is not None for cell in cells)


def _ended(lab: Lab, run_id: str) -> dict[str, object] | None:
    run: dict[str, object] = lab.call("GET", f"runs/{run_id}")
    return run if run["state"] not in ("queued", "running") else None
