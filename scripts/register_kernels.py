"""Registers the kernels that are installed beside Python's own in this environment: R, and bash for the tests."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path

IRKERNEL = Path("/usr/lib/R/site-library/IRkernel/kernelspec")


def register(folder: Path, name: str) -> None:
    command = [sys.executable, "-m", "jupyter", "kernelspec", "install", "--sys-prefix", "--name", name, str(folder)]
    subprocess.run(command, check=True, capture_output=True)


def main() -> None:
    if IRKERNEL.is_dir():
        register(IRKERNEL, "ir")
    if importlib.util.find_spec("bash_kernel"):
        with tempfile.TemporaryDirectory() as folder:
            argv = [sys.executable, "-m", "bash_kernel", "-f", "{connection_file}"]
            spec = {"argv": argv, "display_name": "Bash", "language": "bash"}
            (Path(folder) / "kernel.json").write_text(json.dumps(spec))
            register(Path(folder), "bash")


if __name__ == "__main__":
    main()
