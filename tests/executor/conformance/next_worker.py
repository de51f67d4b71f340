"""The worker that comes after one that is gone, as far as its executor is concerned: says ``gone`` or ``reattached``,
then how the attempt ended."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from jupyter_notebook_sched.config import Settings
from jupyter_notebook_sched.executor.choosing import executor_of
from jupyter_notebook_sched.executor.interface import Ended, Gone, Surroundings


async def main(name: str, workspace: str, scratch: str, handle: str, run_id: str, attempt: str) -> None:
    settings = Settings.of_workspace(Path(workspace), executor=name)
    executor = executor_of(Surroundings(settings, Path(scratch)))
    try:
        await executor.reattach(handle)
    except Gone:
        print("gone", flush=True)
        return
    assert await executor.find(run_id, int(attempt)) == handle
    print("reattached", flush=True)
    async for news in executor.watch(handle):
        if isinstance(news, Ended):
            print(news.state, news.output_sha256, flush=True)
    await executor.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
