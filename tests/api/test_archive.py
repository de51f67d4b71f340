"""The archive as a drive: everything in it can be read, nothing else can, and nothing can be changed."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import os
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nbformat
import pytest
from jupyter_server.services.contents.handlers import validate_model

from jupyter_notebook_sched.service import archive_contents
from jupyter_notebook_sched.service.archive_contents import LARGE, Large
from jupyter_notebook_sched.service.forms import ContentsQuery

from ..house import House
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


def test_it_trusts_only_what_is_bit_for_bit_what_was_recorded_and_tells_the_rest(live: Live, archive: Path) -> None:
    run = live.run("trust.ipynb", "print(1)")
    address = f"archive/api/contents/{run['output']}"
    assert live("GET", address).ok()["intact"] is True
    file = archive / run["output"]
    file.chmod(0o600)
    file.write_text(file.read_text().replace("print(1)", "print(2)"))
    model = live("GET", address).ok()
    assert model["intact"] is False
    assert not any(cell["metadata"]["trusted"] for cell in model["content"]["cells"])
    source = live("GET", f"archive/api/contents/sources/{run['source_version']}.ipynb").ok()
    assert source["intact"] is True
    assert not any(cell["metadata"]["trusted"] for cell in source["content"]["cells"])
    file = archive / "sources" / f"{run['source_version']}.ipynb"
    file.chmod(0o600)
    file.write_text(file.read_text().replace("print(1)", "print(3)"))
    assert live("GET", f"archive/api/contents/sources/{run['source_version']}.ipynb").ok()["intact"] is False


def test_it_says_where_nothing_is_on_record(live: Live) -> None:
    left = "import os, shutil\nfolder = os.environ['NOTEBOOK_SCHED_RUN_DIR']\n"
    left += "open(folder + '/other.ipynb', 'w').write('{\"cells\": []}')\nopen(folder + '/a.csv', 'w').write('1,2')"
    folder = live.run("left.ipynb", left)["output"].rpartition("/")[0]
    for name in ("other.ipynb", "a.csv"):
        assert live("GET", f"archive/api/contents/{folder}/{name}").ok()["intact"] is None


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


@pytest.fixture
def files(archive: Path, run: dict[str, Any]) -> Iterator[str]:
    """A run's folder in which a notebook has left all kinds of things; its path in the archive."""
    path = run["output"].rpartition("/")[0]
    folder = archive / path
    (folder / "a.txt").write_text("grüße")
    (folder / "b.bin").write_bytes(bytes(range(256)))
    (folder / "torn.ipynb").write_text('{"cells": [')
    (folder / "odd.ipynb").write_text('{"cells": [1]}')
    (folder / "half.ipynb").write_text('{"cells": [], "metadata": {"x": "\\ud800", "y": NaN}}')
    os.mkfifo(folder / "pipe.txt")
    (folder / "closed").mkdir(mode=0o000)
    yield path
    (folder / "closed").rmdir()
    for name in ("a.txt", "b.bin", "torn.ipynb", "odd.ipynb", "half.ipynb", "pipe.txt"):
        (folder / name).unlink()


def test_it_opens_files_as_text_or_base64(live: Live, files: str) -> None:
    text = live("GET", f"archive/api/contents/{files}/a.txt").ok()
    assert (text["type"], text["format"], text["content"], text["mimetype"]) == ("file", "text", "grüße", "text/plain")
    binary = live("GET", f"archive/api/contents/{files}/b.bin").ok()
    assert (binary["format"], binary["mimetype"]) == ("base64", "application/octet-stream")
    assert base64.b64decode(binary["content"]) == bytes(range(256))
    asked = live("GET", f"archive/api/contents/{files}/a.txt?format=base64").ok()
    assert base64.b64decode(asked["content"]).decode() == "grüße"
    assert live("GET", f"archive/api/contents/{files}/b.bin?format=text").refusal(422)["reason"] == "bad_format"
    half = live("GET", f"archive/api/contents/{files}/half.ipynb").ok()
    assert half["content"]["metadata"] == {"x": "\ud800", "y": None}


def test_it_opens_a_thing_as_what_it_is(live: Live, run: dict[str, Any], files: str) -> None:
    output = f"archive/api/contents/{quote(run['output'])}"
    raw = live("GET", f"{output}?type=file").ok()
    assert (raw["type"], raw["format"]) == ("file", "text")
    assert json.loads(raw["content"])["nbformat"] == 4
    assert live("GET", f"{output}?type=notebook&format=json").ok()["type"] == "notebook"
    for path, kind in (
        (run["output"], "directory"),
        (files, "notebook"),
        (files, "file"),
        (f"{files}/a.txt", "notebook"),
    ):
        assert live("GET", f"archive/api/contents/{quote(path)}?type={kind}").refusal(422)["reason"] == "bad_type"


