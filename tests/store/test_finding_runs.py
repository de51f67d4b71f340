from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from jupyter_notebook_sched.domain.states import RunState
from jupyter_notebook_sched.store import finding_runs
from jupyter_notebook_sched.store.connection import Store
from jupyter_notebook_sched.store.run_filter import RunFilter

from ..made import NOON, claim, new_run, queued, running


def names(store: Store, limit: int = 200, **wanted: Any) -> list[str]:
    """The names of the runs found, newest first, read page by page and all at once: both must agree."""
    asked = RunFilter(**wanted)
    with store.read() as db:
        at_once = [run.name for run in finding_runs.page(db, asked, limit, None)]
        paged, after = [], None
        while page := finding_runs.page(db, asked, 2, after):
            paged += [run.name for run in page]
            after = finding_runs.position(db, asked, page[-1])
    assert paged[:limit] == at_once
    return at_once


def test_it_lists_the_newest_first(store: Store) -> None:
    for name in "abcde":
        queued(store, name=name)
    assert names(store) == ["e", "d", "c", "b", "a"]
    assert names(store, limit=2) == ["e", "d"]


def test_it_keeps_its_place_while_runs_are_added(store: Store) -> None:
    for name in "abcd":
        queued(store, name=name)
    with store.read() as db:
        first = finding_runs.page(db, RunFilter(), 2, None)
    queued(store, name="new")
    with store.read() as db:
        second = finding_runs.page(db, RunFilter(), 2, finding_runs.position(db, RunFilter(), first[-1]))
    assert [run.name for run in [*first, *second]] == ["d", "c", "b", "a"]


def test_it_filters_by_what_runs_carry(store: Store) -> None:
    queued(store, name="one", job_id="j1", notebook="etl/load.ipynb", cause="schedule", tags=["etl", "eu"])
    queued(store, name="two", job_id="j2", notebook="report.ipynb", cause="manual", batch_id="b1", tags=["etl"])
    queued(store, name="three", batch_id="b1", notebook="report.ipynb")
    assert names(store, job="j1") == ["one"]
    assert names(store, notebook="report.ipynb") == ["three", "two"]
    assert names(store, batch="b1") == ["three", "two"]
    assert names(store, cause="schedule") == ["one"]
    assert names(store, tag="etl") == ["two", "one"]
    assert names(store, tag="et") == []
    assert names(store, batch="b1", tag="etl") == ["two"]
    assert names(store, job="none") == []


def test_it_filters_by_states(store: Store) -> None:
    queued(store, name="runs")
    claim(store)
    queued(store, name="waits")
    queued(store, name="skipped", state=RunState.SKIPPED, reason="missed")
    assert names(store, states=("running",)) == ["runs"]
    assert names(store, states=("running", "skipped")) == ["skipped", "runs"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"x": "1"}, ["number"]),
        ({"x": "1.5"}, ["fraction"]),
        ({"x": "us"}, ["text"]),
        ({"x": "true"}, ["truth"]),
        ({"x": "null"}, ["nothing"]),
        ({"x": "u"}, []),
        ({"y": "2"}, ["number"]),
        ({"x": "1", "y": "2"}, ["number"]),
        ({"x": "1", "y": "3"}, []),
        ({"no": "1"}, []),
        ({"a.b": "7"}, ["dotted"]),
        ({"x": "' or 1=1 --"}, []),
    ],
)
def test_it_filters_by_parameter_values(store: Store, asked: dict[str, str], found: list[str]) -> None:
    values = {
        "number": {"x": 1, "y": 2},
        "fraction": {"x": 1.5},
        "text": {"x": "us"},
        "truth": {"x": True},
        "nothing": {"x": None},
        "dotted": {"a.b": 7, "a": {"b": 8}},
        "structure": {"x": [1, "us"]},
    }
    for name, parameters in values.items():
        queued(store, name=name, parameters=parameters)
    assert names(store, parameters=asked) == found


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("daily",), ["Daily report"]),
        (("REP",), ["sales", "Daily report"]),
        (("daily", "rep"), ["Daily report"]),
        (("aily",), []),
        (("eu",), ["sales"]),
        (("regions",), ["sales"]),
        (("eu_regions",), ["sales"]),
        (("ipynb",), ["sales", "Daily report"]),
        (("%aily",), []),
        (("_aily",), []),
        (("d%y",), []),
        (("daily", "-", "report"), ["Daily report"]),
        (('"daily',), ["Daily report"]),
        (("daily*",), ["Daily report"]),
        (("daily", "OR", "sales"), []),
        (("NOT", "daily"), []),
        (("name:daily",), []),
        (("report", "daily"), ["Daily report"]),
        (("ventes",), []),
        (("\0",), ["sales", "Daily report"]),
    ],
)
def test_it_finds_word_prefixes_in_name_and_notebook(store: Store, words: tuple[str, ...], found: list[str]) -> None:
    queued(store, name="Daily report", notebook="daily.ipynb")
    queued(store, name="sales", notebook="reports/eu_regions.ipynb")
    assert names(store, words=words) == found


