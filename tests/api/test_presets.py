"""Presets of a notebook, through its file and for an open one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ..written import document, tree, write_notebook
from .asking import Api

SOURCE = "region = 'us'  # Region code\nn: int = 3\n"
ASKED = "parameters?notebook=folder/p.ipynb"
MONDAY = {"region": "fr", "n": 5}


@pytest.fixture(autouse=True)
def notebook(workspace: Path) -> Path:
    file = workspace / "folder" / "p.ipynb"
    file.parent.mkdir()
    text = json.dumps(document("print(region)", parameters=SOURCE), indent=1, sort_keys=True, ensure_ascii=False)
    file.write_bytes((text + "\n").replace("\n", "\r\n").encode())
    return file


async def put(api: Api, presets: Any, **more: Any) -> Any:
    seen = (await api("GET", ASKED)).ok()
    return await api(
        "PUT",
        "parameters/presets",
        {"notebook": "folder/p.ipynb", "presets": presets, "last_modified": seen["last_modified"]} | more,
    )


async def test_it_keeps_presets_in_the_notebook_and_every_other_byte_as_it_was(api: Api, notebook: Path) -> None:
    notebook.chmod(0o640)
    before = notebook.read_bytes()
    assert (await api("GET", ASKED)).ok()["presets"] == []
    found = (await put(api, {" Monday ": MONDAY})).ok()
    assert found["presets"] == [{"name": "Monday", "values": MONDAY, "misfits": {}}]
    assert (await api("GET", ASKED)).ok() == found
    expected = json.loads(before)
    expected["metadata"]["notebook_sched"] = {"presets": {"Monday": MONDAY}}
    text = json.dumps(expected, indent=1, ensure_ascii=False) + "\n"
    assert notebook.read_bytes() == text.replace("\n", "\r\n").encode()
    assert notebook.stat().st_mode & 0o777 == 0o640
    inode = notebook.stat().st_ino
    (await put(api, {"Monday": {"n": 5.0, "region": "fr"}})).ok()
    assert notebook.stat().st_ino == inode, "what is there already is not written"
    assert (await put(api, {})).ok()["presets"] == []
    assert notebook.read_bytes() == before


async def test_it_tells_values_that_do_not_fit_and_drops_none(api: Api) -> None:
    odd = {"n": "three", "gone": 1, "region": "de"}
    found = (await put(api, {"odd": odd, "ok": {"region": "{{ not a template"}})).ok()["presets"]
    assert [(preset["name"], preset["values"]) for preset in found] == [
        ("odd", odd),
        ("ok", {"region": "{{ not a template"}),
    ]
    assert found[0]["misfits"].keys() == {"n", "gone"}
    assert all(sentence.endswith((".", "?")) for sentence in found[0]["misfits"].values())
    assert found[1]["misfits"] == {}
    templated = {"jobs": {"n": "{{ attempt }}"}, "torn": {"n": "{{ attempt"}, "other": {"n": "{{ nobody }}"}}
    told = (await put(api, templated)).ok()["presets"]
    assert [sorted(preset["misfits"]) for preset in told] == [[], ["n"], ["n"]]


async def test_a_preset_changes_no_job(api: Api, notebook: Path) -> None:
    job = (await api("POST", "jobs", {"name": "Daily", "notebook": "folder/p.ipynb"})).ok(201)
    (await put(api, {"Monday": MONDAY})).ok()
    again = (await api("GET", f"jobs/{job['id']}")).ok()
    assert (again["notebook_changed"], again["source_version"]) == (False, job["source_version"])
    run = (await api("POST", "runs", {"notebook": "folder/p.ipynb"})).ok(201)
    assert run["source_version"] == job["source_version"]
    archived = await api("GET", f"archive/files/sources/{run['source_version']}.ipynb")
    assert b"Monday" not in archived.raw


async def test_it_refuses_what_cannot_be_kept_and_writes_nothing(api: Api, workspace: Path) -> None:
    before = tree(workspace)
    refused = await put(api, {"": {}, "a": 1, "b": {}, " B": {}, "x" * 101: {}})
    assert refused.refusal(422)["reason"] == "invalid_presets"
    assert refused.fields() == {"presets.", "presets.a", "presets. B", f"presets.{'x' * 101}"}
    assert (await put(api, {str(number): {} for number in range(101)})).fields() == {"presets"}
    assert (await put(api, {"a": {"n": "x" * 300_000}})).fields() == {"presets"}
    for presets in (None, [], "x"):
        assert (await put(api, presets)).fields() == {"presets"}
    assert (await put(api, {}, notebook="gone.ipynb", odd=1)).fields() >= {"odd"}
    assert (await put(api, {}, notebook="gone.ipynb")).fields() == {"notebook"}
    assert (await put(api, {}, last_modified="2026-01-01T00:00:00")).fields() == {"last_modified"}
    assert tree(workspace) == before


async def test_it_writes_over_no_newer_notebook(api: Api, notebook: Path) -> None:
    before = notebook.read_bytes()
    stale = await put(api, {"a": {}}, last_modified="2026-01-01T00:00:00Z")
    assert stale.refusal(409)["reason"] == "notebook_changed"
    assert notebook.read_bytes() == before


async def test_it_writes_through_no_link(api: Api, workspace: Path) -> None:
    outside = workspace.parent / "outside"
    write_notebook(outside / "p.ipynb", "1", parameters=SOURCE)
    (workspace / "link.ipynb").symlink_to(outside / "p.ipynb")
    before = tree(outside)
    seen = (await api("GET", "parameters?notebook=link.ipynb")).ok()
    sent = {"notebook": "link.ipynb", "presets": {"a": MONDAY}, "last_modified": seen["last_modified"]}
    refused = await api("PUT", "parameters/presets", sent)
    assert refused.refusal(422)["reason"] == "is_a_link"
    assert tree(outside) == before


async def test_it_leaves_what_others_keep_in_its_place_and_tells_it(api: Api, notebook: Path) -> None:
    for ours, kept in (("text", []), ({"presets": ["x"]}, []), ({"presets": {"a": {"n": 1}, "b": 2}}, ["a"])):
        told = json.loads(notebook.read_bytes())
        told["metadata"]["notebook_sched"] = ours
        notebook.write_text(json.dumps(told))
        found = (await api("GET", ASKED)).ok()
        assert [preset["name"] for preset in found["presets"]] == kept
        assert len(found["problems"]) == 1
        before = notebook.read_bytes()
        if not kept:
            assert (await put(api, {"mine": {}})).refusal(422)["reason"] == "presets_unreadable"
            assert notebook.read_bytes() == before
        values = {"notebook": "folder/p.ipynb", "values": {"n": 4}, "last_modified": found["last_modified"]}
        (await api("PUT", "parameters", values)).ok()
        assert json.loads(notebook.read_bytes())["metadata"]["notebook_sched"] == ours
        notebook.write_bytes(before)


async def test_it_checks_the_presets_of_an_open_notebook(api: Api, workspace: Path) -> None:
    cells = [{"source": SOURCE, "tags": ["parameters"]}]
    sent = {"cells": cells, "presets": {"a": {"n": "x"}, "b": {"n": 1}, "odd": 3}}
    found = (await api("POST", "parameters/inspect", sent)).ok()
    assert [(preset["name"], sorted(preset["misfits"])) for preset in found["presets"]] == [("a", ["n"]), ("b", [])]
    assert [problem["message"] for problem in found["problems"]] == [
        "The preset 'odd' in the notebook's metadata is no object of values, so it is left out."
    ]
    for presets in (None, 3, [1], "x"):
        assert (await api("POST", "parameters/inspect", {"cells": cells, "presets": presets})).ok()["presets"] == []
    no_cell = (await api("POST", "parameters/inspect", {"cells": [], "presets": {"a": {"n": 1}}})).ok()["presets"]
    assert no_cell[0]["misfits"].keys() == {"n"}
