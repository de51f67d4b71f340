"""Limits of memory and processor time, and who goes first when the machine has no more: real kernels."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_notebook_sched.domain.run import RunDetail

from ..house import House
from ..living import lives, wait_until
from .test_killed import runner_of

WHO = "print(open('/proc/self/comm').read())"
SCORES = """
import json, os, pathlib, subprocess, time
score = lambda pid: int(open(f"/proc/{pid}/oom_score_adj").read())
child = int(subprocess.run(["cat", "/proc/self/oom_score_adj"], capture_output=True, text=True).stdout)
print(json.dumps([child, score("self"), score(os.getppid()), os.nice(0)]))
while not pathlib.Path("go").exists(): time.sleep(0.02)
"""
PARTS = """
import multiprocessing, time
def hold(megabytes):
    held = bytearray(megabytes * 1024**2)
    time.sleep(60)
context = multiprocessing.get_context("fork")
parts = [context.Process(target=hold, args=(150,), daemon=True) for _ in range(4)]
for part in parts:
    part.start()
print([part.pid for part in parts], flush=True)
time.sleep(60)
"""
BURN = "import os\nprint(os.getpid(), flush=True)\nwhile True: pass"


@pytest.fixture(scope="module", params=["forked", "ordinary"])
def limited(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house whose kernels are all forked, or none is."""
    house = House(tmp_path_factory.mktemp("limited"))
    forking = "auto" if is_forked(request) else "off"
    house.start_worker("--oom-score-adj=321", "--nice=2", "--cpu-seconds=2", f"--fork-server={forking}")
    house.notebook("who.ipynb", WHO)
    if is_forked(request):
        wait_until(lambda: "nbkernel" in printed(house, house.ended(house.run("who.ipynb").id)), 60)
    yield house
    house.leave()


def is_forked(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "forked")


def printed(house: House, run: RunDetail, cell: int = 0) -> str:
    return "".join(output.get("text", "") for output in house.output(run)["cells"][cell]["outputs"])


def outcomes(run: RunDetail) -> list[str]:
    return [cell.outcome for cell in run.cells]


def test_it_gives_a_cell_that_wants_too_much_a_memory_error_and_tells_the_limit(limited: House) -> None:
    survives = "try:\n    big = bytearray(2000 * 1024**2)\nexcept MemoryError:\n    print('lives on')"
    limited.notebook("big.ipynb", survives, "big = bytearray(2000 * 1024**2)", "print('no')")
    run = limited.ended(limited.run("big.ipynb", resources={"memory_mb": 300}).id)
    assert (run.state, run.reason, outcomes(run)) == ("failed", "out_of_memory", ["ok", "failed", "not_run"])
    assert printed(limited, run) == "lives on\n"
    assert str(run.message).startswith("cell 2: MemoryError")
    assert "the run's limit is 300 MB of memory" in str(run.message)
    assert "resources.memory_mb" in str(run.message)
    assert run.error is not None
    assert run.error.cell_index == 1


def test_it_leaves_a_memory_error_what_it_is_where_there_is_no_limit(limited: House) -> None:
    limited.notebook("raises.ipynb", "raise MemoryError('of its own')")
    run = limited.ended(limited.run("raises.ipynb").id)
    assert (run.reason, run.message) == ("cell_error", "cell 1: MemoryError: of its own")


def test_it_lets_a_notebook_have_what_its_limit_allows(limited: House) -> None:
    limited.notebook("fits.ipynb", "import numpy\nbig = bytearray(150 * 1024**2)", "import time\ntime.sleep(1.5)")
    run = limited.ended(limited.run("fits.ipynb", resources={"memory_mb": 300, "cpu_seconds": 60}).id)
    assert run.state == "succeeded", run.message


def test_it_ends_a_run_whose_processes_together_take_too_much(limited: House) -> None:
    limited.notebook("parts.ipynb", "print('kept')", PARTS, "print('no')")
    run = limited.ended(limited.run("parts.ipynb", resources={"memory_mb": 300}).id, 30)
    assert (run.state, run.reason, outcomes(run)) == ("failed", "out_of_memory", ["ok", "interrupted", "not_run"])
    words = str(run.message).split()
    assert words[:3] == ["the", "run", "used"]
    assert 300 < int(words[3]) < 900
    assert "its limit is 300 MB; let the notebook hold less" in str(run.message)
    assert printed(limited, run) == "kept\n"
    pids = [int(pid) for pid in printed(limited, run, 1).strip("[]\n").split(",")]
    assert len(pids) == 4
    assert not any(lives(pid) for pid in pids)


def test_it_ends_a_run_that_computes_for_longer_than_is_configured(limited: House) -> None:
    limited.notebook("burns.ipynb", "print('kept')", BURN, "print('no')")
    run = limited.ended(limited.run("burns.ipynb").id, 30)
    assert (run.state, run.reason) == ("failed", "timeout")
    assert "its limit of 2 s of processor time; raise resources.cpu_seconds" in str(run.message)
    assert outcomes(run)[0::2] == ["ok", "not_run"]
    assert printed(limited, run) == "kept\n"
    assert not lives(int(printed(limited, run, 1)))


def test_it_counts_the_time_of_all_processes_of_a_run(limited: House) -> None:
    """None of them reaches the limit by itself; most have ended, and one was nobody's child any more."""
    burn = (
        "import subprocess, sys\nburn = [sys.executable, '-c', 'import time\\nwhile time.process_time() < 0.5: pass']"
    )
    daemon = "subprocess.run(['setsid', '-f', *burn])\nwhile True: subprocess.run(burn)"
    limited.notebook("many.ipynb", burn, daemon)
    run = limited.ended(limited.run("many.ipynb", resources={"cpu_seconds": 2}).id, 40)
    assert (run.state, run.reason, outcomes(run)) == ("failed", "timeout", ["ok", "interrupted"])
    assert "processor time" in str(run.message)


def test_processes_of_a_run_are_those_that_the_system_ends_first(limited: House) -> None:
    limited.notebook("scores.ipynb", SCORES)
    (limited.workspace / "go").unlink(missing_ok=True)
    run = limited.running(limited.run("scores.ipynb").id, 0)
    runner = runner_of(limited, run.id)
    assert (Path("/proc") / str(runner) / "oom_score_adj").read_text() == "321\n"
    assert os.getpriority(os.PRIO_PROCESS, runner) == os.nice(0) + 2
    (limited.workspace / "go").touch()
    child, own, parent, nice = json.loads(printed(limited, limited.ended(run.id)))
    assert (child, own, parent) == (321, 321, 321), "the parent is the runner, or a keeper"
    assert nice == os.nice(0) + 2
