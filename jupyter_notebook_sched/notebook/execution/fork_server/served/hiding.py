"""A module in the notebook's folder goes before a package of the same name, unless that package is loaded already."""

from __future__ import annotations

import os
from collections.abc import Collection

ENDINGS = ("py", "pyc", "so")


def hiding_entry(names: Collection[str], folder: str = ".") -> str | None:
    """An entry of the folder that Python would import instead of a package in ``names``. Folders count only as regular
    packages: a namespace package never goes before one (https://docs.python.org/3/reference/import.html)."""
    if not names:
        return None
    for entry in sorted(os.listdir(folder)):
        stem, _, ending = entry.partition(".")
        if stem in names and (ending.rpartition(".")[2] in ENDINGS or (not ending and _is_package(folder, entry))):
            return entry
    if "matplotlib" in names and os.path.exists(os.path.join(folder, "matplotlibrc")):
        return "matplotlibrc"
    return None


def _is_package(folder: str, entry: str) -> bool:
    return any(os.path.exists(os.path.join(folder, entry, f"__init__.{ending}")) for ending in ENDINGS)
