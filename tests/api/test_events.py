"""What is told over Jupyter Server's event stream: every change, in order, and only what is committed."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from jupyter_notebook_sched.events.schemas import IDS, SCHEMAS

from ..serving import TOKEN, Served, serving
from ..written import write_notebook
from .asking import Live

Event = dict[str, Any]


@asynccontextmanager
async def listening(served: Served) -> AsyncIterator[Callable[[Callable[[list[Event]], bool]], Any]]:
    """Gives a coroutine function that collects our events until they are as they should be."""
    url = served.base.replace("http", "ws", 1) + "/api/events/subscribe"
    stream = await websocket_connect(HTTPRequest(url, headers={"Authorization": f"token {TOKEN}"}))
    heard: list[Event] = []

    async def until(done: Callable[[list[Event]], bool]) -> list[Event]:
        while not done(heard):
            message = await asyncio.wait_for(stream.read_message(), 30)
            assert message is not None
            event = json.loads(message)
            if event["schema_id"] in IDS.values():
                heard.append(event)
        return heard

    yield until
    stream.close()


def call(live: Live, method: str, path: str, body: Any = None) -> Any:
    """The body of an answer, asked for in a thread so that the stream is read meanwhile."""

    def ask() -> Any:
        answer = live(method, path, body)
        return answer.body if answer.raw else None

    return asyncio.get_running_loop().run_in_executor(None, ask)


def ended(run_id: str) -> Callable[[list[Event]], bool]:
    return lambda heard: any(e.get("run_id") == run_id and e["state"] in ("succeeded", "failed") for e in heard)


def of_run(heard: list[Event], run_id: str) -> list[Event]:
    return [event for event in heard if event.get("run_id") == run_id]


async def test_it_tells_the_whole_life_of_a_run_in_order(live: Live) -> None:
    write_notebook(live.workspace / "life.ipynb", *["import time; time.sleep(0.7)"] * 3)
    async with listening(live.served) as until:
        run = await call(live, "POST", "runs", {"notebook": "life.ipynb"})
        heard = await until(ended(run["id"]))
    told = of_run(heard, run["id"])
    states = [event["state"] for event in told]
    assert states[0] == "queued"
    assert states[-1] == "succeeded"
    assert set(states[1:-1]) == {"running"}
    assert [event["seq"] for event in heard] == sorted({event["seq"] for event in heard})
    currents = [event["progress"]["current"] for event in told if event["progress"]["current"] is not None]
    assert currents == sorted(currents)
    assert {0, 1, 2} <= set(currents)
    assert told[-1]["progress"] == {"done": 3, "total": 3, "current": None}
    assert len(told) < 14, "progress is told at most twice a second"


async def test_it_tells_only_what_its_schemas_describe(live: Live) -> None:
    schemas = {IDS[kind]: yaml.safe_load(file.read_text()) for kind, file in SCHEMAS.items()}
    write_notebook(live.workspace / "fails.ipynb", "1 / 0")
    async with listening(live.served) as until:
        job = await call(live, "POST", "jobs", {"name": "j", "notebook": "fails.ipynb"})
        run = await call(live, "POST", f"jobs/{job['id']}/run")
        heard = await until(ended(run["id"]))
    assert {event["schema_id"] for event in heard} == set(IDS.values())
    for event in heard:
        Draft202012Validator(schemas[event["schema_id"]]).validate(event)
    last = of_run(heard, run["id"])[-1]
    assert (last["job_id"], last["notebook"], last["reason"], last["attempt"]) == (
        job["id"],
        "fails.ipynb",
        "cell_error",
        1,
    )


async def test_it_tells_what_becomes_of_jobs(live: Live) -> None:
    write_notebook(live.workspace / "job.ipynb", "1")
    async with listening(live.served) as until:
        job = await call(live, "POST", "jobs", {"name": "j", "notebook": "job.ipynb"})
        address = f"jobs/{job['id']}"
        await call(live, "PATCH", address, {"name": "k"})
        await call(live, "POST", f"{address}/pause")
        await call(live, "POST", f"{address}/pause")
        await call(live, "POST", f"{address}/resume")
        await call(live, "PATCH", address, {"paused": True})
        await call(live, "DELETE", address)
        heard = await until(lambda heard: any(event.get("change") == "deleted" for event in heard))
    changes = [event["change"] for event in heard if event.get("job_id") == job["id"]]
    assert changes == ["created", "updated", "paused", "resumed", "paused", "deleted"]


async def test_it_tells_nothing_before_it_is_committed(live: Live) -> None:
    """Whoever hears of a state finds at least that state when it asks."""
    order = ["queued", "running", "succeeded"]
    write_notebook(live.workspace / "asked.ipynb", "1", "2")
    async with listening(live.served) as until:
        run = await call(live, "POST", "runs", {"notebook": "asked.ipynb"})
        for seen in range(100):
            heard = await until(partial(more_than, seen, run["id"]))
            event = of_run(heard, run["id"])[seen]
            now = await call(live, "GET", f"runs/{run['id']}")
            assert order.index(now["state"]) >= order.index(event["state"])
            if event["state"] == "succeeded":
                return
    raise AssertionError("its end was never told")


def more_than(seen: int, run_id: str, heard: list[Event]) -> bool:
    return len(of_run(heard, run_id)) > seen


async def test_it_tells_nothing_of_what_was_refused(live: Live) -> None:
    write_notebook(live.workspace / "ok.ipynb", "1")
    async with listening(live.served) as until:
        for body in ({"notebook": "missing.ipynb"}, {"notebook": "ok.ipynb", "parameters": {"x": 1}}):
            await call(live, "POST", "runs", body)
        run = await call(live, "POST", "runs", {"notebook": "ok.ipynb"})
        heard = await until(ended(run["id"]))
    assert {event["run_id"] for event in heard} == {run["id"]}


async def test_it_tells_two_servers_of_one_workspace_the_same(live: Live, tmp_path: Path) -> None:
    write_notebook(live.workspace / "both.ipynb", "1")
    with serving(live.workspace, tmp_path / "home") as second:
        async with listening(live.served) as one, listening(second) as two:
            run = await call(live, "POST", "runs", {"notebook": "both.ipynb"})
            first, other = await one(ended(run["id"])), await two(ended(run["id"]))
    assert [event["seq"] for event in first] == [event["seq"] for event in other]


def test_it_lets_nobody_listen_without_a_token(live: Live) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{live.served.base}/api/events/subscribe")
    assert refused.value.code == 403
