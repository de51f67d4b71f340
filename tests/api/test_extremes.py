"""Extreme values: bounded, each with a sentence that says so, and nothing written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jupyter_notebook_sched.service.context import Context

from ..written import write_notebook
from .asking import Api
from .extremes import BASES, CRON, EARLY, OF_ACTIONS, OF_JOBS, OF_RUNS, OF_TIME, PAST, Cases


@pytest.fixture
def job(workspace: Path, context: Context) -> None:
    write_notebook(workspace / "daily.ipynb", "print(x)", parameters="x = 1")


def counted(context: Context) -> dict[str, int]:
    """How many rows each table has."""
    with context.store.read() as db:
        return {name: db[name].count for name in db.table_names()}


def nested(path: str, value: Any, base: dict[str, Any]) -> dict[str, Any]:
    """``base`` with the value at that dotted path."""
    name, _, inner = path.partition(".")
    return base | {name: nested(inner, value, base.get(name) or {}) if inner else value}


async def not_refused_so(api: Api, method: str, path: str, base: dict[str, Any], cases: Cases) -> list[str]:
    """What was not refused at all, or not with the field and the words that it must have."""
    found = []
    for field, values in cases.items():
        for value, says in values:
            answer = await api(method, path, nested(field, value, base))
            errors = answer.refusal(422)["errors"] if answer.status == 422 else []
            sentence = next((error["message"] for error in errors if error["field"] == field), None)
            if sentence is None or says not in sentence:
                found.append(
                    f"{field} = {str(value)[:30]!r}: {answer.status} {sentence or answer.raw[:200]!r}, not {says!r}"
                )
    return found


BAD_TRIGGER = {"type": "interval", "every_seconds": 10**9, "start_at": "0001-01-01T00:00:00+14:00"}


def all_at_once(cases: Cases, base: dict[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """The last bad value of every field, and the fields."""
    sent = base
    fields = [field for field in cases if field not in ("retry", "kernel")]
    for field in fields:
        sent = nested(field, cases[field][-1][0], sent)
    return sent | {"odd": 1}, {*fields, "odd"}


@pytest.mark.parametrize("route", ["POST jobs", "PATCH jobs", "POST runs"])
async def test_it_says_the_bound_and_writes_nothing(api: Api, job: None, context: Context, route: str) -> None:
    new = {"name": "n", "notebook": "daily.ipynb", "trigger": CRON}
    made = (await api("POST", "jobs", new)).ok(201)
    before = counted(context)
    if route == "POST runs":
        base, path, cases = {"notebook": "daily.ipynb"}, "runs", OF_RUNS
    elif route == "POST jobs":
        base, path, cases = new, "jobs", OF_JOBS
    else:
        base, path, cases = {"trigger": CRON}, f"jobs/{made['id']}", OF_JOBS
    method = route.partition(" ")[0]
    assert not (wrong := await not_refused_so(api, method, path, base, cases)), "\n".join(wrong)
    sent, fields = all_at_once(cases, base)
    assert (await api(method, path, sent)).fields() == fields
    assert counted(context) == before
    assert (await api("GET", f"jobs/{made['id']}")).ok() == made


async def test_it_names_every_wrong_field_of_an_interval_and_of_a_moment(api: Api, job: None, context: Context) -> None:
    new = {"name": "n", "notebook": "daily.ipynb"}
    answer = await api("POST", "jobs", new | {"trigger": BAD_TRIGGER})
    assert answer.fields() == {"trigger.every_seconds", "trigger.start_at"}
    moments = {
        EARLY: OF_TIME,
        PAST: "passed",
        "2050-01-01T00:00:00": "zone",
        "9999-12-31T23:59:59-12:00": OF_TIME,
    }
    for at, says in moments.items():
        answer = await api("POST", "jobs", new | {"trigger": {"type": "once", "at": at}})
        assert answer.fields() == {"trigger.at"}
        assert says in answer.body["message"]
    for trigger in ("daily", 7, [], {}, {"type": "moon"}, {"type": ["cron"]}, {"cron": "* * * * *"}, {"type": "cron"}):
        answer = await api("POST", "jobs", new | {"trigger": trigger})
        assert {field.partition(".")[0] for field in answer.fields()} == {"trigger"}, trigger
    assert not context.store.exists(), "nothing was written"


async def test_it_refuses_what_an_action_cannot_do_and_writes_nothing(api: Api, job: None, context: Context) -> None:
    made = (await api("POST", "jobs", {"name": "n", "notebook": "daily.ipynb", "trigger": CRON})).ok(201)
    before = counted(context)
    for action, cases in OF_ACTIONS.items():
        path = f"jobs/{made['id']}/{action}"
        base = BASES.get(action, {})
        assert not (wrong := await not_refused_so(api, "POST", path, base, cases)), "\n".join(wrong)
        sent = base
        for field in cases:
            sent = nested(field, cases[field][-1][0], sent) if "." not in field else sent
        names = {field for field in cases if "." not in field}
        assert (await api("POST", path, sent | {"odd": 1})).fields() == names | {"odd"}, action
    for path in ("pause", "resume"):
        assert (await api("POST", path, {"tag": 7, "odd": []})).fields() == {"tag", "odd"}
    assert (await api("POST", "pause", {"until": PAST})).fields() == {"until"}
    assert (await api("POST", f"jobs/{made['id']}/resume", {"until": None})).fields() == {"until"}
    assert counted(context) == before
    assert (await api("GET", f"jobs/{made['id']}")).ok() == made


async def test_it_takes_the_largest_that_is_allowed(api: Api, job: None, context: Context) -> None:
    """And counts a year of every minute without a word."""
    largest = {
        "name": "x" * 200,
        "max_runs": 1_000_000,
        "late_limit_seconds": 31_536_000,
        "max_catch_up": 1000,
        "max_parallel": 1000,
        "spread_seconds": 86_400,
        "retry": {"max_attempts": 100, "delay_seconds": 86_400, "backoff": 10, "max_delay_seconds": 604_800, "on": []},
        "timeout_seconds": 31_536_000,
        "cell_timeout_seconds": 0.001,
        "keep_runs": 1_000_000,
        "keep_days": 1_000_000,
        "tags": [f"{number:0100}" for number in range(50)],
        "description": "x" * 10_000,
        "starts_at": "1900-01-01T00:00:00Z",
        "ends_at": "2999-12-31T23:59:59.999Z",
    }
    every_minute = CRON | {"cron": "* * * * *"}
    sent = {"notebook": "daily.ipynb", "trigger": every_minute} | largest
    made = (await api("POST", "jobs", sent)).ok(201)
    assert {name: made[name] for name in largest if not name.endswith("_at")} == {
        name: value for name, value in largest.items() if not name.endswith("_at")
    }
    path = f"jobs/{made['id']}"
    thousand = {"from": "2026-01-01T00:00:00Z", "to": "2026-01-01T16:40:00Z", "dry_run": True}
    assert len((await api("POST", f"{path}/backfill", thousand)).ok()["slots"]) == 1000
    too_many = thousand | {"to": "2026-01-01T16:40:00.001Z"}
    answer = await api("POST", f"{path}/backfill", too_many)
    assert answer.fields() == {"to"}
    assert "1001" in answer.body["message"]
    whole = await api("POST", f"{path}/backfill", {"from": "1900-01-01T00:00:00Z", "to": "2999-01-01T00:00:00Z"})
    assert whole.fields() == {"to"}
    assert (await api("POST", f"{path}/pause", {"until": "2999-12-31T23:59:59Z"})).ok()["paused_until"]


async def test_it_refuses_a_job_without_a_trigger_its_due_times(api: Api, job: None, context: Context) -> None:
    made = (await api("POST", "jobs", {"name": "n", "notebook": "daily.ipynb"})).ok(201)
    before = counted(context)
    skipped = await api("POST", f"jobs/{made['id']}/skip", {"scheduled_for": "2050-01-01T07:00:00Z"})
    filled = await api("POST", f"jobs/{made['id']}/backfill", {"from": PAST, "to": "2024-01-01T00:00:00Z"})
    assert skipped.refusal(422)["reason"] == filled.refusal(422)["reason"] == "no_trigger"
    assert counted(context) == before


async def test_it_answers_a_repeated_request_and_refuses_its_key_for_another(
    api: Api, job: None, context: Context
) -> None:
    sent = {"notebook": "daily.ipynb", "idempotency_key": "k" * 200}
    first = (await api("POST", "runs", sent)).ok(201)
    before = counted(context)
    assert (await api("POST", "runs", sent)).ok(200)["id"] == first["id"]
    for other in (sent | {"name": "other"}, sent | {"parameters": {"x": 2}}, sent | {"cause": "manual"}):
        assert (await api("POST", "runs", other)).refusal(422)["reason"] == "idempotency_mismatch"
    assert counted(context) == before


@pytest.mark.parametrize("body", [b"[]", b"7", b'"text"', b"null", b"{", b"\xff", b"[" * 100_000, b"1e999", b"NaN"])
async def test_it_takes_only_an_object(api: Api, job: None, body: bytes) -> None:
    for method, path in (("POST", "jobs"), ("PATCH", "jobs/x"), ("POST", "jobs/x/skip"), ("POST", "jobs/x/backfill")):
        assert (await api(method, path, body)).status == 400, (method, path)
    for path in ("jobs/x/pause", "jobs/x/resume", "pause", "resume", "runs", "jobs/x/run"):
        assert (await api("POST", path, body)).status == 400, path


async def test_it_bounds_the_body(api: Api, job: None) -> None:
    for path in ("jobs", "jobs/x/skip", "jobs/x/backfill", "pause"):
        answer = await api("POST", path, b'{"name": "' + b"x" * 1024 * 1024 + b'"}')
        assert answer.refusal(413)["reason"] == "too_large"
