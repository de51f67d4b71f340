"""Going on from the failed cell where that is not easy: its worker dies, the kernel ends, secrets, values to be
injected anew, widgets, other languages."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jupyter_notebook_sched.domain.run import RunDetail
from jupyter_notebook_sched.errors import Conflict
from jupyter_notebook_sched.executor.kept_start import KeptStart
from jupyter_notebook_sched.host.kept_kernels import KeptKernel
from jupyter_notebook_sched.notebook.execution import executing
from jupyter_notebook_sched.notebook.execution.executing import Execution
from jupyter_notebook_sched.notebook.execution.given import Earlier, Limits
from jupyter_notebook_sched.notebook.execution.kernels import KernelRequest
from jupyter_notebook_sched.notebook.execution.masking import MASK
from jupyter_notebook_sched.service import runs

from ..living import lives, wait_until
from ..written import code
from .going_on import KeepingHouse, outcomes, somebody_at, texts
from .kinds import KINDS, Kind

SECRET = "hunter2 of the tests"
CALL = "{{ secret('PASSWORD') }}"
BASH = {"name": "bash", "display_name": "Bash", "language": "bash"}
WIDGETS = "application/vnd.jupyter.widget-state+json"
WIDGET = (
    "import comm\n"
    "model = {'_model_name': 'M', '_model_module': 'm', '_model_module_version': '1'}\n"
    "def widget(name): comm.create_comm(target_name='jupyter.widget', comm_id=name, data={'state': model})\n"
)


@pytest.fixture(scope="module")
def keeping_house_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Kind], KeepingHouse]]:
    """Their workers know a secret. IPython keeps its history in the house."""
    made: dict[Kind, KeepingHouse] = {}

    def of(kind: Kind) -> KeepingHouse:
        if kind not in made:
            folder = tmp_path_factory.mktemp(kind)
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("IPYTHONDIR", str(folder / "ipython"))
                patch.setenv("NOTEBOOK_SCHED_SECRET_PASSWORD", SECRET)
                made[kind] = KeepingHouse(folder, kind)
        return made[kind]

    yield of
    for house in made.values():
        house.leave()


@pytest.fixture(params=KINDS)
def either(request: pytest.FixtureRequest, keeping_house_of: Callable[[Kind], KeepingHouse]) -> Iterator[KeepingHouse]:
    house = keeping_house_of(request.param)
    yield house
    house.end_kernels()


@pytest.fixture
def keeping(keeping_house_of: Callable[[Kind], KeepingHouse]) -> Iterator[KeepingHouse]:
    house = keeping_house_of("forked")
    yield house
    house.end_kernels()


def files_with(house: KeepingHouse, text: str) -> list[Path]:
    return [path for path in house.root.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


def test_nothing_is_lost_where_the_worker_is_killed_meanwhile(either: KeepingHouse) -> None:
    parent = either.failed("state = 1", "1 / 0")
    kernel = either.kernel(parent)
    begun = either.begin(parent, "state = 1", "import time\nwhile True:\n    state += 1\n    time.sleep(0.01)")
    either.running(begun.id, 1)
    os.kill(either.workers[-1].pid, signal.SIGKILL)
    either.workers[-1].wait()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NOTEBOOK_SCHED_SECRET_PASSWORD", SECRET)
        either.work()
    lost = either.ended(begun.id)
    assert (lost.state, lost.reason, outcomes(lost)) == ("failed", "lost", ["carried", "interrupted"])
    assert either.kernel(parent).pid == kernel.pid, "it is the failed run's, as before"
    assert either.get(parent.id).kernel_alive_until is not None
    run = either.went_on(
        parent, "state = 1", "before = state", "import time; time.sleep(0.1)", "print(before == state > 1)"
    )
    assert (run.state, texts(either.output(run))[3]) == ("succeeded", "True\n"), "nothing went on unseen"


def test_the_end_of_its_kernel_is_told_and_leaves_nothing(either: KeepingHouse) -> None:
    parent = either.failed("import os", "1 / 0")
    kernel = either.kernel(parent)
    run = either.went_on(parent, "import os", "os.kill(os.getpid(), 9)")
    assert (run.state, run.reason, outcomes(run)) == ("failed", "kernel_died", ["carried", "failed"])
    assert (either.get(parent.id).kernel_alive_until, run.kernel_alive_until) == (None, None)
    wait_until(lambda: not lives(kernel.pid) and not kernel.folder.exists(), 10)
    assert either.kept.all() == []


def test_a_notebook_that_ends_itself_and_limits_of_time(keeping: KeepingHouse) -> None:
    parent = keeping.failed("x = 1", "1 / 0", cell_timeout_seconds=1)
    run = keeping.went_on(parent, "x = 1", "import time; time.sleep(60)")
    assert (run.reason, outcomes(run)) == ("cell_timeout", ["carried", "interrupted"])
    again = keeping.went_on(run, "x = 1", "import sys; sys.exit()", "print(x)")
    assert (again.state, outcomes(again)) == ("succeeded", ["carried", "ok", "not_run"])


def test_a_run_that_goes_on_is_tried_once(keeping: KeepingHouse) -> None:
    retry = {"max_attempts": 2, "delay_seconds": 0, "backoff": 1}
    parent = keeping.failed("x = 1", "1 / 0", retry=retry)
    assert parent.attempt == 2
    run = keeping.went_on(parent)
    assert (run.reason, run.attempt, run.max_attempts) == ("cell_error", 1, 1)


def test_its_secrets_stay_masked(either: KeepingHouse) -> None:
    values = {"password": CALL, "n": "{{ attempt }}"}
    cells = ["kept = password", "1 / 0"]
    parent = either.failed(*cells, parameters="password = ''\nn = 0", values=values, templates=True)
    mended = ["kept = password", "print(kept, n)", "raise ValueError(password)"]
    run = either.went_on(parent, *mended, parameters="password = ''\nn = 0")
    assert outcomes(run) == ["carried", "carried", "carried", "ok", "failed"], run.message
    assert texts(either.output(run))[3] == f"{MASK} 1\n"
    assert run.error is not None
    assert (run.error.value, run.parameters) == (MASK, values)
    output = either.output(run)
    assert output["metadata"]["notebook_sched"]["parameters"] == {"password": CALL, "n": 1}
    assert CALL in output["cells"][1]["source"]
    assert files_with(either, "hunter2") == []


def test_values_are_injected_anew_where_the_failed_run_did_not_come_so_far(keeping: KeepingHouse) -> None:
    source = "password = ''\nn = 0"
    values = {"password": CALL, "n": 7}
    parent = keeping.failed("print(n)", parameters=f"{source}\n1 / 0", values=values, templates=True)
    run = keeping.went_on(parent, "print(n, len(password), password)", parameters=source)
    assert (run.state, outcomes(run)) == ("succeeded", ["ok", "ok", "ok"]), run.message
    assert texts(keeping.output(run))[2] == f"7 {len(SECRET)} {MASK}\n"
    assert files_with(keeping, "hunter2") == []


def test_files_belong_to_the_run_that_wrote_them(keeping: KeepingHouse) -> None:
    write = "import os; open(os.environ['NOTEBOOK_SCHED_RUN_DIR'] + '/{}', 'w').write('!')"
    parent = keeping.failed(write.format("first"), "1 / 0")
    run = keeping.went_on(parent, write.format("first"), write.format("second"))
    assert [[file.path.rpartition("/")[2] for file in each.files] for each in (keeping.get(parent.id), run)] == [
        ["first"],
        ["second"],
    ]


def test_widgets_of_carried_outputs_are_still_shown(keeping: KeepingHouse) -> None:
    parent = keeping.failed(f"{WIDGET}widget('w1')", "1 / 0")
    run = keeping.went_on(parent, f"{WIDGET}widget('w1')", "widget('w2')")
    assert run.state == "succeeded", run.message
    assert set(keeping.output(run)["metadata"]["widgets"][WIDGETS]["state"]) == {"w1", "w2"}


def test_results_that_were_recorded_before_are_the_runs_own(keeping: KeepingHouse) -> None:
    parent = keeping.failed(code("print('{\"a\": 1}')", "result"), "1 / 0")
    run = keeping.went_on(parent, code("print('{\"a\": 1}')", "result"), code("print('{\"b\": 2}')", "result"))
    assert run.results == {"a": 1, "b": 2}


def test_it_goes_on_in_another_language(keeping: KeepingHouse) -> None:
    path = keeping.notebook("shell.ipynb", "X=1", "ls /no/such/place", kernelspec=BASH)
    parent = keeping.ended(keeping.run(path).id)
    keeping.kernel(parent)
    keeping.notebook("shell.ipynb", "X=1", "echo $X", kernelspec=BASH)
    run = keeping.ended(keeping.begin_current(parent).id)
    assert (run.state, outcomes(run), texts(keeping.output(run))[1]) == ("succeeded", ["carried", "ok"], "1\n")


def test_a_newer_failure_ends_the_kernel_and_resuming_says_so(keeping: KeepingHouse) -> None:
    first = keeping.failed("x = 1", "1 / 0")
    second = keeping.failed("x = 2", "1 / 0")
    wait_until(lambda: keeping.kept.of_run(first.id) is None, 30, "only the newest of a notebook is kept")
    with pytest.raises(Conflict, match="use Retry"):
        keeping.begin(first)
    run: RunDetail = keeping.went_on(second, "x = 2", "print(x)")
    assert texts(keeping.output(run))[1] == "2\n"


async def test_it_does_not_wait_for_ever_for_a_kernel_that_is_busy(
    keeping: KeepingHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = keeping.failed("x = 1", "1 / 0")
    kernel = keeping.kernel(parent)
    await asyncio.to_thread(busy_for_a_while, kernel)
    monkeypatch.setattr(executing, "STARTUP_SECONDS", 0.5)
    start = KeptStart(kernel, keeping.kept)
    cells = keeping.output(parent)
    execution = Execution(cells, Limits(), lambda index: None, earlier=Earlier(frozenset({0})))
    request = KernelRequest("python3", keeping.workspace, keeping.root)
    outcome = await execution.run(start, request)
    assert (outcome.state, outcome.reason, "busy" in str(outcome.message)) == ("failed", "invalid", True)
    assert execution.kernel_is_spared
    assert await start.part(execution, "another", 60, succeeded=False) is None
    assert keeping.kernel(parent).pid == kernel.pid, "it is the failed run's, as before"
    wait_until((keeping.workspace / "slept").exists, 10, "the end of what kept it busy")


def test_one_that_never_began_leaves_the_kernel_to_the_failed_run(keeping: KeepingHouse) -> None:
    parent = keeping.failed("x = 1", "1 / 0")
    kernel = keeping.kernel(parent)
    with somebody_at(kernel) as somebody:
        somebody.begin("import time\ntime.sleep(600)")
        run = keeping.begin(parent)
        wait_until(lambda: keeping.get(run.id).state == "running", 30, "it waits for the kernel")
        runs.cancel(keeping.context, run.id)
        ended = keeping.ended(run.id)
        assert (ended.state, outcomes(ended), ended.kernel_alive_until) == ("cancelled", ["carried", "not_run"], None)
        assert keeping.get(parent.id).kernel_alive_until is not None
        assert keeping.kernel(parent).pid == kernel.pid


def busy_for_a_while(kernel: KeptKernel) -> None:
    with somebody_at(kernel) as somebody:
        somebody.begin("import time\ntime.sleep(2)\nopen('slept', 'w').close()")
