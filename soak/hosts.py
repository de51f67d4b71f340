"""The hosts of the soak. One is this machine; the other has PID and UTS namespaces of its own (unshare(1)), so that
neither can look at the other's processes: what is known of the other one stands in the store."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from jupyter_notebook_sched.host import processes
from tests.living import lives, wait_until

from .asking import TOKEN, free_port

KEEPER = Path(__file__).with_name("keeper.py")
KINDS = ("server", "worker", "runner server", "runner", "kernel")
STOP_SECONDS = 180.0


class Host:
    """``apart``: in namespaces of its own. ``options``: of the Jupyter server."""

    def __init__(self, name: str, workspace: Path, scratch: Path, apart: bool, options: list[str]) -> None:
        self.name = name
        self.apart = apart
        self.port = free_port()
        # Where its processes meet: another directory for each host, as on other machines; short enough for sockets.
        self.runtime = Path(tempfile.mkdtemp(prefix="nbs", dir="/tmp"))
        self.home = scratch / name
        self.home.mkdir()
        self.log = self.home / "log.txt"
        server = [sys.executable, "-m", "jupyter", "server", "--no-browser", "--allow-root"]
        server += [f"--ServerApp.port={self.port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={workspace}"]
        self.command = [sys.executable, str(KEEPER), name, *server, f"--IdentityProvider.token={TOKEN}", *options]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        homes = {name: str(self.home) for name in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")}
        command = [*self._namespaces(), *self.command]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=self.home,
                env=os.environ | homes | {"XDG_RUNTIME_DIR": str(self.runtime)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _namespaces(self) -> list[str]:
        if not self.apart:
            return []
        mapped = [] if os.geteuid() == 0 else ["--map-root-user"]
        return ["unshare", "--fork", "--pid", "--uts", "--mount-proc", "--kill-child", *mapped]

    @property
    def keeper(self) -> int | None:
        """Its pid as it is seen here; None where it is not up."""
        if self.process is None or self.process.poll() is not None:
            return None
        if not self.apart:
            return self.process.pid
        return next(iter(processes.descendants(self.process.pid)), None)

    def living(self) -> dict[str, list[int]]:
        """Kind → the processes of that kind which live now."""
        found: dict[str, list[int]] = {kind: [] for kind in KINDS}
        for pid in processes.descendants(self.keeper) if self.keeper else ():
            if (kind := _kind(pid)) is not None:
                found[kind].append(pid)
        return found

    def cut_power(self) -> None:
        """Everything of this host is gone in one moment, as near as that can be done."""
        if self.process is None:
            return
        if self.apart and (keeper := self.keeper) is not None:
            os.kill(keeper, signal.SIGKILL)  # with the first process goes its whole PID namespace
        else:
            below = processes.descendants(self.process.pid)
            for pid in (self.process.pid, *below):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            wait_until(lambda: not any(lives(pid) for pid in below), 30, f"the end of all on {self.name}")
        self.process.wait(30)

    def stop(self) -> bool:
        """Asks all to leave; whether nothing stayed (the log says what)."""
        keeper = self.keeper
        assert keeper is not None, f"the host {self.name} is not up: {self.log.read_text()[-2000:]}"
        assert self.process is not None
        os.kill(keeper, signal.SIGTERM)
        return self.process.wait(STOP_SECONDS) == 0

    def leave(self) -> None:
        """Whatever happened: nothing of it stays."""
        self.cut_power()
        time.sleep(0.1)
        shutil.rmtree(self.runtime, ignore_errors=True)


def _kind(pid: int) -> str | None:
    try:
        name = Path(f"/proc/{pid}/comm").read_text().strip()
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return None
    if "jupyter_notebook_sched.worker" in command:
        return "worker"
    if any(part.endswith("runner_server") for part in command):
        return "runner server" if name in ("nbsched-forks", "python", "python3") else "runner"
    if any("ipykernel_launcher" in part for part in command):
        return "kernel"
    return "server" if any(part.startswith("--ServerApp.port=") for part in command) else None
