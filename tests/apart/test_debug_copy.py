"""A copy of an output beside its notebook: whole or not there, whatever the disk does."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from jupyter_notebook_sched.apart.debug_copy import Copied, ToCopy, copied
from jupyter_notebook_sched.apart.verdict import verdict_in
from jupyter_notebook_sched.errors import Conflict, Invalid

from ..faults.small_disk import on_small_disk
from ..written import code, write_notebook

RUN = "0190a5b8-1111-7000-8000-000000abcdef"
CALL = "{{ secret('PASSWORD') }}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


def to_copy(folder: Path, *cells: str | dict[str, Any], into: Path | None = None, **fields: Any) -> ToCopy:
    output = write_notebook(folder.parent / "output.ipynb", *(cells or ("1 / 0",)))
    wanted = {"output": str(output), "folder": str(into or folder), "notebook": "report.ipynb", "run_id": RUN}
    standard = {"sha256": None, "cell_index": 0, "cell_id": "c0", "secrets": False, "language": "python"}
    return ToCopy(**wanted | standard | fields)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_disk_without_room_has_nothing_of_it(folder: Path, tmp_path: Path) -> None:
    small = tmp_path / "small"
    wanted = to_copy(folder, f"text = '{'x' * 100_000}'", into=small)
    script = '"$1" -m jupyter_notebook_sched.apart debug_copy; ls -A "$2"'
    command = [*on_small_disk(small, "40k"), "sh", "-c", script, "sh", sys.executable, str(small)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdin is not None  # held open: it ends with whoever asked
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(msgspec.json.encode(wanted) + b"\n")
        process.stdin.flush()
        left, said = process.stdout.read(), process.stderr.read()
    verdict = verdict_in(said)
    assert verdict is not None, said
    assert (verdict.kind, verdict.reason) == ("Unavailable", "disk_full")
    assert "free some space" in verdict.message
    assert left == b"", "in the folder"


def test_it_is_made_where_the_file_system_has_no_links(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refused)
    (folder / "report-debug-abcdef.ipynb").write_text("mine")
    assert copied(to_copy(folder)).name == "report-debug-abcdef-2.ipynb"
    assert copied(to_copy(folder)).name == "report-debug-abcdef-2.ipynb", "found again"
    assert names(folder) == ["report-debug-abcdef-2.ipynb", "report-debug-abcdef.ipynb"]
    assert (folder / "report-debug-abcdef.ipynb").read_text() == "mine"


def test_a_folder_that_cannot_be_written_is_told(folder: Path) -> None:
    with pytest.raises(Invalid, match="cannot be written into 'gone'") as refused:
        copied(to_copy(folder, into=folder / "gone"))
    assert refused.value.reason == "not_writable"


def test_an_output_that_is_gone_is_told(folder: Path) -> None:
    wanted = to_copy(folder)
    Path(wanted.output).unlink()
    with pytest.raises(Conflict, match="removed"):
        copied(wanted)
    assert names(folder) == []


@pytest.mark.parametrize("there", ["pipe", "link to itself", "folder"])
def test_what_stands_in_its_place_is_left_alone(folder: Path, there: str) -> None:
    taken = folder / "report-debug-abcdef.ipynb"
    match there:
        case "pipe":
            os.mkfifo(taken)
        case "folder":
            taken.mkdir()
        case _:
            taken.symlink_to(taken)
    before = os.lstat(taken)
    assert copied(to_copy(folder)).name == "report-debug-abcdef-2.ipynb"
    assert os.lstat(taken).st_ino == before.st_ino


def test_only_the_lines_that_ask_for_secrets_become_comments(folder: Path) -> None:
    injected = (
        f"# Parameters\nx = 1\npassword = \"{CALL}\"\nconfig = {{'url': \"https://{CALL}@h\"}}\nlast = 'secret(x)'"
    )
    cells = [code(injected, "injected-parameters"), f"print('{CALL}')"]
    copy = json.loads((folder / copied(to_copy(folder, *cells, secrets=True)).name).read_text())
    first, second = (cell["source"] for cell in copy["cells"])
    assert first.splitlines() == [
        "# Parameters",
        "x = 1",
        f'# password = "{CALL}"',
        f"# config = {{'url': \"https://{CALL}@h\"}}",
        "last = 'secret(x)'",
    ]
    assert second == f"print('{CALL}')"


def test_nothing_else_of_it_changes(folder: Path) -> None:
    wanted = to_copy(folder, "print('\\ud83d half a character')", "'ü'")
    output = json.loads(Path(wanted.output).read_text())
    output["cells"][0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "\ud83d\n"}]
    output["metadata"] |= {"widgets": {"application/vnd.jupyter.widget-state+json": {"state": {}}}, "mine": [1]}
    Path(wanted.output).write_text(json.dumps(output))
    copy = json.loads((folder / copied(wanted).name).read_text())
    assert copy["metadata"].pop("notebook_sched") == {"debug_copy_of": RUN}
    assert copy == output


@pytest.mark.parametrize(
    ("cells", "place"),
    [(["c2", "c0", "c1"], 2), (["new", "c0", "c1", "c2"], 2), (["c0", "c2"], 1), (["c0"], 0), ([], 0)],
    ids=["moved", "one more above", "taken out", "all below taken out", "none left"],
)
def test_the_cell_to_mend_is_found_where_it_is_by_now(folder: Path, cells: list[str], place: int) -> None:
    wanted = to_copy(folder, "a", "b", "c", cell_index=1, cell_id="c1")
    assert copied(wanted) == Copied("report-debug-abcdef.ipynb", 1)
    copy = folder / "report-debug-abcdef.ipynb"
    notebook = json.loads(copy.read_text())
    notebook["cells"] = [notebook["cells"][0] | {"id": name} for name in cells]
    copy.write_text(json.dumps(notebook))
    assert copied(wanted).cell_index == place


def test_a_copy_that_is_no_notebook_any_more_is_left_alone(folder: Path) -> None:
    broken = folder / copied(to_copy(folder)).name
    broken.write_text(json.dumps({"cells": "none", "metadata": {"notebook_sched": {"debug_copy_of": RUN}}}))
    before = broken.read_bytes()
    assert copied(to_copy(folder)).name == "report-debug-abcdef-2.ipynb"
    assert broken.read_bytes() == before


def test_a_copy_of_an_output_that_was_changed_says_so(folder: Path) -> None:
    wanted = to_copy(folder, sha256="0" * 64)
    mark = json.loads((folder / copied(wanted).name).read_text())["metadata"]["notebook_sched"]
    assert mark == {"debug_copy_of": RUN, "output_changed": True}
    sound = to_copy(folder, sha256=hashlib.sha256(Path(wanted.output).read_bytes()).hexdigest(), run_id="another")
    mark = json.loads((folder / copied(sound).name).read_text())["metadata"]["notebook_sched"]
    assert mark == {"debug_copy_of": "another"}


def test_a_name_of_any_length_fits(folder: Path) -> None:
    wanted = to_copy(folder, notebook="報" * 83 + ".ipynb")
    for _ in range(2):
        (folder / copied(wanted).name).write_text("mine")
    assert len(names(folder)) == 2
