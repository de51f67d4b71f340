"""One table in code, CHECK constraints in SQL and docs/run-states.md: all three say the same."""

from __future__ import annotations

import contextlib
import itertools
import re
import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from jupyter_notebook_sched.domain.states import (
    ALLOWED,
    BORN,
    ENDED,
    REASONS,
    IllegalTransition,
    RunState,
    check_transition,
)
from jupyter_notebook_sched.store import migrations

PAGE = (Path(__file__).parents[2] / "docs" / "run-states.md").read_text(encoding="utf-8")
EVERY_REASON = [*sorted(set().union(*REASONS.values())), "no_such_reason", None]
NOT_NULL = {
    "id": "r1",
    "title": 1,
    "source_version": "0",
    "parameters": "{}",
    "parameters_template": "{}",
    "kernel": "python3",
    "cause": "api",
    "created_at": "2026-01-01T00:00:00.000Z",
    "available_at": "2026-01-01T00:00:00.000Z",
    "queue_at": "2026-01-01T00:00:00.000Z",
}
OWNED = {"lease_owner": "me", "lease_epoch": 1, "tried": 1}


def rows_of(header: str) -> list[list[str]]:
    """The rows of the Markdown table with that header line."""
    lines = PAGE.splitlines()
    start = lines.index(header) + 2
    table = itertools.takewhile(lambda line: line.startswith("|"), lines[start:])
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


@pytest.fixture
def db() -> Database:
    db = Database(sqlite3.connect(":memory:", isolation_level=None), execute_plugins=False)
    migrations.bring_up_to_date(db, None)
    db.execute("insert into titles (name, notebook) values ('n', 'n.ipynb')")
    db.execute("insert into facts values ('migrating', '1')")  # a run may be born in any state
    return db


def a_reason_of(state: RunState) -> str | None:
    return min(REASONS[state]) if state in REASONS else None


def stored(db: Database, state: str, reason: str | None) -> bool:
    """Whether the schema takes a run of that state and reason, all else as the state needs it."""
    ended = state in {each.value for each in ENDED}
    row = NOT_NULL | {"state": state, "reason": reason, "finished_at": NOT_NULL["created_at"] if ended else None}
    if state == "running":
        row |= {"started_at": NOT_NULL["created_at"], **OWNED}
    db.execute("delete from runs")
    try:
        db.execute(f"insert into runs ({', '.join(row)}) values ({', '.join('?' * len(row))})", list(row.values()))
    except sqlite3.IntegrityError:
        return False
    return True


def test_it_documents_every_transition_and_no_other() -> None:
    documented = {(before, after) for before, after, _ in rows_of("| from | to | when |")}
    assert documented == {(before.value, after.value) for before in ALLOWED for after in ALLOWED[before]}


def test_it_documents_every_reason_of_every_state() -> None:
    documented = {}
    for states, reasons in rows_of("| state | reasons |"):
        for state in states.split(", "):
            documented[state] = set(re.findall(r"\w+", re.sub(r"\(.*?\)", "", reasons)))
    assert documented == {state.value: set(REASONS.get(state, ())) for state in RunState}


@pytest.mark.parametrize("state", [*(state.value for state in RunState), "pending"])
@pytest.mark.parametrize("reason", EVERY_REASON)
def test_it_stores_a_reason_only_with_the_states_that_carry_it(db: Database, state: str, reason: str | None) -> None:
    if state == "pending":
        allowed = False
    elif reason is None:
        allowed = RunState(state) not in REASONS or state == "queued"
    else:
        allowed = reason in REASONS.get(RunState(state), frozenset())
    assert stored(db, state, reason) is allowed


def test_it_stores_the_steps_that_the_table_has_and_no_other(db: Database) -> None:
    taken = set()
    for before, after in itertools.permutations(RunState, 2):
        assert stored(db, before.value, a_reason_of(before))
        values = {
            "state": after.value,
            "reason": "invalid" if after is RunState.FAILED else a_reason_of(after),
            "finished_at": NOT_NULL["created_at"] if after in ENDED else None,
            **{name: value if after is RunState.RUNNING else None for name, value in OWNED.items()},
            "tried": 1,
            "started_at": NOT_NULL["created_at"],
        }
        with contextlib.suppress(sqlite3.IntegrityError):
            db.execute(f"update runs set {', '.join(f'{name} = :{name}' for name in values)}", values)
            taken.add((before, after))
    assert taken == {(before, after) for before in ALLOWED for after in ALLOWED[before]}


@pytest.mark.parametrize(
    "change",
    [
        "finished_at = null",
        "lease_owner = 'me'",
        "state = 'running'",
        "state = 'queued'",
        "reason = null",
        "attempt = 0",
        "cause = 'whim'",
        "parameters = '[]'",
        "parameters_template = '7'",
        "policies = 'null'",
        "tags = '{}'",
        "covers = '[]'",
        "tried = 2",
    ],
)
def test_it_keeps_a_failed_run_in_one_piece(db: Database, change: str) -> None:
    assert stored(db, "failed", "lost")
    with pytest.raises(sqlite3.IntegrityError):
        db.execute(f"update runs set {change}")


@pytest.mark.parametrize("column", ["parameters", "parameters_template", "policies", "tags", "covers"])
def test_it_stores_no_json_that_could_not_be_read_again(db: Database, column: str) -> None:
    assert stored(db, "queued", None)
    with pytest.raises(sqlite3.Error):
        db.execute(f"update runs set {column} = '{{'")


def test_it_stores_a_running_run_only_with_its_start_and_its_owner(db: Database) -> None:
    assert stored(db, "running", None)
    for column in ("started_at", "lease_owner", "lease_epoch", "tried"):
        with pytest.raises(sqlite3.IntegrityError):
            db.execute(f"update runs set {column} = null")


def test_it_fails_a_run_that_never_started_only_as_invalid_in_the_schema_too(db: Database) -> None:
    for reason in sorted(REASONS[RunState.FAILED] - {"invalid"}):
        assert stored(db, "queued", None)
        with pytest.raises(sqlite3.IntegrityError):
            db.execute("update runs set state = 'failed', reason = ?, finished_at = created_at", [reason])


def test_it_lets_a_run_be_born_only_as_the_table_says(db: Database) -> None:
    db.execute("delete from facts")
    born = {state for state in RunState if stored(db, state.value, a_reason_of(state))}
    assert born == BORN


def test_it_checks_each_step_against_the_table() -> None:
    for before, after in itertools.product(RunState, RunState):
        reason = "invalid" if after is RunState.FAILED else None
        if after in ALLOWED[before]:
            check_transition(before, after, reason)
        else:
            with pytest.raises(IllegalTransition):
                check_transition(before, after, reason)


def test_it_fails_a_run_that_never_started_only_as_invalid() -> None:
    check_transition(RunState.QUEUED, RunState.FAILED, "invalid")
    for reason in REASONS[RunState.FAILED] - {"invalid"}:
        with pytest.raises(IllegalTransition):
            check_transition(RunState.QUEUED, RunState.FAILED, reason)


def test_it_lets_nothing_leave_an_ended_state() -> None:
    assert {RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED, RunState.SKIPPED} == ENDED
    assert {RunState.QUEUED, RunState.SKIPPED} == BORN
