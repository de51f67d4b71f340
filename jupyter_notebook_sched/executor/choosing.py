"""The executor that the configuration names: ``local``, or one that another package offers as an entry point."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points

from .interface import Executor, Surroundings
from .local import LocalExecutor

GROUP = "jupyter_notebook_sched.executors"
LOCAL = "local"


class Unusable(Exception):
    """No worker can start with this executor; the text says what to do."""


def executor_of(surroundings: Surroundings) -> Executor:
    """Unusable where there is none of that name, or it cannot be made."""
    name = surroundings.settings.executor
    if name == LOCAL:  # not asked of the installed metadata, which may be older than the code
        return LocalExecutor.of(surroundings)
    offered = _offered(name)
    try:
        make: Callable[[Surroundings], object] = offered.load()
        made = make(surroundings)
    except Exception as error:
        raise _broken(offered, f"{type(error).__name__}: {error}") from error
    if not isinstance(made, Executor):
        raise _broken(offered, f"it makes a {type(made).__name__}, which is no {Executor.__module__}.Executor")
    return made


def _offered(name: str) -> EntryPoint:
    known = {point.name: point for point in entry_points(group=GROUP) if point.name != LOCAL}
    if name in known:
        return known[name]
    names = sorted({LOCAL, *known})
    near = difflib.get_close_matches(name, names, 1)
    raise Unusable(
        f"no executor is called {name!r}{f' (did you mean {near[0]!r}?)' if near else ''}; there are: "
        f"{', '.join(names)}. Set NotebookSched.executor (--executor) to one of them, or install the package that "
        f"offers it into {sys.prefix}"
    )


def _broken(offered: EntryPoint, why: str) -> Unusable:
    package = f" of the package {offered.dist.name}" if offered.dist is not None else ""
    return Unusable(
        f"the executor {offered.name!r} ({offered.value}{package}) cannot be used: {why}. Repair or remove that "
        f"package, or set NotebookSched.executor (--executor) to {LOCAL!r}"
    )
