"""Real processes meet: one of them has the lock, all of them hear each other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_notebook_sched.host import rendezvous
from jupyter_notebook_sched.host.rendezvous import DRAIN, WAKE, Rendezvous

from ..living import wait_until

HOLD = """
import sys
from pathlib import Path
from jupyter_notebook_sched.host.rendezvous import Rendezvous
meeting = Rendezvous(Path(sys.argv[1]))
meeting.make()
held = meeting.lock()
print("held" if held is not None else "taken", flush=True)
if held is not None:
    meeting.publish({"pid": 1})
    listener = meeting.listen("worker")
    sys.stdin.readline()
"""


@pytest.fixture
def meeting(tmp_path: Path) -> Rendezvous:
    meeting = Rendezvous(tmp_path / "state")
    meeting.make()
    return meeting


def another(meeting_state: Path) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(meeting_state)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def test_it_gives_the_lock_to_one_process_and_frees_it_with_its_end(meeting: Rendezvous, tmp_path: Path) -> None:
    assert not meeting.worker_lives()
    assert meeting.published() is None
    first, told = another(tmp_path / "state")
    assert told == "held"
    wait_until(lambda: meeting.published() == {"pid": 1}, 5)
    second, told = another(tmp_path / "state")
    assert told == "taken"
    second.communicate()
    first.kill()
    first.communicate()
    assert not meeting.worker_lives()
    assert meeting.published() is None, "what a dead worker said of itself does not count"
    lock = meeting.lock()
    assert lock is not None
    assert meeting.worker_lives()
    os.close(lock)


def test_it_takes_the_lock_while_others_merely_look(meeting: Rendezvous, tmp_path: Path) -> None:
    looking = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path; from jupyter_notebook_sched.host.rendezvous import Rendezvous\n"
            "meeting = Rendezvous(Path(sys.argv[1]))\nprint(flush=True)\nwhile True: meeting.worker_lives()",
            str(tmp_path / "state"),
        ],
        stdout=subprocess.PIPE,
    )
    assert looking.stdout is not None
    looking.stdout.readline()
    for _ in range(20):
        lock = meeting.lock()
        assert lock is not None
        os.close(lock)
    looking.kill()
    looking.communicate()


def test_it_keeps_workspaces_apart_and_finds_one_by_any_name_of_it(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "state")
    assert Rendezvous(tmp_path / "link").directory == Rendezvous(tmp_path / "state").directory
    assert Rendezvous(tmp_path / "other").directory != Rendezvous(tmp_path / "state").directory


def test_it_is_private(meeting: Rendezvous) -> None:
    os.close(meeting.lock() or 0)
    for directory in (meeting.directory, meeting.directory.parent):
        assert directory.stat().st_mode & 0o777 == 0o700
    assert (meeting.directory / "worker.lock").stat().st_mode & 0o077 == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory to somebody else")
def test_it_refuses_a_directory_of_somebody_else(meeting: Rendezvous) -> None:
    os.chown(meeting.directory, 12345, 12345)
    with pytest.raises(PermissionError, match="XDG_RUNTIME_DIR"):
        meeting.make()


def test_it_refuses_a_link_in_place_of_its_directory(tmp_path: Path) -> None:
    meeting = Rendezvous(tmp_path / "state")
    meeting.directory.parent.mkdir(mode=0o700, exist_ok=True)
    (tmp_path / "elsewhere").mkdir()
    meeting.directory.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PermissionError):
        meeting.make()


def test_it_wakes_every_process_of_a_role_and_passes_over_the_dead(meeting: Rendezvous) -> None:
    server = meeting.listen("server")
    (meeting.directory / "server-1-1.sock").touch()
    meeting.tell("server")
    meeting.tell("worker", DRAIN)
    assert server.recv(64) == WAKE
    with pytest.raises(BlockingIOError):
        server.recv(64)
    for _ in range(2000):
        meeting.tell("server")
    meeting.leave(server)
    meeting.tell("server")
    assert not list(meeting.directory.glob(f"server-{os.getpid()}-*"))


def test_it_knows_the_living_of_a_role_and_sweeps_away_the_dead(meeting: Rendezvous, tmp_path: Path) -> None:
    listener = meeting.listen("server")
    other, _ = another(tmp_path / "state")
    wait_until(lambda: list(meeting.living("worker")) == [other.pid], 5)
    assert list(meeting.living("server")) == [os.getpid()]
    other.kill()
    other.communicate()
    assert list(meeting.living("worker")) == []
    assert not list(meeting.directory.glob("worker-*.sock"))
    meeting.leave(listener)


def test_it_publishes_whole_facts_only(meeting: Rendezvous) -> None:
    lock = meeting.lock()
    assert lock is not None
    assert meeting.published() is None
    (meeting.directory / "worker.json").write_text("{half")
    assert meeting.published() is None
    meeting.publish({"pid": 7})
    assert meeting.published() == {"pid": 7}
    os.close(lock)


@pytest.mark.parametrize("given", ["/nowhere/at/all", "", "/tmp/" + "long" * 20])
def test_it_meets_under_the_temporary_directory_where_the_runtime_directory_will_not_do(
    given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", given)
    if len(given) > 30:
        Path(given).mkdir(exist_ok=True)
    try:
        meeting = Rendezvous(tmp_path / "state")
        longest = meeting.directory / "server-4194304-99999999999999.sock"
        assert len(os.fsencode(longest)) <= rendezvous.LONGEST_SOCKET_PATH
        assert not given or not meeting.directory.is_relative_to(given)
    finally:
        if len(given) > 30:
            Path(given).rmdir()
