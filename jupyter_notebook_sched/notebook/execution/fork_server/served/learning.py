"""What a kernel imports only when it runs: learnt by running one in a fork, and imported before any other is forked.

The rehearsal is a test as well: an environment whose kernel does not answer as it should is unfit.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import queue
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import Iterable
from typing import Any, Callable

from . import blas, fingerprint, linux
from .warm import Unfit, WarmKernel

PATIENCE = 60.0
# These do something for the process that imports them, and that has to be the kernel.
NEVER_EARLY = ("matplotlib_inline.backend_inline", "ipykernel.pylab.backend_inline")
INLINE_BACKEND = "module://matplotlib_inline.backend_inline"
REHEARSAL = (
    "print(1)",
    "import sys; print(2, file=sys.stderr); 3",
    "from IPython.display import display, HTML; display(HTML('4'))",
    "1 / 0",
    "%%bash\ntrue",
    "!true",
)


def preload(names: Iterable[str]) -> dict[str, int]:
    """Imports the modules as a kernel would. Returns the threads of each OpenBLAS, as a kernel's would be.
    Unfit where one cannot be imported."""
    names = list(names)
    if not names:
        return {}
    counts: dict[str, int] = _in_a_fork(lambda: _threads_with(names))
    set_before = {name: os.environ.get(name) for name in (blas.VARIABLE, "MPLBACKEND")}
    os.environ[blas.VARIABLE] = "1"
    # Kernels have it in their environment before a notebook can import pyplot, which reads it once.
    os.environ.setdefault("MPLBACKEND", INLINE_BACKEND)
    try:
        _import_all(names)
    finally:
        for name, value in set_before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
    return counts


def rehearse(kernel: WarmKernel, folder: str) -> None:
    """Runs a kernel through REHEARSAL and imports what that has imported. ``folder``: private, for its sockets."""
    private = tempfile.mkdtemp(prefix="try-", dir=folder)
    file = _connection_file(private)
    client = _fork_client(file)
    try:
        learnt = _in_a_fork(lambda: _imported_by(kernel, file))
        if os.waitpid(client, 0)[1] != 0:
            raise Unfit("a kernel that was forked for a try did not answer as it should")
    finally:
        linux.end_descendants()
        for name in os.listdir(private):
            os.unlink(os.path.join(private, name))
        os.rmdir(private)
    folders = fingerprint.library_folders() + fingerprint.package_folders()
    for name, file in learnt:
        if name not in NEVER_EARLY and (file is None or fingerprint.is_below(file, folders)):
            try:
                importlib.import_module(name)
            except Exception:  # its parent made it, or it only exists where it is used
                continue


def top_names(names: Iterable[str]) -> set[str]:
    """Which of these modules a notebook's own folder may hide: it comes before packages, but after the library."""
    folders = fingerprint.package_folders()
    files = {name: getattr(sys.modules[name], "__file__", None) for name in names if name in sys.modules}
    return {name.partition(".")[0] for name, file in files.items() if file and fingerprint.is_below(file, folders)}


def _threads_with(names: list[str]) -> dict[str, int]:
    _import_all(names)
    return blas.thread_counts()


def _import_all(names: list[str]) -> None:
    for name in names:
        try:
            importlib.import_module(name)
        except Exception as error:
            raise Unfit(f"{name} cannot be preloaded: {error!r}") from error


def _connection_file(private: str) -> str:
    file = os.path.join(private, "kernel.json")
    ports = {f"{name}_port": number for number, name in enumerate(("shell", "iopub", "stdin", "hb", "control"), 1)}
    facts = {"transport": "ipc", "ip": os.path.join(private, "k"), "key": secrets.token_hex(16)}
    with open(file, "w", encoding="utf-8") as connection:
        json.dump({**facts, **ports, "signature_scheme": "hmac-sha256"}, connection)
    return file


def _imported_by(kernel: WarmKernel, file: str) -> list[Any]:
    """Name and file of each module that a kernel has imported when it ends."""
    before = set(sys.modules)
    # A person's startup files run in each kernel: what they import is not the server's, and may leave threads.
    for name in ("_run_startup_files", "_run_exec_lines", "_run_exec_files"):
        setattr(kernel.app, name, lambda: None)
    kernel.become({"connection_file": file, "module": "ipykernel_launcher", "command": []})
    kernel.run()
    return [(name, getattr(module, "__file__", None)) for name, module in sys.modules.items() if name not in before]


def _fork_client(file: str) -> int:
    """A process that goes through the rehearsal with the kernel of that connection file, and ends with 0."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            signal.alarm(int(PATIENCE))
            status = _talk_to(file)
        finally:
            os._exit(status)
    return pid


def _talk_to(file: str) -> int:
    """0 where every cell of the rehearsal ends as in any kernel."""
    from jupyter_client.blocking.client import BlockingKernelClient

    client = BlockingKernelClient(connection_file=file)
    client.load_connection_file()
    client.start_channels()
    client.wait_for_ready(timeout=PATIENCE / 2)
    replies = [client.execute_interactive(cell, output_hook=lambda _: None, timeout=10) for cell in REHEARSAL]
    with contextlib.suppress(TimeoutError, queue.Empty):  # a kernel may end before its last answer is sent
        client.shutdown(reply=True, timeout=2)
    ended = [reply["content"]["status"] for reply in replies]
    return 0 if ended == ["error" if "1 / 0" in cell else "ok" for cell in REHEARSAL] else 1


def _in_a_fork(work: Callable[[], Any]) -> Any:
    """What ``work`` returns in a fork of this process, by way of JSON. Unfit where it fails or takes too long."""
    answers, answer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(answers)
            os.setsid()
            signal.alarm(int(PATIENCE))
            said = json.dumps({"result": work()})
        except BaseException as error:
            said = json.dumps({"unfit": str(error) if isinstance(error, Unfit) else repr(error)})
        with os.fdopen(answer, "w") as pipe:
            pipe.write(said)
        os._exit(0)
    os.close(answer)
    with os.fdopen(answers) as pipe:
        told = pipe.read()
    _wait_briefly(pid)
    found = json.loads(told) if told else {"unfit": "a try in a fork ended without an answer"}
    if "unfit" in found:
        raise Unfit(found["unfit"])
    return found["result"]


def _wait_briefly(pid: int) -> None:
    until = time.monotonic() + 1.0
    while os.waitpid(pid, os.WNOHANG)[0] == 0:
        if time.monotonic() > until:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.005)
