"""Parameters as a person sees them: the form beside the live cell, presets, templates in a schedule."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from ..written import code, markdown, write_notebook
from .lab import Lab, lab_server, opened
from .parameter_forms import COLAB, EDITED, KINDS, beside, choose, error_of, retype


@pytest.fixture(scope="module")
def shared(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with lab_server(tmp_path_factory.mktemp("lab")) as (server, workspace), opened(browser, server, workspace) as lab:
        yield lab


@pytest.fixture
def lab(shared: Lab, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """One JupyterLab for all tests, each with notebooks of its own."""
    yield shared
    shared.take_picture(request.node.name)
    shared.leave_dialogs()


def test_each_kind_of_input_is_written_into_the_cell_and_follows_it(lab: Lab) -> None:
    panel = beside(lab, "kinds.ipynb", "print(text)", parameters=KINDS)

    def field(name: str) -> Locator:
        return lab.field(panel, name)

    field("text").fill("good day")
    panel.get_by_role("button", name="No value: maybe").click()
    panel.get_by_role("button", name="count: more").click()
    field("ratio").fill("2.5")
    field("on").uncheck()
    field("three").select_option("true")
    field("region").select_option("fr")
    field("day").fill("2026-12-24")
    field("when").fill("2026-12-24T18:30")
    field("names 2").fill("c")
    field("names 2").press("Enter")
    lab.page.keyboard.type("d")  # the new element has the focus
    field("options").fill('{"a": [2]}')
    field("anything").fill("5")
    field("home").fill('"there"')
    cell = lab.cell_with("import datetime")
    for name, source in EDITED.items():
        line = cell.locator(".cm-line").filter(has_text=re.compile(rf"^{name}\b"))
        expect(line).to_have_text(re.compile(re.escape(f"= {source}").replace('"', "[\"']")))
    field("long").fill("one\ntwo\nthree")
    expect(cell).to_contain_text(re.compile(r"one(\\n|\n)?two(\\n|\n)?three"))

    retype(lab, cell, KINDS)
    expect(field("text")).to_have_value("hello")
    expect(field("maybe")).to_have_value("abc")
    expect(field("long")).to_have_value("first\nsecond")
    expect(field("count")).to_have_value("3")
    expect(field("ratio")).to_have_value("0.5")
    expect(field("on")).to_be_checked()
    expect(field("three").locator("option:checked")).to_have_text("no value")
    expect(field("region").locator("option:checked")).to_have_text("us")
    expect(field("day")).to_have_value("2026-11-20")
    expect(field("when")).to_have_value("2026-11-20T07:00")
    expect(field("names 2")).to_have_value("b")
    expect(field("names 3")).to_have_count(0)
    expect(field("options")).to_have_value('{"a":1}')
    expect(field("anything")).to_have_attribute("placeholder", "no value")
    expect(field("home")).to_have_attribute("placeholder", "str(3)")


def test_undo_and_redo_in_the_cell_move_the_form(lab: Lab) -> None:
    panel = beside(lab, "undone.ipynb", parameters='names: list[str] = ["a", "b"]\nday = None')
    panel.get_by_role("button", name="Remove names 1").click()
    cell = lab.cell_with("names")
    expect(cell).to_contain_text('["b"]')
    cell.locator(".cm-content").click()
    lab.page.keyboard.press("Control+z")
    expect(lab.field(panel, "names 2")).to_have_value("b")
    lab.page.keyboard.press("Control+Shift+z")
    expect(lab.field(panel, "names 2")).to_have_count(0)
    expect(lab.field(panel, "names 1")).to_have_value("b")


def test_what_is_typed_stays_while_another_notebook_is_in_front(lab: Lab) -> None:
    write_notebook(lab.workspace / "right.ipynb", parameters='name = "right"')
    panel = beside(lab, "left.ipynb", parameters='name = "left"\nn: int = 1')
    tab = lab.page.locator(".lm-TabBar-tab")
    lab.field(panel, "n").fill("many")
    expect(error_of(panel, "n")).to_be_visible()
    lab.field(panel, "name").fill("typed")
    lab.page.locator(".jp-DirListing-item").filter(has_text="right.ipynb").dblclick()
    expect(lab.field(panel, "name")).to_have_value("right")
    tab.filter(has_text="left.ipynb").first.click()
    expect(lab.field(panel, "name")).to_have_value("typed")
    expect(lab.cell_with("n: int")).to_contain_text(re.compile("name = [\"']typed[\"']"))
    expect(lab.field(panel, "n")).to_have_value("many")
    expect(error_of(panel, "n")).to_be_visible()


def test_a_form_opened_right_after_typing_has_what_was_typed(lab: Lab) -> None:
    panel = beside(lab, "hasty.ipynb", parameters='name = "before"\nconstructor: int = 1')
    lab.field(panel, "constructor").fill("2")
    lab.field(panel, "name").fill("typed")
    panel.locator("[data-jns='schedule']").click()
    form = lab.page.locator("[data-jns='schedule-form']:visible")
    expect(lab.field(form, "name")).to_have_value("typed")
    expect(lab.field(form, "constructor")).to_have_value("2")
    assert "constructor: int = 2" in lab.saved_cell("hasty.ipynb", "name")


def test_a_value_that_does_not_fit_is_told_beside_its_field(lab: Lab) -> None:
    source = "count: int = 3\noptions = {}\nnames: list[int] = [1]\nratio: float = 0.5"
    panel = beside(lab, "refused.ipynb", parameters=source)
    lab.field(panel, "count").fill("ten")
    expect(error_of(panel, "count")).to_be_visible()
    expect(lab.field(panel, "count")).to_have_attribute("aria-invalid", "true")
    about = lab.field(panel, "count").get_attribute("aria-describedby")
    expect(panel.locator(f"[id='{about}']")).to_contain_text("whole number", ignore_case=True)
    lab.field(panel, "options").fill('{"a": ')
    expect(panel.get_by_text(re.compile("JSON"))).to_be_visible()
    lab.field(panel, "names 1").fill("x")
    expect(panel.get_by_role("alert")).to_have_count(3)
    lab.field(panel, "ratio").fill("2")
    cell = lab.cell_with("count: int")
    expect(cell).to_contain_text(re.compile(r"ratio: float = 2"))
    expect(cell).to_contain_text("count: int = 3")
    panel.locator("[data-jns='run-now']").click()
    expect(lab.page.get_by_text("Some values are wrong")).to_be_visible()
    assert not [run for run in lab.call("GET", "runs")["runs"] if run["notebook"] == "refused.ipynb"]
    lab.field(panel, "count").fill("4")
    expect(error_of(panel, "count")).to_have_count(0)
    expect(cell).to_contain_text("count: int = 4")


def test_a_notebook_with_colab_annotations_has_their_form(lab: Lab) -> None:
    panel = beside(lab, "colab.ipynb", parameters=COLAB)
    expect(panel.get_by_role("heading", name="Report settings")).to_be_visible()
    expect(panel.get_by_text("What the report is about.")).to_be_visible()
    cell = lab.cell_with("Report settings")
    lab.field(panel, "region").select_option("fr")
    expect(cell).to_contain_text(re.compile(r"region = [\"']fr[\"'] #@param"))
    expect(panel.locator("datalist option[value='y']")).to_have_count(1)
    lab.field(panel, "free").fill("other")
    expect(cell).to_contain_text(re.compile(r"free = [\"']other[\"'] #@param"))
    slider = panel.get_by_role("slider")
    slider.focus()
    slider.press("ArrowRight")
    expect(cell).to_contain_text("level = 35 #@param")
    expect(lab.field(panel, "level")).to_have_value("35")
    lab.field(panel, "level").fill("40")
    expect(slider).to_have_value("40")
    lab.field(panel, "day").fill("2026-12-24")
    expect(cell).to_contain_text(re.compile(r"day = [\"']2026-12-24[\"'] #@param"))
    lab.field(panel, "level").fill("101")
    expect(error_of(panel, "level")).to_be_visible()


def test_presets_are_saved_with_the_notebook_and_fill_the_form(lab: Lab) -> None:
    panel = beside(lab, "presets.ipynb", "print(region)", parameters='region = "us"\nn: int = 1')
    panel.locator("[data-jns='save-preset']").click()
    lab.page.locator(".jp-Dialog input").fill("plain")
    lab.page.keyboard.press("Enter")
    preset = panel.get_by_label("Preset", exact=True)
    expect(preset.locator("option:checked")).to_have_text("Preset: plain")

    lab.field(panel, "region").fill("fr")
    lab.field(panel, "n").fill("7")
    expect(preset.locator("option:checked")).to_have_text("Preset: plain (changed)")
    panel.get_by_label("More: presets").click()
    choose(lab, "Save as preset")
    lab.page.locator(".jp-Dialog input").fill("French")
    lab.page.keyboard.press("Enter")
    expect(preset.locator("option:checked")).to_have_text("Preset: French")
    lab.page.locator(".jp-NotebookPanel:visible .jp-Notebook-cell").first.locator(".cm-content").click()
    lab.page.keyboard.press("Control+s")
    presets = {"plain": {"region": "us", "n": 1}, "French": {"region": "fr", "n": 7}}

    def saved() -> Any:
        metadata = json.loads((lab.workspace / "presets.ipynb").read_text())["metadata"]
        return metadata.get("notebook_sched", {}).get("presets") == presets

    lab.until(saved)
    lab.open("presets.ipynb")
    panel = lab.side("Parameters")
    preset.select_option("plain")
    cell = lab.cell_with("n: int")
    expect(cell).to_contain_text("n: int = 1")
    expect(lab.field(panel, "region")).to_have_value("us")
    lab.page.wait_for_timeout(600)  # what comes within half a second is one step for the editor
    preset.select_option("French")
    expect(cell).to_contain_text("n: int = 7")
    cell.locator(".cm-content").click()
    lab.page.keyboard.press("Control+z")
    expect(lab.field(panel, "n")).to_have_value("1")
    expect(lab.field(panel, "region")).to_have_value("us")

    retype(lab, cell, 'region = "us"\nn: str = "one"')
    preset.select_option("French")
    expect(panel.locator("[data-jns='misfits']")).to_contain_text("n:")
    expect(lab.field(panel, "region")).to_have_value("fr")
    panel.get_by_label("More: presets").click()
    choose(lab, "Delete “French”")
    lab.page.locator(".jp-Dialog .jp-mod-warn").click()
    expect(preset.locator("option")).to_have_text(["Preset: none", "Preset: plain"])


def test_a_parameters_cell_is_made_of_variables_and_undone(lab: Lab) -> None:
    cells = [markdown("# Bare"), "import math\nalpha = 0.5\nbeta = math.pi", 'gamma = "x"\nprint(gamma)']
    panel = beside(lab, "bare.ipynb", *cells)
    lab.cell_with("gamma").locator(".cm-content").click()
    panel.locator("[data-jns='find-variables']").click()
    expect(panel.get_by_label("gamma")).to_be_checked()
    expect(panel.get_by_label("alpha")).not_to_be_checked()
    panel.get_by_label("alpha").check()
    panel.locator("[data-jns='take-variables']").click()
    expect(lab.field(panel, "alpha")).to_have_value("0.5")
    expect(lab.field(panel, "gamma")).to_have_value("x")
    made = lab.cell_with("alpha = 0.5")
    expect(made).to_contain_text('gamma = "x"')
    expect(lab.cell_with("print(gamma)")).not_to_contain_text('"x"')

    lab.page.get_by_role("menuitem", name="Edit", exact=True).click()
    choose(lab, "Undo Cell Operation")
    expect(panel.locator("[data-jns='no-parameters-cell']")).to_be_visible()
    expect(lab.cell_with("import math")).to_contain_text("alpha = 0.5")
    expect(lab.cell_with("print(gamma)")).to_contain_text('gamma = "x"')
    panel.locator("[data-jns='make-parameters-cell']").click()
    expect(panel.get_by_text("The parameters cell assigns nothing yet.")).to_be_visible()


def test_a_parameter_is_added_and_removed(lab: Lab) -> None:
    panel = beside(lab, "changing.ipynb", parameters="n: int = 1  # How many\n")
    panel.locator("[data-jns='add-parameter']").click()
    form = panel.locator("[data-jns='add-form']")
    form.get_by_label("Name").fill("n")
    form.get_by_role("button", name="Add", exact=True).click()
    expect(form.get_by_role("alert")).to_be_visible()
    form.get_by_label("Name").fill("regions")
    form.get_by_label("Type").select_option(label="List")
    form.get_by_role("button", name="Add to Value").click()
    lab.page.keyboard.type("fr")
    form.get_by_role("button", name="Add", exact=True).click()
    expect(lab.field(panel, "regions 1")).to_have_value("fr")
    cell = lab.cell_with("How many")
    expect(cell).to_contain_text("regions")

    panel.get_by_role("button", name="More: n").click()
    choose(lab, "Remove this parameter")
    expect(lab.field(panel, "n")).to_have_count(0)
    expect(lab.field(panel, "regions 1")).to_have_value("fr")
    cell = lab.cell_with("regions")
    cell.locator(".cm-content").click()
    lab.page.keyboard.press("Control+z")
    expect(lab.field(panel, "n")).to_have_value("1")


def test_a_problem_leads_to_its_line(lab: Lab) -> None:
    panel = beside(lab, "shadowed.ipynb", code("a = 1\nn = 5"), parameters="n = 1\nm = 2")
    problem = panel.locator("[data-jns='problems'] button").filter(has_text="cell 2, line 2")
    problem.click()
    expect(lab.page.get_by_text("Ln 2, Col 1")).to_be_visible()
    expect(lab.cell_with("a = 1")).to_have_class(re.compile("jp-mod-active"))
    panel.get_by_role("button", name="More: m").click()
    choose(lab, "Show in the notebook")
    expect(lab.cell_with("m = 2")).to_have_class(re.compile("jp-mod-active"))


def test_a_template_in_a_schedule_is_tried_out_and_kept(lab: Lab) -> None:
    source = "import datetime\nday: datetime.date = datetime.date(2026, 11, 20)\nn: int = 1\nnumber = 1"
    beside(lab, "templated.ipynb", "print(day)", parameters=source)
    form = lab.form()
    form.get_by_role("button", name="Template: day").click()
    form.get_by_role("button", name="Examples").click()
    choose(lab, "The day before")
    expect(lab.field(form, "day")).to_have_value("{{ scheduled_for | date(-1) }}")
    expect(form.locator("[data-jns='rendered-day']")).to_have_text(re.compile(r"Next time: \d{4}-\d\d-\d\d"))
    lab.field(form, "day").fill("{{ scheduled_for | data }}")
    expect(error_of(form, "day")).to_be_visible()
    lab.field(form, "day").fill("{{ scheduled_for | date }}")
    expect(error_of(form, "day")).to_have_count(0)
    form.locator("[data-jns='name']").fill("Templated")
    form.locator("[data-jns='send']").click()
    expect(form).to_have_count(0)
    (job,) = lab.call("GET", "jobs?notebook=templated.ipynb")["jobs"]
    assert job["parameters"] == {"day": "{{ scheduled_for | date }}"}

    lab.job_row("Templated").get_by_role("button", name="Edit").click()
    form = lab.page.locator("[data-jns='schedule-form']:visible")
    expect(lab.field(form, "day")).to_have_value("{{ scheduled_for | date }}")
    expect(form.get_by_role("button", name="Template: day")).to_have_attribute("aria-pressed", "true")
    lab.field(form, "n").fill("3")
    form.locator("[data-jns='send']").click()
    expect(form).to_have_count(0)
    (job,) = lab.call("GET", "jobs?notebook=templated.ipynb")["jobs"]
    assert job["parameters"] == {"day": "{{ scheduled_for | date }}", "n": 3}

    lab.job_row("Templated").get_by_role("button", name="Edit").click()
    form.get_by_role("button", name="Template: day").click()
    expect(lab.field(form, "day")).to_have_value("2026-11-20")
    form.locator("[data-jns='send']").click()
    expect(form).to_have_count(0)
    (job,) = lab.call("GET", "jobs?notebook=templated.ipynb")["jobs"]
    assert job["parameters"] == {"n": 3}
