"""``jupyter notebook-sched``: the command line."""

from __future__ import annotations

import sys

from ._version import __version__

USAGE = """\
usage: jupyter notebook-sched worker [--workspace DIR] [--state-dir DIR] [--capacity N] …
       jupyter notebook-sched restore [--workspace DIR] [--state-dir DIR]
       jupyter notebook-sched --version

  worker    schedule and run the notebooks of a workspace, in the foreground, without a Jupyter server
            (for containers and systemd; a server on the same workspace finds it and starts none of its own)
  restore   put the newest backup in the place of a damaged store (stop Jupyter first)

"jupyter notebook-sched worker --help" explains the options.
"""


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0: done, 1: it could not be done, 2: the command was not understood, 3: a worker has the workspace."""
    given = sys.argv[1:] if arguments is None else arguments
    # Imported where they are needed, so that asking for help or the version costs nothing.
    if given[:1] == ["worker"]:
        from .worker.__main__ import main as work

        return work(given[1:])
    if given[:1] == ["restore"]:
        from .worker.restoring import main as restore

        return restore(given[1:])
    if given == ["--version"]:
        print(__version__)
        return 0
    if given in (["--help"], ["-h"], []):
        print(USAGE, end="")
        return 0
    print(f"unknown command: {' '.join(given)}\n\n{USAGE}", end="", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
