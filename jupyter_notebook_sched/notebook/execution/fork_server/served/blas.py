"""OpenBLAS starts threads when it is loaded, which no fork keeps: it is loaded with one, and every kernel gets as many
as it would have had (openblas_set_num_threads starts them)."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from typing import Any

VARIABLE = "OPENBLAS_NUM_THREADS"
_PREFIXES = ("", "scipy_")
_SUFFIXES = ("", "64_", "_64", "_64_")


def thread_counts() -> dict[str, int]:
    """Path of each OpenBLAS that is loaded → its number of threads."""
    return {path: int(get()) for path, get, _ in _libraries()}


def restore(counts: dict[str, int]) -> None:
    for path, _, set_threads in _libraries(counts):
        set_threads(ctypes.c_int(counts[path]))


def _libraries(paths: dict[str, int] | None = None) -> Iterator[tuple[str, Any, Any]]:
    """Path, and its functions to get and to set the number of threads."""
    for path in _loaded() if paths is None else paths:
        library = ctypes.CDLL(path)
        for name in (f"{prefix}openblas_%s_num_threads{suffix}" for prefix in _PREFIXES for suffix in _SUFFIXES):
            get, set_threads = getattr(library, name % "get", None), getattr(library, name % "set", None)
            if get is not None and set_threads is not None:
                yield path, get, set_threads
                break


def _loaded() -> Iterator[str]:
    """Shared libraries of this process that are named like OpenBLAS (proc(5), /proc/PID/maps)."""
    with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as maps:
        paths = {line.split(maxsplit=5)[5].strip() for line in maps if line.count("/")}
    return (path for path in sorted(paths) if "openblas" in os.path.basename(path).lower())
