"""What may stand in a body, whatever the address: one JSON object, of a bounded size, with known fields."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..written import tree, write_notebook
from .asking import Api

ADDRESSES = [
    ("POST", "runs"),
    ("POST", "runs/none/cancel"),
    ("POST", "runs/none/rerun"),
    ("POST", "runs/none/debug"),
    ("POST", "jobs"),
    ("PATCH", "jobs/none"),
    ("POST", "jobs/none/run"),
    ("POST", "jobs/none/pause"),
    ("POST", "jobs/none/resume"),
    ("PUT", "parameters"),
    ("POST", "parameters/inspect"),
    ("POST", "parameters/preview"),
    ("POST", "parameters/candidates"),
    ("POST", "parameters/arrange"),
    ("PUT", "parameters/presets"),
    ("POST", "triggers/preview"),
    ("POST", "runs/none/kernel"),
    ("POST", "jobs/none/publish"),
    ("POST", "pause"),
]
NO_JSON = {
    "half an object": b"{",
    "a word": b"notebook",
    "single quotes": b"{'notebook': 1}",
    "not a number": b'{"notebook": NaN}',
    "infinity": b'{"notebook": Infinity}',
    "no UTF-8": b'{"notebook": "\xff"}',
    "half a surrogate pair": b'{"notebook": "\\ud800"}',
    "two objects": b"{}{}",
    "very deep and no end": b'{"notebook": ' + b"[" * 100_000,
    "very deep and torn": b'{"notebook": ' + b"[" * 100_000 + b"}",
    "a large number and no end": b'{"notebook": 1e400, "x": "' + b'\\"' * 300_000,
    "a form": b"notebook=a.ipynb&name=x",
}
NO_OBJECT = {"a list": b"[]", "a text": b'"x"', "a number": b"1", "null": b"null", "a truth": b"true"}


@pytest.mark.parametrize("content", [*NO_JSON.values(), *NO_OBJECT.values()], ids=[*NO_JSON, *NO_OBJECT])
async def test_it_takes_nothing_but_a_json_object(api: Api, workspace: Path, content: bytes) -> None:
    for method, path in ADDRESSES:
        answer = await api(method, path, content)
        reason = answer.refusal(400)["reason"]
        assert reason == ("not_an_object" if content in NO_OBJECT.values() else "not_json"), f"{method} {path}"
    assert tree(workspace) == {}


HUGE = b"9" * 5_000
BEYOND = {
    "a long whole number": (b'{"notebook": "a", "values": {"x": -' + HUGE + b"}}", {"values.x"}),
    "a number beyond all": (b'{"values": {"x": [1, {"y": 1E400}], "y": 1e308}}', {"values.x"}),
    "deep": (b'{"notebook": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", {"notebook"}),
    "deep in values": (b'{"values": {"]": ' + b'{"a":[' * 5_000 + b"]}" * 5_000 + b', "b": "[["}}', {"values.]"}),
    "several": (b'{"add": [1, {"value": ' + HUGE + b'}], "n": 1e999}', {"add.1.value", "n"}),
}


@pytest.mark.parametrize(("content", "fields"), BEYOND.values(), ids=BEYOND)
async def test_it_names_what_is_json_but_beyond_what_can_be_read(api: Api, content: bytes, fields: set[str]) -> None:
    for method, path in ADDRESSES:
        answer = await api(method, path, content)
        assert "at most" in answer.refusal(422)["message"], f"{method} {path}"
        assert answer.fields() == fields, f"{method} {path}"


async def test_it_takes_a_mebibyte_and_not_a_byte_more(api: Api, workspace: Path) -> None:
    write_notebook(workspace / "a.ipynb", "1")
    before = tree(workspace)
    frame = len(b'{"odd": ""}')
    for method, path in ADDRESSES:
        too_much = await api(method, path, b'{"odd": "' + b"x" * (1024 * 1024 - frame + 1) + b'"}')
        assert too_much.refusal(413)["reason"] == "too_large", f"{method} {path}"
    just_right = await api("POST", "runs", b'{"odd": "' + b"x" * (1024 * 1024 - frame) + b'"}')
    assert "odd" in just_right.fields()
    assert tree(workspace) == before


async def test_it_says_what_a_misspelt_field_may_have_meant(api: Api) -> None:
    error = (await api("POST", "runs", {"notebok": "a.ipynb", "timeout": 3})).refusal(422)
    messages = {each["field"]: each["message"] for each in error["errors"]}
    assert messages["notebok"] == "is not known; did you mean 'notebook'?"
    assert messages["notebook"] == "is required"
    assert error["message"].startswith("notebok: is not known")
    assert "(and 2 more)" in error["message"]


async def test_it_refuses_unknown_fields_in_every_body(api: Api) -> None:
    for method, path in ADDRESSES[:13]:
        if "/none/" in path or path.endswith("/none"):
            continue
        answer = await api(method, path, {"wholly_unknown": 1})
        assert "wholly_unknown" in answer.fields(), f"{method} {path}"
    for path in ("runs/none/cancel", "runs/none/debug", "jobs/none/resume"):
        assert (await api("POST", path, {"wholly_unknown": 1})).fields() == {"wholly_unknown"}


async def test_it_takes_an_empty_body_where_nothing_is_needed(api: Api) -> None:
    for path in ("runs/none/cancel", "runs/none/debug", "jobs/none/pause", "jobs/none/resume"):
        assert (await api("POST", path, b"")).refusal(404)["reason"] == "not_found"


@pytest.mark.parametrize(
    ("moment", "good"),
    [
        ("2026-03-29T01:00:00Z", True),
        ("2026-03-29T03:00:00+02:00", True),
        ("2026-03-29T01:00:00.123456Z", True),
        ("2026-03-29T01:00:00", False),
        ("2026-03-29", False),
        ("tomorrow", False),
        ("2026-02-30T00:00:00Z", False),
        ("0001-01-01T00:00:00+14:00", False),
        ("9999-12-31T23:59:59-14:00", False),
        (1_700_000_000, False),
        (None, True),
    ],
)
async def test_it_takes_times_with_an_offset_only(api: Api, moment: object, good: bool) -> None:
    trigger = {"type": "cron", "cron": "0 7 * * *", "timezone": "Europe/Berlin"}
    answer = await api("POST", "triggers/preview", {"trigger": trigger, "after": moment})
    if good:
        answer.ok()
    else:
        assert answer.fields() == {"after"}
