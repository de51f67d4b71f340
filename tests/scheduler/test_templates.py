"""Values that are rendered when a job is due: by its due time, in its zone, and no due time is ever lost by it."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from jupyter_notebook_sched.domain.run import Run
from jupyter_notebook_sched.service import jobs
from jupyter_notebook_sched.store import runs

from ..house import House
from .ledgers import ledger, scheduler

CELL = "when = ''\nn = 1\nlast_month = ''"


def berlin(house: House, cron: str = "30 2 * * *", **fields: Any) -> jobs.JobAnswer:
    trigger = {"type": "cron", "cron": cron, "timezone": "Europe/Berlin"}
    return house.job("report.ipynb", None, trigger=trigger, **fields)


@pytest.fixture
def in_march(house: House) -> House:
    house.now = datetime(2026, 3, 28, 12, tzinfo=timezone.utc)
    house.notebook("report.ipynb", "print(when)", parameters=CELL)
    return house


def ticked(house: House, job: jobs.JobAnswer, at: datetime) -> list[Run]:
    house.now = at
    while scheduler(house).tick(at):
        pass
    return ledger(house, job)


def test_a_due_time_is_rendered_as_the_clocks_of_the_zone_show_it(in_march: House) -> None:
    """02:30 does not exist on the 29th: it runs at 03:00."""
    values = {"when": "{{ scheduled_for }}", "last_month": "{{ scheduled_for | date(months=-1) }}"}
    job = berlin(in_march, parameters=values)
    (spring,) = ticked(in_march, job, datetime(2026, 3, 29, 1, 0, 30, tzinfo=timezone.utc))
    assert spring.parameters == {"when": "2026-03-29T03:00:00+02:00", "last_month": "2026-02-28"}
    assert spring.parameters_template == values
    *_, after = ticked(in_march, job, datetime(2026, 3, 30, 0, 30, 30, tzinfo=timezone.utc))
    assert after.parameters["when"] == "2026-03-30T02:30:00+02:00"


def test_what_is_caught_up_has_the_due_time_that_it_stands_for(in_march: House) -> None:
    job = berlin(
        in_march,
        parameters={"when": "{{ scheduled_for | date }} {{ run_id }}"},
        on_missed="run_all",
        late_limit_seconds=10 * 86400,
    )
    caught_up = ticked(in_march, job, datetime(2026, 4, 1, 12, tzinfo=timezone.utc))
    assert [run.cause for run in caught_up] == ["catch_up"] * 4
    days = ["2026-03-29", "2026-03-30", "2026-03-31", "2026-04-01"]
    assert [run.parameters["when"] for run in caught_up] == [
        f"{day} {run.id}" for day, run in zip(days, caught_up, strict=True)
    ]


def test_a_late_run_has_its_nominal_due_time_whatever_its_spread(in_march: House) -> None:
    job = berlin(in_march, parameters={"when": "{{ scheduled_for }}"}, spread_seconds=3600)
    (run,) = ticked(in_march, job, datetime(2026, 3, 29, 1, 0, 1, tzinfo=timezone.utc))
    assert run.parameters == {"when": "2026-03-29T03:00:00+02:00"}


def test_a_template_that_fails_accounts_for_its_due_time_and_harms_no_other(in_march: House) -> None:
    failing = berlin(in_march, parameters={"n": "{{ 1 // (scheduled_for.day - 29) }}"}, on_overlap="replace")
    sound = berlin(in_march, parameters={"n": "{{ scheduled_for.day }}"})
    (failed,) = ticked(in_march, failing, datetime(2026, 3, 29, 1, 0, 30, tzinfo=timezone.utc))
    assert (failed.state, failed.reason) == ("failed", "invalid")
    assert str(failed.message).startswith("parameters.n: The template {{ 1 // (scheduled_for.day - 29) }}")
    assert [run.parameters for run in ledger(in_march, sound)] == [{"n": 29}]
    answer = jobs.get(in_march.context, failing.id)
    assert (answer.last_slot, answer.problem) == (failed.scheduled_for, None)
    following = ticked(in_march, failing, datetime(2026, 3, 30, 0, 30, 30, tzinfo=timezone.utc))
    assert [(run.state, run.parameters["n"]) for run in following[1:]] == [("queued", 1)]


def test_a_due_time_whose_template_fails_takes_no_ones_place(in_march: House) -> None:
    job = berlin(in_march, parameters={"n": "{{ 1 // (scheduled_for.day - 30) }}"})
    states = [run.state for run in ticked(in_march, job, datetime(2026, 3, 29, 1, 0, 30, tzinfo=timezone.utc))]
    assert states == ["queued"]
    states = [run.state for run in ticked(in_march, job, datetime(2026, 3, 30, 0, 30, 30, tzinfo=timezone.utc))]
    assert states == ["queued", "failed"]


def test_a_live_notebook_that_has_changed_types_its_values_anew(in_march: House) -> None:
    job = berlin(in_march, parameters={"n": "{{ scheduled_for.day }}"}, source="live")
    (first,) = ticked(in_march, job, datetime(2026, 3, 29, 1, 0, 30, tzinfo=timezone.utc))
    in_march.notebook("report.ipynb", "print(n)", parameters="n = 'text'")
    *_, second = ticked(in_march, job, datetime(2026, 3, 30, 0, 30, 30, tzinfo=timezone.utc))
    in_march.notebook("report.ipynb", "print(n)", parameters="m = 1")
    *_, third = ticked(in_march, job, datetime(2026, 3, 31, 0, 30, 30, tzinfo=timezone.utc))
    assert [run.parameters for run in (first, second)] == [{"n": 29}, {"n": "30"}]
    assert (third.state, third.reason) == ("failed", "invalid")
    assert "no parameter n" in str(third.message)


def test_what_is_missed_is_not_rendered(in_march: House) -> None:
    job = berlin(in_march, parameters={"n": "{{ 1 // 0 }}"}, on_missed="skip")
    (missed,) = ticked(in_march, job, datetime(2026, 4, 1, 12, tzinfo=timezone.utc))
    assert (missed.state, missed.reason, missed.parameters) == ("skipped", "missed", {"n": "{{ 1 // 0 }}"})


def test_a_job_without_templates_keeps_nothing_to_render_from(in_march: House) -> None:
    plain, braces = berlin(in_march, parameters={"n": 3}), berlin(in_march, parameters={"when": "{{"}, templates=False)
    for job in (plain, braces):
        (run,) = ticked(in_march, job, datetime(2026, 3, 29, 1, 0, 30, tzinfo=timezone.utc))
        assert run.parameters == run.parameters_template == job.parameters
        with in_march.context.store.read() as db:
            assert runs.rendering(db, run.id) is None
