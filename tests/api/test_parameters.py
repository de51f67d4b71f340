from __future__ import annotations

import json
import os
import resource
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from jupyter_notebook_sched.service.context import Context

from ..written import document, tree, write_notebook
from .asking import Api

SOURCE = "region = 'us'  # Region code\nn: int = 3\n# a comment of its own\nratio = .5\n"


@pytest.fixture(autouse=True)
def notebook(workspace: Path) -> Path:
    return write_notebook(workspace / "folder" / "p.ipynb", "print(region, n)", parameters=SOURCE)


ASKED = "parameters?notebook=folder/p.ipynb"


async def test_it_reads_the_parameters_of_a_notebook_and_writes_nothing(api: Api, workspace: Path) -> None:
    before = tree(workspace)
    found = (await api("GET", ASKED)).ok()
    assert (found["notebook"], found["kernel"], found["language"], found["cell_index"]) == (
        "folder/p.ipynb",
        "python3",
        "python",
        0,
    )
    assert [(each["name"], each["type"], each["default"]) for each in found["parameters"]] == [
        ("region", "string", "us"),
        ("n", "integer", 3),
        ("ratio", "number", 0.5),
    ]
    assert found["parameters"][0]["help"] == "Region code"
    assert found["last_modified"].endswith("Z")
    assert found["problems"] == []
    assert set(found["schema"]["properties"]) == {"region", "n", "ratio"}
    assert tree(workspace) == before


async def test_it_reads_a_notebook_through_a_link_and_with_jupyterlabs_own_prefix(api: Api, workspace: Path) -> None:
    (workspace / "link").symlink_to("folder")
    assert (await api("GET", "parameters?notebook=link/p.ipynb")).ok()["notebook"] == "link/p.ipynb"
    assert (await api("GET", "parameters?notebook=RTC:folder/p.ipynb")).ok()["notebook"] == "folder/p.ipynb"
    assert (await api("GET", "parameters?notebook=folder/./p.ipynb")).ok()["notebook"] == "folder/p.ipynb"


@pytest.mark.parametrize("name", ["with space é.ipynb", "100%.ipynb", "a&b=c+d.ipynb", "報告.ipynb", "#?.ipynb"])
async def test_it_finds_notebooks_of_any_name(api: Api, workspace: Path, name: str) -> None:
    write_notebook(workspace / name, "1")
    assert (await api("GET", f"parameters?notebook={quote(name)}")).ok()["notebook"] == name


async def test_it_shows_a_notebook_whose_kernel_is_not_installed(api: Api, workspace: Path) -> None:
    gone = {"name": "gone", "display_name": "Gone", "language": "python"}
    write_notebook(workspace / "g.ipynb", "1", parameters="x = 1", kernelspec=gone)
    found = (await api("GET", "parameters?notebook=g.ipynb")).ok()
    assert (found["kernel"], [each["name"] for each in found["parameters"]]) == ("gone", ["x"])


async def test_it_tells_the_default_kernel_where_the_notebook_names_none(
    api: Api, workspace: Path, context: Context
) -> None:
    write_notebook(workspace / "none.ipynb", "1", parameters="x = 1", kernelspec=None)
    default = context.settings.default_kernel
    assert (await api("GET", "parameters?notebook=none.ipynb")).ok()["kernel"] == default
    assert (await api("POST", "parameters/inspect", {"cells": []})).ok()["kernel"] == default
    assert (await api("POST", "parameters/inspect", {"cells": [], "kernel": "gone"})).ok()["kernel"] == "gone"


@pytest.mark.parametrize("path", ["", "..%2Fa.ipynb", "bad.txt", "D:a.ipynb", "torn.ipynb"])
async def test_it_names_the_query_that_is_no_notebook(api: Api, workspace: Path, path: str) -> None:
    (workspace / "torn.ipynb").write_text("{")
    refused = await api("GET", f"parameters?notebook={path}")
    assert refused.refusal(422)["reason"] != "invalid"
    assert refused.fields() == {"notebook"}
    assert (await api("GET", "parameters?notebook=gone.ipynb")).refusal(404)["reason"] == "no_such_notebook"


async def test_it_takes_the_time_of_a_file_as_jupyter_tells_it(api: Api, jp_fetch: Any, notebook: Path) -> None:
    os.utime(notebook, ns=(1_790_000_000_123_456_789, 1_790_000_000_123_456_789))
    told = json.loads((await jp_fetch("api", "contents", "folder", "p.ipynb", params={"content": "0"})).body)
    seen = (await api("GET", ASKED)).ok()["last_modified"]
    assert seen == told["last_modified"] == "2026-09-21T14:13:20.123457Z"
    sent = {"notebook": "folder/p.ipynb", "values": {"n": 3}}
    for same in (seen, "2026-09-21T14:13:20.123Z", "2026-09-21T16:13:20.123457+02:00"):
        (await api("PUT", "parameters", sent | {"last_modified": same})).ok()
    for other in ("2026-09-21T14:13:20.123456Z", "2026-09-21T14:13:20.124Z", "2026-09-21T14:13:20Z"):
        answer = await api("PUT", "parameters", sent | {"last_modified": other})
        assert answer.refusal(409)["reason"] == "notebook_changed"


