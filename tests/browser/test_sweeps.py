"""A sweep: filled in, watched to its end, compared, and opened where it failed."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from ..written import code, write_notebook
from .lab import Lab, lab_server, opened

PARAMETERS = """from typing import Literal
alpha: float = 0.1  # Learning rate
depth: int = 2
region: Literal["us", "fr", "de"] = "us"
fast: bool = False
"""
TRAINING = "if (alpha, depth) == (0.4, 2):\n    raise ValueError('does not converge')\nscore = alpha * depth"
ALPHAS, DEPTHS = [0.1, 0.2, 0.3, 0.4], [1, 2, 3]


@pytest.fixture(scope="module")
def trained(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab on a notebook with parameters that computes a result from them."""
    with lab_server(tmp_path_factory.mktemp("lab")) as (server, workspace), opened(browser, server, workspace) as lab:
        result = code('{"score": score, "region": region}', "result")
        write_notebook(workspace / "train.ipynb", TRAINING, result, parameters=PARAMETERS)
        write_notebook(workspace / "slow.ipynb", "import time; time.sleep(60)", parameters="n: int = 1")
        yield lab


def sweep_form(lab: Lab) -> Locator:
    """The *Sweep* form of train.ipynb, freshly opened."""
    lab.open("train.ipynb")
    lab.side("Parameters").locator("[data-jns='sweep']").click()
    form = lab.page.locator("[data-jns='sweep-form']:visible")
    expect(form.locator("[data-jns='way-alpha']")).to_be_visible()
    return form


def vary(form: Locator, name: str, way: str, **texts: str) -> None:
    """A parameter as a list or a range, with what is typed into its inputs."""
    form.locator(f"[data-jns='way-{name}']").select_option(way)
    for part, text in texts.items():
        form.locator(f"[data-jns='{part}-{name}']").fill(text)


def axis(form: Locator, name: str) -> Locator:
    return form.locator(f"[data-jns='axis-{name}']")


def comparison(lab: Lab) -> Locator:
    return lab.page.locator("[data-jns='comparison']:visible")


def table(compared: Locator) -> list[dict[str, str]]:
    """The rows of the comparison as they are shown, by column."""
    heads = [text.strip(" ↑↓") for text in compared.locator("th").all_inner_texts()]
    rows = compared.locator("tbody tr").all()
    texts = [[cell.strip() for cell in row.locator("td").all_inner_texts()] for row in rows]
    return [dict(zip(heads, row, strict=True)) for row in texts]


def test_a_sweep_of_twelve_runs_is_watched_to_its_end_and_compared(trained: Lab) -> None:
    form = sweep_form(trained)
    vary(form, "alpha", "range", to="0.4", amount="0.1")
    expect(axis(form, "alpha")).to_contain_text("4 values: 0.1, 0.2, 0.3, 0.4")
    vary(form, "depth", "list", list="1, 2, 3")
    trained.field(axis(form, "region"), "region").select_option(label="fr")
    expect(form.locator("[data-jns='sweep-size']")).to_have_text("12 runs: 4 × 3")
    form.locator("[data-jns='send']").click()

    compared = comparison(trained)
    expect(compared.locator("[data-jns='batch-progress']")).to_have_text("12 of 12 done, 1 failed")
    batch = trained.call("GET", f"batches/{trained.call('GET', 'runs')['runs'][0]['batch_id']}")
    assert [run["parameters"] for run in batch["runs"]] == [
        {"alpha": alpha, "depth": depth} for alpha, depth in itertools.product(ALPHAS, DEPTHS)
    ]
    expect(compared.get_by_role("columnheader", name="score")).to_be_visible()
    shown = table(compared)
    assert [(row["alpha"], row["depth"]) for row in shown] == [(str(a), str(d)) for a in ALPHAS for d in DEPTHS]
    computed = {(run["parameters"]["alpha"], run["parameters"]["depth"]): run["results"] for run in batch["runs"]}
    for row in shown:
        alpha, depth = float(row["alpha"]), int(row["depth"])
        if row["State"].startswith("Failed"):
            assert (alpha, depth) == (0.4, 2)
            assert "ValueError: does not converge" in row["State"]
            assert row["score"] == ""
        else:
            assert float(row["score"]) == pytest.approx(alpha * depth, rel=1e-5)
            assert computed[alpha, depth] == {"score": alpha * depth, "region": "fr"}
            assert row["region"] == "fr"

    expect(compared.locator("[data-jns='chart'] .vega-embed :is(canvas, svg)").first).to_be_visible()
    expect(compared.get_by_role("img", name="score along alpha")).to_be_visible()
    compared.locator("[data-jns='chart-y']").select_option(label="Duration")
    expect(compared.get_by_role("img", name="Duration along alpha")).to_be_visible()

    head = compared.get_by_role("columnheader", name="score")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    head.get_by_role("button").press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    assert [row["score"] for row in table(compared)][:3] == ["1.2", "0.9", "0.6"]

    trained.reload()
    expect(compared.locator("[data-jns='batch-progress']")).to_have_text("12 of 12 done, 1 failed")
    failed = compared.locator("[data-jns='batch-run'][data-state='failed']")
    failed.get_by_role("button", name=re.compile("Failed, alpha=0.4, depth=2, Cell 3 ValueError")).press("Enter")
    expect(trained.page.locator("[data-jns='outcome'][data-state='failed']:visible")).to_contain_text("alpha=0.4")
    error = trained.page.locator(".jp-NotebookPanel:visible .jp-OutputArea").filter(has_text="does not converge").last
    expect(error).to_be_in_viewport()


