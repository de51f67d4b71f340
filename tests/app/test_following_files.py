"""What somebody does to files in JupyterLab, jobs and history follow at once."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from jupyter_notebook_sched.app import NotebookSched
from jupyter_notebook_sched.service import moving

from ..api.asking import Api
from ..written import write_notebook
from .begun import begun

CRON = {"type": "cron", "cron": "0 7 * * *", "timezone": "UTC"}


async def contents(api: Api, method: str, path: str, body: Any = None) -> int:
    """Jupyter's own contents service."""
    answer = await api.client.fetch(
        f"{api.base}api/contents/{path}",
        method=method,
        headers=api.headers,
        body=None if body is None else json.dumps(body),
        allow_nonstandard_methods=True,
    )
    return int(answer.code)


async def made(api: Api, workspace: Path, notebook: str) -> str:
    write_notebook(workspace / notebook, "1")
    job: dict[str, Any] = (await api("POST", "jobs", {"name": "n", "notebook": notebook, "trigger": CRON})).ok(201)
    (await api("POST", f"jobs/{job['id']}/run")).ok(201)
    return str(job["id"])


async def shows(api: Api, job: str, **fields: Any) -> dict[str, Any]:
    """The job once it shows these values."""
    for _ in range(200):
        found: dict[str, Any] = (await api("GET", f"jobs/{job}")).ok()
        if all(found[name] == value for name, value in fields.items()):
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(f"{fields} did not come true: {found}")


async def test_it_follows_a_rename_and_a_move_of_a_folder(api: Api, workspace: Path, extension: NotebookSched) -> None:
    async with begun(extension):
        job = await made(api, workspace, "etl/a.ipynb")
        assert await contents(api, "PATCH", "etl/a.ipynb", {"path": "etl/b.ipynb"}) == 200
        await shows(api, job, notebook="etl/b.ipynb", notebook_missing=False)
        assert await contents(api, "PATCH", "etl", {"path": "jobs of 2026"}) == 200
        await shows(api, job, notebook="jobs of 2026/b.ipynb", notebook_missing=False)
        (run,) = (await api("GET", f"runs?job={job}")).ok()["runs"]
        assert run["notebook"] == "jobs of 2026/b.ipynb"


async def changes(api: Api, context: Any) -> int:
    with context.store.read() as db:
        return int(db.execute("select count(*) from events where kind = 'job'").fetchone()[0])


async def test_it_tells_of_a_notebook_that_is_deleted_and_of_one_that_is_back(
    api: Api, workspace: Path, extension: NotebookSched, context: Any
) -> None:
    async with begun(extension):
        job = await made(api, workspace, "a.ipynb")
        told = await changes(api, context)
        assert await contents(api, "DELETE", "a.ipynb") == 204
        gone = await shows(api, job, notebook_missing=True)
        assert "a.ipynb" in gone["problem"]
        for _ in range(200):
            if await changes(api, context) > told:
                break
            await asyncio.sleep(0.02)
        assert await changes(api, context) == told + 1, "whoever looks at the job is told to look again"
        document = json.loads(write_notebook(workspace / "b.ipynb", "1").read_text())
        assert await contents(api, "PUT", "a.ipynb", {"type": "notebook", "content": document}) == 201
        assert (await shows(api, job, notebook_missing=False))["problem"] is None


async def test_it_moves_the_file_even_where_jobs_cannot_follow(
    api: Api, workspace: Path, extension: NotebookSched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What happens here may never look as if the file were not moved."""
    async with begun(extension):

        def broken(*_: Any) -> None:
            raise RuntimeError("a fault of ours")

        job = await made(api, workspace, "a.ipynb")
        monkeypatch.setattr(moving, "follow", broken)
        assert await contents(api, "PATCH", "a.ipynb", {"path": "b.ipynb"}) == 200
        assert (workspace / "b.ipynb").exists()
        await shows(api, job, notebook="a.ipynb", notebook_missing=True)
        assert (await api("GET", f"jobs/{job}/moved")).ok()["notebooks"] == ["b.ipynb"]
        taken = (await api("PATCH", f"jobs/{job}", {"notebook": "b.ipynb"})).ok()
        assert (taken["notebook_missing"], taken["problem"]) == (False, None)


async def test_it_makes_no_state_for_files_that_nobody_scheduled(
    api: Api, workspace: Path, extension: NotebookSched
) -> None:
    async with begun(extension):
        write_notebook(workspace / "a.ipynb", "1")
        assert await contents(api, "PATCH", "a.ipynb", {"path": "b.ipynb"}) == 200
        assert await contents(api, "DELETE", "b.ipynb") == 204
        await asyncio.sleep(0.1)
        assert not (workspace / ".notebook-sched" / "store.db").exists()
