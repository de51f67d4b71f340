"""The end of a kernel's process, as Python ends one, without taking down what it shares with its fork server.

Py_FinalizeEx would write into nearly every page that was shared until then, for objects that nobody outside can tell
from freed ones: it takes a quarter of a short kernel's processor time. What can be told happens here in the same order
(https://docs.python.org/3/c-api/init.html#c.Py_FinalizeEx): threads are waited for, exit handlers run, the notebook's
own objects and modules go (so that their files are written and their ``__del__`` runs), what is still open is flushed.
"""

from __future__ import annotations

import _io
import atexit
import gc
import os
import sys
import threading
from typing import Any, Callable, NoReturn

LAST_ERROR = ("last_type", "last_value", "last_traceback", "last_exc")


def end_process(shell: Any, shared: frozenset[str]) -> NoReturn:
    """``shared``: the modules that were loaded before the fork."""
    steps: tuple[Callable[[], object], ...] = (
        threading._shutdown,  # type: ignore[attr-defined]
        atexit._run_exitfuncs,
        lambda: _let_objects_go(shell, shared),
        _flush_files,
    )
    for step in steps:
        try:
            step()
        except BaseException:  # as there: told, and nothing is skipped for it
            _tell()
    os._exit(0)


def _tell() -> None:
    try:
        sys.excepthook(*sys.exc_info())
    except BaseException:  # it may be the notebook's own
        pass


def _let_objects_go(shell: Any, shared: frozenset[str]) -> None:
    for name in LAST_ERROR:
        if hasattr(sys, name):
            setattr(sys, name, None)
    history = shell.history_manager
    if history is not None:
        history.output_hist.clear()
    shell.last_execution_result = None
    own = [module for name, module in list(sys.modules.items()) if name not in shared and name != "__main__"]
    _empty(shell.user_ns)
    gc.collect()
    for module in reversed(own):
        if isinstance(getattr(module, "__dict__", None), dict):
            _empty(vars(module))
    gc.collect()


def _empty(names: dict[str, Any]) -> None:
    """In the order of CPython's own (Objects/moduleobject.c, _PyModule_ClearDict): private names first."""
    for private in (True, False):
        for name in list(names):
            is_private = isinstance(name, str) and name.startswith("_") and not name.startswith("__")
            if name != "__builtins__" and is_private == private:
                names[name] = None


def _flush_files() -> None:
    for thing in gc.get_objects():
        # By its type alone: to ask a proxy for its class can wake up what it stands for.
        if issubclass(type(thing), (_io._BufferedIOBase, _io._TextIOBase)):
            try:
                thing.flush()
            except Exception:  # whatever a notebook's own class makes of it
                continue
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None:
            stream.flush()
