"""The page that compares two runs, in a real browser: it can be walked through, and does nothing by itself."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from ..serving import TOKEN, Served, serving
from ..written import write_notebook

HOSTILE = """from IPython.display import HTML, display
display(HTML(f'''<table><tr><th>x</th><td>{x}</td></tr></table>
<script>document.title = "owned"; fetch("/api/kernels")</script>
<img src="data:image/png;base64,AAAA" onerror="document.title = 'owned'"><img src="/api/kernels">
<a href="javascript:document.title='owned'">link</a><meta http-equiv="refresh" content="0;url=/api/kernels">'''))"""


@pytest.fixture
def compared(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Page:
    """The page of two runs; its server has gone."""
    root = tmp_path_factory.mktemp("compared")
    (root / "work").mkdir()
    with serving(root / "work", root / "home") as server:
        write_notebook(root / "work" / "a.ipynb", *(f"'{n}'" for n in range(30)), HOSTILE, parameters="x = 1")
        runs = [server.ended(server.start("a.ipynb", parameters={"x": x})) for x in (1, 2)]
        return opened(browser, server, f"runs/{runs[1]['id']}/diff?against={runs[0]['id']}&format=html")


def opened(browser: Browser, server: Served, path: str) -> Page:
    page = browser.new_page(viewport={"width": 1000, "height": 300})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{server.base}/notebook-sched/{path}&token={TOKEN}")
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if not url.startswith("data:")] == [page.url], "it loads nothing else"
    return page


def test_it_is_walked_through_by_links_and_runs_nothing(compared: Page) -> None:
    expect(compared.get_by_text("Cells: 2 changed, 31 the same.")).to_be_visible()
    assert compared.title() == "a: compared with another run"
    change = compared.locator("#change-2")
    expect(change).not_to_be_in_viewport()
    compared.get_by_role("navigation", name="Changes").get_by_role("link").last.click()
    expect(change).to_be_in_viewport()
    expect(change.locator("td.ins")).to_have_text("2")
    change.get_by_role("link", name="Previous").click()
    expect(compared.locator("#change-1")).to_be_in_viewport()
    same = compared.get_by_text("cells that are the same").last
    hidden = compared.locator("details.unchanged code").get_by_text("'29'")
    expect(hidden.first).to_be_hidden()
    same.click()
    expect(hidden.first).to_be_visible()
    assert compared.title() == "a: compared with another run"
    assert compared.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), "nothing sticks out"
