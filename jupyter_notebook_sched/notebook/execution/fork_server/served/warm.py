"""A Python kernel as far as it can be built before it is known for whom: its shell, without history, channels or a
session; and what is left to do in the process that becomes it.

The order of the steps is that of ``IPKernelApp.initialize`` (ipykernel 6.29 to 7), from which a step that needs a
process of its own is left for the fork. ``get_ipython()`` and ``IPKernelApp.instance()`` give the same objects there.
"""

from __future__ import annotations

import atexit
import importlib.util
import os
import pathlib
import sys
import threading
from typing import Any

CONTROL_SECONDS = 5.0
PLACEHOLDER = "to be forked"


class Unfit(Exception):
    """This environment's kernels have to be started the ordinary way; the message says why."""


class WarmKernel:
    def __init__(self) -> None:
        import zmq
        from ipykernel import kernelapp
        from ipykernel.compiler import XCachingCompiler
        from ipykernel.ipkernel import IPythonKernel
        from IPython.core.application import BaseIPythonApplication

        # Under its parent's name, which loggers and configuration show.
        class IPKernelApp(kernelapp.IPKernelApp):
            def init_iopub(self, context: Any) -> None:
                # Before the socket binds: with the default of 1,000 a reader that stalls loses messages silently.
                context.setsockopt(zmq.SNDHWM, 0)
                super().init_iopub(context)  # type: ignore[no-untyped-call]
                del context.sockopts[zmq.SNDHWM]

        self.app: Any = IPKernelApp.instance()
        BaseIPythonApplication.initialize(  # type: ignore[no-untyped-call]
            self.app, ["-f", PLACEHOLDER, "--HistoryManager.enabled=False"]
        )
        if self.app.kernel_class is not IPythonKernel:
            raise Unfit(f"its configuration names another kernel class, {self.app.kernel_class.__name__}")
        if self.app.trio_loop:
            raise Unfit("its configuration asks for a trio loop")
        self.app.parent_handle = 1  # a keeper watches over it: no thread that polls for a parent (1 means nobody)
        if hasattr(self.app, "init_pdb"):
            self.app.init_pdb()  # type: ignore[no-untyped-call]
        self.shell: Any = IPythonKernel.shell_class.default_value.instance(
            parent=self.app,
            profile_dir=self.app.profile_dir,
            user_module=None,
            user_ns=None,
            kernel=None,
            compiler_class=XCachingCompiler,
        )
        self._launchers = {name: _script_of(name) for name in ("ipykernel_launcher", "ipykernel")}

    def become(self, request: dict[str, Any]) -> None:
        """In the fork, settled: the kernel is reachable when this returns, and has run nothing of the user's yet."""
        app, shell = self.app, self.shell
        file = request["connection_file"]
        sys.argv[:] = [self._launchers[request["module"]], "-f", file]
        if hasattr(sys, "orig_argv"):
            sys.orig_argv[:] = request["command"]
        for config in (app.config, getattr(app, "cli_config", {})):
            config["IPKernelApp"]["connection_file"] = file
        app.connection_file = file
        self._place_shell()
        app.init_blackhole()
        app.init_connection_file()
        threading.Thread()  # takes the number of the thread that elsewhere polls for a parent
        app.init_sockets()
        app.init_heartbeat()
        app.write_connection_file()
        app.log_connection_info()
        app.init_io()
        _let_crashes_be_told()
        app.init_signal()
        # The shell was made before the streams: what it remembers of them, and the turn of its exit handler.
        shell.save_sys_module_state()
        atexit.unregister(shell.atexit_operations)
        atexit.register(shell.atexit_operations)
        app.init_kernel()
        shell.parent = shell.kernel = app.kernel
        app.init_path()
        app.init_shell()
        app.init_gui_pylab()

    def run(self) -> None:
        """The rest of a kernel's life: extensions and startup files, then requests until it is told to end."""
        self.app.init_extensions()
        self.app.init_code()
        sys.stdout.flush()
        sys.stderr.flush()
        self.app.start()
        # ipykernel's exit handler ends the thread that publishes before this one, which may still wait ten seconds for
        # that one to flush.
        self.app.control_thread.stop()
        self.app.control_thread.join(CONTROL_SECONDS)

    def _place_shell(self) -> None:
        """What the shell has read from the process that it was built in."""
        shell = self.shell
        shell.init_environment()
        shell.starting_dir = os.getcwd()
        if shell.history_manager is not None:
            shell.history_manager.dir_hist[:] = [pathlib.Path.cwd()]


def _let_crashes_be_told() -> None:
    """ipykernel replaces ``faulthandler.enable`` by one that writes to descriptor 2, which is a pipe of the kernel's
    own: nobody reads that once it has crashed."""
    import faulthandler

    straight = getattr(sys.stderr, "_original_stdstream_copy", None)
    replaced: Any = faulthandler.enable
    if straight is not None and getattr(replaced, "__defaults__", None) == (sys.__stderr__, True):
        replaced.__defaults__ = (straight, True)


def _script_of(module: str) -> str:
    """What ``python -m module`` puts in ``sys.argv[0]``."""
    spec = importlib.util.find_spec(module)
    if spec is not None and spec.submodule_search_locations:
        spec = importlib.util.find_spec(f"{module}.__main__")
    if spec is None or spec.origin is None:
        raise Unfit(f"there is no module {module}")
    return spec.origin
