"""A failed run goes on from its failed cell on its own kernel: forked and ordinary ones, whatever happens meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from jupyter_notebook_sched.domain.run import Resumption, RunDetail
from jupyter_notebook_sched.errors import Conflict, Invalid
from jupyter_notebook_sched.executor.resuming import going_on
from jupyter_notebook_sched.service import kept_kernels, runs, starting
from jupyter_notebook_sched.service.forms import Rerun

from ..living import lives, wait_until
from .going_on import KEPT, KeepingHouse, outcomes, somebody_at, texts
from .kinds import KINDS, Kind

# Leaves a trace each time that it is executed.
ONCE = "open('trace', 'a').write('x')\nstate = [1, 2, 3]\nprint('made')"


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
def either(request: pytest.FixtureRequest, keeping_house_of: Callable[[Kind], KeepingHouse]) -> Iterator[KeepingHouse]:
    """Each test with it runs twice: with forked kernels, and with ordinary ones."""
    house = keeping_house_of(request.param)
    (house.workspace / "trace").unlink(missing_ok=True)
    yield house
    house.end_kernels()


@pytest.fixture
def keeping(keeping_house_of: Callable[[Kind], KeepingHouse]) -> Iterator[KeepingHouse]:
    house = keeping_house_of("forked")
    (house.workspace / "trace").unlink(missing_ok=True)
    yield house
    house.end_kernels()


def refusal(house: KeepingHouse, run: RunDetail) -> str:
    with pytest.raises(Conflict) as refused:
        house.begin(run)
    return refused.value.reason


def test_it_goes_on_with_the_variables_of_the_failed_run(either: KeepingHouse) -> None:
    parent = either.failed(ONCE, "state.append(x)\n1 / 0", "print(state)", parameters="x = 1", values={"x": 9})
    kernel = either.kernel(parent)
    run = either.went_on(parent, ONCE, "print(state, 1 / 1)", "print(state)", parameters="x = 1")
    assert (run.state, run.reason, run.message) == ("succeeded", None, None)
    assert (run.cause, run.parent_run_id, run.parameters) == ("resume", parent.id, {"x": 9})
    assert outcomes(run) == ["carried", "carried", "carried", "ok", "ok"]
    assert (run.progress.done, run.progress.total, run.error) == (5, 5, None)
    assert (either.workspace / "trace").read_text() == "x", "what has run does not run again"
    output = either.output(run)
    assert texts(output) == ["", "", "made\n", "[1, 2, 3, 9] 1.0\n", "[1, 2, 3, 9]\n"]
    assert [cell["execution_count"] for cell in output["cells"]] == [1, 2, 3, 4, 5]
    assert output["cells"][2]["outputs"] == either.output(parent)["cells"][2]["outputs"]
    facts = output["metadata"]["notebook_sched"]
    assert (facts["resumed"], facts["parameters"]) == ({"run_id": parent.id, "cell_id": "c2"}, {"x": 9})
    assert (either.get(parent.id).kernel_alive_until, run.kernel_alive_until) == (None, None)
    assert (either.kept.all(), lives(kernel.pid)) == ([], False), "nobody needs it any more"
    assert refusal(either, parent) == "no_kernel"
    why = kept_kernels.of_run(either.context, either.get(parent.id))
    assert why == f"The kernel of this run went on with the run {run.id}, and is not kept any more."


def test_it_keeps_the_kernel_for_the_run_that_failed_again(either: KeepingHouse) -> None:
    parent = either.failed(ONCE, "1 / 0", "print(state)")
    kernel = either.kernel(parent)
    second = either.went_on(parent, ONCE + "  # edited", "state.append(4)", "print(state)\nnope")
    assert (second.state, second.reason, outcomes(second)) == ("failed", "cell_error", ["carried", "ok", "failed"])
    assert second.error is not None
    assert (second.error.cell_index, second.error.name, second.error.source_line) == (2, "NameError", "print(state)")
    remark = "1 of the cells above was changed since the failed run, and not run again"
    assert str(second.message).endswith(f"({remark})")
    assert either.output(second)["cells"][0]["source"] == ONCE, "as it ran"
    assert either.get(parent.id).kernel_alive_until is None
    assert second.kernel_alive_until is not None
    assert (second.kernel_alive_until - second.finished_at).total_seconds() > KEPT - 60  # type: ignore[operator]
    (kept,) = either.kept.all()
    assert (kept.run_id, kept.pid, kept.folder) == (second.id, kernel.pid, kernel.folder)
    third = either.went_on(second, ONCE, "state.append(4)", "print(state)")
    assert (third.state, outcomes(third)) == ("succeeded", ["carried", "carried", "ok"])
    assert texts(either.output(third)) == ["made\n", "", "[1, 2, 3, 4]\n"]


def test_it_leaves_the_kernel_to_whoever_is_connected(either: KeepingHouse) -> None:
    parent = either.failed(ONCE, "1 / 0", "after = sum(state)")
    with somebody_at(either.kernel(parent)) as somebody:
        assert somebody.ask("state.append(10); print(state)") == "[1, 2, 3, 10]\n"
        run = either.went_on(parent, ONCE, "1 / 1", "after = sum(state)")
        assert (run.state, outcomes(run)) == ("succeeded", ["carried", "ok", "ok"])
        assert somebody.ask("print(after)") == "16\n", "the person's own notebook is still there"
        assert refusal(either, parent) == "no_kernel", "its state is past that"
        failed = either.failed("here = 1", "1 / 0")
        assert somebody.ask("print(after)") == "16\n"
        assert either.went_on(failed, "here = 1", "here").state == "succeeded"
    assert (either.get(parent.id).kernel_alive_until, either.get(run.id).kernel_alive_until) == (None, None)


def test_somebody_who_is_connected_stays_so_when_it_fails_again(keeping: KeepingHouse) -> None:
    parent = keeping.failed(ONCE, "1 / 0")
    with somebody_at(keeping.kernel(parent)) as somebody:
        run = keeping.went_on(parent, ONCE, "state.append(4)\nnope")
        assert somebody.ask("print(state)") == "[1, 2, 3, 4]\n"
    with somebody_at(keeping.kernel(run)) as somebody:
        assert somebody.ask("print(state)") == "[1, 2, 3, 4]\n", "a new connection finds it by the new run"


def test_it_says_so_where_the_kernel_ends_while_the_run_waits(keeping: KeepingHouse) -> None:
    parent = keeping.failed(ONCE, "1 / 0")
    keeping.notebook("slow.ipynb", "import time; time.sleep(100)")
    slow = [keeping.run("slow.ipynb").id for _ in range(3)]
    for run_id in slow:
        keeping.started(run_id)
    waits = keeping.begin(parent)
    assert keeping.get(waits.id).reason == "capacity"
    assert keeping.kept.end(parent.id)
    for run_id in slow:
        runs.cancel(keeping.context, run_id)
    run = keeping.ended(waits.id)
    told = "the kernel that it was to go on with is gone; use Retry to run it from the start"
    assert (run.state, run.reason, run.message, run.attempt) == ("failed", "invalid", told, 1)
    again = starting.rerun(keeping.context, run.id, Rerun()).run
    assert keeping.ended(again.id).reason == "cell_error", "Retry runs it from the start"
    assert (keeping.workspace / "trace").read_text() == "xx"


def test_it_carries_nothing_over_from_an_output_that_was_changed(keeping: KeepingHouse) -> None:
    parent = keeping.failed(ONCE, "1 / 0")
    file = keeping.context.archive.root / str(parent.output)
    whole = file.read_bytes()
    file.chmod(0o644)
    file.write_bytes(whole.replace(b"made", b"mode"))
    run = keeping.went_on(parent)
    assert (run.reason, "was changed since" in str(run.message)) == ("invalid", True)
    file.unlink()
    with pytest.raises(Conflict, match="is gone"):
        keeping.went_on(parent)
    with pytest.raises(Invalid, match="is gone"):  # between the request and the attempt
        going_on({}, Resumption(parent.id, str(file), "c1"))
    file.write_bytes(whole)
    assert keeping.went_on(parent).reason == "cell_error", "its kernel was left alone"


def test_a_run_that_goes_on_can_be_cancelled_and_goes_on_from_there(either: KeepingHouse) -> None:
    parent = either.failed(ONCE, "1 / 0")
    begun = either.begin(parent, ONCE, "import time\nstate.append(4)\ntime.sleep(100)")
    either.running(begun.id, 1)
    runs.cancel(either.context, begun.id)
    run = either.ended(begun.id)
    assert (run.state, run.reason, outcomes(run)) == ("cancelled", "user", ["carried", "interrupted"])
    assert either.went_on(run, ONCE, "print(state)").state == "succeeded"


def test_a_cancel_does_not_touch_what_somebody_else_runs_in_the_kernel(keeping: KeepingHouse) -> None:
    parent = keeping.failed(ONCE, "1 / 0")
    with somebody_at(keeping.kernel(parent)) as somebody:
        somebody.begin("import time\nopen('busy', 'w').close()\ntime.sleep(2.5)\nopen('slept', 'w').close()")
        wait_until((keeping.workspace / "busy").exists)
        begun = keeping.begin(parent)
        keeping.started(begun.id)
        runs.cancel(keeping.context, begun.id)
        run = keeping.ended(begun.id)
        wait_until((keeping.workspace / "slept").exists, 10, "the end of what somebody else began")
    assert (run.state, outcomes(run)) == ("cancelled", ["carried", "not_run"])
    assert keeping.went_on(parent).reason == "cell_error", "and the kernel is still the failed run's"
