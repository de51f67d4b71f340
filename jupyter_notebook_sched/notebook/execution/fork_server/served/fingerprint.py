"""What a fork server was built from: when any of it changes, the next kernel has to be started afresh."""

from __future__ import annotations

import glob
import os
import site
import sys
import sysconfig
from collections.abc import Iterable
from typing import Optional

CONFIGURATION = tuple(
    f"{name}.{kind}" for name in ("ipython_config", "ipython_kernel_config") for kind in ("py", "json")
)
Stamp = Optional[tuple[int, int]]


def package_folders() -> list[str]:
    """Where regular packages live: site-packages of this environment, and of the user where Python looks there."""
    folders = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), *site.getsitepackages()]
    if site.ENABLE_USER_SITE:
        folders.append(site.getusersitepackages())
    return list(dict.fromkeys(os.path.realpath(folder) for folder in folders))


def library_folders() -> list[str]:
    """Where Python's own modules live."""
    return [os.path.realpath(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib")]


def is_below(path: str, folders: Iterable[str]) -> bool:
    real = os.path.realpath(path)
    return any(real.startswith(folder + os.sep) for folder in folders)


class Fingerprint:
    """``stamps``: path → its time of change (ns) and size, None where it does not exist. Folders of packages stand
    for what is installed in them: pip renames or adds entries there whatever it does. ``before``: what was so when the
    first module was imported; it may have changed while the others were."""

    def __init__(self, profile_folders: Iterable[str], files: Iterable[str], before: Fingerprint | None = None) -> None:
        self._stamps: dict[str, Stamp] = {}
        for path in self._paths(profile_folders, files):
            self._stamps[path] = _stamp(path)
        if before is not None:
            self._stamps.update(before._stamps)

    def changed(self) -> str | None:
        """The first path that is not as it was."""
        return next((path for path, stamp in self._stamps.items() if _stamp(path) != stamp), None)

    @staticmethod
    def _paths(profile_folders: Iterable[str], files: Iterable[str]) -> Iterable[str]:
        yield os.path.realpath(sys.executable)
        for folder in package_folders():
            yield folder
            yield from glob.glob(os.path.join(glob.escape(folder), "*.pth"))
        for folder in profile_folders:
            # Not the folder itself: every kernel that keeps a history changes it.
            yield from (os.path.join(folder, name) for name in (*CONFIGURATION, "startup"))
            yield from glob.glob(os.path.join(glob.escape(folder), "startup", "*"))
        yield from files


def foreign_modules(at_start: frozenset[str]) -> list[str]:
    """Modules from neither Python's library nor a regular package folder (an editable install, a ``.pth`` path, a
    workspace): they may be edited at any time, so no kernel may find them loaded already."""
    folders = library_folders() + package_folders() + [os.path.realpath(os.path.dirname(__file__))]
    return [name for name, file in _module_files() if name not in at_start and not is_below(file, folders)]


def start_files(at_start: frozenset[str]) -> list[str]:
    """Files of modules outside of Python's library that every interpreter here loads when it starts."""
    return [file for name, file in _module_files() if name in at_start and not is_below(file, library_folders())]


def _module_files() -> list[tuple[str, str]]:
    found = [(name, getattr(module, "__file__", None)) for name, module in list(sys.modules.items())]
    return [(name, file) for name, file in found if isinstance(file, str) and name != "__main__"]


def _stamp(path: str) -> Stamp:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
