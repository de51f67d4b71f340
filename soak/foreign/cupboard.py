"""What the check needs from elsewhere: source distributions and an environment for their kernel, fetched with pip once
and kept in a cache directory (``$XDG_CACHE_HOME/notebook-sched-foreign``), named by what they were made from."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import venv
from pathlib import Path

HERE = Path(__file__).parent
CONSTRAINTS = HERE.parent.parent / "constraints.txt"
PACKAGES, NOTEBOOKS, REQUIREMENTS = (HERE / name for name in ("packages.txt", "notebooks.txt", "requirements.txt"))
KERNEL = "foreign"


class Cupboard:
    def __init__(self, root: Path | None = None) -> None:
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        self.root = root or cache / "notebook-sched-foreign"

    def sources(self) -> Path:
        """A folder with each source distribution unpacked; pip compares their hashes."""
        folder = self.root / f"sources-{_digest(PACKAGES)}"
        if not folder.exists():
            fetched = _emptied(folder.with_suffix(".part"))
            _pip(sys.executable, "download", "--no-deps", "--no-binary=:all:", f"-r{PACKAGES}", f"-d{fetched}")
            for archive in sorted(fetched.glob("*.tar.gz")):
                with tarfile.open(archive) as opened:
                    opened.extractall(fetched, filter="data")
                archive.unlink()
            fetched.rename(folder)
        return folder

    def interpreter(self) -> Path:
        """Of a virtual environment with all that the notebooks import, and nothing of this project."""
        folder = self.root / f"environment-{_digest(REQUIREMENTS, CONSTRAINTS, words=sys.version)}"
        python = folder / "bin" / "python"
        if not (folder / "complete").exists():
            venv.create(_emptied(folder), with_pip=True)
            _pip(str(python), "install", f"-r{REQUIREMENTS}", f"-c{CONSTRAINTS}")
            # matplotlib looks for fonts once, and says so to the first who imports it.
            command = [str(python), "-c", "import matplotlib.font_manager"]
            subprocess.run(command, check=True, env=os.environ | {"MPLCONFIGDIR": str(folder / "matplotlib")})
            (folder / "complete").touch()
        return python

    def matplotlib(self) -> Path:
        """Its configuration and cache in that environment, for ``MPLCONFIGDIR``."""
        return self.interpreter().parent.parent / "matplotlib"

    def kernels(self, folder: Path) -> Path:
        """Makes a folder for ``JUPYTER_PATH`` whose kernel KERNEL is that environment's."""
        spec = folder / "kernels" / KERNEL / "kernel.json"
        spec.parent.mkdir(parents=True)
        argv = [str(self.interpreter()), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        spec.write_text(json.dumps({"argv": argv, "display_name": "Foreign", "language": "python"}))
        return folder

    def notebooks(self) -> list[Path]:
        """Relative to ``sources()``."""
        lines = [line.strip() for line in NOTEBOOKS.read_text().splitlines()]
        return [Path(line) for line in lines if line and not line.startswith("#")]


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _digest(*files: Path, words: str = "") -> str:
    return hashlib.sha256(b"\0".join([words.encode(), *(file.read_bytes() for file in files)])).hexdigest()[:12]


def _pip(python: str, *arguments: str) -> None:
    command = [python, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
