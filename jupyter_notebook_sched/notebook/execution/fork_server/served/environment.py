"""Environment variables that a process reads once, when it starts: a fork cannot be given other ones."""

from __future__ import annotations

import os
from collections.abc import Mapping

# Python, the dynamic linker, the C library, locales, threads of numerical libraries, where IPython and matplotlib
# keep what they are configured by.
PREFIXES = (
    "PYTHON",
    "LD_",
    "LC_",
    "MALLOC_",
    "MKL_",
    "OMP_",
    "GOMP_",
    "KMP_",
    "OPENBLAS_",
    "BLIS_",
    "NUMEXPR_",
    "IPYTHON",
    "TRAITLETS_",
    "MPL",
    "PYDEVD_",
)
NAMES = (
    "LANG",
    "LANGUAGE",
    "TZ",
    "HOME",
    "GLIBC_TUNABLES",
    "MATPLOTLIBRC",
    "JUPYTER_CONFIG_DIR",
    "JUPYTER_CONFIG_PATH",
    "JUPYTER_PLATFORM_DIRS",
    "XDG_CONFIG_HOME",
    "XDG_CACHE_HOME",
)
SUFFIX = "_NUM_THREADS"


def decides_at_start(name: str) -> bool:
    return name.startswith(PREFIXES) or name.endswith(SUFFIX) or name in NAMES


def differences(started_with: Mapping[str, str], asked_for: Mapping[str, str]) -> list[str]:
    """The names of the variables for which a process has to be started anew."""
    names = {name for name in (*started_with, *asked_for) if decides_at_start(name)}
    return sorted(name for name in names if started_with.get(name) != asked_for.get(name))


def replace(environment: Mapping[str, str]) -> None:
    """Python's and the C library's environment of this process."""
    for name in [name for name in os.environ if name not in environment]:
        del os.environ[name]
    for name, value in environment.items():
        if os.environ.get(name) != value:
            os.environ[name] = value
