"""Takes the pictures in docs/images from the real thing: the examples, in light and dark, after some real runs.

python -m scripts.take_screenshots [folder]
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.lab import Lab, lab_server
from tests.browser.reopening import KEPT, bar, executed, mend
from tests.serving import TOKEN

FOLDER = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/images")
THEMES = {"": "JupyterLab Light", "-dark": "JupyterLab Dark"}
SIZE = {"width": 1360, "height": 800}
WRONG = 'tv_before = hours_before["tv"] / hours_before.sum()'
RIGHT = 'tv_before = hours_before.get("tv", float("nan")) / hours_before.sum()'
SWEEP = {"mode": "grid", "values": {"region": ["us", "fr", "jp"], "smoothing": [0.1, 0.3, 0.5, 0.7]}}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    # With the checkout as home, tracebacks show no path of the machine that the pictures are taken on.
    with (
        tempfile.TemporaryDirectory() as root,
        tempfile.TemporaryDirectory() as caches,
        lab_server(Path(root), KEPT, HOME=str(Path.cwd()), MPLCONFIGDIR=caches, npm_config_cache=caches) as (
            server,
            workspace,
        ),
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        lab = Lab(_page(browser), server, workspace)
        _live_through_some_runs(lab)
        for ending, theme in THEMES.items():
            _take_all(Lab(_page(browser), server, workspace), ending, theme)
        browser.close()
        server.end_kernels()


def _page(browser: Browser) -> Page:
    return browser.new_context(viewport=SIZE, timezone_id="Europe/Berlin", device_scale_factor=1.5).new_page()


def _live_through_some_runs(lab: Lab) -> None:
    trigger = {"type": "cron", "cron": "0 7 * * 1-5", "timezone": "Europe/Berlin"}
    daily = {"name": "Daily plays", "notebook": "daily_plays.ipynb", "trigger": trigger, "parameters": {"region": "fr"}}
    job = lab.call("POST", "jobs", daily)
    lab.call("POST", f"jobs/{job['id']}/run")
    devices = {**daily, "name": "Devices in Japan", "notebook": "device_report.ipynb", "parameters": {"region": "jp"}}
    for notebook, values in (
        ("daily_plays.ipynb", {"region": "us"}),
        ("daily_plays.ipynb", {"region": "de", "measure": "hours"}),
        ("device_report.ipynb", {"region": "br"}),
    ):
        lab.call("POST", "runs", {"notebook": notebook, "parameters": values, "cause": "manual"})
    lab.call("POST", f"jobs/{lab.call('POST', 'jobs', devices)['id']}/run")
    lab.call("POST", "runs", {"notebook": "plays_forecast.ipynb", "cause": "manual", "sweep": SWEEP})
    lab.until(lambda: not any(lab.call("GET", "runs?limit=1")["counts"][state] for state in ("queued", "running")))


def _take_all(lab: Lab, ending: str, theme: str) -> None:
    _choose_theme(lab, theme)
    lab.open("daily_plays.ipynb")
    lab.side("Parameters")
    lab.side("Runs")
    expect(lab.page.locator("[data-jns='recent-runs'] [data-jns='run']").first).to_be_visible()
    _take(lab, f"parameters{ending}")
    lab.page.locator(".jp-NotebookPanel:visible .jp-Toolbar").get_by_role("button", name="Run or schedule").click()
    preview = lab.page.locator("[data-jns='preview']:visible")
    expect(preview).to_contain_text("07:00")
    preview.evaluate("fires => fires.scrollIntoView({ block: 'end' })")
    _take(lab, f"schedule{ending}")
    failed = lab.page.locator("[data-jns='runs-panel'] [data-state='failed'] .jns-Row-main").first
    failed.click()
    expect(lab.page.locator("[data-jns='outcome'][data-state='failed']:visible")).to_be_visible()
    lab.page.wait_for_timeout(1500)
    _take(lab, f"failed{ending}")
    _take_debugging(lab, ending)
    lab.open("plays_forecast.ipynb")
    run = lab.side("Parameters").locator("[data-jns='recent-runs'] [data-jns='run']").first
    run.locator(".jns-Row-main").focus()
    run.locator("[data-jns='compare']").click()
    expect(lab.page.locator("[data-jns='chart'] .vega-embed :is(canvas, svg)").first).to_be_visible()
    _take(lab, f"comparison{ending}")


def _take_debugging(lab: Lab, ending: str) -> None:
    """The failed run's copy on its kernel, and what mending it would change. The copy is made anew for each theme."""
    for copy in lab.workspace.glob("*-debug-*.ipynb"):
        copy.unlink()
    lab.page.locator("[data-jns='output-debug']:visible").click()
    expect(bar(lab)).to_contain_text("Its variables are here")
    executed(lab, "region, hours_before", "Series([]", "a")
    _take(lab, f"debug{ending}")
    lab.cell_with("Series([]").locator(".jp-InputPrompt").last.click()
    lab.page.keyboard.type("dd")
    mend(lab, WRONG, RIGHT)
    lab.page.keyboard.press("Control+Enter")
    bar(lab).locator("[data-jns='copy-publish']").click()
    expect(lab.page.locator("[data-jns='publish-form']:visible [data-jns='publish-try']")).to_be_enabled()
    _take(lab, f"publish{ending}")


def _choose_theme(lab: Lab, theme: str) -> None:
    """As JupyterLab itself keeps the choice: in the person's settings."""
    address = f"{lab.base}/lab/api/settings/@jupyterlab/apputils-extension:themes?token={TOKEN}"
    answer = lab.page.request.put(address, data={"raw": json.dumps({"theme": theme})})
    assert answer.ok, answer.text()


def _take(lab: Lab, name: str) -> None:
    lab.page.wait_for_timeout(700)
    lab.page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
