"""Answers when the disk, the calendar or the sender is in trouble: the contract's refusals, and nobody else waits."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import wait
from pathlib import Path
from typing import Any

import msgspec
import pytest
from traitlets.config import Config

from jupyter_notebook_sched.app import NotebookSched
from jupyter_notebook_sched.app.threads import Threads
from jupyter_notebook_sched.archive import sources
from jupyter_notebook_sched.domain.times import utc_now
from jupyter_notebook_sched.events.schemas import IDS
from jupyter_notebook_sched.service.context import Context
from jupyter_notebook_sched.store import outbox

from ..written import document, write_notebook
from .asking import Api


class TestWhereNothingCanBeWritten:
    @pytest.fixture
    def jp_server_config(self, jp_server_config: Config) -> Config:
        jp_server_config.NotebookSched.state_dir = "/sys/notebook-sched"
        return jp_server_config

    @pytest.mark.skipif(not Path("/sys/kernel").exists(), reason="needs sysfs")
    async def test_it_says_so(self, api: Api, workspace: Path) -> None:
        write_notebook(workspace / "a.ipynb", "print(1)")
        trigger = {"type": "cron", "cron": "0 7 * * *", "timezone": "UTC"}
        asked = ({"notebook": "a.ipynb"}, {"notebook": "a.ipynb", "name": "a", "trigger": trigger})
        for path, body in zip(("runs", "jobs"), asked, strict=True):
            error = (await api("POST", path, body)).refusal(503)
            assert error["reason"] == "not_writable"
            assert "/sys/notebook-sched" in error["message"]


@pytest.mark.skipif(not Path("/sys/kernel").exists(), reason="needs sysfs")
async def test_it_says_that_a_source_cannot_be_stored(api: Api, workspace: Path, context: Context) -> None:
    write_notebook(workspace / "a.ipynb", "print(1)")
    context.store.make()
    context.archive.root.symlink_to("/sys")
    error = (await api("POST", "runs", {"notebook": "a.ipynb"})).refusal(503)
    assert error["reason"] == "not_writable"
    assert (await api("GET", "runs")).ok()["runs"] == []


@pytest.mark.parametrize("cron", ["0 7 * * *", "0 7 29 2 *", "30 2 * * *", "*/5 * * * *"])
@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Kiritimati"])
async def test_it_looks_ahead_at_the_ends_of_time_or_refuses_to(api: Api, cron: str, zone: str) -> None:
    trigger = {"type": "cron", "cron": cron, "timezone": zone}
    first, last = (
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00"),
        ("9990-01-01T00:00:00Z", "9999-12-31T23:00:00Z"),
    )
    for after in (*first, "1900-01-01T00:00:00Z", "2999-12-31T23:59:59-12:00", *last):
        answer = await api("POST", "triggers/preview", {"trigger": trigger, "after": after, "count": 50})
        assert answer.status == 200 or answer.fields() == {"after"}, (after, answer.raw)


async def test_it_names_the_first_of_very_many_unknown_fields(api: Api) -> None:
    sent = {f"notebok{number}": 1 for number in range(50_000)}
    errors = (await api("POST", "runs", {"notebook": "a.ipynb", **sent})).refusal(422)["errors"]
    assert [error["field"] for error in errors] == [*list(sent)[:50], "notebook"], "which is not there either"
    assert ["did you mean" in error["message"] for error in errors[:50]] == [True] * 20 + [False] * 30


async def test_it_reads_no_notebook_that_is_larger_than_any(api: Api, workspace: Path) -> None:
    with open(workspace / "vast.ipynb", "wb") as file:
        file.truncate(512 * 1024 * 1024 + 1)
    for method, path, body in (
        ("GET", "parameters?notebook=vast.ipynb", None),
        ("POST", "runs", {"notebook": "vast.ipynb"}),
    ):
        assert (await api(method, path, body)).refusal(422)["reason"] == "notebook_too_large"


async def test_it_encodes_what_the_archive_holds_in_a_thread_of_the_service(
    api: Api, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = sources.store(context.archive, msgspec.json.encode(document("print(1)")))
    encoding: list[str] = []
    encode = msgspec.json.encode

    def noted(body: Any) -> bytes:
        encoding.append(threading.current_thread().name)
        return encode(body)

    monkeypatch.setattr(msgspec.json, "encode", noted)
    answer = await api("GET", f"archive/api/contents/sources/{version}.ipynb?content=1")
    assert answer.ok()["content"]["cells"][0]["source"] == "print(1)"
    assert encoding
    assert all(name.startswith("notebook-sched-") for name in encoding)


async def test_it_tells_events_while_every_thread_of_the_service_is_held_up(
    api: Api, context: Context, extension: NotebookSched, jp_serverapp: Any
) -> None:
    heard: list[str] = []

    async def listen(logger: Any, schema_id: str, data: dict[str, Any]) -> None:
        heard.append(data["job_id"])

    jp_serverapp.event_logger.add_listener(schema_id=IDS["job"], listener=listen)
    context.store.make()
    extension.start()  # left out by the fixture
    await asyncio.sleep(0.5)  # the relay has its position
    go = threading.Event()
    held = [extension.parts.threads.submit(go.wait, 20) for _ in range(8)]
    try:
        with context.store.write() as db:
            outbox.tell_job(db, "j1", "created", utc_now())
        context.committed()
        for _ in range(100):
            if heard:
                break
            await asyncio.sleep(0.05)
        assert heard == ["j1"]
    finally:
        go.set()
        await asyncio.to_thread(wait, held)


def test_threads_give_results_and_errors_and_take_nothing_after_their_end() -> None:
    threads = Threads(2, "test")
    assert [threads.submit(pow, 2, n).result(5) for n in range(4)] == [1, 2, 4, 8]
    with pytest.raises(ZeroDivisionError):
        threads.submit(divmod, 1, 0).result(5)
    assert threads.submit(lambda: threading.current_thread().daemon).result(5)
    threads.shutdown()
    with pytest.raises(RuntimeError):
        threads.submit(pow, 2, 2)
