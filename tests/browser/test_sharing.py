"""A shared page cannot act on the server that shows it; JupyterLab reads the archive as any drive, and changes none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from ..serving import TOKEN
from ..written import tree, write_notebook
from .lab import Lab, lab_server, opened

ATTACK = """
const told = {};
const attempt = async (name, act) => {
  try { told[name] = 'did it: ' + String(await act()).slice(0, 50); } catch (error) { told[name] = 'failed'; }
};
(async () => {
  await attempt('fetch', async () => (await fetch('/api/kernels', {credentials: 'include'})).text());
  await attempt('absolute', async () => (await fetch(ADDRESS + '/api/kernels', {credentials: 'include'})).text());
  await attempt('request', () => new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.onload = () => done(request.responseText);
    request.onerror = failed;
    request.open('POST', ADDRESS + '/api/kernels');
    request.send('{}');
  }));
  await attempt('cookie', () => document.cookie);
  await attempt('storage', () => localStorage.length);
  await attempt('socket', () => new Promise((done, failed) => {
    const socket = new WebSocket(ADDRESS.replace('http', 'ws') + '/api/events/subscribe');
    socket.onopen = done; socket.onerror = failed;
  }));
  await attempt('image', () => new Promise((done, failed) => {
    const image = new Image(); image.onload = done; image.onerror = failed; image.src = ADDRESS + '/static/favicon.ico';
  }));
  await attempt('window', () => { if (window.open('/lab') === null) throw 1; });
  await attempt('frame', () => new Promise((done, failed) => {
    const frame = document.createElement('iframe');
    frame.onload = () => { try { done(frame.contentDocument.title); } catch (error) { failed(error); } };
    frame.src = '/api/kernels';
    document.body.appendChild(frame);
    setTimeout(failed, 1000);
  }));
  const shown = document.createElement('output');
  shown.id = 'told';
  shown.textContent = JSON.stringify(told);
  document.body.appendChild(shown);
})();
"""


@pytest.fixture(scope="module")
def lab(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    with (
        lab_server(folder, "--LabApp.expose_app_in_browser=True") as (server, workspace),
        opened(browser, server, workspace) as lab,
    ):
        lab.page.goto(f"{lab.base}/lab?reset&token={TOKEN}")
        expect(lab.page.locator("#jp-main-dock-panel")).to_be_visible()
        yield lab


@pytest.fixture(scope="module")
def run(lab: Lab) -> dict[str, Any]:
    """A run whose output, and a file that it left, hold a script which tries everything."""
    script = f"<script>{ATTACK.replace('ADDRESS', json.dumps(lab.base))}</script>"
    source = f"import os\nfrom IPython.display import HTML\nscript = {script!r}\n"
    left = "open(os.environ['NOTEBOOK_SCHED_RUN_DIR'] + '/left.html', 'w').write('<body>' + script)\nHTML(script)"
    write_notebook(lab.workspace / "attack.ipynb", source + left)
    run = lab.server.ended(lab.server.start("attack.ipynb"))
    assert run["state"] == "succeeded", run["message"]
    return run


@pytest.mark.parametrize("place", ["page", "page of the last success", "file"])
def test_a_script_in_an_output_reaches_nothing_of_the_server(lab: Lab, run: dict[str, Any], place: str) -> None:
    address = f"runs/{run['id']}/output?format=html"
    if place == "file":
        address = f"archive/files/{run['output'].rpartition('/')[0]}/left.html"
    elif place == "page of the last success":
        job = lab.call("POST", "jobs", {"name": "Attack", "notebook": "attack.ipynb"})
        again = lab.call("POST", f"jobs/{job['id']}/run", {})
        assert lab.server.ended(again["id"])["state"] == "succeeded"
        address = f"jobs/{job['id']}/output?format=html"
    # The person is logged in: the same page without its confinement could do all of it.
    page = lab.page.context.new_page()
    page.goto(f"{lab.base}/notebook-sched/{address}")
    told = json.loads(page.locator("#told").text_content() or "")
    page.close()
    assert set(told) == {"fetch", "absolute", "request", "cookie", "storage", "socket", "image", "window", "frame"}
    assert set(told.values()) == {"failed"}, told
    assert lab.server.call("GET", "api/kernels") == []


def test_a_page_follows_links_to_the_failing_cell(lab: Lab) -> None:
    write_notebook(lab.workspace / "fails.ipynb", *["print('line\\n' * 60)"] * 8, "1 / 0")
    run = lab.server.ended(lab.server.start("fails.ipynb"))
    page = lab.page.context.new_page()
    page.goto(f"{lab.base}/notebook-sched/runs/{run['id']}/output?format=html")
    expect(page.get_by_role("heading", name="fails")).to_be_visible()
    expect(page.locator("#failed")).not_to_be_in_viewport()
    page.get_by_role("link", name="to the cell").click()
    expect(page.locator("#failed")).to_be_in_viewport()
    page.close()


WALK = """async () => {
  const contents = window.jupyterapp.serviceManager.contents;
  const opened = [];
  const walk = async path => {
    const model = await contents.get(path, { content: true });
    opened.push([model.path, model.type, model.writable]);
    for (const inner of model.type === 'directory' ? model.content : []) await walk(inner.path);
  };
  await walk('archive:');
  return opened;
}"""
CHANGES = """async path => {
  const contents = window.jupyterapp.serviceManager.contents;
  const folder = path.slice(0, path.lastIndexOf('/'));
  const model = await contents.get(path, { content: true });
  const attempts = {
    save: () => contents.save(path, { type: 'notebook', format: 'json', content: model.content }),
    create: () => contents.save(folder + '/new.ipynb', { type: 'notebook', format: 'json', content: model.content }),
    untitled: () => contents.newUntitled({ path: folder, type: 'notebook' }),
    rename: () => contents.rename(path, folder + '/renamed.ipynb'),
    copy: () => contents.copy(path, folder),
    delete: () => contents.delete(path),
    checkpoint: () => contents.createCheckpoint(path),
    restore: () => contents.restoreCheckpoint(path, 'x'),
    forget: () => contents.deleteCheckpoint(path, 'x'),
  };
  const told = {};
  for (const [name, act] of Object.entries(attempts)) {
    try { await act(); told[name] = 'did it'; }
    catch (error) { told[name] = [error.response?.status, error.message]; }
  }
  return [told, await contents.listCheckpoints(path)];
}"""


def test_jupyterlab_lists_and_opens_all_of_it_and_changes_nothing(lab: Lab, run: dict[str, Any]) -> None:
    archive = lab.workspace / ".notebook-sched" / "archive"
    before = tree(archive)
    seen = lab.page.evaluate(WALK)
    assert {path for path, _, _ in seen} == {"archive:", *(f"archive:{path}" for path in before)}
    assert not any(writable for _, _, writable in seen)
    assert {kind for _, kind, _ in seen} == {"directory", "notebook", "file"}
    told, checkpoints = lab.page.evaluate(CHANGES, f"archive:{run['output']}")
    assert checkpoints == []
    assert len(told) == 9
    for name, answer in told.items():
        assert answer[0] == 405, f"{name}: {answer}"
        assert "is not possible here" in answer[1], "our one format of errors, as JupyterLab shows it"
    assert tree(archive) == before