def test_what_is_wrong_with_a_sweep_is_told_beside_its_parameter_and_nothing_runs(trained: Lab) -> None:
    before = runs(trained)
    form = sweep_form(trained)
    size, send = form.locator("[data-jns='sweep-size']"), form.locator("[data-jns='send']")
    expect(size).to_have_text("Give at least one parameter a list or a range.")
    expect(send).to_be_disabled()
    vary(form, "alpha", "range", to="x", amount="0.1")
    expect(axis(form, "alpha").get_by_role("alert")).to_have_text("Numbers only")
    vary(form, "alpha", "range", to="200", amount="0.1")
    expect(axis(form, "alpha").get_by_role("alert")).to_have_text("More than 1000 values")
    vary(form, "alpha", "range", to="0.4", amount="0.1")
    vary(form, "depth", "list", list="1, 2, 3")
    form.locator("[data-jns='mode-zip']").check()
    expect(size).to_have_text("Side by side needs lists of the same length.")
    expect(send).to_be_disabled()

    vary(form, "depth", "list", list="1, 2, 3, many")
    expect(size).to_have_text("4 runs")
    form.locator("[data-jns='way-fast']").select_option("list")
    axis(form, "fast").get_by_label("true").check()
    form.locator("[data-jns='mode-grid']").check()
    expect(size).to_have_text("32 runs: 4 × 4 × 2")
    send.click()
    expect(axis(form, "depth").get_by_role("alert")).to_have_text(re.compile("whole number"))
    expect(axis(form, "alpha").get_by_role("alert")).to_have_count(0)
    assert runs(trained) == before


def test_the_rest_of_a_sweep_is_cancelled_from_its_comparison(trained: Lab) -> None:
    trained.open("slow.ipynb")
    body = {"notebook": "slow.ipynb", "sweep": {"mode": "zip", "values": {"n": list(range(5))}}}
    trained.call("POST", "runs", body)
    row = trained.side("Runs").locator("[data-jns='run']").filter(has_text="n=4")
    row.locator(".jns-Row-main").focus()
    row.locator("[data-jns='compare']").click()
    compared = comparison(trained)
    expect(compared.locator("[data-jns='batch-progress']")).to_have_text("0 of 5 done")
    compared.locator("[data-jns='cancel-rest']").click()
    trained.page.get_by_role("dialog").get_by_role("button", name="Cancel the rest").click()
    expect(compared.locator("[data-jns='batch-progress']")).to_have_text("5 of 5 done, 5 cancelled")
    expect(compared.locator("[data-jns='cancel-rest']")).to_have_count(0)


def runs(lab: Lab) -> Any:
    return lab.call("GET", "runs")["counts"]
