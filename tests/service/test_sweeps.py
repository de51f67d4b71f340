"""A sweep is begun whole or not at all, and each of its runs is one like any other."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_notebook_sched.domain.run import Run
from jupyter_notebook_sched.errors import Invalid, NotFound
from jupyter_notebook_sched.service import batches, runs, starting, sweeps
from jupyter_notebook_sched.service.forms import CreateRun, Rerun, RunsQuery
from jupyter_notebook_sched.service.sweeps import Begun, StartedSweep
from jupyter_notebook_sched.service.validating import form_of
from jupyter_notebook_sched.store import counts

from ..house import House

CELL = "alpha: int = 1\nbeta: float = 2.0\nname = 'x'\nsizes = [1]"
VALUES = st.sampled_from([1, 0.5, "x", None, []])
ODD = ("a.b", "alpha.1", "")
GRID = {"mode": "grid", "values": {"alpha": [1, 2], "beta": [3, 4.5]}}


@pytest.fixture
def sweeping(house: House) -> House:
    house.notebook("report.ipynb", "alpha * beta", parameters=CELL)
    return house


def begin(house: House, sweep: object = GRID, **fields: Any) -> Begun:
    sent = {"notebook": "report.ipynb", "sweep": sweep} | fields
    return sweeps.start(house.context, form_of(CreateRun, sent))


def begun(house: House, sweep: object = GRID, **fields: Any) -> StartedSweep:
    started = begin(house, sweep, **fields).started
    assert isinstance(started, StartedSweep)
    return started


def refused(house: House, sweep: object, **fields: Any) -> dict[str, str]:
    """The fields that are refused, with nothing begun."""
    with pytest.raises(Invalid) as error:
        begin(house, sweep, **fields)
    if house.settings.state_dir.exists():
        with house.context.store.read() as db:
            assert sum(counts.by_state(db, "all").values()) == 0
    return {each.field: each.message for each in error.value.errors}


def again(house: House, run: Run, **fields: Any) -> Run:
    return starting.rerun(house.context, run.id, form_of(Rerun, fields)).run


def cancelled(house: House, run: Run) -> Run:
    return runs.cancel(house.context, run.id)


def test_it_makes_a_run_of_each_set_of_values_with_all_else_alike(sweeping: House) -> None:
    started = begun(sweeping, parameters={"name": "Zürich", "alpha": 9}, retry={"max_attempts": 3}, name="Tuning")
    assert [run.parameters for run in started.runs] == [
        {"name": "Zürich", "alpha": alpha, "beta": beta} for alpha in (1, 2) for beta in (3, 4.5)
    ], "what is varied takes the place of what stands in parameters"
    assert {run.batch_id for run in started.runs} == {started.batch_id}
    assert {(run.source_version, run.max_attempts, run.kernel) for run in started.runs} == {
        (started.runs[0].source_version, 3, "python3")
    }
    assert [run.name for run in started.runs][::3] == ["Tuning (alpha=1, beta=3)", "Tuning (alpha=2, beta=4.5)"]
    page = runs.find(sweeping.context, RunsQuery(batch=started.batch_id, limit=3), {})
    assert (page.counts["queued"], page.counts_capped) == (4, False)
    assert [run.id for run in page.runs] == [run.id for run in started.runs[:0:-1]]


def test_it_teaches_what_one_run_of_it_took_to_the_others(sweeping: House) -> None:
    started = begun(sweeping)
    with sweeping.context.store.read() as db:
        titles = {row[0] for row in db.execute("select distinct title from runs").fetchall()}
    assert len(titles) == 1, "they are runs of one name, told apart by their values"
    assert len({run.name for run in started.runs}) == 4


def test_it_takes_the_values_of_a_list_over_those_in_parameters(sweeping: House) -> None:
    sets = [{"alpha": 5}, {}, {"beta": 1, "name": "b"}]
    started = begun(sweeping, {"mode": "list", "values": sets}, parameters={"beta": 7})
    assert [run.parameters for run in started.runs] == [{"beta": 7, "alpha": 5}, {"beta": 7}, {"beta": 1, "name": "b"}]
    batch = batches.get(sweeping.context, started.batch_id)
    assert batch.varied == ["alpha", "beta", "name"]
    assert [run.parameters for run in batch.runs] == [{"alpha": 5, "beta": 7}, {"beta": 7}, {"beta": 1, "name": "b"}]
    assert [run.name for run in started.runs] == ["report (alpha=5)", "report", "report (beta=1, name=b)"]


@pytest.mark.parametrize(
    ("sweep", "wrong"),
    [
        (
            {"mode": "grid", "values": {"alpha": [1, "x", 3, None], "beta": [1, True]}},
            {"sweep.values.alpha.1", "sweep.values.alpha.3", "sweep.values.beta.1"},
        ),
        (
            {"mode": "zip", "values": {"alpha": [1, 2.5], "beta": ["x", 2]}},
            {"sweep.values.alpha.1", "sweep.values.beta.0"},
        ),
        (
            {"mode": "list", "values": [{"alpha": 1}, {"alph": 2, "beta": "q"}, {"alpha": "z"}]},
            {"sweep.values.1.alph", "sweep.values.1.beta", "sweep.values.2.alpha"},
        ),
        ({"mode": "grid", "values": {"nope": [1, 2], "alpha": [1]}}, {"sweep.values.nope"}),
        ({"mode": "grid", "values": {"a.b": [1], "alpha.1": ["x"], "": [1]}}, {f"sweep.values.{name}" for name in ODD}),
        ({"mode": "grid", "values": {"alpha": []}}, {"sweep.values.alpha"}),
        ({"mode": "list", "values": [{"alpha": 1}, 3]}, {"sweep.values.1"}),
        ({"mode": "grid", "values": {"name": ["x" * 300_000, "y"]}}, {"sweep.values.name.0"}),
    ],
)
def test_it_names_every_value_that_does_not_fit_and_runs_nothing(
    sweeping: House, sweep: object, wrong: set[str]
) -> None:
    assert set(refused(sweeping, sweep)) == wrong


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from([1, 2, "x", None, 1.5]), min_size=1, max_size=4), st.lists(VALUES, min_size=1, max_size=4)
)
def test_it_names_exactly_the_values_that_are_wrong(sweeping: House, alpha: list[Any], beta: list[Any]) -> None:
    wrong = {f"sweep.values.alpha.{n}" for n, value in enumerate(alpha) if not isinstance(value, int)}
    wrong |= {f"sweep.values.beta.{n}" for n, value in enumerate(beta) if not isinstance(value, int | float)}
    form = form_of(
        CreateRun, {"notebook": "report.ipynb", "sweep": {"mode": "grid", "values": {"alpha": alpha, "beta": beta}}}
    )
    told = set()
    try:
        sweeps.check(sweeping.context, form)
    except Invalid as error:
        told = {each.field for each in error.errors}
    assert told == wrong


def test_it_tells_what_is_wrong_elsewhere_beside_it(sweeping: House) -> None:
    sweep = {"mode": "grid", "values": {"alpha": ["x"]}}
    told = refused(sweeping, sweep, kernel="none", parameters={"beta": "b"})
    assert set(told) == {"sweep.values.alpha.0", "kernel", "parameters.beta"}
    assert set(refused(sweeping, {"mode": "grid", "values": {}}, notebook="no.ipynb")) == {"sweep.values", "notebook"}


def test_it_names_no_more_fields_than_anybody_reads(sweeping: House) -> None:
    told = refused(sweeping, {"mode": "grid", "values": {"alpha": ["x"] * 1000}})
    assert len(told) == sweeps.MOST_TOLD


def test_it_says_which_run_would_miss_a_value(sweeping: House) -> None:
    sweeping.notebook("needs.ipynb", "1", parameters="must: int\nother = 1")
    told = refused(sweeping, {"mode": "list", "values": [{"must": 1}, {"other": 2}]}, notebook="needs.ipynb")
    assert set(told) == {"sweep.values.1.must"}
    told = refused(sweeping, {"mode": "grid", "values": {"other": [1, 2]}}, notebook="needs.ipynb")
    assert set(told) == {"parameters.must"}


def test_it_says_that_a_notebook_has_no_parameters(sweeping: House) -> None:
    sweeping.notebook("plain.ipynb", "1")
    assert set(refused(sweeping, GRID, notebook="plain.ipynb")) == {"sweep.values.alpha", "sweep.values.beta"}


def test_it_makes_no_gigabytes_of_one_large_value(sweeping: House) -> None:
    sweep = {"mode": "grid", "values": {"alpha": list(range(1000))}}
    assert set(refused(sweeping, sweep, parameters={"name": "x" * 200_000})) == {"sweep.values"}


def test_it_answers_a_repeated_request_with_the_first_batch(sweeping: House) -> None:
    first = begin(sweeping, idempotency_key="k")
    second = begin(sweeping, idempotency_key="k")
    assert (first.again, second.again) == (False, True)
    assert isinstance(first.started, StartedSweep)
    assert second.started == first.started
    with pytest.raises(Invalid, match="idempotency_key"):
        begin(sweeping, {"mode": "grid", "values": {"alpha": [1]}}, idempotency_key="k")
    with pytest.raises(Invalid, match="idempotency_key"):
        begin(sweeping, None, idempotency_key="k")
    with sweeping.context.store.read() as db:
        assert sum(counts.by_state(db, "all").values()) == 4


def test_it_renders_templates_in_each_of_its_runs(sweeping: House) -> None:
    sweep = {"mode": "grid", "values": {"name": ["{{ run_id }}", "plain"], "alpha": [1, 2]}}
    started = begun(sweeping, sweep, templates=True)
    assert [run.parameters["name"] for run in started.runs] == [*(run.id for run in started.runs[:2]), "plain", "plain"]
    assert started.runs[0].parameters_template["name"] == "{{ run_id }}"
    literal = begun(sweeping, sweep)
    assert literal.runs[0].parameters["name"] == "{{ run_id }}"


def test_it_names_the_value_whose_template_cannot_be_read(sweeping: House) -> None:
    sweep = {"mode": "grid", "values": {"name": ["plain", "{{ nothing_known }}"], "alpha": [1, 2]}}
    assert set(refused(sweeping, sweep, templates=True)) == {"sweep.values.name.1"}


def test_a_run_that_is_run_again_takes_its_place_in_the_sweep(sweeping: House) -> None:
    started = begun(sweeping)
    for run in started.runs:
        cancelled(sweeping, run)
    second = again(sweeping, started.runs[1])
    assert (second.batch_id, second.name) == (started.batch_id, started.runs[1].name)
    batch = batches.get(sweeping.context, started.batch_id)
    assert [run.id for run in batch.runs] == [
        started.runs[0].id,
        second.id,
        *(run.id for run in started.runs[2:]),
    ]
    assert (batch.total, batch.counts["queued"], batch.finished_at) == (4, 1, None)
    third = again(sweeping, cancelled(sweeping, second), parameters={"name": "b"})
    assert third.batch_id == started.batch_id, "the sweep does not vary that one"


def test_a_run_with_other_values_is_none_of_the_sweep(sweeping: House) -> None:
    started = begun(sweeping)
    apart = again(sweeping, cancelled(sweeping, started.runs[0]), parameters={"alpha": 99})
    assert (apart.batch_id, apart.name) == (None, "report")
    assert batches.get(sweeping.context, started.batch_id).total == 4


def test_it_cancels_a_batch_as_often_as_it_is_asked(sweeping: House) -> None:
    started = begun(sweeping)
    first = batches.cancel(sweeping.context, started.batch_id)
    second = batches.cancel(sweeping.context, started.batch_id)
    assert first == second
    assert first.counts["cancelled"] == first.total == 4
    assert first.finished_at is not None
    for use in (batches.cancel, batches.get):
        with pytest.raises(NotFound):
            use(sweeping.context, "none")


def test_it_says_once_what_all_of_them_wait_for(sweeping: House) -> None:
    started = begun(sweeping)
    batch = batches.get(sweeping.context, started.batch_id)
    assert {run.reason for run in batch.runs} == {"scheduler_stopped"}
    assert {run.message for run in batch.runs} == {started.runs[0].message}
