from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_notebook_sched.archive import layout
from jupyter_notebook_sched.archive.layout import Archive
from jupyter_notebook_sched.domain import ids

RUN = ids.new_id(datetime(2031, 3, 29, 23, 59, tzinfo=timezone.utc))


def test_it_files_outputs_by_date_run_and_attempt() -> None:
    path = layout.output_path(RUN, 2, "reports/daily.ipynb")
    assert path == f"runs/2031/03/29/{RUN}/2/daily.ipynb"
    assert layout.source_path("ab" * 32) == f"sources/{'ab' * 32}.ipynb"


@pytest.mark.parametrize("notebook", ["daily.ipynb", ".hidden.ipynb", "a\\b.ipynb", "with space é.ipynb", "..ipynb"])
def test_it_finds_again_whatever_it_filed(tmp_path: Path, notebook: str) -> None:
    path = layout.output_path(RUN, 1, f"some/folder/{notebook}")
    assert Archive(tmp_path).file(path) == tmp_path / path
    assert path.startswith(f"runs/2031/03/29/{RUN}/1/")
    assert path.endswith(".ipynb")


REFUSED = [
    "..",
    "runs/..",
    "runs/../../store.db",
    "runs/./x",
    "sources//x",
    "runs/.x.ipynb.1234",
    "store.db",
    "worker.log",
    ".gitignore",
    "etc/passwd",
    "runs/a\0b",
    "runs\\..\\store.db",
    "sources/" + "x" * 300,
    "sources/" + "/".join(["x"] * 3000),
]
NAMES = [
    "..",
    "dots",
    "inside",
    "dot",
    "empty",
    "temporary",
    "store",
    "log",
    "git",
    "passwd",
    "nul",
    "back",
    "long",
    "deep",
]


@pytest.mark.parametrize("path", REFUSED, ids=NAMES)
def test_it_gives_no_file_for_a_path_that_is_none_of_its_own(tmp_path: Path, path: str) -> None:
    for folder in ("sources", "runs/a"):
        (tmp_path / folder).mkdir(parents=True)
    found = Archive(tmp_path).file(path)
    assert found is None or not found.exists()


@given(st.text(alphabet="ab./\\\0~%2e ", max_size=30))
def test_it_never_leaves_its_folder(path: str) -> None:
    root = Path("/nowhere/archive")
    found = Archive(root).file(path)
    assert found is None or found == root or root in found.parents
    assert found is None or ".." not in found.parts


@pytest.mark.parametrize("link", ["runs", "runs/2031", "runs/2031/x.ipynb"])
def test_it_follows_no_link(tmp_path: Path, link: str) -> None:
    outside = tmp_path / "outside"
    (outside / "2031").mkdir(parents=True)
    (outside / "x.ipynb").write_text("secret")
    (outside / "2031" / "x.ipynb").write_text("secret")
    root = tmp_path / "archive"
    (root / link).parent.mkdir(parents=True)
    (root / link).symlink_to(outside / "x.ipynb" if link.endswith("ipynb") else outside)
    archive = Archive(root)
    assert archive.file(link) is None
    assert archive.file("runs/2031/x.ipynb") is None


@pytest.mark.parametrize("path", ["", "/", "runs", "runs/", "/sources"])
def test_it_gives_its_own_folders(tmp_path: Path, path: str) -> None:
    assert Archive(tmp_path).file(path) == tmp_path / path.strip("/")
