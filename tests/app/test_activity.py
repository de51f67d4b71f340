"""What waits or runs counts as activity of the server, so that nobody ends it as idle."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from jupyter_notebook_sched.app import NotebookSched, activity
from jupyter_notebook_sched.domain.states import RunState
from jupyter_notebook_sched.service.context import Context
from jupyter_notebook_sched.store import attempts
from jupyter_notebook_sched.store.attempts import Ending

from ..api.asking import Api
from ..made import HERE, ME, claim
from ..written import write_notebook
from .begun import begun


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activity, "LOOK_SECONDS", 0.02)


async def comes_true(condition: Callable[[], object]) -> None:
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come true")


async def last_activity(api: Api) -> datetime:
    answer = await api.client.fetch(f"{api.base}api/status", headers=api.headers)
    return datetime.fromisoformat(json.loads(answer.body)["last_activity"].replace("Z", "+00:00"))


async def test_it_counts_what_waits_and_what_runs(
    api: Api, workspace: Path, context: Context, extension: NotebookSched, jp_serverapp: Any
) -> None:
    async with begun(extension):
        assert extension.current_activity() == []
        write_notebook(workspace / "a.ipynb", "1")
        jp_serverapp.web_app.settings["started"] = datetime.now(timezone.utc) - timedelta(days=1)
        for _ in range(2):
            (await api("POST", "runs", {"notebook": "a.ipynb"})).ok(201)
        await comes_true(lambda: extension.current_activity() == [{"state": "queued", "runs": 2}])
        claimed = claim(context.store, ME, datetime.now(timezone.utc) + timedelta(minutes=1), HERE)
        assert claimed is not None
        both = [{"state": "queued", "runs": 1}, {"state": "running", "runs": 1}]
        await comes_true(lambda: extension.current_activity() == both)
        before = datetime.now(timezone.utc)
        await asyncio.sleep(0.1)
        assert await last_activity(api) > before, "it is told to whoever looks for idle servers"
        with context.store.write() as db:
            assert attempts.finish(db, claimed, Ending(RunState.SUCCEEDED), datetime.now(timezone.utc))
        for run in (await api("GET", "runs?state=queued")).ok()["runs"]:
            (await api("POST", f"runs/{run['id']}/cancel")).ok(202)
        await comes_true(lambda: extension.current_activity() == [])
        last = jp_serverapp.web_app.settings["last_activity_times"][activity.NAME]
        await asyncio.sleep(0.1)
        assert jp_serverapp.web_app.settings["last_activity_times"][activity.NAME] == last, "what has ended is idle"


async def test_it_writes_nothing_and_survives_a_store_that_cannot_be_read(
    api: Api, workspace: Path, context: Context, extension: NotebookSched
) -> None:
    async with begun(extension):
        assert not context.store.exists()
        write_notebook(workspace / "a.ipynb", "1")
        (await api("POST", "runs", {"notebook": "a.ipynb"})).ok(201)
        await comes_true(extension.current_activity)
        mark = context.store.path.with_name("store.db.damaged")
        mark.write_text("{}")
        context.store.path.rename(context.store.path.with_name("away"))
        await comes_true(lambda: extension.current_activity() == [])
        context.store.path.with_name("away").rename(context.store.path)
        mark.unlink()
        await comes_true(extension.current_activity)
