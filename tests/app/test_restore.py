"""``jupyter notebook-sched restore``: a person puts the newest backup back."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_notebook_sched.domain.times import utc_now
from jupyter_notebook_sched.errors import Unavailable
from jupyter_notebook_sched.service import status
from jupyter_notebook_sched.store import backups

from ..house import House
from ..living import wait_until
from ..written import tree


def restore(house: House, *options: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "jupyter_notebook_sched.cli", "restore"]
    return subprocess.run(
        [*command, *options], cwd=folder or house.workspace, capture_output=True, text=True, timeout=60
    )


@pytest.fixture
def damaged(house: House) -> House:
    """A run on the backup and a later one, then a damaged file."""
    house.notebook("a.ipynb", "1")
    house.run("a.ipynb", name="kept")
    backups.back_up(house.context.store, utc_now())
    house.run("a.ipynb", name="lost")
    house.context.store.close()
    for file in house.settings.state_dir.glob("store.db-*"):
        file.unlink()
    (house.settings.state_dir / "store.db").write_bytes(b"no database at all" * 1000)
    with pytest.raises(Unavailable) as refused:
        status.status(house.context)
    assert "jupyter notebook-sched restore" in refused.value.message
    return house


def names(house: House) -> list[str]:
    with house.context.store.read() as db:
        return [row[0] for row in db.execute("select name from runs_seen order by seq").fetchall()]


@pytest.mark.parametrize("by", ["directory", "--workspace", "--state-dir"])
def test_it_puts_the_newest_backup_back_and_keeps_the_damaged_store(damaged: House, by: str) -> None:
    options = {"--workspace": [by, str(damaged.workspace)], "--state-dir": [by, str(damaged.settings.state_dir)]}
    done = restore(damaged, *options.get(by, []), folder=None if by == "directory" else damaged.root)
    assert done.returncode == 0, done.stderr
    assert "restored from" in done.stdout
    assert "Traceback" not in done.stderr
    assert names(damaged) == ["kept"]
    assert damaged.run("a.ipynb").state == "queued", "it goes on"
    (kept,) = damaged.settings.state_dir.glob("store-damaged-*.db")
    assert kept.read_bytes().startswith(b"no database")


def test_it_leaves_everything_where_there_is_no_backup(house: House) -> None:
    house.run(house.notebook("a.ipynb", "1"))
    house.context.store.close()
    before = tree(house.settings.state_dir)
    done = restore(house)
    assert (done.returncode, done.stdout) == (1, "")
    assert "there is no backup" in done.stderr
    assert "Traceback" not in done.stderr
    assert tree(house.settings.state_dir) == before


def test_it_refuses_while_a_worker_has_the_workspace(house: House) -> None:
    house.notebook("a.ipynb", "1")
    house.start_worker()
    assert house.ended(house.run("a.ipynb").id).state == "succeeded"
    backups.back_up(house.context.store, utc_now())
    done = restore(house)
    assert (done.returncode, done.stdout) == (3, "")
    assert "stop its Jupyter servers and its worker" in done.stderr
    assert len(names(house)) == 1


def test_it_refuses_while_a_server_has_the_workspace(damaged: House) -> None:
    """This process stands in for one: what counts is the socket that it listens on."""
    listener = damaged.context.meeting.listen("server")
    before = tree(damaged.settings.state_dir)
    assert restore(damaged).returncode == 3
    assert tree(damaged.settings.state_dir) == before
    damaged.context.meeting.leave(listener)
    wait_until(lambda: restore(damaged).returncode == 0, 10)
    assert os.path.exists(damaged.context.store.path)
