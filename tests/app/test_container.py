"""Whether a server is what its container runs, asked in real PID namespaces (pid_namespaces(7))."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ..lifecycle.far import OWN_PIDS

ASK = "from jupyter_notebook_sched.host.container import ends_with_us; print(ends_with_us())"
PYTHON = f'{sys.executable} -c "{ASK}"'


def asked(*command: str, **environment: str) -> bool:
    done = subprocess.run(
        [*OWN_PIDS, *command], capture_output=True, text=True, timeout=60, env=os.environ | environment
    )
    assert done.stdout.strip() in ("True", "False"), done.stderr
    return done.stdout.strip() == "True"


def test_it_ends_with_the_first_process_of_a_container() -> None:
    assert asked(sys.executable, "-c", ASK)


def test_it_ends_with_the_child_of_a_containers_first_process() -> None:
    """tini, or a shell as the entry point."""
    assert asked("sh", "-c", f"{PYTHON}; true")


def test_it_does_not_end_with_somebody_further_down() -> None:
    assert not asked("sh", "-c", f"sh -c '{PYTHON}; true'; true")


@pytest.mark.parametrize("name", ["systemd", "init"])
def test_it_outlives_the_session_of_a_machine(tmp_path: Path, name: str) -> None:
    """A child of a system's own first process, as a service is."""
    first = shutil.copy(shutil.which("sh") or "/bin/sh", tmp_path / name)
    assert not asked(str(first), "-c", f"{PYTHON}; true")
