"""Makes the kernels that are installed beside Python's own known to this environment: R's, and bash for the tests."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager


def main() -> None:
    known = KernelSpecManager().find_kernel_specs()
    if "ir" not in known and (folder := _r_kernel()) is not None:
        _register(folder, "ir")
    if "bash" not in known and importlib.util.find_spec("bash_kernel"):
        with tempfile.TemporaryDirectory() as made:
            argv = [sys.executable, "-m", "bash_kernel", "-f", "{connection_file}"]
            spec = {"argv": argv, "display_name": "Bash", "language": "bash"}
            (Path(made) / "kernel.json").write_text(json.dumps(spec))
            _register(Path(made), "bash")


def _r_kernel() -> Path | None:
    """The kernelspec that comes with R's package IRkernel; Debian's package registers it by itself."""
    if not shutil.which("Rscript"):
        return None
    ask = ["Rscript", "-e", 'cat(system.file("kernelspec", package = "IRkernel"))']
    folder = subprocess.run(ask, capture_output=True, text=True, check=False).stdout.strip()
    return Path(folder) if folder else None


def _register(folder: Path, name: str) -> None:
    command = [sys.executable, "-m", "jupyter", "kernelspec", "install", "--sys-prefix", "--name", name, str(folder)]
    subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    main()
