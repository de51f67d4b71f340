"""The daemon of one attempt, started with the attempt's folder: runs it in a child, and writes down what that tells.

It ends when the attempt and every process of it has ended; SIGTERM cancels the attempt, SIGUSR1 abandons it.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
import tempfile
from pathlib import Path
from types import FrameType

from apart_executor import ABANDON, CANCEL, write_process

from jupyter_notebook_sched.executor import framing
from jupyter_notebook_sched.executor.interface import Ended
from jupyter_notebook_sched.executor.local_messages import Cancel, FromRunner
from jupyter_notebook_sched.executor.runner_process import FROM_RUNNER
from jupyter_notebook_sched.executor.runner_server import warm_up
from jupyter_notebook_sched.host import processes

CANCEL_GRACE = 15


def main(folder: Path) -> None:
    """In the process that the executor waits for: it ends when the daemon can be found, 0, or could not begin."""
    ready, told = os.pipe()
    if os.fork() == 0:
        os.close(ready)
        os.setsid()
        if os.fork() == 0:
            become_daemon(folder, told)
        os._exit(0)
    os.close(told)
    sys.exit(0 if os.read(ready, 1) else 1)


def become_daemon(folder: Path, told: int) -> None:
    try:
        daemon = Daemon(folder)
        os.write(told, b"r")
        os.close(told)
        daemon.keep()
    finally:
        sys.stderr.flush()
        os._exit(0)


class Daemon:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cancelled = self.abandoned = False
        self.runner: int | None = None
        self.channel, self.theirs = socket.socketpair()
        for number in (CANCEL, ABANDON, signal.SIGALRM):
            signal.signal(number, self.obey)
        write_process(folder / "daemon", os.getpid())

    def keep(self) -> None:
        os.dup2(os.open(self.folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), 1)
        os.dup2(1, 2)
        processes.become_subreaper()
        processes.name_process("nbsched-apart")
        os.chdir(tempfile.mkdtemp(prefix="w-", dir=self.folder.parent))
        warm_up()
        ended = self.carry_out()
        processes.end_descendants(os.getpid())
        shutil.rmtree(os.getcwd())
        self.write(ended)

    def carry_out(self) -> Ended:
        self.start_runner()
        inbox: framing.Inbox[FromRunner] = framing.Inbox(FROM_RUNNER)
        ended = None
        while chunk := self.channel.recv(65536):
            for news in inbox.add(chunk):
                if isinstance(news, Ended):
                    ended = news
                else:
                    self.write(news)
        runner, self.runner = self.runner, None
        assert runner is not None
        _, status = os.waitpid(runner, 0)
        if self.abandoned:
            return Ended("cancelled")
        return ended or Ended("failed", "lost", f"its runner ended unexpectedly ({os.waitstatus_to_exitcode(status)})")

    def start_runner(self) -> None:
        pid = os.fork()
        if pid == 0:
            self.channel.close()
            for number in (CANCEL, ABANDON, signal.SIGALRM):
                signal.signal(number, signal.SIG_DFL)
            from jupyter_notebook_sched.executor import runner

            try:
                runner.main(self.theirs.fileno())
            finally:
                os._exit(0)
        self.theirs.close()
        write_process(self.folder / "runner", pid)
        self.runner = pid
        self.channel.sendall((self.folder / "order").read_bytes())
        self.pass_on()

    def obey(self, number: int, frame: FrameType | None) -> None:
        self.abandoned = self.abandoned or number == ABANDON
        self.cancelled = self.cancelled or number == CANCEL
        if number == signal.SIGALRM and self.runner is not None:
            os.kill(self.runner, signal.SIGKILL)
        self.pass_on()

    def pass_on(self) -> None:
        """What was asked, once there is somebody to ask."""
        if self.runner is None:
            return
        if self.abandoned:
            os.kill(self.runner, signal.SIGKILL)
        elif self.cancelled:
            self.channel.sendall(framing.frame(Cancel()))
            signal.alarm(CANCEL_GRACE)

    def write(self, news: object) -> None:
        with open(self.folder / "news", "ab") as file:
            file.write(framing.frame(news))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
