"""What executor/interface.py promises, of every executor: outcomes, news, ends, and what of it outlives a worker."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import stat
import subprocess
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from jupyter_notebook_sched.archive import writing
from jupyter_notebook_sched.executor.interface import Advanced, Ended, Gone, News, Order
from jupyter_notebook_sched.host.rendezvous import PRIVATE

from ...living import lives, wait_until
from ..test_ending import DAEMONS, pids
from .candidates import Candidate, shown

KEPT = "print('ke' + 'pt', flush=True)"
FOR_EVER = "import time\ntime.sleep(1000)"
KILLS_ITS_PARENT = "import os, signal, time\ntime.sleep(1)\nos.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(1000)"
PID = "import os, pathlib\npathlib.Path('kernel.pid').write_text(str(os.getpid()))"

Begun = tuple[str, AsyncGenerator[News, None]]


@dataclass(frozen=True)
class Seen:
    """An attempt from its submission to its end. ``left``: the pids of its daemons that lived when its end was told."""

    order: Order
    news: list[News]
    left: list[int]

    @property
    def ended(self) -> Ended:
        assert isinstance(self.news[-1], Ended)
        return self.news[-1]


@pytest.fixture(scope="module")
def succeeded(candidate: Candidate) -> Seen:
    order = candidate.order("a = 1", DAEMONS, *["import time; time.sleep(0.6)"] * 3, "print(a + 1)")

    async def steps() -> Seen:
        handle = await candidate.executor.submit(order)
        news = await candidate.all_news(handle)
        left = [pid for pid in pids(Path(order.folder)) if lives(pid)]
        await candidate.executor.forget(handle)
        return Seen(order, news, left)

    return candidate.do(steps())


@asynccontextmanager
async def begun(
    candidate: Candidate, order: Order, current: int
) -> AsyncIterator[tuple[str, AsyncGenerator[News, None]]]:
    """A new attempt whose cell at that index runs and is on disk as begun (no save is due): handle and watch."""
    handle = await candidate.executor.submit(order)
    async with aclosing(candidate.executor.watch(handle)) as watched:
        await candidate.until(watched, current)
        await candidate.saved(order, current)
        yield handle, watched


def test_it_tells_success_and_leaves_the_output_sealed_with_the_hash_it_tells(succeeded: Seen) -> None:
    ended, output = succeeded.ended, Path(succeeded.order.output)
    assert (ended.state, ended.reason, ended.error) == ("succeeded", None, None)
    assert [cell.outcome for cell in ended.cells] == ["ok"] * 6
    assert (ended.progress.done, ended.progress.total) == (6, 6)
    assert ended.output_sha256 == hashlib.sha256(output.read_bytes()).hexdigest()
    assert stat.S_IMODE(output.stat().st_mode) == writing.READ_ONLY
    assert shown(succeeded.order) == "2\n"
    assert json.loads(output.read_bytes())["metadata"]["notebook_sched"]["cause"] == "manual"


def test_its_news_come_in_order_and_end_once(succeeded: Seen) -> None:
    *before, last = succeeded.news
    assert isinstance(last, Ended)
    done = [news.progress.done for news in before if isinstance(news, Advanced)]
    assert len(done) == len(before), "one end"
    assert done == sorted(done)
    assert len({*done} & {2, 3, 4}) >= 2, "steps that take more than half a second are told"


def test_it_leaves_no_process_and_no_file_of_an_attempt_that_ended(succeeded: Seen, candidate: Candidate) -> None:
    assert succeeded.left == [], "when its end is told, not later"
    assert [file.name for file in Path(succeeded.order.output).parent.iterdir()] == ["a.ipynb"]
    assert not list(candidate.scratch.glob(f"{PRIVATE}*"))


def test_it_tells_the_cell_that_failed_and_those_that_were_not_run(candidate: Candidate) -> None:
    order = candidate.order(KEPT, "1 / 0", "print('no')")

    async def steps() -> Ended:
        handle = await candidate.executor.submit(order)
        return (await candidate.all_news(handle))[-1]  # type: ignore[return-value]

    ended = candidate.do(steps())
    assert (ended.state, ended.reason) == ("failed", "cell_error")
    assert ended.error is not None
    assert (ended.error.cell_index, ended.error.name) == (1, "ZeroDivisionError")
    assert [cell.outcome for cell in ended.cells] == ["ok", "failed", "not_run"]
    assert ended.output_sha256 == hashlib.sha256(Path(order.output).read_bytes()).hexdigest()
    assert shown(order) == "kept\n"


def test_it_tells_why_an_attempt_could_not_begin(candidate: Candidate) -> None:
    async def steps() -> list[object]:
        handle = await candidate.executor.submit(candidate.order(source=b"no notebook"))
        return [*await candidate.all_news(handle)]

    (ended,) = candidate.do(steps())
    assert isinstance(ended, Ended)
    assert (ended.state, ended.reason, bool(ended.message)) == ("failed", "invalid", True)


def test_it_carries_out_two_attempts_at_a_time(candidate: Candidate) -> None:
    meet = """
