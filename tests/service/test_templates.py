"""Templates in what is asked for: checked when it is posted, rendered when a run is made, the same again in a rerun."""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from jupyter_notebook_sched.domain.rendering import Rendering
from jupyter_notebook_sched.domain.run import Run
from jupyter_notebook_sched.errors import Invalid
from jupyter_notebook_sched.notebook import document
from jupyter_notebook_sched.notebook.parameters import reading
from jupyter_notebook_sched.service import due_times, jobs, resolving, starting
from jupyter_notebook_sched.service.due_times import Filled
from jupyter_notebook_sched.service.forms import Backfill, Rerun, RunJob
from jupyter_notebook_sched.store import leases, runs
from jupyter_notebook_sched.store.leases import WorkerFacts

from ..house import House
from ..written import document as written

NOW = datetime(2026, 5, 1, 4, 30, tzinfo=timezone.utc)
CELL = "when = ''\nn = 0\nlabel = 'none'\nmany: list[str] = []"


@pytest.fixture
def templated(house: House) -> House:
    house.now = NOW
    house.notebook("n.ipynb", "print(when, n, label)", parameters=CELL)
    return house


def run(house: House, **values: Any) -> Run:
    return house.run("n.ipynb", parameters=values, templates=True)


def rerun(house: House, of: Run, **values: Any) -> Run:
    return starting.rerun(house.context, of.id, Rerun(parameters=values or None)).run


def fields(refused: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [error.field for error in refused.value.errors]


def berlin(house: House, **fields: Any) -> jobs.JobAnswer:
    trigger = {"type": "cron", "cron": "30 7 * * *", "timezone": "Europe/Berlin"}
    return house.job("n.ipynb", None, trigger=trigger, **fields)


def test_a_run_keeps_its_values_as_sent_and_as_rendered(templated: House) -> None:
    sent = {"when": "{{ scheduled_for }}", "label": "{{ job_name }} {{ run_id }}/{{ attempt }}", "n": "{{ 2 * 3 }}"}
    made = run(templated, **sent, many=["x", "{{ scheduled_for | date(-1) }}"])
    assert made.parameters_template == sent | {"many": ["x", "{{ scheduled_for | date(-1) }}"]}
    assert made.parameters == {
        "when": "2026-05-01T04:30:00+00:00",
        "label": f"n {made.id}/{{{{ attempt }}}}",
        "n": 6,
        "many": ["x", "2026-04-30"],
    }
    assert made.state == "queued"


def test_braces_are_text_where_templates_are_off(templated: House) -> None:
    sent = {"label": "{{ nothing of that kind", "many": ["{{ secret('X') }}"]}
    made = templated.run("n.ipynb", parameters=sent)
    assert made.parameters == made.parameters_template == sent
    again = rerun(templated, made, when="{{ run_id }}")
    assert again.parameters == sent | {"when": "{{ run_id }}"}
    job = templated.job("n.ipynb", parameters=sent, templates=False)
    assert jobs.run(templated.context, job.id, RunJob()).parameters == sent


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ("{{ scheduled_fo }}", "did you mean scheduled_for?"),
        ("{{ oops", "not closed"),
        ("{{ secret('NOBODY') }}", "no secret NOBODY"),
        (["{{ 1 | nothing }}"], "no filter nothing"),
    ],
)
def test_what_is_wrong_with_a_template_is_told_with_its_field(templated: House, value: Any, named: str) -> None:
    name = "many" if isinstance(value, list) else "when"
    job = templated.job("n.ipynb", parameters={})
    for ask in (
        lambda: run(templated, **{name: value}, n=1),
        lambda: templated.job("n.ipynb", parameters={name: value}),
        lambda: jobs.patch(templated.context, job.id, {"parameters": {name: value}}),
        lambda: jobs.run(templated.context, job.id, RunJob(parameters={name: value})),
        lambda: rerun(templated, run(templated, n="{{ 1 }}"), **{name: value}),
        lambda: rerun(templated, run(templated), **{name: value}),
    ):
        with pytest.raises(Invalid) as refused:
            ask()
        assert fields(refused) == [f"parameters.{name}"]
        assert named in refused.value.errors[0].message
    with templated.context.store.read() as db:
        assert runs.select(db, "select id from runs where state <> 'queued'") == []


