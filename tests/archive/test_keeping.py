"""Sources by their content, outputs by their run."""

from __future__ import annotations

import hashlib
from datetime import datetime, timezone
from pathlib import Path

import pytest

from jupyter_notebook_sched.archive import layout, outputs, sources
from jupyter_notebook_sched.archive.layout import Archive
from jupyter_notebook_sched.archive.outputs import OutputSink
from jupyter_notebook_sched.domain import ids

from ..written import tree

RUN = ids.new_id(datetime(2031, 3, 29, tzinfo=timezone.utc))


def test_it_keeps_a_source_under_its_own_hash(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    version = sources.store(archive, b"{}\n")
    assert version == hashlib.sha256(b"{}\n").hexdigest() == sources.version_of(b"{}\n")
    assert sources.load(archive, version) == b"{}\n"
    assert (tmp_path / "sources" / f"{version}.ipynb").stat().st_mode & 0o777 == 0o444
    assert sources.store(archive, b"{}\n") == version


def test_it_refuses_a_source_that_was_changed_or_is_gone(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    version = sources.store(archive, b"{}\n")
    file = tmp_path / "sources" / f"{version}.ipynb"
    file.chmod(0o600)
    file.write_bytes(b"[]\n")
    with pytest.raises(ValueError, match="not what was stored"):
        sources.load(archive, version)
    file.unlink()
    with pytest.raises(OSError, match="No such file"):
        sources.load(archive, version)


def test_it_seals_an_output_with_the_hash_of_its_bytes(tmp_path: Path) -> None:
    sink = OutputSink(tmp_path / "runs" / "x.ipynb")
    sink.save(b"so far")
    assert sink.path.read_bytes() == b"so far"
    assert sink.seal(b"final") == hashlib.sha256(b"final").hexdigest()
    assert sink.path.read_bytes() == b"final"
    assert sink.path.stat().st_mode & 0o777 == 0o444


def test_it_seals_what_a_vanished_process_left(tmp_path: Path) -> None:
    path = tmp_path / "x.ipynb"
    assert outputs.seal_as_it_is(path) is None
    OutputSink(path).save(b"so far")
    assert outputs.seal_as_it_is(path) == hashlib.sha256(b"so far").hexdigest()
    assert path.stat().st_mode & 0o777 == 0o444


def test_it_removes_every_file_of_a_run_and_no_other(tmp_path: Path) -> None:
    archive, other = Archive(tmp_path), ids.new_id(datetime(2031, 3, 29, tzinfo=timezone.utc))
    for run, attempt in ((RUN, 1), (RUN, 2), (other, 1)):
        OutputSink(tmp_path / layout.output_path(run, attempt, "x.ipynb")).seal(b"final")
    outputs.remove_run(archive, RUN)
    outputs.remove_run(archive, RUN)
    assert [name for name in tree(tmp_path) if name.endswith("ipynb")] == [layout.output_path(other, 1, "x.ipynb")]


def test_it_removes_nothing_behind_a_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    OutputSink(outside / "precious.ipynb").seal(b"precious")
    root = tmp_path / "archive"
    folder = root / layout.run_folder(RUN)
    folder.parent.mkdir(parents=True)
    folder.symlink_to(outside)
    outputs.remove_run(Archive(root), RUN)
    assert not folder.is_symlink(), "the link itself goes"
    (folder / "1").mkdir(parents=True)
    (folder / "1" / "link").symlink_to(outside)
    outputs.remove_run(Archive(root), RUN)
    assert not folder.exists()
    assert (outside / "precious.ipynb").read_bytes() == b"precious"
