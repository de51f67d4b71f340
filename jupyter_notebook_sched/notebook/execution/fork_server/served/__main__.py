"""``python [options] <this file> <control descriptor> <settings in JSON>``: one fork server, or one kernel in the end.
``python -I -S <this file> kept <settings in JSON>``: the supervisor of a kept kernel (kept.py).

Every kernel returns to this level before it begins, so that it runs, and exits, as a process of its own would.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys

ROOM = "notebook_sched_fork_server"


def _load_room(folder: str) -> None:
    spec = importlib.util.spec_from_file_location(
        ROOM, os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
    )
    assert spec is not None
    assert spec.loader is not None
    sys.modules[ROOM] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[ROOM])


def _serve(at_start: frozenset[str]) -> None:
    importlib.import_module(f"{ROOM}.serving").main(int(sys.argv[1]), sys.argv[2], at_start)


if __name__ == "__main__":
    modules_at_start = frozenset(sys.modules)
    # Python puts a script's folder first, and ipykernel's launcher takes it away as well.
    if not getattr(sys.flags, "safe_path", False):
        del sys.path[0]
    _load_room(os.path.dirname(os.path.abspath(__file__)))
    if sys.argv[1] == "kept":
        importlib.import_module(f"{ROOM}.kept").main(sys.argv[2])
        sys.exit()
    # So that kernels are as deep in the stack as "python -m ipykernel_launcher" leaves them: until Python 3.11, whose
    # calls through C code count as well, that is one frame deeper.
    if sys.version_info < (3, 12):
        _serve(modules_at_start)
    else:
        importlib.import_module(f"{ROOM}.serving").main(int(sys.argv[1]), sys.argv[2], modules_at_start)
