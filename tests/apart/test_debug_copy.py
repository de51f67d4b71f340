"""A copy of an output beside its notebook: whole or not there, whatever the disk does."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from jupyter_notebook_sched.apart.debug_copy import ToCopy, name_of_copy
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
    return ToCopy(**wanted | {"secrets": False, "language": "python"} | fields)


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
    assert name_of_copy(to_copy(folder)) == "report-debug-abcdef-2.ipynb"
    assert name_of_copy(to_copy(folder)) == "report-debug-abcdef-2.ipynb", "found again"
    assert names(folder) == ["report-debug-abcdef-2.ipynb", "report-debug-abcdef.ipynb"]
    assert (folder / "report-debug-abcdef.ipynb").read_text() == "mine"


def test_a_folder_that_cannot_be_written_is_told(folder: Path) -> None:
    with pytest.raises(Invalid, match="cannot be written into 'gone'") as refused:
        name_of_copy(to_copy(folder, into=folder / "gone"))
    assert refused.value.reason == "not_writable"


def test_an_output_that_is_gone_is_told(folder: Path) -> None:
    wanted = to_copy(folder)
    Path(wanted.output).unlink()
    with pytest.raises(Conflict, match="removed"):
        name_of_copy(wanted)
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
    assert name_of_copy(to_copy(folder)) == "report-debug-abcdef-2.ipynb"
    assert os.lstat(taken).st_ino == before.st_ino


def test_only_the_lines_that_ask_for_secrets_become_comments(folder: Path) -> None:
    injected = (
        f"# Parameters\nx = 1\npassword = \"{CALL}\"\nconfig = {{'url': \"https://{CALL}@h\"}}\nlast = 'secret(x)'"
    )
    cells = [code(injected, "injected-parameters"), f"print('{CALL}')"]
    copy = json.loads((folder / name_of_copy(to_copy(folder, *cells, secrets=True))).read_text())
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
    copy = json.loads((folder / name_of_copy(wanted)).read_text())
    assert copy["metadata"].pop("notebook_sched") == {"debug_copy_of": RUN}
    assert copy == output


def test_a_name_of_any_length_fits(folder: Path) -> None:
    wanted = to_copy(folder, notebook="報" * 83 + ".ipynb")
    for _ in range(2):
        (folder / name_of_copy(wanted)).write_text("mine")
    assert len(names(folder)) == 2
