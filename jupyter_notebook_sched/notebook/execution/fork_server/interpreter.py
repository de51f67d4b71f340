"""Which interpreter a kernelspec's command starts, where that command is one that a fork server can stand in for."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import msgspec

MODULES = ("ipykernel_launcher", "ipykernel")


class Interpreter(msgspec.Struct, frozen=True):
    """``options``: Python's own (``-Xfrozen_modules=off``), as the kernelspec gives them."""

    path: str
    options: tuple[str, ...] = ()

    def socket(self, folder: Path) -> Path:
        """Where its fork server listens, in the folder of all of them."""
        digest = hashlib.sha256("\0".join((self.path, *self.options)).encode()).hexdigest()[:12]
        return folder / digest


def interpreter_of(command: list[str], connection_file: str) -> tuple[Interpreter, str] | None:
    """The interpreter and the module that ``command`` runs; None for anything but
    ``python [-X… | -W…] -m ipykernel_launcher -f <connection file>``, and where nothing can be forked."""
    if sys.platform != "linux" or len(command) < 5 or command[-2] != "-f" or command[-4] != "-m":
        return None
    options, module = command[1:-4], command[-3]
    if module not in MODULES or os.path.realpath(command[-1]) != os.path.realpath(connection_file):
        return None
    if any(len(option) < 3 or not option.startswith(("-X", "-W")) for option in options):
        return None
    path = shutil.which(command[0])
    return None if path is None else (Interpreter(os.path.abspath(path), tuple(options)), module)


def is_ordinary_kernelspec(spec: Any) -> bool:
    """Whether nobody else has a say in how kernels of this specification start."""
    return str(spec.language).lower() == "python" and "kernel_provisioner" not in spec.metadata
