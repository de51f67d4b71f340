"""After any end of a run, whoever is killed, no process of it remains, whatever it did to stay."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_notebook_sched.domain.run import Run
from jupyter_notebook_sched.host import processes
from jupyter_notebook_sched.host.rendezvous import PRIVATE
from jupyter_notebook_sched.service import runs

from ..house import House
from ..living import descendants_named, lives, wait_until
from .kinds import KindHouse, name_of

# Processes that bear the name TOKEN: a daemon (session and parents of its own, environment cleared), a shell under
# nohup, the workers of a pool that nobody closes, a child that ignores signals, one that forks all the time: every
# 5 ms it is another process, for 15 s at least. All hold a lock that is free when the last of them is gone.
STAY = """
import fcntl, multiprocessing, os, shutil, signal, subprocess, time
held = os.open("held", os.O_CREAT | os.O_RDWR)
os.set_inheritable(held, True)
fcntl.flock(held, fcntl.LOCK_SH)
shutil.copy(shutil.which("sleep"), TOKEN)
program = os.path.abspath(TOKEN)
def bear_name(): open("/proc/self/comm", "w").write(TOKEN)
def daemon(work):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            bear_name(); work()
        os._exit(0)
    os.wait()
def ignore():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT): signal.signal(number, signal.SIG_IGN)
def hurry():
    ignore()
    for _ in range(3_000):
        if os.fork(): os._exit(0)
        time.sleep(0.005)
    os._exit(0)
