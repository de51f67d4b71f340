"""Notebooks that nobody here wrote, from source distributions of well-known packages, run through this project (a real
worker, kernels forked in an environment of their own) and through plain nbclient: are the outputs the same?

    python -m soak.foreign [--cache FOLDER] [--only WORD] [--keep]

Exit code 0 where all are, apart from what comparing.py names; 1 otherwise.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from . import reference
from .comparing import Executed, differences
from .cupboard import KERNEL, Cupboard
from .workspace import Workspace, place

SHOWN = 4


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m soak.foreign", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--cache", type=Path, default=None, help="where to keep what is fetched")
    parser.add_argument("--only", default="", help="only notebooks whose path contains this")
    parser.add_argument("--keep", action="store_true", help="keep what both have left")
    options = parser.parse_args(arguments)
    cupboard = Cupboard(options.cache)
    sources = cupboard.sources()
    notebooks = [notebook for notebook in cupboard.notebooks() if options.only in str(notebook)]
    folder = Path(tempfile.mkdtemp(prefix="nbf-", dir="/tmp"))  # short enough for sockets below it
    _surroundings(folder, cupboard)
    try:
        return _compared(notebooks, sources, folder)
    finally:
        if options.keep:
            print(f"everything is kept in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def _surroundings(folder: Path, cupboard: Cupboard) -> None:
    """The same for both, and nobody's own configuration; before anything of Jupyter looks."""
    for name, home in {"XDG_RUNTIME_DIR": folder / "run", "IPYTHONDIR": folder / "ipython"}.items():
        home.mkdir()
        os.environ[name] = str(home)
    os.environ["MPLCONFIGDIR"] = str(cupboard.matplotlib())
    os.environ["JUPYTER_PATH"] = str(cupboard.kernels(folder / "jupyter"))


def _compared(notebooks: list[Path], sources: Path, folder: Path) -> int:
    (folder / "here").mkdir()
    workspace = Workspace(folder / "here", KERNEL)
    began = time.monotonic()
    try:
        workspace.begin()
        expected = {notebook: _expected(notebook, sources, folder / "nbclient") for notebook in notebooks}
        took = time.monotonic() - began
        ours = {notebook: place(notebook, sources, workspace.folder) for notebook in notebooks}
        for file in ours.values():
            workspace.start(file.relative_to(workspace.folder))
        unequal = 0
        for notebook, (theirs, their_folder) in expected.items():
            file = ours[notebook]
            found = workspace.ended(file.relative_to(workspace.folder))
            apart = differences(theirs, found, (str(their_folder), str(file.parent)))
            unequal += bool(apart)
            _tell(notebook, found, apart)
        server = workspace.counted(len(notebooks) + 1)
    finally:
        workspace.leave()
    spent = time.monotonic() - began - took
    print(f"{len(notebooks)} notebooks, {len(notebooks) - unequal} equal")
    print(f"nbclient: {took:.0f} s, one after the other; here: {spent:.0f} s, two at a time")
    print(f"kernels forked: {server.forked}, started the ordinary way: {server.refused} ({server.last_refusal})")
    return 1 if unequal else 0


def _expected(notebook: Path, sources: Path, root: Path) -> tuple[Executed, Path]:
    file = place(notebook, sources, root)
    return reference.execute(file, KERNEL), file.parent


def _tell(notebook: Path, found: Executed, apart: list[str]) -> None:
    outputs = sum(len(cell["outputs"]) for cell in found.cells)
    ended = "" if found.failed is None else f"  cell {found.failed[0]}: {found.failed[1]}"
    verdict = "equal" if not apart else "DIFFERENT"
    print(f"{verdict:9}  {len(found.cells):3} cells  {outputs:3} outputs  {notebook}{ended}", flush=True)
    for words in apart[:SHOWN]:
        print(f"           ! {words}")
    if len(apart) > SHOWN:
        print(f"           ! and {len(apart) - SHOWN} more")


if __name__ == "__main__":
    sys.exit(main())
