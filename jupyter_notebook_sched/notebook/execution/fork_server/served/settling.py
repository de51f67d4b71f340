"""What a forked process changes about itself to be the process that was asked for: session, signals, descriptors,
environment, folder, limits, and every seed that it shares with its siblings."""

from __future__ import annotations

import importlib
import os
import random
import resource
import signal
import sys
import tempfile
import time
from typing import Any

from . import environment, linux


def settle(request: dict[str, Any], output: list[int]) -> None:
    """OSError or ValueError where something that was asked for cannot be had. ``output``: what becomes 1 and 2."""
    os.setsid()
    _default_signals()
    _standard_streams(output)
    environment.replace(request["environment"])
    time.tzset()
    os.chdir(request["folder"])
    if request.get("name"):
        linux.name_process(request["name"])
    _limit(request)
    _forget_what_siblings_know()


def _default_signals() -> None:
    """As in a Python that has just been started."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def _standard_streams(output: list[int]) -> None:
    # As jupyter_client starts a kernel: a pipe that nobody writes into, so that reading finds the end at once.
    silent, written = os.pipe()
    os.dup2(silent, 0)
    for descriptor, number in zip(output, (1, 2)):
        os.dup2(descriptor, number)
    for descriptor in (silent, written, *output):
        os.close(descriptor)


def _limit(request: dict[str, Any]) -> None:
    """``nice`` is added; ``rlimits``: name → [soft, hard], -1 for none."""
    for name, (soft, hard) in request.get("rlimits", {}).items():
        resource.setrlimit(getattr(resource, name), (soft, hard))
    if request.get("nice"):
        os.nice(request["nice"])


def _forget_what_siblings_know() -> None:
    random.seed()
    tempfile.tempdir = None
    importlib.invalidate_caches()
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.seed()
    process: Any = sys.modules.get("multiprocessing.process")
    if process is not None:
        process.ORIGINAL_DIR = os.path.abspath(os.getcwd())
        process.current_process().authkey = os.urandom(32)