async def test_it_tells_two_writes_of_one_millisecond_apart(api: Api, notebook: Path) -> None:
    os.utime(notebook, ns=(1_790_000_000_123_100_000, 1_790_000_000_123_100_000))
    seen = (await api("GET", ASKED)).ok()["last_modified"]
    write_notebook(notebook, "1", parameters="n = 4")
    os.utime(notebook, ns=(1_790_000_000_123_200_000, 1_790_000_000_123_200_000))
    sent = {"notebook": "folder/p.ipynb", "values": {"n": 5}, "last_modified": seen}
    assert (await api("PUT", "parameters", sent)).refusal(409)["reason"] == "notebook_changed"


async def test_it_inspects_cells_that_no_file_has(api: Api, workspace: Path) -> None:
    cells = [{"source": "# é😀\n" + SOURCE, "tags": ["parameters"], "id": "whatever"}]
    found = (await api("POST", "parameters/inspect", {"cells": cells, "kernel": "python3"})).ok()
    assert "edits" not in found
    assert found["notebook"] is None
    edited = (await api("POST", "parameters/inspect", {"cells": cells, "values": {"n": 5, "region": "fr"}})).ok()
    source = cells[0]["source"].encode("utf-16-le")  # type: ignore[attr-defined]
    for edit in sorted(edited["edits"], key=lambda edit: -edit["start"]):
        assert edit["cell"] == 0
        source = source[: 2 * edit["start"]] + edit["text"].encode("utf-16-le") + source[2 * edit["end"] :]
    expected = SOURCE.replace("= 3", "= 5").replace("'us'", "'fr'")
    assert source.decode("utf-16-le") == "# é😀\n" + expected
    assert not (workspace / ".notebook-sched").exists()


async def test_it_refuses_values_that_the_cells_do_not_take(api: Api) -> None:
    cells = [{"source": SOURCE, "tags": ["parameters"]}]
    refused = await api("POST", "parameters/inspect", {"cells": cells, "values": {"n": "x", "nope": 1}})
    assert refused.fields() == {"values.n", "values.nope"}
    no_cell = await api("POST", "parameters/inspect", {"cells": [], "values": {"n": 1}})
    assert no_cell.refusal(422)["reason"] == "no_parameters_cell"
    assert (await api("POST", "parameters/inspect", {"cells": [{"tags": []}]})).status == 422


async def test_it_names_every_value_that_the_language_cannot_hold(api: Api, workspace: Path) -> None:
    path = write_notebook(workspace / "r.ipynb", parameters="name <- 'a'\ncount <- 1\nok <- 2")
    raw = json.loads(path.read_text())
    raw["metadata"] = {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}
    path.write_text(json.dumps(raw))
    told = (await api("GET", "parameters?notebook=r.ipynb")).ok()
    sent = {"notebook": "r.ipynb", "values": {"name": "a\0b", "count": 10**20 + 1, "ok": 3}}
    put = {**sent, "last_modified": told["last_modified"]}
    for method, address, body in (("POST", "parameters/preview", sent), ("PUT", "parameters", put)):
        refused = await api(method, address, body)
        assert refused.refusal(422)["reason"] == "value_not_representable"
        assert refused.fields() == {"values.name", "values.count"}
    assert json.loads(path.read_text()) == raw


async def test_it_previews_the_cell_that_would_be_injected(api: Api) -> None:
    sent: dict[str, Any] = {"notebook": "folder/p.ipynb", "values": {"region": "fr"}}
    found = (await api("POST", "parameters/preview", sent)).ok()
    assert found["values"] == {"region": "fr"}
    compiled: dict[str, Any] = {}
    exec(found["source"], compiled)
    assert compiled["region"] == "fr"
    unsaved = {"cells": [{"source": "x = 1", "tags": ["parameters"]}], "values": {"x": 2}}
    assert "x = 2" in (await api("POST", "parameters/preview", unsaved)).ok()["source"]
    for both in ({}, sent | unsaved):
        assert (await api("POST", "parameters/preview", both)).fields() == {"notebook", "cells"}