def test_everything_wrong_is_told_at_once(templated: House) -> None:
    with pytest.raises(Invalid) as refused:
        run(templated, when="{{ a }}", n="x{{ 1 }}", label=5, unknown="{{ run_id }}", many="{{ 1")
    assert sorted(fields(refused)) == [f"parameters.{name}" for name in ("label", "many", "n", "unknown", "when")]


def test_values_too_deep_for_anybody_are_refused_like_any_other(templated: House) -> None:
    deep: Any = "{{ run_id }}"
    for _ in range(150):
        deep = [deep]
    with pytest.raises(Invalid) as refused:
        run(templated, many=deep)
    assert fields(refused) == ["parameters.many"]
    with pytest.raises(Invalid) as refused:
        run(templated, when="{{ run_id }}" + "x" * 300_000)
    assert "256 KiB" in refused.value.errors[0].message


@pytest.mark.parametrize(
    ("value", "because"), [("{{ 1 // 0 }}", "division"), ("{{ job_name }}", "must be"), ("{{ 1.5 }}", "must be")]
)
def test_a_failure_in_rendering_is_a_run_that_failed_as_invalid(templated: House, value: str, because: str) -> None:
    made = run(templated, n=value, when="{{ run_id }}")
    assert (made.state, made.reason, made.attempt) == ("failed", "invalid", 1)
    assert str(made.message).startswith("parameters.n: ")
    assert because in str(made.message)
    assert made.parameters_template == {"n": value, "when": "{{ run_id }}"}
    again = rerun(templated, made, n=3)
    assert (again.state, again.parameters["n"]) == ("queued", 3)


def test_a_rerun_renders_only_its_own_id_anew(templated: House) -> None:
    first = run(templated, when="{{ scheduled_for }} {{ job_name }} {{ run_id }}", label="{{ attempt }}")
    templated.now = NOW + timedelta(days=3)
    second = rerun(templated, first)
    third = rerun(templated, second, label="{{ scheduled_for | date }}")
    assert second.parameters == {"when": f"2026-05-01T04:30:00+00:00 n {second.id}", "label": "{{ attempt }}"}
    assert third.parameters == {"when": f"2026-05-01T04:30:00+00:00 n {third.id}", "label": "2026-05-01"}
    assert third.parameters_template["label"] == "{{ scheduled_for | date }}"


def test_a_run_of_a_job_by_hand_is_rendered_in_its_zone(templated: House) -> None:
    job = berlin(templated, parameters={"when": "{{ scheduled_for }}", "label": "{{ job_name }}"})
    assert job.parameters == {"when": "{{ scheduled_for }}", "label": "{{ job_name }}"}
    made = jobs.run(templated.context, job.id, RunJob(parameters={"n": "{{ scheduled_for.hour }}"}))
    assert made.parameters == {"when": "2026-05-01T06:30:00+02:00", "label": "Daily", "n": 6}
    jobs.patch(templated.context, job.id, {"name": "Other", "trigger": None})
    assert rerun(templated, made).parameters == made.parameters, "later edits never touch it"


def test_a_rerun_of_a_run_without_templates_is_rendered_as_that_would_have_been(templated: House) -> None:
    job = berlin(templated)
    made = jobs.run(templated.context, job.id, RunJob())
    templated.now = NOW + timedelta(hours=5)
    assert rerun(templated, made, when="{{ scheduled_for }}").parameters == {"when": "2026-05-01T06:30:00+02:00"}