daemon(lambda: os.execve(program, [TOKEN, "1000"], {}))
daemon(hurry)
subprocess.Popen(f"nohup {program} 1000 > /dev/null 2>&1 &", shell=True, close_fds=False)
subprocess.Popen([program, "1000"], preexec_fn=ignore, close_fds=False)
pool = multiprocessing.get_context("fork").Pool(2, bear_name)
print("they stay", flush=True)
"""
STAYING = 5
ON = "import pathlib, time\nwhile not pathlib.Path('go').exists(): time.sleep(0.02)"
LOST_RUNNER = ("failed", "lost", "the process that ran the notebook was ended by SIGKILL")
LOST_WORKER = ("failed", "lost", "its worker vanished")
KILLED_KERNEL = ("failed", "kernel_died", "cell 3: the kernel died, ")
# Who is killed while the run goes on → how it ends. After "go" a run goes on to its own end.
KILLED: dict[str, tuple[str, str | None, str | None]] = {
    "kernel": KILLED_KERNEL,
    "keeper": KILLED_KERNEL,
    "fork server": ("succeeded", None, None),
    "fork server and keeper": KILLED_KERNEL,
    "runner": LOST_RUNNER,
    "runner server": ("succeeded", None, None),
    "runner server and runner": LOST_RUNNER,
    "worker": LOST_WORKER,
    "worker and runner": LOST_WORKER,
    "worker and runner server": LOST_WORKER,
    "worker and kernel": LOST_WORKER,
}
RUNNERS = ("runner", "runner server and runner")
OF_FORKS = ("keeper", "fork server")
CASES = [
    (kind, victims)
    for victims in KILLED
    for kind in (("forked",) if any(name in victims for name in OF_FORKS) else ("forked", "ordinary"))
]


def stay(token: str) -> str:
    return STAY.replace("TOKEN", repr(token))


@pytest.fixture
def name() -> Iterator[str]:
    name = f"stay-{secrets.token_hex(4)}"
    yield name
    until = time.monotonic() + 20
    while time.monotonic() < until and (left := bearing(name)):
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def bearing(name: str) -> list[int]:
    """The living processes of that name, whoever is their parent by now."""
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [pid for pid in pids if name_of(pid) == name and lives(pid)]


def is_alone(folder: Path) -> bool:
    """Whether nothing lives that a cell ``STAY`` in that folder has started, nor its kernel (flock(2))."""
    with open(folder / "held") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


ENDS = {
    "it succeeds": ("1", "succeeded", None),
    "a cell fails": ("1 / 0", "failed", "cell_error"),
    "its kernel dies": ("os._exit(1)", "failed", "kernel_died"),
    "it reaches a limit": ("time.sleep(1000)", "failed", "cell_timeout"),
    "it is cancelled": (
        "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT]); time.sleep(1000)",
        "cancelled",
        "user",
    ),
}


@pytest.mark.parametrize("how", ENDS)
def test_nothing_is_left_when(how: str, name: str, kind_house: KindHouse) -> None:
    cell, state, reason = ENDS[how]
    run = kind_house.begin(stay(name), cell, **({"cell_timeout_seconds": 2} if "limit" in how else {}))
    if how == "it is cancelled":
        kind_house.running(run.id, current=2)
        wait_until(lambda: len(bearing(name)) >= STAYING)
        assert not is_alone(kind_house.folder(run))
        runs.cancel(kind_house.context, run.id)
    ended = kind_house.ended(run.id)
    assert is_alone(kind_house.folder(run)), bearing(name)
    kind_house.prove_end(ended)
    assert (ended.state, ended.reason) == (state, reason)
    kind_house.prove_kind(ended)


@pytest.mark.parametrize(("kind_house", "victims"), CASES, indirect=["kind_house"])
def test_nothing_is_left_when_somebody_is_killed(victims: str, name: str, kind_house: KindHouse) -> None:
    house = kind_house
    run = house.begin(stay(name), ON)
    house.running(run.id, current=2)
    wait_until(lambda: len(bearing(name)) >= STAYING)
    everybody = processes.descendants(house.worker)
    assert not is_alone(house.folder(run))
    kill(house, run, victims.split(" and "))
    state, reason, message = KILLED[victims]
    if state == "succeeded":
        (house.folder(run) / "go").touch()
    wait_until(lambda: is_alone(house.folder(run)), 10)
    if "worker" in victims:
        wait_until(lambda: not any(map(lives, everybody)), 10)
        house.start()
    ended = house.ended(run.id)
    assert (ended.state, ended.reason) == (state, reason)
    assert str(ended.message).startswith(str(message))
    assert [cell.outcome for cell in ended.cells][:2] == ["ok", "ok"]
    house.prove_end(ended, scratch=victims not in RUNNERS)
    house.warm_up()
    assert house.ran("1").state == "succeeded"


@pytest.mark.parametrize("victims", RUNNERS)
def test_no_scratch_directory_is_left_of_a_runner_that_was_killed(victims: str, house: House) -> None:
    """The sockets of its kernel lie there, and the key to it."""
    house.start_worker("--fork-server=off")
    house.notebook("a.ipynb", "1", ON)
    run = house.run("a.ipynb")
    house.running(run.id, current=1)
    scratch = list(house.context.meeting.directory.glob(f"{PRIVATE}*"))
    assert len(scratch) == 1
    for victim in victims.split(" and "):
        names = {"runner": f"nbsched-{run.id[-6:]}", "runner server": "nbsched-forks"}
        (pid,) = descendants_named(house.workers[-1].pid, names[victim])
        os.kill(pid, signal.SIGKILL)
    assert house.ended(run.id).reason == "lost"
    assert not scratch[0].exists()


def kill(house: KindHouse, run: Run, victims: list[str]) -> None:
    """At once, as near as can be: nobody has the time to clean up after another."""
    pids = [pid for victim in victims for pid in pids_of(house, run, victim)]
    assert len(pids) >= len(victims)
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    if "worker" in victims:
        house.workers[-1].wait()


def pids_of(house: KindHouse, run: Run, victim: str) -> list[int]:
    if victim == "worker":
        return [house.worker]
    if victim == "kernel" and house.kind == "ordinary":
        (runner,) = pids_of(house, run, "runner")
        return [
            pid for pid in processes.descendants(runner) if b"ipykernel" in Path(f"/proc/{pid}/cmdline").read_bytes()
        ][:1]
    names = {
        "kernel": f"nbkernel-{run.id[-6:]}",
        "keeper": "nbsched-keeper",
        "fork server": "nbsched-kernels",
        "runner": f"nbsched-{run.id[-6:]}",
        "runner server": "nbsched-forks",
    }
    return descendants_named(house.worker, names[victim])[:1]
