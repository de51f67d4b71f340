"""The executors that have to keep the promises, made as a worker makes them.

``EXECUTORS=name,… pytest tests/executor/conformance`` asks it of others: those that installed packages offer.
"""

from __future__ import annotations

import asyncio
import json
import os
import uuid
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing
from pathlib import Path
from typing import Any, TypeVar

from jupyter_notebook_sched.config import Settings
from jupyter_notebook_sched.executor.choosing import GROUP, executor_of
from jupyter_notebook_sched.executor.interface import Advanced, Ended, News, Order, Surroundings

from ...written import document

HERE = Path(__file__).parent
NAMES = os.environ.get("EXECUTORS", "local,apart").split(",")
SECONDS = 60.0
Answer = TypeVar("Answer")


def offer_apart(folder: Path) -> list[str]:
    """What an installed package that offers ``apart`` adds to ``sys.path``."""
    metadata = folder / "apart-1.dist-info"
    metadata.mkdir(exist_ok=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: apart\nVersion: 1\n")
    (metadata / "entry_points.txt").write_text(f"[{GROUP}]\napart = apart_executor:ApartExecutor\n")
    return [str(folder), str(HERE)]


class Candidate:
    """One executor in a loop of its own. ``root``: for workspace, scratch and archive."""

    def __init__(self, name: str, root: Path, scratch: Path) -> None:
        self.name = name
        self.root = root
        self.settings = Settings.of_workspace(root, executor=name, fork_server="off")
        self.scratch = scratch
        self.loop = asyncio.new_event_loop()
        self.executor = executor_of(Surroundings(self.settings, scratch))
        self.do(self.executor.start())
        self._attempts = 0

    def do(self, steps: Coroutine[Any, Any, Answer], seconds: float = SECONDS) -> Answer:
        return self.loop.run_until_complete(asyncio.wait_for(steps, seconds))

    def leave(self) -> None:
        """Ends it for good; a second close, where there was one, changes nothing."""
        self.do(self.executor.close())
        if rest := asyncio.all_tasks(self.loop):
            self.loop.run_until_complete(asyncio.wait(rest, timeout=10))
        self.loop.run_until_complete(asyncio.sleep(0))  # transports say goodbye
        self.loop.close()

    def order(self, *cells: str | dict[str, Any], source: bytes | None = None, **more: Any) -> Order:
        """A new attempt, with a working directory of its own and a place for its output."""
        self._attempts += 1
        folder, output = self.root / f"work{self._attempts}", self.root / f"archive{self._attempts}" / "a.ipynb"
        folder.mkdir()
        output.parent.mkdir()
        standard = {
            "run_id": uuid.uuid4().hex[:26],
            "attempt": 1,
            "source": json.dumps(document(*cells)).encode() if source is None else source,
            "kernel": "python3",
            "parameters": b"{}",
            "folder": str(folder),
            "output": str(output),
            "provenance": b'{"cause": "manual"}',
        }
        return Order(**(standard | more))

    async def all_news(self, handle: str) -> list[News]:
        async with aclosing(self.executor.watch(handle)) as watched:
            return [news async for news in watched]

    async def until(self, watched: AsyncGenerator[News, None], current: int) -> Advanced:
        """The news that the cell at that index runs."""
        async for news in watched:
            assert isinstance(news, Advanced), news
            if news.progress.current == current:
                return news
        raise AssertionError("it ended without a word")

    async def end_of(self, watched: AsyncGenerator[News, None]) -> Ended:
        rest = [news async for news in watched]
        assert isinstance(rest[-1], Ended)
        return rest[-1]

    async def saved(self, order: Order, current: int) -> None:
        """Until the output on disk tells that the cell at that index has begun."""
        while not any("execution" in cell["metadata"] for cell in cells_of(order)[current:]):
            await asyncio.sleep(0.02)


def cells_of(order: Order) -> list[dict[str, Any]]:
    """The cells of the output notebook as it is on disk; none before it is there."""
    path = Path(order.output)
    return json.loads(path.read_bytes())["cells"] if path.exists() else []


def shown(order: Order) -> str:
    """All that the cells of the output notebook have printed."""
    return "".join("".join(output.get("text", "")) for cell in cells_of(order) for output in cell["outputs"])
