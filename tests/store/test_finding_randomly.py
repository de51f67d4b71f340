"""Every filter of a list of runs, and every pair of them, held against a filter written in Python."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from jupyter_notebook_sched.domain.run import Run
from jupyter_notebook_sched.domain.states import RunState
from jupyter_notebook_sched.store import attempts, finding_runs, runs
from jupyter_notebook_sched.store.attempts import Ending
from jupyter_notebook_sched.store.connection import Store
from jupyter_notebook_sched.store.run_filter import RunFilter
from jupyter_notebook_sched.store.terms import text_of

from ..made import NOON, claim, new_run

NAMES = ("Daily report", "daily sales", "Größe", "load", "étape 2")
NOTEBOOKS = ("etl/load.ipynb", "etl/daily_load.ipynb", "report.ipynb", "ordner/größe.ipynb")
CAUSES = ("manual", "api", "schedule", "catch_up", "backfill", "rerun")
VALUES = (1, 1.5, "us", "fr", True, None, [1, 2], "ü")
MADE = 400

ASKED: dict[str, list[Any]] = {
    "states": [("succeeded",), ("failed", "queued"), ("running",), ("skipped", "cancelled", "succeeded")],
    "job": ["j0", "j2", "none"],
    "notebook": [NOTEBOOKS[0], NOTEBOOKS[3], "none.ipynb"],
    "batch": ["b1", "none"],
    "cause": ["schedule", "manual"],
    "tag": ["etl", "日次", "none"],
    "parameters": [{"x": "us"}, {"x": "1", "y": "true"}, {"y": "null"}, {"x": "[1,2]"}],
    "words": [("da",), ("load", "etl"), ("GROSS",), ("größ",), ("etape",), ("daily", "rep")],
    "since": [NOON + timedelta(minutes=150)],
    "until": [NOON + timedelta(minutes=200)],
    "by": ["scheduled_for"],
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, list[Run]]]:
    """A store with some hundreds of random runs in every state, and those runs, the newest first."""
    chance = random.Random(20260501)
    store = Store(tmp_path_factory.mktemp("random") / "state" / "store.db", network=False)
    store.make()
    for number in range(MADE):
        add_one(store, chance, number)
    with store.read() as db:
        found = [runs.get(db, row[0]) for row in db.execute("select id from runs order by seq desc").fetchall()]
    yield store, [run for run in found if run is not None]
    store.close()


def add_one(store: Store, chance: random.Random, number: int) -> None:
    now = NOON + timedelta(minutes=number)
    skipped = chance.random() < 0.15
    new = new_run(
        now,
        name=chance.choice(NAMES),
        notebook=chance.choice(NOTEBOOKS),
        cause=chance.choice(CAUSES),
        job_id=chance.choice(["j0", "j1", "j2", None]),
        batch_id=chance.choice(["b0", "b1", None, None]),
        tags=chance.sample(["etl", "eu", "日次"], chance.randrange(3)),
        parameters={name: chance.choice(VALUES) for name in chance.sample(["x", "y", "z"], chance.randrange(4))},
        # Due times come again and again, in another order than the runs.
        scheduled_for=chance.choice([None, NOON + timedelta(minutes=chance.randrange(MADE) // 10 * 10)]),
        state=RunState.SKIPPED if skipped else RunState.QUEUED,
        reason="missed" if skipped else None,
    )
    with store.write() as db:
        runs.insert(db, new)
    if skipped:
        return
    end = chance.choice(["succeeded", "failed", "cancelled", "running", "queued", "waiting cancelled"])
    if end == "waiting cancelled":
        with store.write() as db:
            runs.cancel_queued(db, new.id, now)
    elif end != "queued":
        claimed = claim(store, now=now)
        if claimed is None or end == "running":
            return
        reason = {"failed": "cell_error", "cancelled": "user"}.get(end)
        with store.write() as db:
            attempts.finish(db, claimed, Ending(RunState(end), reason), now)


def words_of(run: Run) -> list[str]:
    plain = str.maketrans("öéü", "oeu")
    return re.findall(r"\w+", f"{run.name} {run.notebook}".lower().translate(plain).replace("_", " "))


def matches(run: Run, wanted: dict[str, Any]) -> bool:
    moment = getattr(run, wanted.get("by", "created_at"))
    plain = str.maketrans("öéü", "oeu")
    return all(
        {
            "states": lambda asked: run.state in asked,
            "job": lambda asked: run.job_id == asked,
            "notebook": lambda asked: run.notebook == asked,
            "batch": lambda asked: run.batch_id == asked,
            "cause": lambda asked: run.cause == asked,
            "tag": lambda asked: asked in run.tags,
            "parameters": lambda asked: all(
                name in run.parameters and text_of(run.parameters[name]) == text for name, text in asked.items()
            ),
            "words": lambda asked: all(
                any(word.startswith(prefix.lower().translate(plain)) for word in words_of(run)) for prefix in asked
            ),
            "since": lambda asked: moment is not None and moment >= asked,
            "until": lambda asked: moment is not None and moment < asked,
            "by": lambda asked: moment is not None,
        }[name](value)
        for name, value in wanted.items()
    )


def expected(made: list[Run], wanted: dict[str, Any]) -> list[str]:
    """The ids of the runs, the newest first (``made`` is in that order, and sorting keeps it)."""
    found = [run for run in made if matches(run, wanted)]
    if wanted.get("by") == "scheduled_for":
        found.sort(key=lambda run: run.scheduled_for or NOON, reverse=True)
    return [run.id for run in found]


def combinations() -> Iterator[dict[str, Any]]:
    yield {}
    for name, values in ASKED.items():
        yield from ({name: value} for value in values)
    for one, other in itertools.combinations(ASKED, 2):
        yield from ({one: this, other: that} for this in ASKED[one] for that in ASKED[other])
    chance = random.Random(7)
    for _ in range(150):
        names = chance.sample(list(ASKED), 3 + chance.randrange(3))
        yield {name: chance.choice(ASKED[name]) for name in names}


def wanted_and_found(store: Store, wanted: dict[str, Any], few: int) -> tuple[list[str], dict[str, int], bool]:
    asked = RunFilter(**wanted)
    with store.read() as db:
        counts, capped = finding_runs.counts(db, asked)
        return [run.id for run in finding_runs.page(db, asked, few, None)], counts, capped


# Where a filter leaves many runs, lists are cut in another way: both ways must find the same.
@pytest.mark.parametrize("few", [finding_runs.FEW, 0, 30])
def test_it_finds_what_a_plain_filter_finds(
    filled: tuple[Store, list[Run]], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding_runs, "FEW", few)
    store, made = filled
    seen = 0
    for wanted in combinations():
        ids = expected(made, wanted)
        found, counts, capped = wanted_and_found(store, wanted, 1000)
        assert found == ids, wanted
        without = {name: value for name, value in wanted.items() if name != "states"}
        by_state = {state.value: 0 for state in RunState}
        for run in made:
            by_state[run.state.value] += matches(run, without)
        assert (counts, capped) == (by_state, False), wanted
        seen += len(ids)
    assert seen > 10_000, "the filters do find runs"


@pytest.mark.parametrize("few", [finding_runs.FEW, 0])
@pytest.mark.parametrize("limit", [1, 2, 7])
def test_it_gives_each_run_once_however_small_the_pages_are(
    filled: tuple[Store, list[Run]], limit: int, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding_runs, "FEW", few)
    store, made = filled
    for wanted in itertools.islice(combinations(), 0, None, 23):
        asked, paged, after = RunFilter(**wanted), [], None
        with store.read() as db:
            while page := finding_runs.page(db, asked, limit, after):
                paged += [run.id for run in page]
                after = finding_runs.position(db, asked, page[-1])
        assert paged == expected(made, wanted), wanted


def test_it_counts_no_further_than_its_cap_and_says_so(
    filled: tuple[Store, list[Run]], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _ = filled
    monkeypatch.setattr(finding_runs, "COUNT_CAP", 50)
    _, counts, capped = wanted_and_found(store, {"tag": "etl"}, 1)
    assert (sum(counts.values()), capped) == (50, True)
    _, counts, capped = wanted_and_found(store, {"job": "j1"}, 1)
    assert (sum(counts.values()) > 50, capped) == (True, False), "what is counted by itself is exact"
    monkeypatch.setattr(finding_runs, "LOOKED_AT", 20)
    _, counts, capped = wanted_and_found(store, {"tag": "etl", "cause": "manual"}, 1)
    assert capped
    assert sum(counts.values()) <= 20
