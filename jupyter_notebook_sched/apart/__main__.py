"""``python -m jupyter_notebook_sched.apart TASK``: the request is a line of JSON on 0, the answer's bytes go to 1, the
verdict is the last line on 2. It ends with whoever asked: 0 is held open as long as somebody waits."""

from __future__ import annotations

import errno
import os
import sys
import threading
from typing import BinaryIO

import msgspec

from ..errors import SchedError, Unavailable
from .tasks import work_of
from .verdict import Verdict, too_large

NICE = 10
MOST_MEMORY = 2 * 1024**3
LARGEST_ANSWER = 1024**3


def main() -> None:
    _give_way()
    request = msgspec.json.decode(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_whoever_asked, daemon=True).start()
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no part of the answer
    verdict = _carried_out(sys.argv[1], request, answer)
    sys.stderr.flush()
    os.write(2, b"\n" + msgspec.json.encode(verdict) + b"\n")


def _carried_out(task: str, request: dict[str, object], answer: BinaryIO) -> Verdict:
    try:
        with answer:
            for piece in work_of(task)(request):
                answer.write(piece)
    except SchedError as error:
        return Verdict.of(error)
    except (MemoryError, RecursionError):
        return Verdict.of(too_large())
    except OSError as error:
        if error.errno == errno.EFBIG:
            return Verdict.of(too_large())
        if (told := Unavailable.of_disk(error)) is None:
            raise
        return Verdict.of(told)
    return Verdict()


def _give_way() -> None:
    """To everybody else, in time and in memory."""
    if sys.platform != "win32":
        import resource

        os.nice(NICE)
        for limit, bound in ((resource.RLIMIT_DATA, MOST_MEMORY), (resource.RLIMIT_FSIZE, LARGEST_ANSWER)):
            hard = resource.getrlimit(limit)[1]
            resource.setrlimit(limit, (bound if hard == resource.RLIM_INFINITY else min(bound, hard), hard))


def _end_with_whoever_asked() -> None:
    while os.read(0, 4096):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
