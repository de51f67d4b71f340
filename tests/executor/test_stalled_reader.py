"""Whoever reads a kernel may be kept from it (a file system that does not answer): nothing is lost meanwhile.

Not shown here: a runner that is stopped as a whole, which only a forked kernel waits for."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from jupyter_notebook_sched.notebook.execution.executing import Execution, Limits
from jupyter_notebook_sched.notebook.execution.kernels import KernelRequest, OrdinaryStart

from ..fork_server.running import notebook, short_folder

# Three times what ZeroMQ's two queues hold by themselves (1,000 messages each), at a pace at which a busy machine can
# still move them: an ordinary kernel drops what it cannot hand over.
LINES = 6_000
STALL_SECONDS = 4.0
PRINTING = f"import time\nfor n in range({LINES}):\n    print(n, flush=True)\n    n % 50 or time.sleep(0.025)"


def test_it_loses_no_line_of_an_ordinary_kernel_either(tmp_path: Path) -> None:
    stalls = [STALL_SECONDS]

    def changed(index: int) -> None:
        if execution.ledger.current == 1 and execution.notebook["cells"][1]["outputs"] and stalls:
            time.sleep(stalls.pop())

    cells = notebook("1", PRINTING)
    execution = Execution(cells, Limits(run=60), changed)
    with short_folder() as private:
        outcome = asyncio.run(execution.run(OrdinaryStart(), KernelRequest("python3", tmp_path, private)))
    assert (outcome.state, stalls) == ("succeeded", [])
    (output,) = cells["cells"][1]["outputs"]
    assert output["text"].split() == [str(n) for n in range(LINES)]
