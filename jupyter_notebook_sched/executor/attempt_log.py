"""What the processes of an attempt write to their own output: tracebacks of ours, what C libraries say, the last words
of an interpreter that crashes. A file without a name on local disk, so that it costs nothing where nobody writes, loses
nothing to a SIGKILL, and is gone with its last descriptor."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from ..archive.outputs import OutputSink
from ..domain.secrets import secrets_in
from ..host import keyrings
from ..notebook.execution.masking import Masking

if sys.platform != "win32":
    import fcntl

NAME = "runner.log"
KEPT = 1024**2
TRIMMED_BEYOND = 4 * KEPT
TRIES = 5
CUT = b"(what came before is not kept)\n"
# What debugpy, which ipykernel 6 loads, says each time that a kernel starts: nothing that went wrong.
BANNER = re.compile(
    rb"^\d+\.\d+s - (?:Debugger warning: It seems that frozen modules|make the debugger miss breakpoints"
    rb"|to python to disable frozen modules|Note: Debugging will proceed).*\n?",
    re.MULTILINE,
)


class AttemptLog:
    """``descriptor`` is for an attempt's processes, as their 1 and 2."""

    def __init__(self, scratch: Path) -> None:
        try:
            with tempfile.TemporaryFile(dir=scratch, buffering=0) as file:
                self.descriptor = os.dup(file.fileno())
            # Each write goes to the end, wherever that is after it was trimmed.
            fcntl.fcntl(self.descriptor, fcntl.F_SETFL, os.O_APPEND)
        except OSError:  # nobody is kept from running because what it says would be lost
            self.descriptor = os.open(os.devnull, os.O_RDWR)

    @property
    def is_empty(self) -> bool:
        return os.fstat(self.descriptor).st_size == 0

    def keep(self, output: Path, asked: Iterable[str] = (), environment: Mapping[str, str] = os.environ) -> None:
        """Puts what was said last beside the attempt's output notebook; nothing where there is nothing to tell.
        ``asked``: the names of the secrets that the attempt had; all that the environment holds are left out anyway."""
        content = BANNER.sub(b"", _tail(self.descriptor))
        if content:
            content = _without_secrets(content, asked, environment)
        if content.removeprefix(CUT).strip():
            OutputSink(output).add_beside(NAME, content)

    def clear(self) -> None:
        """For the next attempt."""
        with contextlib.suppress(OSError):
            os.ftruncate(self.descriptor, 0)

    def close(self) -> None:
        os.close(self.descriptor)


def trim(descriptor: int) -> None:
    """To be called now and then by whoever writes into it: it must not fill the disk."""
    for _ in range(TRIES):
        size = os.fstat(descriptor).st_size
        if size <= TRIMMED_BEYOND:
            return
        tail = _tail(descriptor)
        if os.fstat(descriptor).st_size == size:  # else what was said since would be lost
            break
    os.ftruncate(descriptor, 0)
    os.write(descriptor, tail)


def mask(descriptor: int, masking: Masking) -> None:
    """What whoever keeps it may not know: values that were made of secrets, and how a language spells them."""
    if masking and (said := _tail(descriptor)):
        masked = os.fsencode(masking.text(os.fsdecode(said)))
        if masked != said:
            os.ftruncate(descriptor, 0)
            os.write(descriptor, masked)


def _tail(descriptor: int) -> bytes:
    """The last KEPT bytes, from the beginning of a line."""
    size = os.fstat(descriptor).st_size
    content = os.pread(descriptor, KEPT, max(size - KEPT, 0))
    return content if size <= KEPT else CUT + content[content.find(b"\n") + 1 :]


def _without_secrets(content: bytes, asked: Iterable[str], environment: Mapping[str, str]) -> bytes:
    values = secrets_in(environment)
    elsewhere = [keyrings.of_keyring(name) for name in asked if name not in values]
    masking = Masking([*values.values(), *(value for value in elsewhere if value is not None)])
    return os.fsencode(masking.text(os.fsdecode(content)))
