"""A failed run, reopened: its failing cell in view, its variables alive, fixed and gone on with."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from ..written import write_notebook
from .lab import Lab, lab_server
from .reopening import KEPT, bar, executed, header, mend, reopened, reopening, row_of

COUNTS = "open('above.txt', 'a').write('x')\nrows = list(range(n))"
FAILS = "print(rows[n])"
ENDS = "print('the sum is', sum(rows))"
THREE = {"n": 3}
SECRETS = {"NOTEBOOK_SCHED_SECRET_DB": "open sesame"}


def prepared(workspace: Path) -> None:
    write_notebook(workspace / "fails.ipynb", COUNTS, FAILS, ENDS, parameters="n: int = 3")
    write_notebook(workspace / "sleeps.ipynb", "x = 41", "import time; time.sleep(600)")
    write_notebook(workspace / "guarded.ipynb", "print(len(password))", "1 / 0", parameters="password: str = ''")
    write_notebook(
        workspace / "again.ipynb", "import os", "raise ValueError(f'attempt {os.environ[\"NOTEBOOK_SCHED_ATTEMPT\"]}')"
    )


@pytest.fixture(scope="module")
def shared(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with lab_server(tmp_path_factory.mktemp("lab"), KEPT, **SECRETS) as (server, workspace):
        prepared(workspace)
        with reopening(browser, server, workspace) as lab:
            yield lab


@pytest.fixture
def house(shared: Lab, request: pytest.FixtureRequest) -> Iterator[Lab]:
    shared.open("fails.ipynb")
    yield shared
    shared.take_picture(request.node.name)
    shared.page.goto("about:blank")  # a notebook that is open complains that its kernel has died
    shared.server.end_kernels()


def failed(lab: Lab, notebook: str = "fails.ipynb", **fields: Any) -> dict[str, Any]:
    run = lab.server.ended(lab.server.start(notebook, **{"parameters": THREE, **fields}))
    assert run["state"] == "failed"
    return run


def goes_on(lab: Lab, run: dict[str, Any]) -> None:
    """The variables of the failed run are there; its cell is mended, and the run goes on from it to its end."""
    copy = reopened(lab, run)
    expect(copy).to_contain_text("Its variables are here, kept for")
    expect(lab.cell_with("print(rows[n])")).to_be_in_viewport()
    executed(lab, "print('seen', rows)", "seen [0, 1, 2]")
    mend(lab, "print(rows[n])", "print(rows[n - 1])")
    copy.locator("[data-jns='copy-continue']").click()
    expect(copy).to_contain_text("Succeeded")
    expect(copy.locator("[data-jns='copy-replay']")).to_have_count(0)
    (resumed,) = (found for found in lab.call("GET", "runs")["runs"] if found["parent_run_id"] == run["id"])
    assert (resumed["state"], resumed["cause"]) == ("succeeded", "resume")
    assert (lab.workspace / "above.txt").read_text() == "x", "the cells above ran once only"
    outcomes = [cell["outcome"] for cell in lab.call("GET", f"runs/{resumed['id']}")["cells"]]
    assert outcomes == ["carried"] * 3 + ["ok"] * 3
    output = lab.call("GET", f"runs/{resumed['id']}/output")
    assert "the sum is 3" in json.dumps(output["cells"][-1]["outputs"])


def test_a_failed_run_is_reopened_at_its_cell_and_goes_on_with_its_variables(house: Lab) -> None:
    run = failed(house)
    row = row_of(house, run)
    expect(row).to_contain_text("Cell 4 IndexError: list index out of range")
    expect(row.locator("[data-jns='source-line']")).to_have_text("print(rows[n])")
    row.locator("[data-jns='open']").click()
    told = header(house, run)
    expect(told.locator("[data-jns='failure']")).to_contain_text("Cell 4 IndexError: list index out of range")
    expect(told.locator("[data-jns='failure']")).to_contain_text("print(rows[n])")
    expect(told.locator("[data-jns='variables']")).to_contain_text("Variables are kept until")
    marked = house.page.locator(".jp-NotebookPanel:visible .jns-mod-failedCell")
    expect(marked).to_contain_text("print(rows[n])")
    expect(marked.locator(".jp-OutputArea-output").last).to_be_in_viewport()
    told.locator("[data-jns='failure']").focus()
    for action in ("debug", "retry"):
        house.page.keyboard.press("Shift+Tab")
        expect(house.page.locator(f"[data-jns='output-{action}']:visible")).to_be_focused()
    goes_on(house, run)


def test_the_bar_is_there_after_a_reload_and_a_kernel_is_kept_longer_or_ended(house: Lab) -> None:
    (house.workspace / "above.txt").unlink(missing_ok=True)
    run = failed(house)
    expect(reopened(house, run)).to_contain_text("Its variables are here, kept for")
    house.reload()
    copy = bar(house)
    expect(copy).to_contain_text("Its variables are here, kept for")
    copy.get_by_role("button", name="Keep longer").press("Enter")
    house.page.locator(".lm-Menu-item").filter(has_text="For 7 d").click()
    expect(copy).to_contain_text(re.compile("kept for (7 d|6 d 23 h)"))

    copy.get_by_role("button", name="End", exact=True).click()
    dialog = house.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Its variables are lost")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    dialog.get_by_role("button", name="End").click()
    copy.locator("[data-jns='copy-replay']").click()
    expect(copy).to_contain_text("The cells above have run again.")
    expect(copy.locator("[data-jns='copy-continue']")).to_have_count(0)
    assert house.call("GET", f"runs/{run['id']}")["kernel_alive_until"] is None
    executed(house, "print('seen', rows)", "seen [0, 1, 2]")


def test_the_cells_above_run_again_where_no_kernel_is_kept(house: Lab) -> None:
    (house.workspace / "above.txt").unlink(missing_ok=True)
    run = failed(house, keep_kernel_seconds=0)
    row_of(house, run).locator("[data-jns='open']").click()
    expect(header(house, run).locator("[data-jns='variables']")).to_contain_text(re.compile(r"The 3 cells above took"))
    house.page.locator("[data-jns='output-debug']:visible").click()
    copy = bar(house)
    expect(copy).to_contain_text("not kept")
    copy.locator("[data-jns='copy-replay']").click()
    expect(copy).to_contain_text("The cells above have run again.")
    assert (house.workspace / "above.txt").read_text() == "xx"
    executed(house, "print('seen', rows)", "seen [0, 1, 2]")

    mend(house, "print(rows[n])", "print(rows[n - 1])")
    copy.locator("[data-jns='copy-retry']").click()
    again = house.until(lambda: [r for r in house.call("GET", "runs")["runs"] if r["parent_run_id"] == run["id"]])[0]
    assert house.server.ended(again["id"])["state"] == "succeeded"


def test_a_replay_is_stopped_and_has_the_secrets_of_the_run(house: Lab) -> None:
    password = {"password": "{{ secret('DB') }}"}
    run = failed(house, "guarded.ipynb", parameters=password, templates=True, keep_kernel_seconds=0)
    copy = reopened(house, run)
    copy.locator("[data-jns='copy-replay']").click()
    expect(copy).to_contain_text("The cells above have run again.")
    length = house.cell_with("print(len(password))").locator(".jp-OutputArea-output")
    expect(length).to_have_text(str(len(SECRETS["NOTEBOOK_SCHED_SECRET_DB"])))

    mend(house, "print(len(password))", "import time; time.sleep(600)")
    copy.locator("[data-jns='copy-replay']").click()
    expect(house.cell_with("time.sleep(600)")).to_contain_text("[*]")
    expect(copy.get_by_role("progressbar")).to_be_visible()
    copy.get_by_role("button", name="Cancel").click()
    expect(house.cell_with("time.sleep(600)")).to_contain_text("KeyboardInterrupt")
    expect(copy.locator("[data-jns='copy-replay']")).to_be_visible()
    saved = next(house.workspace.glob("guarded-debug-*.ipynb")).read_text()
    assert SECRETS["NOTEBOOK_SCHED_SECRET_DB"] not in saved


def test_a_time_limit_leads_to_the_cell_that_it_ended(house: Lab) -> None:
    run = failed(house, "sleeps.ipynb", parameters={}, timeout_seconds=2)
    row = row_of(house, run)
    expect(row).to_contain_text("cell 2: the run took longer than its limit of 2 s")
    row.locator("[data-jns='open']").click()
    header(house, run).locator("[data-jns='failure']").click()
    expect(house.cell_with("time.sleep(600)")).to_be_in_viewport()


def test_a_running_run_is_taken_over_after_one_question(house: Lab) -> None:
    run_id = house.server.start("sleeps.ipynb")
    house.until(lambda: house.call("GET", f"runs/{run_id}")["progress"]["done"] == 1)
    row = row_of(house, {"id": run_id})
    row.locator("[data-jns='takeOver']").click()
    dialog = house.page.get_by_role("dialog")
    expect(dialog).to_contain_text("ends as cancelled, its output is kept")
    dialog.get_by_role("button", name="Take over").click()
    expect(bar(house)).to_contain_text("Its variables are here, kept for")
    executed(house, "print(x + 1)", "42")
    ended = house.call("GET", f"runs/{run_id}")
    assert (ended["state"], ended["reason"]) == ("cancelled", "user")


def test_earlier_attempts_are_opened_and_say_how_they_ended(house: Lab) -> None:
    run = failed(house, "again.ipynb", parameters={}, retry={"max_attempts": 2, "delay_seconds": 0})
    row_of(house, run).locator("[data-jns='open']").click()
    attempts = header(house, run).locator("[data-jns='attempts']").get_by_role("button")
    expect(attempts).to_have_text(["Attempt 1", "Attempt 2"])
    expect(attempts.last).to_have_attribute("aria-current", "true")
    attempts.first.click()
    told = header(house, run).locator("[data-jns='failure']")
    expect(told).to_have_text(re.compile("ValueError: attempt 1"))
    expect(header(house, run).locator("[aria-current='true']")).to_have_text("Attempt 1")
    expect(house.page.locator(".jp-NotebookPanel:visible .jns-mod-failedCell")).to_contain_text("attempt 1")


def test_a_link_says_who_can_open_it_and_the_output_is_exported_as_a_page(house: Lab) -> None:
    house.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    run = failed(house)
    row_of(house, run).locator("[data-jns='open']").click()
    told = header(house, run)
    told.locator("[data-jns='copy-link']").click()
    expect(house.page.locator(".Toastify__toast")).to_contain_text("opens on this computer only")
    link = house.page.evaluate("navigator.clipboard.readText()")
    assert link == f"{house.base}/notebook-sched/runs/{run['id']}/output?format=html&attempt=1"
    with house.page.expect_download() as download:
        told.locator("[data-jns='export-html']").click()
    assert download.value.suggested_filename == f"fails-{run['id'][-6:]}.html"
    page = download.value.path().read_text()
    assert "IndexError" in page
    assert "the sum is" in page
    told.get_by_role("button", name="Without the code").click()
    with house.page.expect_download() as download:
        house.page.locator(".lm-Menu-item").filter(has_text="Export HTML, code hidden").click()
    page = download.value.path().read_text()
    assert "IndexError" in page
    assert "the sum is" not in page


def test_an_output_that_was_changed_afterwards_is_told(house: Lab) -> None:
    run = failed(house)
    row_of(house, run).locator("[data-jns='open']").click()
    told = header(house, run).locator("[data-jns='changed-file']")
    expect(header(house, run).locator("[data-jns='failure']")).to_be_visible()
    expect(told).to_have_count(0)
    file = house.workspace / ".notebook-sched" / "archive" / run["output"]
    assert file.is_file(), file
    os.chmod(file, 0o644)
    file.write_text(file.read_text().replace("the sum is", "the sum was"))
    house.reload()
    expect(told).to_contain_text("not what the run recorded")
    expect(told).to_have_role("alert")
    house.page.locator("[data-jns='output-debug']:visible").click()
    expect(bar(house).get_by_role("alert")).to_contain_text("not what the run recorded")
