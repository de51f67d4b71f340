from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from jupyter_notebook_sched.archive import writing

from ..written import tree


def test_it_leaves_the_whole_file_and_nothing_beside_it(tmp_path: Path) -> None:
    writing.replace(tmp_path / "a" / "b" / "x.ipynb", b"whole", durable=True, mode=writing.READ_ONLY)
    assert tree(tmp_path) == {"a": None, "a/b": None, "a/b/x.ipynb": b"whole"}
    assert (tmp_path / "a" / "b" / "x.ipynb").stat().st_mode & 0o777 == 0o444
    assert (tmp_path / "a").stat().st_mode & 0o777 == (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700


def test_it_keeps_what_runs_write_from_other_people_until_it_is_final(tmp_path: Path) -> None:
    writing.replace(tmp_path / "x.ipynb", b"so far", durable=False)
    assert (tmp_path / "x.ipynb").stat().st_mode & 0o777 == 0o600


def test_it_never_writes_an_immutable_file_twice(tmp_path: Path) -> None:
    writing.write_once(tmp_path / "x", b"first")
    inode = (tmp_path / "x").stat().st_ino
    writing.write_once(tmp_path / "x", b"second")
    assert (tmp_path / "x").read_bytes() == b"first"
    assert (tmp_path / "x").stat().st_ino == inode


def test_it_shows_a_reader_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    file = tmp_path / "x"
    versions = [bytes([number]) * 300_000 for number in range(65, 75)]
    writing.replace(file, versions[0], durable=False)
    stop = threading.Event()
    torn: list[int] = []

    def read() -> None:
        while not stop.is_set():
            content = file.read_bytes()
            if content not in versions:
                torn.append(len(content))

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(100):
        writing.replace(file, versions[number % len(versions)], durable=False)
    stop.set()
    reader.join()
    assert torn == []


@pytest.mark.parametrize("name", ["x" * 249 + ".ipynb", "報" * 80 + ".ipynb", ".hidden", "with space é"])
def test_it_writes_any_name_that_the_file_system_takes(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    (tmp_path / name).unlink()
    writing.replace(tmp_path / name, b"whole", durable=True)
    assert tree(tmp_path) == {name: b"whole"}


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from jupyter_notebook_sched.archive import writing
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    writing.replace(Path(sys.argv[1]), b"y" * 5000, durable=True)
except OSError as error:
    sys.exit(7)
"""


def test_it_keeps_the_old_file_when_the_new_one_does_not_fit(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"old")
    assert subprocess.run([sys.executable, "-c", FULL_DISK, str(tmp_path / "x")]).returncode == 7
    assert tree(tmp_path) == {"x": b"old"}


TRACED = """
import os, sys
from pathlib import Path
from jupyter_notebook_sched.archive import writing
paths = {}
def told(event, arguments):
    if event == "open" and str(arguments[0]).startswith(sys.argv[1]):
        print("open", Path(arguments[0]).relative_to(sys.argv[1]), flush=True)
    if event == "os.rename":
        print("rename", Path(arguments[1]).relative_to(sys.argv[1]), flush=True)
sys.addaudithook(told)
fsync = os.fsync
def synced(descriptor):
    print("fsync", Path(os.readlink(f"/proc/self/fd/{descriptor}")).relative_to(sys.argv[1]), flush=True)
    fsync(descriptor)
os.fsync = synced
writing.replace(Path(sys.argv[1]) / "runs" / "x", b"content", durable=sys.argv[2] == "durable")
"""


def steps(folder: Path, how: str) -> list[str]:
    """What one process does to files below ``folder``, in order; temporary names are shown as ``runs/~``."""
    command = [sys.executable, "-c", TRACED, os.path.realpath(folder), how]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return [line if "/." not in line else line.partition("/.")[0] + "/~" for line in lines]


def test_it_syncs_the_content_before_the_name_and_the_folder_after_it(tmp_path: Path) -> None:
    assert steps(tmp_path, "durable") == [
        "open .",
        "fsync .",
        "open runs/~",
        "fsync runs/~",
        "rename runs/x",
        "open runs",
        "fsync runs",
    ]


def test_it_does_not_wait_for_the_disk_while_a_run_goes_on(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    assert steps(tmp_path, "passing") == ["open runs/~", "rename runs/x"]


@pytest.mark.parametrize("has_links", [True, False])
def test_a_new_file_never_takes_the_place_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_links: bool
) -> None:
    def refused(*_: object) -> None:
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))

    if not has_links:
        monkeypatch.setattr(os, "link", refused)
    fresh, file = tmp_path / "fresh", tmp_path / "file"
    fresh.write_text("new")
    fresh.chmod(0o640)
    for there in ("file", "link", "folder"):
        if there == "folder":
            file.mkdir()
        elif there == "link":
            file.symlink_to(tmp_path / "nowhere")
        else:
            file.write_text("mine")
        with pytest.raises(FileExistsError):
            writing.put_new(fresh, file)
        file.rmdir() if there == "folder" else file.unlink()
    assert tree(tmp_path) == {"fresh": b"new"}
    writing.put_new(fresh, file)
    assert file.read_text() == "new"
    assert file.stat().st_mode & 0o777 == 0o640
