"""The kernel of a failed run outlives it, with its variables: when it is kept, and when it is not."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from jupyter_notebook_sched.host import kept_kernels, processes
from jupyter_notebook_sched.notebook.execution.fork_server.served import kept as supervising
from jupyter_notebook_sched.notebook.kept.managing import Incompatible, take_kept
from jupyter_notebook_sched.service import runs, status
from jupyter_notebook_sched.store import runs as stored_runs

from ..living import lives, wait_until
from .keeping import KEPT_SECONDS, Adopted, KeepingHouse, answer
from .kinds import KINDS, Kind, name_of, outcomes

LEAVES_MUCH = """\
import subprocess, sys, threading
subprocess.Popen(["env", "-i", "setsid", "sleep", "1000"])
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
"""
DEAF = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); time.sleep(1000)"


@pytest.fixture(scope="module")
def keeping_house_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Kind], KeepingHouse]]:
    made: dict[Kind, KeepingHouse] = {}

    def of(kind: Kind) -> KeepingHouse:
        if kind not in made:
            made[kind] = KeepingHouse(tmp_path_factory.mktemp(kind), kind)
        return made[kind]

    yield of
    for house in made.values():
        house.leave()


@pytest.fixture(params=KINDS)
def house(request: pytest.FixtureRequest, keeping_house_of: Callable[[Kind], KeepingHouse]) -> Iterator[KeepingHouse]:
    """Each test with it runs twice: with forked kernels, and with ordinary ones."""
    house = keeping_house_of(request.param)
    yield house
    house.stop_all()
    house.end_kernels()


def test_it_has_the_variables_of_the_failed_run(house: KeepingHouse) -> None:
    run = house.failed("x = 41\nimport os", "def f(n):\n    return n / 0", "f(x)")
    house.prove_kind(run)
    assert run.kernel_alive_until is not None
    assert run.finished_at is not None
    left = run.kernel_alive_until - run.finished_at
    assert abs(left - timedelta(seconds=KEPT_SECONDS)) < timedelta(seconds=30)
    assert status.status(house.context).worker.kept_kernels == 1
    kept = house.kept(run)
    assert answer(kept, "print(x, os.getcwd())") == f"41 {house.folder(run)}\n"
    assert answer(kept, "import sys; print(sys.last_type.__name__)") == "ZeroDivisionError\n", "for %debug to see"
    assert name_of(kept.supervisor) == kept_kernels.SUPERVISOR
    assert kept.environment["NOTEBOOK_SCHED_RUN_ID"] == run.id
    assert [file.stat().st_mode & 0o077 for file in (kept.folder, kept.connection_file)] == [0, 0]


def test_whoever_lets_go_of_it_leaves_it_as_it_was(house: KeepingHouse) -> None:
    kept = house.kept(house.failed("x = 7", "1 / 0"))
    for _ in range(2):
        assert answer(kept, "print(x)") == "7\n"
        gc.collect()  # a manager takes along what it believes to be its own
    assert {"kernel.json", "c", "facts.json"} <= {path.name for path in kept.folder.iterdir()}


def test_the_place_of_the_run_is_free_at_once(house: KeepingHouse) -> None:
    house.failed("1 / 0")
    assert house.ended(house.begin("print(1)").id, 30).state == "succeeded"
    assert status.status(house.context).worker.busy == 0


def test_nothing_is_left_of_it_once_it_ends(house: KeepingHouse) -> None:
    run = house.failed(LEAVES_MUCH, "1 / 0")
    kept = house.kept(run)
    family = [kept.supervisor, *processes.descendants(kept.supervisor)]
    assert len(family) == 4, "the supervisor, the kernel, the daemon and the child"
    assert house.kernels.end(run.id)
    assert not kept.folder.exists()
    assert not any(map(lives, family[1:]))
    wait_until(lambda: not lives(kept.supervisor), 10, "the end of the supervisor, which leaves last")
    assert house.kernels.of_run(run.id) is None
    assert not house.kernels.end(run.id)
    house.keeping().look(0)
    assert house.get(run.id).kernel_alive_until is None


def test_to_end_its_supervisor_is_to_end_it_with_all_that_it_left(house: KeepingHouse) -> None:
    """What an operator does: kill, or pkill -x nbsched-kept."""
    kept = house.kept(house.failed(LEAVES_MUCH, "1 / 0"))
    family = [kept.supervisor, *processes.descendants(kept.supervisor)]
    os.kill(kept.supervisor, signal.SIGTERM)
    wait_until(lambda: not any(map(lives, family)), 30, "their end")
    assert not kept.folder.exists()


def test_a_manager_of_other_making_is_refused_by_name(house: KeepingHouse) -> None:
    kept = house.kept(house.failed("x = 7", "1 / 0"))
    process = kept.connect()
    with pytest.raises(Incompatible, match=r"object has no _attempted_start, .*load_connection_file any more"):
        take_kept(object(), kept, process, kept.run_id, {})
    process.close()
    assert answer(kept, "print(x)") == "7\n"


@pytest.mark.parametrize(
    ("cells", "fields"),
    [
        (["print(1)"], {}),
        (["1 / 0"], {"keep_kernel_seconds": 0}),
        (["import os; os._exit(3)"], {}),
        ([DEAF], {"cell_timeout_seconds": 0.5}),
    ],
    ids=["succeeded", "kept for no time", "died", "heeds no interrupt"],
)
def test_it_is_not_kept_where_there_is_nothing_to_see_or_nobody_wants_it(
    house: KeepingHouse, cells: list[str], fields: dict[str, object]
) -> None:
    run = house.ended(house.begin(*cells, **fields).id)
    assert run.kernel_alive_until is None
    assert house.kernels.of_run(run.id) is None
    house.prove_end(run)


def test_one_that_took_too_long_is_kept_where_it_came_to_rest(house: KeepingHouse) -> None:
    run = house.failed("rows = [1, 2]", "import time; time.sleep(1000)", cell_timeout_seconds=0.5)
    assert run.reason == "cell_timeout"
    assert outcomes(run) == ["ok", "interrupted"]
    assert answer(house.kept(run), "print(rows)") == "[1, 2]\n"


def test_one_that_a_person_cancelled_is_kept(house: KeepingHouse) -> None:
    begun = house.begin("rows = 3", "import time; time.sleep(1000)")
    house.running(begun.id, current=2)
    runs.cancel(house.context, begun.id)
    run = house.ended(begun.id)
    assert (run.state, run.reason) == ("cancelled", "user")
    assert answer(house.kept(run), "print(rows)") == "3\n"


def test_one_that_a_newer_due_time_replaced_is_not(house: KeepingHouse) -> None:
    begun = house.begin("import time; time.sleep(1000)")
    house.running(begun.id, current=1)
    with house.context.store.write() as db:
        stored_runs.request_cancel(db, begun.id, house.clock(), "replaced")
    house.context.meeting.tell("worker")
    run = house.ended(begun.id)
    assert (run.state, run.reason, run.kernel_alive_until) == ("cancelled", "replaced", None)
    wait_until(lambda: not house.kernels.place(run.id).exists(), 30, "its end")


def test_a_run_that_is_taken_over_keeps_its_kernel_whatever_its_policy(house: KeepingHouse) -> None:
    begun = house.begin("rows = 3", "import time; time.sleep(1000)", keep_kernel_seconds=0)
    house.running(begun.id, current=2)
    with house.context.store.write() as db:
        assert stored_runs.take_over(db, begun.id, house.clock())
    house.context.meeting.tell("worker")
    run = house.ended(begun.id)
    kept = house.kept(run)
    assert kept.seconds_left > 3000
    assert answer(kept, "print(rows)") == "3\n"


def test_only_the_last_attempt_of_a_run_keeps_its_kernel(house: KeepingHouse) -> None:
    run = house.failed("1 / 0", retry={"max_attempts": 2, "delay_seconds": 0})
    assert run.attempt == 2
    assert house.kept(run).environment["NOTEBOOK_SCHED_ATTEMPT"] == "2"
    assert [kernel.run_id for kernel in house.kernels.all()] == [run.id]


def test_want_of_memory_that_a_cell_was_told_of_leaves_it_alive(house: KeepingHouse) -> None:
    run = house.failed("x = 1", "b = bytearray(3_000_000_000)", resources={"memory_mb": 500})
    assert run.reason == "out_of_memory"
    assert answer(house.kept(run), "print(x)") == "1\n"


def test_its_time_ends_it_and_can_be_made_longer(house: KeepingHouse) -> None:
    run = house.failed("1 / 0", keep_kernel_seconds=1000)
    kept = house.kept(run)
    assert 900 < kept.seconds_left <= 1000
    assert house.kernels.keep(run.id, 5000) == 5000
    assert house.kept(run).seconds_left > 4000
    house.keeping().look(0)
    recorded = house.get(run.id).kernel_alive_until
    assert recorded is not None
    assert recorded - house.clock() > timedelta(seconds=4000)
    assert house.kernels.keep(run.id, 0.2) == 0.2
    wait_until(lambda: not kept.folder.exists(), 30, "its end")
    wait_until(lambda: not lives(kept.supervisor), 30, "the end of its supervisor")
    assert house.kernels.keep(run.id, 100) is None


def test_its_time_stands_still_while_somebody_holds_it(house: KeepingHouse) -> None:
    kept = house.kept(house.failed("x = 7", "1 / 0"))
    holder, other = kept.connect(), kept.connect()
    holder.hold()
    assert holder.keep(0.3) == 0.3
    time.sleep(0.5)
    assert (other.look(), other.held) == (0.3, True)
    assert answer(kept, "print(x)") == "7\n"
    holder.close()
    assert other.wait_until_gone(30)
    assert not kept.folder.exists()


def test_it_can_be_interrupted_restarted_and_shut_down_as_any_kernel(house: KeepingHouse) -> None:
    run = house.failed("x = 41", "1 / 0")
    kept = house.kept(run)

    async def interrupt_and_restart() -> None:
        async with Adopted(kept) as adopted:
            sleeping = asyncio.create_task(adopted.say("print('on', flush=True)\nimport time; time.sleep(1000)"))
            await asyncio.sleep(0.5)
            await adopted.manager.interrupt_kernel()
            assert await sleeping == "on\nKeyboardInterrupt"
            assert await adopted.say("print(x)") == "41\n"
            adopted.client.stop_channels()
            await adopted.manager.restart_kernel()
            wait_until(lambda: not lives(kept.supervisor), 10, "the end of the supervisor")
            await adopted.connect()
            assert await adopted.say("print('x' in globals())") == "False\n"
            assert await adopted.say("import os; print(os.getcwd())") == f"{house.folder(run)}\n"
            assert house.kernels.all() == [], "it is the server's own by now, and is left alone"
            assert await adopted.say("print(1)") == "1\n"
            await adopted.manager.shutdown_kernel()
            assert not kept.folder.exists()

    asyncio.run(interrupt_and_restart())


@pytest.mark.parametrize("takes_back", [False, True])
def test_what_it_does_for_a_client_that_is_lost_is_interrupted(house: KeepingHouse, takes_back: bool) -> None:
    kept = house.kept(house.failed("x = 7", "1 / 0"))

    async def lose_one() -> str:
        async with Adopted(kept) as adopted:
            client = kept.connect()
            client.executes()
            if takes_back:
                client.executes(False)
            sleeping = asyncio.create_task(
                adopted.say("print('on', flush=True)\nimport time; time.sleep(2); print('end')")
            )
            await asyncio.sleep(0.5)
            client.close()
            return await sleeping

    assert asyncio.run(lose_one()) == ("on\nend\n" if takes_back else "on\nKeyboardInterrupt")


def test_a_client_that_talks_nonsense_is_hung_up_on_alone(house: KeepingHouse) -> None:
    kept = house.kept(house.failed("x = 7", "1 / 0"))
    for nonsense in (b"\n[1]\n", b'{"keep_seconds": "soon"}\n', b'{"keep_seconds": NaN}\n', b"{" * 100_000):
        process = kept.connect()
        process._connection.sendall(nonsense)
        assert process.wait_until_gone(30)
        process.close()
    assert answer(kept, "print(x)") == "7\n"


def test_it_can_become_the_kernel_of_another_run(house: KeepingHouse) -> None:
    run = house.failed("x = 7", "1 / 0")
    kept, heir = house.kept(run), "01234567-0000-7000-8000-0123456789ab"
    process = kept.connect()
    process.pass_to(heir, house.kernels.place(heir).name)
    process.close()
    assert house.kernels.of_run(run.id) is None
    found = house.kernels.of_run(heir)
    assert found is not None
    assert (found.folder, found.pid) == (kept.folder, kept.pid), "whoever is connected has its sockets by that path"
    assert [kernel.run_id for kernel in house.kernels.all()] == [heir]
    assert answer(found, "print(x)") == "7\n"
    assert house.kernels.end(heir)
    assert not os.path.lexists(house.kernels.place(heir))
    assert not kept.folder.exists()


def test_one_place_says_the_same_as_the_other() -> None:
    """What runs in any environment has nothing of ours at hand."""
    there = (supervising.NAME, supervising.SOCKET, supervising.FACTS)
    assert there == (kept_kernels.SUPERVISOR, kept_kernels.SOCKET, kept_kernels.FACTS)


def test_a_process_that_only_has_its_number_is_left_alone(tmp_path: Path) -> None:
    """Process numbers come round: the start of a process tells whether it is the one that was meant."""
    folder = tmp_path / kept_kernels.FOLDER / "0123456789ab"
    folder.mkdir(parents=True)
    facts = {"run_id": "01234567-0000-7000-8000-0123456789ab", "kernel": {"pid": os.getpid(), "started": 1}}
    (folder / kept_kernels.FACTS).write_text(json.dumps(facts))
    assert kept_kernels.KeptKernels(tmp_path).all() == []
    assert not folder.exists()
