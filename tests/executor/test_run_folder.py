"""The folder of a run's own: what the notebook leaves there belongs to the record, whatever it does to the folder."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from jupyter_notebook_sched.archive.layout import run_folder
from jupyter_notebook_sched.archive.run_files import LISTED
from jupyter_notebook_sched.domain.run import RunDetail
from jupyter_notebook_sched.errors import NotFound
from jupyter_notebook_sched.service import archive_contents, runs
from jupyter_notebook_sched.service.forms import ContentsQuery

from ..house import House
from ..living import wait_until
from ..written import tree
from .test_killed import runner_of

HERE = "import os, pathlib, shutil, sys\nhere = pathlib.Path(os.environ['NOTEBOOK_SCHED_RUN_DIR'])\n"
OUTPUT = "output = here / 'spoil.ipynb'\nif output.exists(): output.unlink()\n"
SPOILS = {
    "removes it": "shutil.rmtree(here)",
    "puts a file in its place": "shutil.rmtree(here)\nhere.write_text('x')",
    "puts a link in its place": "shutil.rmtree(here)\nhere.symlink_to(pathlib.Path('outside').resolve())",
    "puts a link in place of the one above": "run = here.parent\nshutil.rmtree(run)\n"
    "run.symlink_to(pathlib.Path('outside').resolve())",
    "puts a broken link in its place": "shutil.rmtree(here)\nhere.symlink_to('nowhere')",
    "fills it with links": "for n in range(50): (here / str(n)).symlink_to(pathlib.Path('outside').resolve())",
    "puts a folder in place of the output": OUTPUT + "output.mkdir()\n(output / 'in.txt').write_text('x')",
    "puts a link in place of the output": OUTPUT + "output.symlink_to(pathlib.Path('outside/precious').resolve())",
    "makes the output another's": OUTPUT + "os.link(pathlib.Path('outside/precious'), output)",
}


def bytes_of(house: House, run: RunDetail) -> int:
    with house.context.store.read() as db:
        return int(db.execute("select bytes from runs where id = ?", [run.id]).fetchone()[0])


def test_files_that_a_notebook_leaves_in_it_belong_to_the_record(busy_house: House) -> None:
    leave = HERE + "(here / 'data').mkdir()\n(here / 'data' / 'table.csv').write_text('a,b')\nprint(here)"
    links = "(here / 'secret.txt').symlink_to('/etc/passwd')\n(here / 'root').symlink_to('/')\nos.mkfifo(here / 'fifo')"
    busy_house.notebook("leaves.ipynb", leave, links)
    run = busy_house.ended(busy_house.run("leaves.ipynb").id)
    assert run.output is not None
    folder, root = run.output.rpartition("/")[0], busy_house.context.archive.root
    assert busy_house.output(run)["cells"][0]["outputs"][0]["text"] == f"{root / folder}\n"
    assert [(file.path, file.size) for file in run.files] == [(f"{folder}/data/table.csv", 3)]
    assert not run.files_capped
    with archive_contents.opened_file(busy_house.context, run.files[0].path) as opened:
        assert opened.read() == b"a,b"
    for name in ("secret.txt", "root/etc/passwd", "fifo"):
        with pytest.raises(NotFound):
            archive_contents.opened_file(busy_house.context, f"{folder}/{name}")
    assert bytes_of(busy_house, run) == (root / run.output).stat().st_size + 3
    runs.delete(busy_house.context, run.id)
    assert not (root / folder).parent.exists()
    assert os.path.exists("/etc/passwd")


def test_they_are_seen_while_the_run_goes_on_and_those_of_each_attempt_stay(busy_house: House) -> None:
    number = "number = os.environ['NOTEBOOK_SCHED_ATTEMPT']\n(here / f'of{number}.txt').write_text(number)\n"
    wait = "import time\nif number == '1': 1 / 0\nwhile not pathlib.Path('go').exists(): time.sleep(0.02)"
    busy_house.notebook("attempts.ipynb", HERE + number, wait)
    run = busy_house.run("attempts.ipynb", retry={"max_attempts": 2, "delay_seconds": 0})
    wait_until(lambda: len(busy_house.get(run.id).files) == 2, 30)
    (busy_house.workspace / "go").touch()
    ended = busy_house.ended(run.id)
    assert [file.path.rpartition(run.id)[2] for file in ended.files] == ["/1/of1.txt", "/2/of2.txt"]
    assert ended.state == "succeeded"


@pytest.mark.parametrize("spoil", SPOILS)
def test_its_output_is_sealed_although_the_notebook(busy_house: House, spoil: str) -> None:
    outside = busy_house.workspace / "outside"
    outside.mkdir(exist_ok=True)
    (outside / "precious").write_text("precious")
    before = tree(outside)
    busy_house.notebook("spoil.ipynb", "print('kept')", HERE + SPOILS[spoil], "import time\ntime.sleep(0.6)")
    run = busy_house.ended(busy_house.run("spoil.ipynb").id)
    assert run.state == "succeeded", run.message
    assert busy_house.output(run)["cells"][0]["outputs"][0]["text"] == "kept\n"
    file = busy_house.context.archive.root / str(run.output)
    assert run.output_sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert file.stat().st_mode & 0o777 == 0o444
    assert tree(outside) == before
    assert run.output == f"{run_folder(run.id)}/1/spoil.ipynb"
    runs.delete(busy_house.context, run.id)
    assert not os.path.lexists(file.parent.parent)
    assert tree(outside) == before


TRAPS = {
    "endless": "output.symlink_to('/dev/zero')",
    "pipe": "os.mkfifo(output)",
    "link": "shutil.rmtree(here)\nhere.symlink_to(pathlib.Path('outside').resolve())",
}


@pytest.mark.parametrize("trap", TRAPS)
def test_what_stands_in_place_of_the_output_of_a_lost_run_is_no_record(busy_house: House, trap: str) -> None:
    # In one cell, after what there was to save of it: nothing comes after it that would put the folder right.
    trapped = "\nopen('trapped', 'w').close()\ntime.sleep(1000)"
    busy_house.notebook("spoil.ipynb", HERE + "import time\ntime.sleep(1.5)\n" + OUTPUT + TRAPS[trap] + trapped)
    (busy_house.workspace / "trapped").unlink(missing_ok=True)
    (busy_house.workspace / "outside").mkdir(exist_ok=True)
    (busy_house.workspace / "outside" / "spoil.ipynb").write_text("not ours")
    run = busy_house.run("spoil.ipynb")
    wait_until((busy_house.workspace / "trapped").exists)
    os.kill(runner_of(busy_house, run.id), signal.SIGKILL)
    ended = busy_house.ended(run.id, 15)
    assert (ended.state, ended.reason) == ("failed", "lost")
    assert (ended.output, ended.output_sha256) == (None, None)
    busy_house.notebook("well.ipynb", "1")
    assert busy_house.ended(busy_house.run("well.ipynb").id).state == "succeeded"


def test_the_answer_stays_small_however_many_files_there_are(busy_house: House) -> None:
    many = "(here / 'many').mkdir()\nfor n in range(12_000): (here / 'many' / str(n)).write_bytes(b'x')"
    busy_house.notebook("many.ipynb", HERE + many, "os.mkdir(os.fsencode(here) + b'/\\xff')")
    run = busy_house.ended(busy_house.run("many.ipynb").id)
    assert run.state == "succeeded"
    assert (len(run.files), run.files_capped) == (LISTED, True)
    output = busy_house.context.archive.root / str(run.output)
    assert bytes_of(busy_house, run) == output.stat().st_size + 12_000, "all of them are counted"


def test_names_that_nobody_can_be_told_are_left_out(busy_house: House) -> None:
    names = "for name in (b'\\xff.txt', 'ü 1%.txt'.encode()): open(os.fsencode(here) + b'/' + name, 'w').close()"
    busy_house.notebook("names.ipynb", HERE + names)
    run = busy_house.ended(busy_house.run("names.ipynb").id)
    assert [file.path.rpartition("/")[2] for file in run.files] == ["ü 1%.txt"]
    assert msgspec.json.encode(run)
    folder = str(run.output).rpartition("/")[0]
    told = archive_contents.model(busy_house.context, folder, ContentsQuery())
    assert isinstance(told, bytes)
    assert "ü 1%.txt" in told.decode()


READ_ONLY = """
import os, shutil, sys
from pathlib import Path
from jupyter_notebook_sched.archive.layout import Archive, output_path, run_folder
from jupyter_notebook_sched.archive.outputs import OutputSink, remove_run
if os.getuid() == 0:
    os.chown(sys.argv[1], 65534, 65534)
    os.chdir(sys.argv[1])
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
root, run = Path("archive"), "01a1ff6f-3a9e-7000-9a58-aea7d78710c9"
sink = OutputSink(root / output_path(run, 1, "a.ipynb"))
sink.make_folder()
below = sink.path.parent / "below"
(below / "deep").mkdir(parents=True)
(below / "deep" / "file").touch()
for folder in (below / "deep", below, sink.path.parent, sink.path.parent.parent):
    folder.chmod(0o500 if folder != below else 0)
sink.seal(b"{}")
sink.path.parent.chmod(0o500)
remove_run(Archive(root), run)
assert not (root / run_folder(run)).exists()
"""


def test_a_folder_that_was_made_read_only_is_written_into_and_removed_all_the_same(tmp_path: Path) -> None:
    """As somebody who is not root, to whom all files are writable."""
    command = [sys.executable, "-c", READ_ONLY, str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
