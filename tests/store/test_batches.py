"""The runs of a sweep: read side by side, cancelled together, taken in turns with what else waits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from jupyter_notebook_sched.domain.batch import Batch, NewBatch
from jupyter_notebook_sched.domain.run import CellError, Run
from jupyter_notebook_sched.domain.states import RunState
from jupyter_notebook_sched.store import attempts, batches, counts, outbox, runs
from jupyter_notebook_sched.store.attempts import Claimed, Ending
from jupyter_notebook_sched.store.connection import Store

from ..made import ME, NOON, SECOND, claim, new_run, queued, stored
from .recounting import recounted

MINUTE = timedelta(minutes=1)


def swept(store: Store, number: int, batch_id: str = "b1", now: datetime = NOON, **fields: Any) -> list[Run]:
    """A sweep over ``x``; its runs in their order."""
    made = [
        new_run(now, batch_id=batch_id, batch_index=n, label=f"x={n}", parameters={"x": n, "y": "same"}, **fields)
        for n in range(number)
    ]
    with store.write() as db:
        batches.insert(db, NewBatch(id=batch_id, name="report", mode="grid", varied=("x",), created_at=now))
        for new in made:
            runs.insert(db, new)
    return [stored(store, new.id) for new in made]


def read(store: Store, batch_id: str = "b1") -> Batch:
    with store.read() as db:
        batch = batches.get(db, batch_id)
    assert batch is not None
    return batch


def claimed(store: Store, now: datetime = NOON, by_hand_next: bool = True) -> Claimed:
    found = claim(store, now=now, by_hand_next=by_hand_next)
    assert found is not None
    return found


def end(store: Store, run: Claimed, state: str = "succeeded", now: datetime = NOON, **more: Any) -> None:
    reason = {"failed": "cell_error", "cancelled": "user"}.get(state)
    with store.write() as db:
        assert attempts.finish(db, run, Ending(RunState(state), reason, **more), now)


def places(store: Store, number: int, now: datetime = NOON) -> list[str]:
    """The names of the next runs that start."""
    return [claimed(store, now).run.name for _ in range(number)]


def test_it_keeps_the_order_of_the_sweep_and_tells_what_differs(store: Store) -> None:
    made = swept(store, 3)
    batch = read(store)
    assert [run.id for run in batch.runs] == [run.id for run in made]
    assert [run.parameters for run in batch.runs] == [{"x": 0}, {"x": 1}, {"x": 2}]
    assert (batch.name, batch.notebook, batch.kernel, batch.varied) == ("report", "report.ipynb", "python3", ["x"])
    assert (batch.total, batch.counts["queued"], batch.finished_at) == (3, 3, None)
    assert [run.name for run in made] == ["report (x=0)", "report (x=1)", "report (x=2)"]


def test_it_puts_what_the_runs_found_out_side_by_side(store: Store) -> None:
    swept(store, 3)
    first, second, third = claimed(store), claimed(store), claimed(store)
    end(store, first, results={"accuracy": 0.5, "note": "ü"}, now=NOON + SECOND)
    end(store, third, results={"loss": "NaN", "accuracy": 1}, now=NOON + 2 * SECOND)
    assert read(store).finished_at is None
    error = CellError(1, "c", "ValueError", "v" * 9999, "Traceback …")
    end(store, second, "failed", error=error, now=NOON + 3 * SECOND)
    batch = read(store)
    assert batch.results == ["accuracy", "note", "loss"]
    assert [run.results for run in batch.runs] == [
        {"accuracy": 0.5, "note": "ü"},
        {},
        {"loss": "NaN", "accuracy": 1},
    ]
    assert [run.duration_seconds for run in batch.runs] == [1, 3, 2]
    assert (batch.counts["succeeded"], batch.counts["failed"], batch.total) == (2, 1, 3)
    assert batch.finished_at == NOON + 3 * SECOND
    brief = batch.runs[1].error
    assert brief is not None
    assert (brief.cell_index, brief.name, len(brief.value)) == (1, "ValueError", 501)
    assert stored(store, first.run.id).results == {"accuracy": 0.5, "note": "ü"}


def test_it_shows_the_newest_where_one_was_run_again(store: Store) -> None:
    made = swept(store, 2)
    end(store, claimed(store), "failed")
    end(store, claimed(store))
    single = queued(store)
    with store.read() as db:
        place = batches.member(db, made[0].id)
        assert batches.member(db, single.id) is None
    assert place is not None
    assert (place.batch_id, place.index, place.label, place.plain_name) == ("b1", 0, "x=0", "report")
    again = queued(store, cause="rerun", batch_id="b1", batch_index=0, label="x=0", parameters={"x": 0})
    batch = read(store)
    assert [run.id for run in batch.runs] == [again.id, made[1].id]
    assert (batch.total, batch.counts["queued"], batch.counts["failed"]) == (2, 1, 0)
    with store.read() as db:
        assert counts.by_state(db, "batch", "b1")["failed"] == 1, "the list has them all"


def test_it_cancels_all_that_have_not_ended_and_nothing_else(store: Store) -> None:
    made, other = swept(store, 4), queued(store, now=NOON + SECOND)
    end(store, claimed(store))
    going = claimed(store)
    with store.write() as db:
        before = outbox.last_seq(db)
        batches.cancel(db, "b1", NOON)
        assert attempts.to_cancel(db, ME) == [going.run.id]
        told = outbox.after(db, before)
    assert {event.fields["run_id"] for event in told} == {run.id for run in made[1:]}
    assert {event.fields["batch_id"] for event in told} == {"b1"}
    assert [run.state.value for run in read(store).runs] == ["succeeded", "running", "cancelled", "cancelled"]
    assert stored(store, other.id).state == "queued"
    with store.write() as db:
        before = outbox.last_seq(db)
        batches.cancel(db, "b1", NOON + SECOND)
        assert [event.fields["run_id"] for event in outbox.after(db, before)] == [going.run.id]
    assert stored(store, going.run.id).cancel_requested_at == NOON, "asking again changes nothing"


def test_it_goes_with_the_last_of_its_runs(store: Store) -> None:
    made = swept(store, 2)
    for _ in made:
        end(store, claimed(store))
    with store.write() as db:
        runs.delete(db, made[0].id)
    assert (read(store).total, read(store).runs[0].id) == (1, made[1].id)
    with store.write() as db:
        runs.delete(db, made[1].id)
        assert batches.get(db, "b1") is None
        assert not batches.exists(db, "b1")
        assert recounted(db) == {}


def test_it_reads_the_others_where_one_was_edited_by_hand(store: Store) -> None:
    made = swept(store, 2)
    with store.write() as db:
        db.execute("pragma ignore_check_constraints = on")
        db.execute("update runs set parameters = '{', results = '[1' where id = ?", [made[0].id])
        db.execute("pragma ignore_check_constraints = off")
    assert [run.parameters for run in read(store).runs] == [{}, {"x": 1}]


def test_it_lets_a_single_run_pass_before_the_rest_of_a_sweep(store: Store) -> None:
    swept(store, 100)
    assert places(store, 3) == ["report (x=0)", "report (x=1)", "report (x=2)"]
    queued(store, now=NOON + MINUTE, name="single")
    assert places(store, 2, NOON + MINUTE) == ["single", "report (x=3)"]


def test_it_lets_two_sweeps_take_turns(store: Store) -> None:
    swept(store, 3, "b1", name="a")
    assert places(store, 1) == ["a (x=0)"]
    swept(store, 3, "b2", NOON + SECOND, name="b")
    taken = [claimed(store, NOON + (2 + n) * SECOND).run.name for n in range(5)]
    assert taken == ["b (x=0)", "a (x=1)", "b (x=1)", "a (x=2)", "b (x=2)"]


def test_it_lets_no_crowd_of_single_runs_starve_a_sweep(store: Store) -> None:
    swept(store, 2)
    assert places(store, 1) == ["report (x=0)"]
    for n in range(40):
        queued(store, now=NOON + n * MINUTE, name=f"single {n}")
    taken = [claimed(store, NOON + 40 * MINUTE).run.name for _ in range(32)]
    assert taken.index("report (x=1)") == 30, "after those that came within half an hour"


def test_it_lets_a_sweep_starve_nothing_that_is_scheduled(store: Store) -> None:
    swept(store, 100)
    places(store, 2)
    queued(store, now=NOON + MINUTE, name="scheduled", cause="schedule")
    assert places(store, 1, NOON + 2 * MINUTE) == ["scheduled"]


def test_it_takes_a_run_that_is_repeated_as_one_by_itself(store: Store) -> None:
    swept(store, 5)
    queued(store, name="first", now=NOON + SECOND)
    queued(store, name="again", cause="rerun", batch_id="b1", batch_index=4, now=NOON + 2 * SECOND)
    assert places(store, 3, NOON + 3 * SECOND) == ["report (x=0)", "first", "again"]


@pytest.mark.parametrize("column", ["results", "rendering"])
def test_it_takes_only_objects(store: Store, column: str) -> None:
    made = queued(store)
    with store.write() as db, pytest.raises(Exception, match="CHECK"):
        db.execute(f"update runs set {column} = '[1]' where id = ?", [made.id])


def test_it_keeps_what_templates_are_rendered_from_for_the_worker_alone(store: Store) -> None:
    made = queued(store, rendering={"moment": "2026-05-01T12:00:00Z", "n": [1]})
    with store.read() as db:
        assert runs.rendering(db, made.id) == {"moment": "2026-05-01T12:00:00Z", "n": [1]}
        assert runs.rendering(db, "none") is None
    assert "rendering" not in made.__struct_fields__
    assert claimed(store).rendering == {"moment": "2026-05-01T12:00:00Z", "n": [1]}
