"""From a failed run to the version that mends it, over HTTP, with real kernels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jupyter_notebook_sched.service.context import Context
from jupyter_notebook_sched.store import outbox

from ..written import write_notebook
from .asking import Api, Live


def mend(file: Path, broken: str, fixed: str) -> None:
    """As somebody does it in JupyterLab, who saves the copy then."""
    notebook = json.loads(file.read_text())
    (cell,) = (cell for cell in notebook["cells"] if "".join(cell["source"]) == broken)
    cell["source"] = fixed
    cell["outputs"], cell["execution_count"] = [], 7
    file.write_text(json.dumps(notebook))


def test_it_mends_a_job_from_the_copy_of_its_failed_run(live: Live) -> None:
    write_notebook(live.workspace / "etl.ipynb", "y = 1 / x", "print(y)", parameters="x = 1")
    job = live("POST", "jobs", {"name": "ETL", "notebook": "etl.ipynb", "parameters": {"x": 0}}).ok(201)
    failed = live.served.ended(live("POST", f"jobs/{job['id']}/run", {}).ok(201)["id"])
    assert (failed["state"], failed["error"]["name"]) == ("failed", "ZeroDivisionError")
    copy = live("POST", f"runs/{failed['id']}/debug", {}).ok()["notebook"]
    fix: dict[str, Any] = {"notebook": copy}
    address = f"runs/{failed['id']}/publish-fix"
    unchanged = live("POST", address, fix | {"dry_run": True}).ok()
    assert unchanged["source_version"] == job["source_version"], "a copy that nobody touched is no change"

    mend(live.workspace / copy, "y = 1 / x", "y = 1 / (x or 1)")
    trial = live("POST", f"runs/{failed['id']}/rerun", fix).ok(201)
    told = live("POST", address, fix | {"dry_run": True, "write_notebook": True}).ok()
    assert [cell["op"] for cell in told["diff"]["cells"]] == ["same", "changed", "same"]
    assert (told["conflict"], told["wrote"], told["source_version"]) == (None, False, trial["source_version"])
    assert live.served.ended(trial["id"])["state"] == "succeeded"

    sent = fix | {"source_version": trial["source_version"], "write_notebook": True, "message": "x may be 0"}
    done = live("POST", address, sent).ok()
    assert (done["tested"], done["wrote"]) == (True, True)
    assert (done["job"]["source_version"], done["job"]["notebook_changed"]) == (trial["source_version"], False)
    retried = live("POST", f"runs/{failed['id']}/rerun", {"source": "current"}).ok(201)
    again = live("POST", f"jobs/{job['id']}/run", {}).ok(201)
    for run in (retried, again):
        ended = live.served.ended(run["id"])
        assert (ended["state"], ended["source_version"]) == ("succeeded", trial["source_version"])
    newest, first = live("GET", f"jobs/{job['id']}/versions").ok()
    assert (newest["message"], newest["runs"], newest["current"]) == ("x may be 0", 3, True)
    assert (first["runs"], first["current"]) == (1, False)
    left, right = first["source_version"], newest["source_version"]
    compared = live("GET", f"jobs/{job['id']}/versions/diff?left={left}&right={right}").ok()
    assert compared["cells"] == told["diff"]["cells"]
    page = live("GET", f"jobs/{job['id']}/versions/diff?left={left}&right={right}&format=html&theme=dark")
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert b"(x or 1)" in page.raw


async def test_it_says_what_is_wrong_and_who_asks_for_no_run_of_a_job(api: Api, workspace: Path) -> None:
    write_notebook(workspace / "a.ipynb", "1 / 0")
    write_notebook(workspace / "copy.ipynb", "1 / 1")
    run = (await api("POST", "runs", {"notebook": "a.ipynb"})).ok(201)
    address = f"runs/{run['id']}/publish-fix"
    assert (await api("POST", address, {"notebook": "copy.ipynb"})).refusal(409)["reason"] == "no_job"
    wrong = {"notebook": "none.ipynb", "jobs": ["none"], "dry_run": 1, "write_notebook": True}
    assert (await api("POST", address, wrong)).fields() == {"notebook", "jobs.0", "dry_run"}
    assert (await api("POST", "runs/none/publish-fix", wrong)).refusal(404)
    before = (workspace / "a.ipynb").read_bytes()
    done = (await api("POST", address, {"notebook": "copy.ipynb", "write_notebook": True})).ok()
    assert (done["wrote"], done["job"]) == (True, None)
    assert (workspace / "a.ipynb").read_bytes() != before


async def test_it_names_what_is_wrong_before_it_says_that_there_is_no_job(api: Api, workspace: Path) -> None:
    write_notebook(workspace / "a.ipynb", "1 / 0")
    run = (await api("POST", "runs", {"notebook": "a.ipynb"})).ok(201)
    address = f"runs/{run['id']}/publish-fix"
    assert (await api("POST", address, {"notebook": 1, "message": 2})).fields() == {"notebook", "message"}
    assert (await api("POST", address, {"notebook": "none.ipynb"})).fields() == {"notebook"}
    wrong = {"notebook": "none.ipynb", "jobs": ["none"], "odd": 1}
    assert (await api("POST", address, wrong)).fields() == {"notebook", "jobs.0", "odd"}
    assert (await api("POST", address, {"notebook": "a.ipynb"})).refusal(409)["reason"] == "no_job"
    job = (await api("POST", "jobs", {"name": "Live", "notebook": "a.ipynb", "source": "live"})).ok(201)
    assert (await api("POST", f"jobs/{job['id']}/publish", {"message": 2})).fields() == {"message"}
    assert (await api("POST", f"jobs/{job['id']}/publish", {})).refusal(409)["reason"] == "live_job"


async def test_it_reruns_a_failed_run_with_the_version_published_since(api: Api, workspace: Path) -> None:
    """What *Retry* sends once the fix is published; nothing was written to the notebook."""
    write_notebook(workspace / "a.ipynb", "1 / 0")
    job = (await api("POST", "jobs", {"name": "A", "notebook": "a.ipynb"})).ok(201)
    run = (await api("POST", f"jobs/{job['id']}/run", {})).ok(201)
    write_notebook(workspace / "copy.ipynb", "1 / 1")
    done = (await api("POST", f"runs/{run['id']}/publish-fix", {"notebook": "copy.ipynb"})).ok()
    assert done["source_version"] != run["source_version"]
    rerun = f"runs/{run['id']}/rerun"
    again = (await api("POST", rerun, {"source": "current"})).ok(201)
    assert (again["source_version"], again["notebook"]) == (done["source_version"], "a.ipynb")
    write_notebook(workspace / "a.ipynb", "2 / 2")
    (await api("PATCH", f"jobs/{job['id']}", {"source": "live"})).ok()
    assert (await api("POST", rerun, {"source": "current"})).ok(201)["source_version"] not in (
        run["source_version"],
        done["source_version"],
    )
    (await api("PATCH", f"jobs/{job['id']}", {"source": "pinned"})).ok()
    write_notebook(workspace / "moved.ipynb", "2 / 2")
    (await api("PATCH", f"jobs/{job['id']}", {"notebook": "moved.ipynb"})).ok()
    (workspace / "a.ipynb").unlink()
    assert (await api("POST", rerun, {"source": "current"})).ok(201)["notebook"] == "moved.ipynb"
    assert (await api("DELETE", f"jobs/{job['id']}")).status == 204
    assert (await api("POST", rerun, {"source": "current"})).fields() == {"notebook"}, "without a job it is the file"


async def test_it_tells_the_jobs_of_a_notebook_that_it_was_written(api: Api, workspace: Path, context: Context) -> None:
    write_notebook(workspace / "a.ipynb", "1 / 0")
    write_notebook(workspace / "copy.ipynb", "1 / 1")
    job = (await api("POST", "jobs", {"name": "n", "notebook": "a.ipynb"})).ok(201)
    run = (await api("POST", "runs", {"notebook": "a.ipynb"})).ok(201)
    (await api("POST", f"runs/{run['id']}/publish-fix", {"notebook": "copy.ipynb", "write_notebook": True})).ok()
    assert (await api("GET", f"jobs/{job['id']}")).ok()["notebook_changed"]
    with context.store.read() as db:
        told = [event.fields for event in outbox.after(db, 0) if event.kind == "job"]
    assert [(each["job_id"], each["change"]) for each in told] == [(job["id"], "created"), (job["id"], "updated")]


async def test_it_takes_texts_that_no_file_can_hold_for_wrong_ones(api: Api, workspace: Path) -> None:
    write_notebook(workspace / "a.ipynb", "1")
    job = (await api("POST", "jobs", {"name": "n", "notebook": "a.ipynb"})).ok(201)
    run = (await api("POST", f"jobs/{job['id']}/run")).ok(201)
    for odd in (r"\ud800", r"\u0000", "\U0001f600"):
        for path, field in (
            (f"jobs/{job['id']}/publish", "source_version"),
            (f"jobs/{job['id']}/publish", "message"),
            (f"runs/{run['id']}/publish-fix", "notebook"),
            (f"runs/{run['id']}/publish-fix", "source_version"),
        ):
            answer = await api("POST", path, f'{{"{field}": "{odd}"}}'.encode())
            assert answer.status in (200, 400, 422), (path, field, odd)
            assert answer.status != 200 or field == "message"
        jobs = await api("POST", f"jobs/{job['id']}/publish", f'{{"jobs": ["{odd}"]}}'.encode())
        assert jobs.status in (400, 422)
    for side in ("%00", "%ed%a0%80", "%2e%2e%2fstore", "x" * 5000):
        address = f"jobs/{job['id']}/versions/diff?left={side}&right={side}"
        assert (await api("GET", address)).status in (400, 422), side
