"""The archive as a drive: everything in it can be read, nothing else can, and nothing can be changed."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from ..serving import TOKEN, serving
from ..written import tree
from .asking import Live

POLICY = (
    "sandbox allow-scripts; default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'; font-src data:"
)


@pytest.fixture(scope="module")
def run(live: Live) -> dict[str, Any]:
    return live.run("folder/with space é.ipynb", "print(1)", "1 / 0")


@pytest.fixture
def archive(live: Live, run: dict[str, Any]) -> Path:
    return live.workspace / ".notebook-sched" / "archive"


def raw(live: Live, method: str, target: str, token: str | None = TOKEN) -> tuple[int, dict[str, str], bytes]:
    """A request whose target is sent as it is written, with nothing tidied up by a client."""
    connection = http.client.HTTPConnection(live.served.base.removeprefix("http://"), timeout=30)
    connection.putrequest(method, target, skip_accept_encoding=True)
    if token is not None:
        connection.putheader("Authorization", f"token {token}")
    connection.endheaders()
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, content


def test_it_shows_the_output_as_a_notebook_that_cannot_be_written(live: Live, run: dict[str, Any]) -> None:
    model = live("GET", f"archive/api/contents/{quote(run['output'])}").ok()
    assert (model["type"], model["format"], model["writable"]) == ("notebook", "json", False)
    assert (model["path"], model["name"]) == (run["output"], "with space é.ipynb")
    assert model["last_modified"].endswith("Z")
    assert all(cell["metadata"]["editable"] is False for cell in model["content"]["cells"])
    assert all(cell["metadata"]["trusted"] is True for cell in model["content"]["cells"])
    bare = live("GET", f"archive/api/contents/{quote(run['output'])}?content=0").ok()
    assert (bare["content"], bare["format"], bare["size"]) == (None, None, model["size"])


def test_it_trusts_only_what_is_bit_for_bit_what_was_recorded(live: Live, archive: Path) -> None:
    run = live.run("trust.ipynb", "print(1)")
    file = archive / run["output"]
    file.chmod(0o600)
    file.write_text(file.read_text().replace("print(1)", "print(2)"))
    model = live("GET", f"archive/api/contents/{run['output']}").ok()
    assert not any(cell["metadata"]["trusted"] for cell in model["content"]["cells"])
    source = live("GET", f"archive/api/contents/sources/{run['source_version']}.ipynb").ok()
    assert not any(cell["metadata"]["trusted"] for cell in source["content"]["cells"])


def test_it_lists_its_folders(live: Live, run: dict[str, Any], archive: Path) -> None:
    (archive / "runs" / ".nbs-tmp-0123456789abcdef").touch()
    (archive / "note.txt").touch()
    root = live("GET", "archive/api/contents").ok()
    assert (root["type"], root["path"], [each["name"] for each in root["content"]]) == (
        "directory",
        "",
        ["runs", "sources"],
    )
    assert live("GET", "archive/api/contents/").ok()["content"] == root["content"]
    folder = live("GET", "archive/api/contents/runs").ok()
    assert [each["path"] for each in folder["content"]] == [run["output"][:9]]
    assert all(each["writable"] is False for each in root["content"] + folder["content"])
    inside = live("GET", f"archive/api/contents/{run['output'].rpartition('/')[0]}/").ok()["content"]
    assert [(each["type"], each["content"]) for each in inside] == [("notebook", None)]


def test_it_has_no_checkpoints(live: Live, run: dict[str, Any]) -> None:
    assert live("GET", f"archive/api/contents/{quote(run['output'])}/checkpoints").ok() == []


@pytest.mark.parametrize("place", ["api/contents", "files"])
def test_it_can_only_be_read(live: Live, run: dict[str, Any], archive: Path, place: str) -> None:
    before = tree(archive)
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for path in ("", run["output"], "sources/new.ipynb", f"{run['output']}/checkpoints"):
            answer = live(method, f"archive/{place}/{quote(path)}", {"type": "notebook", "content": {}})
            assert answer.refusal(405), f"{method} {path}"
    assert tree(archive) == before


def test_it_hands_out_files_that_can_do_nothing_here(live: Live, run: dict[str, Any], archive: Path) -> None:
    answer = live("GET", f"archive/files/{quote(run['output'])}")
    assert answer.status == 200
    assert answer.raw == (archive / run["output"]).read_bytes()
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "application/x-ipynb+json"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    folder = (archive / run["output"]).parent
    (folder / "page.html").write_text("<script>fetch('/api/kernels')</script>")
    page = live("GET", f"archive/files/{quote(run['output'].rpartition('/')[0])}/page.html")
    assert (page.headers["Content-Type"], page.headers["Content-Security-Policy"]) == ("text/html", POLICY)
    assert "allow-same-origin" not in POLICY
    (folder / "page.html").unlink()


OUTSIDE = [
    "../store.db",
    "..%2fstore.db",
    "%2e%2e/store.db",
    "%2e%2e%2fstore.db",
    "runs/../../store.db",
    "runs/..%2f..%2fstore.db",
    "runs/%2e%2e/%2e%2e/store.db",
    "sources/..%5c..%5cstore.db",
    "/etc/passwd",
    "//etc/passwd",
    "%2fetc%2fpasswd",
    "runs//etc/passwd",
    "runs/%2fetc/passwd",
    "store.db",
    ".gitignore",
    "runs/%00",
    "runs/x%00.ipynb",
    "runs/" + "x" * 300,
    "runs/" + "y/" * 2000,
    "file:///etc/passwd",
    "link",
    "runs/link/secret.ipynb",
    "runs/secret.ipynb",
    "sources",
    "",
]


@pytest.fixture
def linked(archive: Path, tmp_path: Path) -> Iterator[None]:
    """Links that somebody put into the archive."""
    (tmp_path / "secret.ipynb").write_text(json.dumps({"cells": [], "hush": True}))
    links = [archive / "link", archive / "runs" / "link", archive / "runs" / "secret.ipynb"]
    for link in links[:2]:
        link.symlink_to(tmp_path)
    links[2].symlink_to(tmp_path / "secret.ipynb")
    yield
    for link in links:
        link.unlink(missing_ok=True)


@pytest.mark.parametrize("path", OUTSIDE, ids=lambda path: path if len(path) < 40 else f"{len(path)} characters")
def test_it_gives_nothing_that_is_not_in_it(live: Live, linked: None, path: str) -> None:
    for place in ("files", "api/contents"):
        status, headers, content = raw(live, "GET", f"/notebook-sched/archive/{place}/{path}")
        if place == "api/contents" and path in ("sources", ""):
            continue
        assert status in (400, 404, 405), f"{place}: {status} {content[:100]!r}"
        assert b"hush" not in content
        assert b"root:" not in content
        assert b"SQLite format" not in content
        if status != 405:
            assert headers["content-type"] in ("application/json", "text/html; charset=UTF-8")


def test_it_shows_an_empty_drive_before_there_is_anything(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    with serving(tmp_path / "work", tmp_path / "home") as served:
        found = Live(served, tmp_path / "work")("GET", "archive/api/contents/").ok()
    assert (found["type"], found["content"], found["writable"]) == ("directory", [], False)
    assert tree(tmp_path / "work") == {}


def test_it_is_closed_to_those_without_a_token(live: Live, run: dict[str, Any]) -> None:
    for place in ("files", "api/contents"):
        status, _, content = raw(live, "GET", f"/notebook-sched/archive/{place}/{quote(run['output'])}", token=None)
        assert status == 403
        assert b"print" not in content
