"""The kernels of this host by name, without the imports that starting one costs."""

from __future__ import annotations

import importlib.util
import json
import os

KERNEL_FILE = "kernel.json"


def kernel_names() -> frozenset[str]:
    """The kernelspecs in Jupyter's data directories, and the native one, which needs no file
    (https://jupyter-client.readthedocs.io/en/stable/kernels.html#kernel-specs)."""
    from jupyter_core.paths import jupyter_path

    found = {"python3"} if importlib.util.find_spec("ipykernel") is not None else set()
    for folder in jupyter_path("kernels"):
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        found.update(name.lower() for name in names if os.path.isfile(os.path.join(folder, name, KERNEL_FILE)))
    return frozenset(found)


def language_of(kernel: str) -> str | None:
    """The language that a kernelspec names, in lower case; None where there is none to be read."""
    from jupyter_core.paths import jupyter_path

    for folder in jupyter_path("kernels", kernel):
        try:
            with open(os.path.join(folder, KERNEL_FILE), encoding="utf-8") as file:
                return str(json.load(file).get("language", "")).lower() or None
        except (OSError, ValueError, AttributeError):
            continue
    return "python" if kernel == "python3" else None