async def test_it_writes_values_into_the_cell_and_keeps_everything_else(api: Api, notebook: Path) -> None:
    text = json.dumps(document("print(1)", parameters=SOURCE), indent=3, ensure_ascii=True)
    notebook.write_text(text.replace('"metadata": {}', '"metadata":   {}') + "\n\n")
    notebook.chmod(0o640)
    before = notebook.read_text()
    seen = (await api("GET", ASKED)).ok()
    sent = {"notebook": "folder/p.ipynb", "values": {"region": "fr"}, "last_modified": seen["last_modified"]}
    found = (await api("PUT", "parameters", sent)).ok()
    assert found["parameters"][0]["default"] == "fr"
    assert notebook.read_text() == before.replace("'us'", "'fr'")
    assert notebook.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in notebook.parent.iterdir()] == ["p.ipynb"]
    again = await api("PUT", "parameters", sent)
    assert again.refusal(409)["reason"] == "notebook_changed"
    unchanged = sent | {"last_modified": found["last_modified"]}
    inode = notebook.stat().st_ino
    (await api("PUT", "parameters", unchanged)).ok()
    assert notebook.stat().st_ino == inode, "what has the value already is not written"


async def test_it_writes_nothing_that_does_not_fit(api: Api, workspace: Path) -> None:
    before = tree(workspace)
    seen = (await api("GET", ASKED)).ok()
    for values in ({"n": "x"}, {"nope": 1}, {"n": None}):
        sent = {"notebook": "folder/p.ipynb", "values": values, "last_modified": seen["last_modified"]}
        assert (await api("PUT", "parameters", sent)).fields() == {f"values.{name}" for name in values}
    assert tree(workspace) == before


@pytest.mark.parametrize("link", ["file.ipynb", "way/p.ipynb"])
async def test_it_writes_through_no_link(api: Api, workspace: Path, link: str) -> None:
    outside = workspace.parent / "outside"
    write_notebook(outside / "p.ipynb", "1", parameters=SOURCE)
    (workspace / "file.ipynb").symlink_to(outside / "p.ipynb")
    (workspace / "way").symlink_to(outside)
    before = tree(outside)
    seen = (await api("GET", f"parameters?notebook={link}")).ok()
    sent = {"notebook": link, "values": {"n": 5}, "last_modified": seen["last_modified"]}
    refused = await api("PUT", "parameters", sent)
    assert refused.refusal(422)["reason"] == "is_a_link"
    assert refused.fields() == {"notebook"}
    assert tree(outside) == before
    assert (workspace / "file.ipynb").is_symlink()


async def test_it_says_that_a_notebook_cannot_be_written_and_leaves_it_whole(api: Api, workspace: Path) -> None:
    write_notebook(workspace / "large.ipynb", f"# {'x' * 3_000_000}", parameters=SOURCE)
    before = tree(workspace)
    seen = (await api("GET", "parameters?notebook=large.ipynb")).ok()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, limits[1]))  # root may write everywhere, but not this much
    try:
        sent = {"notebook": "large.ipynb", "values": {"n": 5}, "last_modified": seen["last_modified"]}
        refused = await api("PUT", "parameters", sent)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert refused.refusal(422)["reason"] == "notebook_not_writable"
    assert tree(workspace) == before


async def test_it_previews_a_trigger_in_words_and_dates(api: Api) -> None:
    trigger = {"type": "cron", "cron": "30 2 * * 1-5,0", "timezone": "Europe/Berlin"}
    sent = {"trigger": trigger, "count": 2, "after": "2026-03-28T12:00:00+01:00"}
    found = (await api("POST", "triggers/preview", sent)).ok()
    assert found["description"].startswith("At 02:30")
    assert found["fires"] == [
        {
            "at": "2026-03-29T01:00:00Z",
            "local": "2026-03-29T03:00:00+02:00",
            "note": "02:30 does not exist on this day; runs at 03:00",
        },
        {"at": "2026-03-30T00:30:00Z", "local": "2026-03-30T02:30:00+02:00", "note": None},
    ]
    assert len((await api("POST", "triggers/preview", {"trigger": trigger})).ok()["fires"]) == 5


@pytest.mark.parametrize("cron", ["* * * * *", "0 0 29 2 *", "@yearly", "0 0 L * *", "0 7 * * mon#1"])
@pytest.mark.parametrize("after", ["1900-01-01T00:00:00Z", "2999-12-31T23:59:59Z"])
async def test_it_previews_any_trigger_at_the_ends_of_time(api: Api, cron: str, after: str) -> None:
    trigger = {"type": "cron", "cron": cron, "timezone": "Pacific/Apia"}
    sent = {"trigger": trigger, "count": 100, "after": after}
    fires = (await api("POST", "triggers/preview", sent)).ok()["fires"]
    assert len({fire["at"] for fire in fires}) == 100