def test_it_takes_since_as_inclusive_and_until_as_exclusive(store: Store) -> None:
    hours = [NOON + timedelta(hours=hour) for hour in range(4)]
    for number, moment in enumerate(hours):
        queued(store, now=moment, name=str(number))
    assert names(store, since=hours[1], until=hours[3]) == ["2", "1"]
    assert names(store, since=hours[3]) == ["3"]
    assert names(store, until=hours[0]) == []


def test_it_orders_by_due_time_where_asked_and_leaves_out_what_has_none(store: Store) -> None:
    for name, hour in (("late", 3), ("early", 1), ("middle", 2), ("middle too", 2)):
        queued(store, name=name, scheduled_for=NOON + timedelta(hours=hour))
    queued(store, name="by hand")
    assert names(store, by="scheduled_for") == ["late", "middle too", "middle", "early"]
    since = NOON + timedelta(hours=2)
    assert names(store, by="scheduled_for", since=since) == ["late", "middle too", "middle"]


def test_it_counts_every_state_under_the_same_filter_but_for_the_states(store: Store) -> None:
    queued(store, job_id="j1")
    claim(store)
    queued(store, job_id="j1")
    queued(store, job_id="j1", state=RunState.SKIPPED, reason="missed")
    queued(store, job_id="j2")
    with store.read() as db:
        counts, capped = finding_runs.counts(db, RunFilter(states=("running",), job="j1"))
        everything, _ = finding_runs.counts(db, RunFilter())
    nothing = dict.fromkeys(("succeeded", "failed", "cancelled"), 0)
    assert counts == nothing | {"queued": 1, "running": 1, "skipped": 1}
    assert everything == nothing | {"queued": 2, "running": 1, "skipped": 1}
    assert capped is False


def test_it_counts_to_a_thousand_only_where_no_index_leads(store: Store) -> None:
    from jupyter_notebook_sched.store import runs

    with store.write() as db:
        for _ in range(finding_runs.COUNT_CAP + 5):
            runs.insert(db, new_run(job_id="j1", tags=["etl"]))
    with store.read() as db:
        assert finding_runs.counts(db, RunFilter(job="j1"))[0]["queued"] == finding_runs.COUNT_CAP + 5
        counts, capped = finding_runs.counts(db, RunFilter(tag="etl"))
    assert (counts["queued"], capped) == (finding_runs.COUNT_CAP, True)


def test_it_shows_a_damaged_record_among_the_good_ones(store: Store) -> None:
    damaged = running(store, name="damaged").run
    queued(store, name="good")
    with store.write() as db:
        db.execute("update attempts set error = '{}'")
        db.execute("update runs set created_at = 'yesterday' where id = ?", [damaged.id])
    assert names(store) == ["good", "damaged"]
    with store.read() as db:
        found = finding_runs.page(db, RunFilter(), 5, None)
    assert found[1].error is None
    assert "cannot be read" in (found[1].message or "")


def test_it_counts_what_it_lists_by_due_time(store: Store) -> None:
    queued(store)
    queued(store, scheduled_for=NOON)
    with store.read() as db:
        counts, _ = finding_runs.counts(db, RunFilter(by="scheduled_for"))
        assert counts["queued"] == len(finding_runs.page(db, RunFilter(by="scheduled_for"), 5, None)) == 1