def test_a_backfill_renders_each_due_time(templated: House) -> None:
    job = berlin(
        templated, parameters={"when": "{{ scheduled_for | date }}", "n": "{{ 4 // (scheduled_for.day - 26) }}"}
    )
    asked = Backfill(start=NOW - timedelta(days=6), end=NOW)
    done = due_times.backfill(templated.context, job.id, asked)
    assert isinstance(done, Filled)
    assert [(one.state, one.parameters["when"]) for one in done.runs] == [
        ("queued", "2026-04-25"),
        ("failed", "2026-04-26"),
        ("queued", "2026-04-27"),
        ("queued", "2026-04-28"),
        ("queued", "2026-04-29"),
        ("queued", "2026-04-30"),
    ]
    assert [one.reason for one in done.runs if one.state == "failed"] == ["invalid"]


def test_a_secret_may_be_known_to_the_server_alone(templated: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that only the worker knows: tests/executor/test_secrets.py."""
    monkeypatch.setenv("NOTEBOOK_SCHED_SECRET_MINE", "something")
    assert run(templated, when="{{ secret('MINE') }}").parameters == {"when": "{{ secret('MINE') }}"}


def test_a_worker_elsewhere_may_know_any_secret(templated: House) -> None:
    with templated.context.store.write() as db:
        leases.register(db, "there/boot/1/20/200", WorkerFacts("there", "running", 2, ("python3",)), NOW)
    assert run(templated, when="{{ secret('WHO_KNOWS') }}").state == "queued"


def test_a_secret_that_went_away_does_not_keep_a_job_from_being_changed(
    templated: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTEBOOK_SCHED_SECRET_MINE", "something")
    job = templated.job("n.ipynb", parameters={"when": "{{ secret('MINE') }}"})
    monkeypatch.delenv("NOTEBOOK_SCHED_SECRET_MINE")
    assert jobs.patch(templated.context, job.id, {"name": "Renamed"}).name == "Renamed"
    with pytest.raises(Invalid):
        jobs.run(templated.context, job.id, RunJob())


def test_no_secret_is_in_the_store(templated: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTEBOOK_SCHED_SECRET_MINE", "hunter2-in-the-store")
    run(templated, when="{{ secret('MINE') }}", label="{{ secret('MINE') | upper }}")
    files = [path for path in templated.root.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if b"hunter2" in path.read_bytes().lower()]


def test_a_keyring_is_asked_where_it_is_installed(templated: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module of that name stands in for the package: which keyring a system has is not ours."""
    folder = templated.root / "modules"
    folder.mkdir()
    kept = "{('notebook-sched', 'KEPT'): 'from-the-keyring'}"
    (folder / "keyring.py").write_text(f"def get_password(*asked):\n    return {kept}.get(asked)")
    monkeypatch.syspath_prepend(folder)
    try:
        assert run(templated, when="{{ secret('KEPT') }}").state == "queued"
        with pytest.raises(Invalid):
            run(templated, when="{{ secret('NOT_KEPT') }}")
    finally:
        del sys.modules["keyring"]


def preview(house: House, moment: datetime | None = NOW, **values: Any) -> tuple[str, dict[str, Any]]:
    notebook = document.read_notebook(json.dumps(written(parameters=CELL)).encode())
    read = reading.read_parameters(notebook["cells"], "python")
    about = None if moment is None else Rendering(moment, "n", "Europe/Berlin")
    return resolving.preview(house.context, read, "python", values, about)


def test_a_preview_shows_the_cell_with_secrets_as_their_calls(
    templated: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTEBOOK_SCHED_SECRET_MINE", "hush-hush")
    source, values = preview(
        templated, when="{{ scheduled_for | date }}", n="{{ attempt }}", label="{{ secret('MINE') }}"
    )
    assert source == '# Parameters\nwhen = "2026-05-01"\nn = 1\nlabel = "{{ secret(\'MINE\') }}"'
    assert values == {"when": "2026-05-01", "n": 1, "label": "{{ secret('MINE') }}"}
    assert preview(templated, None, when="{{ x")[0] == '# Parameters\nwhen = "{{ x"'
    with pytest.raises(Invalid) as refused:
        preview(templated, n="{{ 1 // 0 }}", when="{{ run_id }}")
    assert fields(refused) == ["values.n"]
    with pytest.raises(Invalid) as refused:
        preview(templated, when="{{ x }}")
    assert fields(refused) == ["values.when"]