import pathlib, time
pathlib.Path("{mine}").touch()
while not pathlib.Path("{other}").exists():
    time.sleep(0.02)
"""

    here = candidate.order("1").folder

    async def steps() -> list[str]:
        handles = [
            await candidate.executor.submit(candidate.order(meet.format(mine=mine, other=other), folder=here))
            for mine, other in (("one", "two"), ("two", "one"))
        ]
        told = await asyncio.gather(*[candidate.all_news(handle) for handle in handles])
        return [news[-1].state for news in told if isinstance(news[-1], Ended)]

    assert candidate.do(steps()) == ["succeeded", "succeeded"]


def test_it_cancels_and_tells_the_end_when_nothing_is_left(candidate: Candidate) -> None:
    order = candidate.order(KEPT, DAEMONS, FOR_EVER, "print('no')")

    async def steps() -> Ended:
        async with begun(candidate, order, 2) as (handle, watched):
            ended, _ = await asyncio.gather(candidate.end_of(watched), candidate.executor.cancel(handle))
        assert not any(lives(pid) for pid in pids(Path(order.folder)))
        await candidate.executor.cancel(handle)  # over already: nothing happens
        return ended

    ended = candidate.do(steps())
    assert ended.state == "cancelled"
    assert [cell.outcome for cell in ended.cells] == ["ok", "ok", "interrupted", "not_run"]
    assert ended.output_sha256 == hashlib.sha256(Path(order.output).read_bytes()).hexdigest()
    assert shown(order) == "kept\n"


def test_it_cancels_an_attempt_that_has_hardly_begun(candidate: Candidate) -> None:
    order = candidate.order(FOR_EVER)

    async def steps() -> Ended:
        handle = await candidate.executor.submit(order)
        told, _ = await asyncio.gather(candidate.all_news(handle), candidate.executor.cancel(handle))
        return told[-1]  # type: ignore[return-value]

    assert candidate.do(steps()).state == "cancelled"


def test_it_writes_nothing_more_of_an_attempt_that_was_abandoned(candidate: Candidate) -> None:
    order = candidate.order(KEPT, PID, DAEMONS, FOR_EVER)

    async def steps() -> Ended:
        async with begun(candidate, order, 3) as (handle, watched):
            before = Path(order.output).read_bytes()
            candidate.executor.abandon(handle)
            ended = await candidate.end_of(watched)
        assert Path(order.output).read_bytes() == before
        return ended

    ended = candidate.do(steps())
    assert (ended.state, ended.output_sha256) == ("cancelled", None)
    assert stat.S_IMODE(Path(order.output).stat().st_mode) != writing.READ_ONLY, "not sealed"
    assert not lives(int(Path(order.folder, "kernel.pid").read_text()))
    assert not any(lives(pid) for pid in pids(Path(order.folder)))


def test_it_tells_an_attempt_as_lost_whose_process_was_killed(candidate: Candidate) -> None:
    order = candidate.order(KEPT, DAEMONS, KILLS_ITS_PARENT)

    async def steps() -> Ended:
        handle = await candidate.executor.submit(order)
        return (await candidate.all_news(handle))[-1]  # type: ignore[return-value]

    ended = candidate.do(steps(), 30)
    assert (ended.state, ended.reason) == ("failed", "lost")
    assert ended.message
    assert not any(lives(pid) for pid in pids(Path(order.folder)))


@pytest.mark.parametrize("handle", ["", "nothing", "../../etc", "a/b", "{}"])
def test_it_says_that_what_it_does_not_know_is_gone(candidate: Candidate, handle: str) -> None:
    with pytest.raises(Gone):
        candidate.do(candidate.executor.reattach(handle))
    with pytest.raises(Gone):
        candidate.do(candidate.executor.find("nobody", 1))


def test_an_attempt_is_gone_with_its_worker_or_seen_to_its_end_by_the_next(candidate: Candidate) -> None:
    gate = "import pathlib, time\nwhile not pathlib.Path('gate').exists():\n    time.sleep(0.02)"
    order = candidate.order(KEPT, gate)

    async def steps() -> tuple[Ended, list[str]]:
        async with begun(candidate, order, 1) as (handle, watched):
            following = await next_worker(candidate, order, handle)
            assert following.stdout is not None
            first = (await following.stdout.readline()).decode().strip()
            assert first == ("reattached" if candidate.executor.outlives_worker else "gone")
            Path(order.folder, "gate").touch()
            heard = (await following.communicate())[0].decode().split()
            assert following.returncode == 0
            ended = await candidate.end_of(watched)
            if candidate.executor.outlives_worker:
                await candidate.executor.reattach(handle)
                assert (await candidate.all_news(handle))[-1] == ended, "until it is forgotten, from any point"
        await candidate.executor.forget(handle)
        with pytest.raises(Gone):
            await candidate.executor.reattach(handle)
        return ended, heard

    ended, heard = candidate.do(steps())
    assert ended.state == "succeeded"
    assert ended.output_sha256 == hashlib.sha256(Path(order.output).read_bytes()).hexdigest()
    assert heard == ([ended.state, ended.output_sha256] if candidate.executor.outlives_worker else [])


async def next_worker(candidate: Candidate, order: Order, handle: str) -> asyncio.subprocess.Process:
    """A process of its own that has nothing but the handle, and the configuration."""
    command = [sys.executable, "-m", "tests.executor.conformance.next_worker", candidate.name, str(candidate.root)]
    command += [str(candidate.scratch), handle, order.run_id, str(order.attempt)]
    root = Path(__file__).parents[3]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(root), os.environ["PYTHONPATH"]])}
    return await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE, cwd=root, env=environment)


def test_what_still_runs_when_it_closes_ends_only_where_it_does_not_outlive_the_worker(
    candidate: Candidate, tmp_path: Path
) -> None:
    scratch = candidate.scratch.with_name("c")
    scratch.mkdir(mode=0o700)
    closing = Candidate(candidate.name, tmp_path, scratch)
    order = closing.order(KEPT, PID, FOR_EVER)

    async def steps() -> str:
        async with begun(closing, order, 2) as (handle, _):
            await closing.executor.close()
        return handle

    handle = closing.do(steps())
    closing.leave()
    kernel = int(Path(order.folder, "kernel.pid").read_text())
    if not closing.executor.outlives_worker:
        wait_until(lambda: not lives(kernel), 10)
        return
    assert lives(kernel)
    following = Candidate(candidate.name, tmp_path, scratch)
    following.executor.abandon(handle)
    following.do(following.all_news(handle))
    following.do(following.executor.forget(handle))
    following.leave()
    assert not lives(kernel)