def test_it_refuses_what_is_damaged_or_no_file(live: Live, files: str) -> None:
    for name in ("torn.ipynb", "odd.ipynb"):
        answer = live("GET", f"archive/api/contents/{files}/{name}")
        assert answer.refusal(422)["reason"] == "notebook_unreadable"
        assert live("GET", f"archive/files/{files}/{name}").status == 200
    for place in ("api/contents", "files"):
        assert live("GET", f"archive/{place}/{files}/pipe.txt").refusal(404), "and nobody waits for who writes into it"
    assert live("GET", f"archive/api/contents/{files}/closed").status in (200, 404), "root may read everything"


def test_it_tells_the_hash_to_whoever_asks(live: Live, run: dict[str, Any], archive: Path) -> None:
    expected = hashlib.sha256((archive / run["output"]).read_bytes()).hexdigest()
    for content in "01":
        model = live("GET", f"archive/api/contents/{quote(run['output'])}?hash=1&content={content}").ok()
        assert (model["hash"], model["hash_algorithm"]) == (expected, "sha256")
        assert (model["content"] is None) == (content == "0")
        validate_model(model, expect_content=content == "1", expect_hash=True)


PARTS = [
    ("bytes=0-3", (206, 0, 4)),
    ("bytes=2-", (206, 2, 256)),
    ("bytes=-10", (206, 246, 256)),
    ("bytes=250-900", (206, 250, 256)),
    ("bytes=-900", (206, 0, 256)),
    ("bytes=256-", (200, 0, 256)),
    ("bytes=9-2", (200, 0, 256)),
    ("bytes=0-1,4-5", (200, 0, 256)),
    ("bytes=-", (200, 0, 256)),
    ("lines=0-3", (200, 0, 256)),
    ("bytes=0-99999999999999999999999", (200, 0, 256)),
]


@pytest.mark.parametrize(("asked", "given"), PARTS, ids=lambda value: value if isinstance(value, str) else "")
def test_it_gives_the_part_of_a_file_that_is_asked_for(
    live: Live, files: str, asked: str, given: tuple[int, int, int]
) -> None:
    status, start, end = given
    request = urllib.request.Request(f"{live.served.base}/notebook-sched/archive/files/{files}/b.bin")
    request.add_header("Authorization", f"token {TOKEN}")
    request.add_header("Range", asked)
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert (answer.status, answer.read()) == (status, bytes(range(256))[start:end])
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers.get("Content-Range") == (f"bytes {start}-{end - 1}/256" if status == 206 else None)


def test_upstreams_own_checks_hold_for_everything_in_it(live: Live, run: dict[str, Any], files: str) -> None:
    seen = []

    def walk(path: str) -> None:
        model = live("GET", f"archive/api/contents/{quote(path)}?content=1").ok()
        validate_model(model, expect_content=True)
        assert model["writable"] is False
        for inner in model["content"]:
            validate_model(inner, expect_content=False)
            assert live("GET", f"archive/api/contents/{quote(inner['path'])}?content=0").ok() == inner
            if inner["name"] in ("torn.ipynb", "odd.ipynb", "half.ipynb", "closed", "other.ipynb"):
                continue
            if inner["type"] == "directory":
                walk(inner["path"])
                continue
            seen.append(inner["path"])
            opened = live("GET", f"archive/api/contents/{quote(inner['path'])}?content=1").ok()
            validate_model(opened, expect_content=True)
            if opened["type"] == "notebook":
                nbformat.validate(nbformat.from_dict(opened["content"]))

    walk("")
    assert run["output"] in seen
    assert f"sources/{run['source_version']}.ipynb" in seen
    assert f"{files}/a.txt" in seen


def test_a_large_notebook_is_opened_apart_from_the_server(live: Live, archive: Path, house: House) -> None:
    """By how it is done, not by how long it takes: nothing of a large file is parsed in the server's process."""
    many = "import base64, os\nfrom IPython.display import display\nfor n in range(25):\n"
    many += "    data = {'image/png': base64.b64encode(os.urandom(1_500_000)).decode(), 'text/plain': 'x'}\n"
    run = live.run("large.ipynb", many + "    display(data, raw=True)")
    assert (archive / run["output"]).stat().st_size > 49_000_000
    model = live("GET", f"archive/api/contents/{run['output']}").ok()
    assert (model["intact"], model["writable"]) == (True, False)
    assert model["content"]["cells"][0]["metadata"]["trusted"] is True
    stored = json.loads((archive / run["output"]).read_bytes())
    assert model["content"]["cells"][0]["outputs"] == stored["cells"][0]["outputs"]
    assert live("GET", f"archive/files/{run['output']}").raw == (archive / run["output"]).read_bytes()

    folder = house.context.archive.root / "sources"
    folder.mkdir(parents=True)
    for size, apart in ((LARGE - 1, False), (LARGE, True)):
        (folder / "a.ipynb").write_bytes(b'{"cells": []}'.ljust(size))
        (folder / "a.bin").write_bytes(bytes(size))
        for name in ("a.ipynb", "a.bin"):
            found = archive_contents.model(house.context, f"sources/{name}", ContentsQuery())
            assert isinstance(found, Large) == apart
        assert isinstance(archive_contents.model(house.context, "sources/a.bin", ContentsQuery(content="0")), bytes)
