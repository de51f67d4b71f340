"""The virtual environment of the peers, made once and kept in the cache directory of whoever measures."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("jupyter-scheduler", "papermill", "nbclient", "ipykernel")
# Those that decide what a kernel and a message cost are of the same version as ours.
SAME = ("nbclient", "ipykernel", "ipython", "jupyter_client", "jupyter_server", "pyzmq", "tornado")
TELL_VERSIONS = """
import sys
from importlib.metadata import version
print(", ".join(f"{name} {version(name)}" for name in sys.argv[1:]))
"""


@functools.lru_cache(maxsize=1)
def python() -> Path:
    """Its interpreter."""
    folder = _folder()
    interpreter = folder / "bin" / "python"
    ready = folder / "ready"
    wanted = [*PACKAGES, *(f"{name}=={version(name)}" for name in SAME)]
    if not ready.exists() or ready.read_text().split() != wanted:
        print(f"installing {', '.join(PACKAGES)} into {folder}, once", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        pip = [str(interpreter), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *wanted], check=True)
        ready.write_text("\n".join(wanted))
    return interpreter


@functools.lru_cache(maxsize=1)
def versions() -> str:
    """Names and versions, as one line."""
    command = [str(python()), "-c", TELL_VERSIONS, *PACKAGES]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _folder() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "notebook-sched-benchmarks" / f"peers-{sys.version_info.major}.{sys.version_info.minor}"
