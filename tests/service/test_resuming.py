"""Going on from the failed cell: what is refused and why, what the new run is, where it waits. Its kernel is kept on
another host here, of which only the store tells; kernels that live are in tests/executor/test_resuming.py."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from jupyter_notebook_sched.archive import writing
from jupyter_notebook_sched.domain.run import CellError, CellOutcome, CellState, Progress, Run
from jupyter_notebook_sched.domain.states import RunState
from jupyter_notebook_sched.errors import Conflict, Invalid, NotFound
from jupyter_notebook_sched.host.identity import own_identity
from jupyter_notebook_sched.service import batches, resuming, runs, starting, sweeps
from jupyter_notebook_sched.service.forms import CreateRun, Rerun, RunsQuery
from jupyter_notebook_sched.service.sweeps import StartedSweep
from jupyter_notebook_sched.service.validating import form_of
from jupyter_notebook_sched.store import attempts, leases
from jupyter_notebook_sched.store.attempts import Claimed, Ending
from jupyter_notebook_sched.store.claims import Place
from jupyter_notebook_sched.store.leases import WorkerFacts
from jupyter_notebook_sched.store.rows import change, text_or_none

from ..house import House
from ..made import ME, NOON, SECOND, claim

HERE, FAR = own_identity().host, "far"
FAILED: list[CellState] = ["ok", "ok", "failed", "not_run"]


@pytest.fixture
def far(house: House) -> House:
    house.now = NOON
    house.notebook("report.ipynb", "a = 1", "1 / 0", "print('done')", parameters="x = 1")
    return house


def begun(house: House, host: str = FAR) -> Claimed:
    claimed = claim(house.context.store, ME, house.clock(), Place(host, 9, frozenset({"python3"})))
    assert claimed is not None
    return claimed


def failed(
    house: House,
    outcomes: list[CellState] = FAILED,
    host: str = FAR,
    kept: bool = True,
    state: RunState = RunState.FAILED,
    error_at: int | None = 2,
    **fields: Any,
) -> Run:
    """A run that has ended on that host; its cells: parameters, ``a = 1``, ``1 / 0``, ``print('done')``."""
    run = house.run("report.ipynb", **fields)
    end(house, begun(house, host), outcomes, kept, state, error_at)
    return house.get(run.id)


def end(
    house: House,
    claimed: Claimed,
    outcomes: list[CellState] = FAILED,
    kept: bool = True,
    state: RunState = RunState.FAILED,
    error_at: int | None = 2,
) -> None:
    reason = {RunState.FAILED: "cell_error", RunState.CANCELLED: "user"}.get(state)
    ending = Ending(
        state,
        reason,
        error=None if error_at is None else CellError(error_at, "c", "ZeroDivisionError", "", ""),
        cells=tuple(CellOutcome(index, outcome) for index, outcome in enumerate(outcomes)),
        progress=Progress(len(outcomes), len(outcomes)),
        output=f"runs/{claimed.run.id}/1/report.ipynb",
        output_sha256="f" * 64,
    )
    assert ending.output is not None
    writing.replace(house.context.archive.root / ending.output, b"{}", durable=False)
    with house.context.store.write() as db:
        assert attempts.finish(db, claimed, ending, house.clock())
        until = text_or_none(house.clock() + timedelta(hours=1)) if kept else None
        change(db, "update runs set kept_until = ? where id = ?", [until, claimed.run.id])


def go_on(house: House, run: Run, **fields: Any) -> Run:
    return starting.rerun(house.context, run.id, form_of(Rerun, {"from_failed_cell": True} | fields)).run


def refusal(house: House, run: Run, kind: type[Conflict] | type[Invalid] = Conflict, **fields: Any) -> tuple[str, str]:
    """The reason and the sentence."""
    with pytest.raises(kind) as refused:
        go_on(house, run, **fields)
    return refused.value.reason, refused.value.message


def started(house: House) -> Claimed:
    """The run that goes on, claimed where its kernel is."""
    claimed = begun(house)
    assert claimed.resumption is not None
    return claimed


def test_it_makes_a_new_run_that_names_its_parent_and_has_its_values(far: House) -> None:
    parent = failed(far, parameters={"x": 7}, retry={"max_attempts": 5}, keep_kernel_seconds=0, error_at=3)
    run = go_on(far, parent)
    assert (run.cause, run.parent_run_id, run.state) == ("resume", parent.id, "queued")
    assert (run.parameters, run.parameters_template, run.kernel) == ({"x": 7}, {"x": 7}, "python3")
    assert (run.source_version, run.max_attempts) == (parent.source_version, 1), "its state is there once"
    claimed = started(far)
    assert claimed.run.id == run.id
    assert claimed.resumption is not None
    assert claimed.resumption.run_id == parent.id
    assert (claimed.resumption.output, claimed.resumption.output_sha256) == (parent.output, parent.output_sha256)
    assert claimed.resumption.cell_id == "c2", "an injected cell stands before it in the output"
    assert claimed.policies.keep_kernel_seconds is None, "somebody is at it"


def test_it_goes_on_with_the_notebook_that_was_mended(far: House) -> None:
    parent = failed(far)
    far.notebook("mended.ipynb", "a = 1", "1 / 1", "print('done')", parameters="x = 1")
    run = go_on(far, parent, notebook="mended.ipynb")
    assert (run.notebook, run.source_version == parent.source_version) == ("report.ipynb", False)
    far.notebook("report.ipynb", "a = 1", "2 / 2", "print('done')", parameters="x = 1")
    with far.context.store.write() as db:
        change(db, "delete from runs where id = ?", [run.id])
    again = go_on(far, parent, source="current")
    assert again.source_version not in (run.source_version, parent.source_version)


@pytest.mark.parametrize(
    ("state", "outcomes"),
    [
        (RunState.CANCELLED, ["ok", "ok", "interrupted", "not_run"]),
        (RunState.FAILED, ["ok", "carried", "interrupted", "not_run"]),
        (RunState.CANCELLED, ["ok", "skipped", "not_run", "not_run"]),
    ],
)
def test_it_begins_at_the_first_cell_that_did_not_run_to_its_end(
    far: House, state: RunState, outcomes: list[CellState]
) -> None:
    go_on(far, failed(far, outcomes, state=state, error_at=None))
    claimed = started(far)
    assert claimed.resumption is not None
    assert claimed.resumption.cell_id == "c2"


def test_it_refuses_what_has_not_failed(far: House) -> None:
    waits = far.run("report.ipynb")
    assert refusal(far, waits)[0] == "not_ended"
    claimed = begun(far)
    assert refusal(far, waits)[0] == "not_ended"
    end(far, claimed, ["ok"] * 4, state=RunState.SUCCEEDED, error_at=None)
    assert refusal(far, waits) == ("not_failed", "this run has no failed cell to go on from; use Retry to run it again")


def test_it_says_honestly_that_the_state_is_gone(far: House) -> None:
    told = ("no_kernel", "the kernel of this run is not alive any more; use Retry to run it from the start")
    assert refusal(far, failed(far, kept=False)) == told
    late = failed(far)
    far.now = NOON + timedelta(hours=2)
    assert refusal(far, late) == told, "its time is over"
    assert refusal(far, failed(far, host=HERE)) == told, "of a kernel of this host its record is not believed"
    assert starting.rerun(far.context, late.id, Rerun()).run.cause == "rerun", "Retry is still there"


def test_it_carries_nothing_over_from_an_output_that_is_gone(far: House) -> None:
    parent = failed(far)
    assert parent.output is not None
    (far.context.archive.root / parent.output).unlink()
    reason, message = refusal(far, parent)
    assert (reason, "use Retry" in message) == ("no_output", True)


def test_it_refuses_a_notebook_for_another_kernel(far: House) -> None:
    parent = failed(far)
    bash = {"name": "bash", "display_name": "Bash", "language": "bash"}
    far.notebook("bash.ipynb", "a=1", "false", "echo done", kernelspec=bash)
    reason, message = refusal(far, parent, Invalid, notebook="bash.ipynb")
    assert (reason, "'bash'" in message, "'python3'" in message) == ("other_kernel", True, True)
    far.notebook(
        "report.ipynb", "a = 1", "1 / 0", "print('done')", parameters="x = 1", kernelspec={**bash, "name": "x"}
    )
    chosen = failed(far, kernel="python3")
    assert go_on(far, chosen).kernel == "python3", "the run was given another kernel than its notebook names"


def test_a_run_that_another_goes_on_with_is_not_deleted(far: House) -> None:
    parent = failed(far)
    run = go_on(far, parent)

    def is_refused() -> bool:
        with pytest.raises(Conflict, match=run.id) as refused:
            runs.delete(far.context, parent.id)
        return refused.value.reason == "resumed_already"

    assert is_refused(), "it waits"
    claimed = started(far)
    assert is_refused(), "it runs"
    end(far, claimed, ["carried", "carried", "failed", "not_run"])
    runs.delete(far.context, parent.id)
    assert go_on(far, far.get(run.id)).parent_run_id == run.id


def test_no_run_goes_on_with_one_that_is_deleted_meanwhile(far: House) -> None:
    parent = failed(far)
    runs.delete(far.context, parent.id)
    with far.context.store.write() as db, pytest.raises(NotFound):
        resuming.check_free(db, parent.id)


def test_it_goes_on_once_at_a_time(far: House) -> None:
    parent = failed(far)
    first = go_on(far, parent)
    reason, message = refusal(far, parent)
    assert (reason, first.id in message) == ("resumed_already", True)
    claimed = started(far)
    assert refusal(far, parent)[0] == "resumed_already"
    end(far, claimed, ["carried", "carried", "failed", "not_run"])
    assert go_on(far, far.get(first.id)).parent_run_id == first.id, "from there it can go on again"


def test_of_two_who_ask_at_once_one_goes_on(far: House) -> None:
    parent = failed(far)

    def ask(_: int) -> str:
        try:
            return go_on(far, parent).cause
        except Conflict as error:
            return error.reason
        finally:
            far.context.store.close()

    with ThreadPoolExecutor(8) as people:
        assert sorted(people.map(ask, range(8))) == ["resume", *["resumed_already"] * 7]


def test_it_answers_a_repeated_request_with_the_run_that_it_made(far: House) -> None:
    parent = failed(far)
    run = go_on(far, parent, idempotency_key="once")
    assert go_on(far, parent, idempotency_key="once").id == run.id
    assert refusal(far, parent, Invalid, idempotency_key="once", source="current")[0] == "idempotency_mismatch"


def test_it_refuses_other_values_than_its_kernel_has(far: House) -> None:
    parent = failed(far, parameters={"x": 7}, error_at=3)
    with pytest.raises(Invalid) as refused:
        go_on(far, parent, parameters={"x": 8})
    assert [error.field for error in refused.value.errors] == ["parameters.x"]
    assert go_on(far, parent, parameters={"x": 7}).parameters == {"x": 7}


def test_it_refuses_a_notebook_that_shares_no_cell_with_the_run(far: House) -> None:
    parent = failed(far)
    path = far.workspace / far.notebook("other.ipynb", "print(1)", "print(2)")
    path.write_text(path.read_text().replace('"id": "c', '"id": "other-'))
    reason, message = refusal(far, parent, Invalid, notebook="other.ipynb")
    assert (reason, "use Retry" in message) == ("no_failed_cell", True)
    far.notebook("short.ipynb", "a = 1", parameters="x = 1")
    assert refusal(far, parent, Invalid, notebook="short.ipynb")[0] == "no_failed_cell", "nothing is left to run"
    assert refusal(far, parent, Invalid, notebook="none.ipynb")[0] == "no_such_notebook"
    assert runs.find(far.context, RunsQuery(state=["queued"]), {}).runs == []


def test_a_run_of_a_sweep_takes_its_place_there_again(far: House) -> None:
    sent = {"notebook": "report.ipynb", "sweep": {"mode": "grid", "values": {"x": [1, 2]}}}
    begun_sweep = sweeps.start(far.context, form_of(CreateRun, sent)).started
    assert isinstance(begun_sweep, StartedSweep)
    claimed = begun(far)
    end(far, claimed, ["ok", "ok", "ok", "failed", "not_run"], error_at=3)
    run = go_on(far, far.get(claimed.run.id))
    assert (run.batch_id, run.name) == (begun_sweep.batch_id, claimed.run.name)
    assert run.id in [member.id for member in batches.get(far.context, begun_sweep.batch_id).runs]


def test_it_keeps_the_templates_as_they_were_rendered_for_its_kernel(far: House) -> None:
    far.notebook("report.ipynb", "a = 1", "1 / 0", "print('done')", parameters="x = ''\ndir = ''")
    sent = {"x": "{{ run_id }}", "dir": "{{ run_dir }}"}
    parent = failed(far, parameters=sent, templates=True, error_at=3)
    run = go_on(far, parent)
    assert (run.parameters, run.parameters_template) == ({"x": parent.id, "dir": "{{ run_dir }}"}, sent)
    claimed = started(far)
    assert claimed.rendering is not None
    assert claimed.rendering["late"] == ["dir"]


def works(house: House, host: str, kernel: str = "python3") -> None:
    with house.context.store.write() as db:
        leases.register(db, f"{host}/boot/1/10/1", WorkerFacts(host, "running", 2, (kernel,)), house.clock())


def why(house: House, run: Run) -> tuple[str | None, str | None]:
    found = runs.get(house.context, run.id)
    return found.reason, found.message


def test_it_waits_for_the_host_where_its_kernel_is(far: House) -> None:
    run = go_on(far, failed(far))
    assert why(far, run)[0] == "scheduler_stopped"
    works(far, HERE)
    told = "waits for the scheduler on far, where the kernel that it goes on with is kept"
    assert why(far, run) == ("needs_kernel", told)
    works(far, FAR, kernel="ir")
    assert why(far, run)[1] == "waits for a host with the kernel 'python3', which is not installed on far"
    far.now = NOON + 40 * SECOND
    works(far, FAR)
    assert why(far, run) == (None, None)
