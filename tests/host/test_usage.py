"""What a tree of processes uses, held against real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_notebook_sched.host.memory import oom_kills
from jupyter_notebook_sched.host.usage import limit_tree, parent_of, usage_below

MIB = 1024**2
TREE = f"""
import multiprocessing, os, sys, time
held = bytearray(100 * {MIB})
shared = multiprocessing.get_context("fork").Process(target=time.sleep, args=(60,), daemon=True)
shared.start()
print("holds", flush=True)
time.sleep(60)
"""


def run_below(command: str) -> subprocess.Popen[str]:
    """A process that does nothing but have the one that runs the command, once that has said something."""
    waits = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]])"
    top = subprocess.Popen(
        [sys.executable, "-c", waits, command], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert top.stdout is not None
    assert top.stdout.readline() == "holds\n"
    return top


def end(top: subprocess.Popen[str]) -> None:
    os.killpg(top.pid, signal.SIGKILL)
    top.wait()
    assert top.stdout is not None
    top.stdout.close()


def test_it_counts_what_is_shared_once_and_leaves_out_the_one_above() -> None:
    top = run_below(TREE)
    try:
        assert 100 * MIB < usage_below(top.pid).bytes < 150 * MIB, "two processes hold the same 100 MB"
        assert usage_below(top.pid, enough=1024 * MIB).bytes > 200 * MIB, "resident sizes count them twice"
    finally:
        end(top)
    assert usage_below(top.pid) == (0, 0.0)


def test_it_counts_the_time_of_those_that_have_ended() -> None:
    burns = "import time\nwhile time.process_time() < 0.3: pass"
    many = f"import subprocess, sys, time\nfor _ in range(2): subprocess.run([sys.executable, '-c', {burns!r}])\n"
    top = run_below(many + "print('holds', flush=True); time.sleep(60)")
    try:
        assert 0.6 <= usage_below(top.pid).cpu_seconds < 3
    finally:
        end(top)


def test_it_limits_a_process_and_all_below_it() -> None:
    top = run_below(TREE)
    try:
        limit_tree(top.pid, {"RLIMIT_DATA": (500 * MIB, 600 * MIB), "RLIMIT_CPU": (50, 60)})
        pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
        family = [pid for pid in pids if _session(pid) == top.pid]
        assert len(family) == 3
        for pid in family:
            limits = (Path("/proc") / str(pid) / "limits").read_text()
            assert str(500 * MIB) in limits
            assert str(600 * MIB) in limits
    finally:
        end(top)


def _session(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except OSError:
        return None


def test_it_knows_the_parent_of_a_process() -> None:
    assert parent_of(os.getpid()) == os.getppid()
    ended = subprocess.Popen(["true"])
    ended.wait()
    assert parent_of(ended.pid) is None


@pytest.mark.parametrize(("inherited", "asked", "then"), [(0, 300, 300), (600, 300, 600), (600, 5000, 1000)])
def test_it_never_makes_a_process_one_that_the_system_spares(inherited: int, asked: int, then: int) -> None:
    script = (
        "import sys; from pathlib import Path; from jupyter_notebook_sched.host.usage import raise_oom_score\n"
        f"own = Path('/proc/self/oom_score_adj'); own.write_text('{inherited}'); raise_oom_score({asked})\n"
        "print(own.read_text())"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert int(done.stdout) == then


@pytest.mark.parametrize(
    ("membership", "file", "content", "kills"),
    [
        ("0::/a/b", "a/b/memory.events", "low 0\noom 4\noom_kill 3\noom_group_kill 0\n", 3),
        ("0::/as/seen/from/outside", "memory.events", "oom_kill 2\n", 2),
        ("9:cpu,memory:/x\n0::/y", "memory/x/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 5\n", 5),
        ("9:cpu:/x", "memory/x/memory.oom_control", "oom_kill 5\n", None),
        ("0::/", "memory.current", "7\n", None),
        ("nonsense", "memory.events", "oom_kill 1\n", None),
    ],
)
def test_it_reads_how_often_the_system_has_killed(
    tmp_path: Path, membership: str, file: str, content: str, kills: int | None
) -> None:
    (tmp_path / "cgroup").write_text(membership)
    (tmp_path / "fs" / file).parent.mkdir(parents=True)
    (tmp_path / "fs" / file).write_text(content)
    assert oom_kills(tmp_path / "cgroup", tmp_path / "fs") == kills
    assert oom_kills(tmp_path / "none", tmp_path / "fs") is None
