"""A whole process tree is found and ended, whatever the processes in it do to get away."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jupyter_notebook_sched.host import processes
from jupyter_notebook_sched.host.identity import start_time
from jupyter_notebook_sched.host.usage import usage_below

from ..living import lives

# A session of its own, forked twice, no environment, closed files, deaf to every polite signal.
DAEMON = """
import os, signal, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        stay = f"trap '' INT TERM HUP; echo $$ > {sys.argv[1]}; while :; do sleep 1; done"
        os.execve("/bin/sh", ["sh", "-c", stay], {})
    os._exit(0)
os.wait()
"""

# Becomes a subreaper, lets a daemon loose, then does as it is told.
TREE = """
import os, subprocess, sys, time
from jupyter_notebook_sched.host import processes
processes.become_subreaper()
subprocess.run([sys.executable, "-c", DAEMON, sys.argv[1]])
spared = subprocess.Popen(["sleep", "60"])
while not os.path.exists(sys.argv[1]) or not open(sys.argv[1]).read().strip():
    time.sleep(0.01)
time.sleep(0.1)
found = processes.descendants(os.getpid())
print(*found, "|", spared.pid, flush=True)
sys.stdin.readline()
left = processes.end_descendants(os.getpid(), keep=frozenset([spared.pid]))
print(left, spared.poll(), flush=True)
sys.stdin.readline()
print(processes.end_descendants(os.getpid()), flush=True)
""".replace("DAEMON", repr(DAEMON))


def test_it_finds_and_ends_a_daemon_that_cleared_its_environment(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    tree = subprocess.Popen(
        [sys.executable, "-c", TREE, str(pid_file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert tree.stdin is not None
    assert tree.stdout is not None
    found, _, spared = tree.stdout.readline().rpartition(" | ")
    daemon = int(pid_file.read_text())
    assert daemon in map(int, found.split())
    assert b"XDG_RUNTIME_DIR" not in (Path("/proc") / str(daemon) / "environ").read_bytes()
    tree.stdin.write("end\n")
    tree.stdin.flush()
    assert tree.stdout.readline() == "[] None\n"
    assert not lives(daemon)
    assert lives(int(spared))
    tree.stdin.write("end\n")
    tree.stdin.flush()
    assert tree.stdout.readline() == "[]\n"
    assert not lives(int(spared))
    tree.communicate(timeout=10)


def test_it_ends_what_keeps_forking() -> None:
    ending = """
import os, subprocess, sys, time
from jupyter_notebook_sched.host import processes
processes.become_subreaper()
subprocess.Popen(["sh", "-c", "while :; do (sleep 0.02; sleep 30) & sleep 0.005; done"], start_new_session=True)
time.sleep(0.5)
before = len(processes.descendants(os.getpid()))
print(before > 5, processes.end_descendants(os.getpid()), processes.descendants(os.getpid()))
"""
    told = subprocess.run([sys.executable, "-c", ending], capture_output=True, text=True, timeout=60).stdout
    assert told == "True [] []\n"


def test_it_ends_what_forks_faster_than_all_processes_can_be_looked_at() -> None:
    """As where a thousand others live: a walk through /proc takes ten times as long as each of these processes."""
    ending = """
import os, time
from jupyter_notebook_sched.host import processes
everybody = processes.everybody
def slowly():
    seen = list(everybody())
    time.sleep(0.05)
    return iter(seen)
processes.become_subreaper()
if os.fork() == 0:
    for _ in range(3_000):
        if os.fork():
            os._exit(0)
        time.sleep(0.005)
    os._exit(0)
processes.everybody = slowly
print(processes.end_descendants(os.getpid(), patience=20))
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print("none is left", end="")
"""
    started = time.monotonic()
    told = subprocess.run([sys.executable, "-c", ending], capture_output=True, text=True, timeout=60).stdout
    assert told == "[]\nnone is left"
    assert time.monotonic() - started < 14, "they ended by themselves"


def test_it_names_a_process() -> None:
    child = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from jupyter_notebook_sched.host import processes as p\np.name_process('nbsched-a-very-long-name')\n"
            "print(open('/proc/self/comm').read(), flush=True)",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.communicate()[0].strip() == "nbsched-a-very-"


def test_it_never_touches_what_a_kept_process_forks_meanwhile() -> None:
    busy = """
import subprocess, sys, time
from jupyter_notebook_sched.host import processes
processes.become_subreaper()
until = time.monotonic() + 3
codes = [subprocess.run(["true"]).returncode for _ in iter(lambda: time.monotonic() < until, False)]
print(len(codes) > 100, set(codes))
"""
    ending = f"""
import os, subprocess, sys
from jupyter_notebook_sched.host import processes
processes.become_subreaper()
kept = subprocess.Popen([sys.executable, "-c", {busy!r}])
while kept.poll() is None:
    processes.end_descendants(os.getpid(), keep=frozenset([kept.pid]))
"""
    told = subprocess.run([sys.executable, "-c", ending], capture_output=True, text=True, timeout=60).stdout
    assert told == "True {0}\n"


def test_it_sees_processes_whose_names_are_no_text(tmp_path: Path) -> None:
    """A name is cut at its fifteenth byte, in the middle of a letter too."""
    program = tmp_path / "обработка"
    program.symlink_to("/bin/sleep")
    sleeper = subprocess.Popen([program, "60"])
    try:
        assert sleeper.pid in processes.descendants(os.getpid())
        with pytest.raises(UnicodeDecodeError):
            Path(f"/proc/{sleeper.pid}/comm").read_text()
        assert start_time(sleeper.pid)
        assert usage_below(os.getpid()).bytes > 0
    finally:
        sleeper.kill()
        sleeper.wait()
