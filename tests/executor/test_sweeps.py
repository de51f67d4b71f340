"""Sweeps with real kernels: to their end with what they found out, cancelled in the middle, one run again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from jupyter_notebook_sched.domain.batch import Batch
from jupyter_notebook_sched.service import batches, starting, sweeps
from jupyter_notebook_sched.service.forms import CreateRun, Rerun
from jupyter_notebook_sched.service.sweeps import StartedSweep
from jupyter_notebook_sched.service.validating import form_of

from ..house import House
from ..written import code

CELL = "alpha: int = 1\nbeta: float = 0.5"


def begun(house: House, notebook: str, values: Any, mode: str = "grid", **fields: Any) -> StartedSweep:
    sent = {"notebook": notebook, "sweep": {"mode": mode, "values": values}} | fields
    started = sweeps.start(house.context, form_of(CreateRun, sent)).started
    assert isinstance(started, StartedSweep)
    return started


def seen(house: House, batch_id: str, until: Callable[[Batch], Any], seconds: float = 60) -> Batch:
    limit = time.monotonic() + seconds
    while not until(batch := batches.get(house.context, batch_id)):
        assert time.monotonic() < limit, f"{batch.counts} after {seconds} s"
        time.sleep(0.05)
    return batch


def test_it_runs_all_of_a_sweep_and_compares_what_they_found(busy_house: House) -> None:
    results = code("{'product': alpha * beta, 'ratio': 1 / (alpha - 3)}", "result")
    busy_house.notebook("compare.ipynb", results, parameters=CELL)
    started = begun(busy_house, "compare.ipynb", {"alpha": [1, 2, 3, 4], "beta": [0.5, 1.5, -2]})
    batch = seen(busy_house, started.batch_id, lambda batch: batch.finished_at)
    assert (batch.total, batch.counts["succeeded"], batch.counts["failed"]) == (12, 9, 3)
    assert batch.results == ["product", "ratio"]
    for run in batch.runs:
        alpha, beta = run.parameters["alpha"], run.parameters["beta"]
        if alpha == 3:
            assert (run.state.value, run.results) == ("failed", {})
            assert run.error is not None
            assert (run.error.name, run.error.value) == ("ZeroDivisionError", "division by zero")
        else:
            assert (run.state.value, run.error) == ("succeeded", None)
            assert run.results == {"product": alpha * beta, "ratio": 1 / (alpha - 3)}
        assert run.duration_seconds is not None
    facts = busy_house.output(busy_house.get(batch.runs[0].id))["metadata"]["notebook_sched"]
    assert facts["results"] == batch.runs[0].results, "they travel with the notebook"


def test_it_cancels_a_sweep_in_the_middle(busy_house: House) -> None:
    wait = "import time\nwhile alpha > 1:\n    time.sleep(0.05)"
    busy_house.notebook("long.ipynb", wait, code("alpha", "result"), parameters=CELL)
    started = begun(busy_house, "long.ipynb", {"alpha": [1, 2, 3, 4, 5, 6]})
    seen(busy_house, started.batch_id, lambda batch: batch.counts["succeeded"] == 1 and batch.counts["running"] == 2)
    assert batches.cancel(busy_house.context, started.batch_id).counts["queued"] == 0
    batch = seen(busy_house, started.batch_id, lambda batch: batch.finished_at)
    assert (batch.counts["succeeded"], batch.counts["cancelled"]) == (1, 5)
    assert [run.results for run in batch.runs] == [{"alpha": 1}, {}, {}, {}, {}, {}]
    assert [run.reason for run in batch.runs] == [None, *["user"] * 5]


def test_a_run_that_is_run_again_after_a_fix_stands_in_its_place(busy_house: House) -> None:
    busy_house.notebook("broken.ipynb", code("1 / alpha", "result"), parameters=CELL)
    started = begun(busy_house, "broken.ipynb", {"alpha": [0, 2]})
    seen(busy_house, started.batch_id, lambda batch: batch.finished_at)
    busy_house.notebook("broken.ipynb", code("1 / (alpha or 4)", "result"), parameters=CELL)
    again = starting.rerun(busy_house.context, started.runs[0].id, Rerun(source="current")).run
    batch = seen(busy_house, started.batch_id, lambda batch: batch.finished_at)
    assert [run.id for run in batch.runs] == [again.id, started.runs[1].id]
    assert [run.results for run in batch.runs] == [{"result": 0.25}, {"result": 0.5}]
    assert busy_house.get(started.runs[0].id).state == "failed", "what it was stays on record"


ODD = {
    "nothing at all": "None",
    "not finite": "{'a': float('nan'), 'b': [float('inf')]}",
    "huge": "'x' * 1_000_000",
    "many": "{f'n{n}': 'y' * 100 for n in range(100_000)}",
    "half a character": "'\\ud800'",
    "no JSON": "object()",
    "too deep": "eval('[' * 150 + ']' * 150)",
    "large integers": "{'n': 10 ** 400, 'm': 2 ** 64}",
    "itself": "(lambda d: d.update(d=d) or d)({})",
    "scraps that are none": "from IPython.display import display\n"
    "for data in (5, [], {}, {'name': 5}, {'name': 'n', 'data': {'deep': [[[[]]]]}}):\n"
    "    display({'application/scrapbook.scrap.json+json': data, 'application/papermill.record+json': data}, raw=True)",
}


@pytest.mark.parametrize("source", ODD.values(), ids=ODD)
def test_odd_outputs_fail_no_run(busy_house: House, source: str) -> None:
    busy_house.notebook("odd.ipynb", code(source, "result"), code("'it went on'", "result"))
    run = busy_house.ended(busy_house.run("odd.ipynb").id)
    assert (run.state.value, run.message) == ("succeeded", None)
    assert len(json.dumps(run.results)) <= 16 * 1024
    assert "it went on" in run.results.values() or "…" in run.results


def test_it_keeps_the_results_of_the_attempt_that_counts(busy_house: House) -> None:
    again = "import os, pathlib\nfirst = not pathlib.Path('seen').exists()\npathlib.Path('seen').touch()"
    busy_house.notebook("twice.ipynb", again, code("first", "result"), "assert not first")
    run = busy_house.run("twice.ipynb", retry={"max_attempts": 2, "delay_seconds": 0})
    assert busy_house.ended(run.id).results == {"first": False}


def test_it_tells_no_secret_among_the_results(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTEBOOK_SCHED_SECRET_KEY", "s3cr3t-key")
    house.start_worker()
    escaped = "print('\"' + ''.join(f'\\\\u{ord(c):04x}' for c in key) + '\"')"
    cells = [code("{'is': key, 'in': f'<{key}>'}", "result"), code(escaped, "result")]
    house.notebook("secret.ipynb", *cells, parameters="key = ''")
    run = house.ended(house.run("secret.ipynb", templates=True, parameters={"key": "{{ secret('KEY') }}"}).id)
    assert run.state == "succeeded"
    assert run.results["is"] == "********"
    assert run.results["in"] == "<********>"
    assert run.results["result"] == "********", "not even where the outputs spell it otherwise"
    assert house.output(run)["cells"][-1]["outputs"][0]["text"].startswith('"\\u0073\\u0033')


def test_it_keeps_what_was_recorded_before_a_failure(busy_house: House) -> None:
    busy_house.notebook("half.ipynb", code("{'loss': 0.5}", "result"), "1 / 0", code("{'acc': 1}", "result"))
    run = busy_house.ended(busy_house.run("half.ipynb").id)
    assert (run.state.value, run.results) == ("failed", {"loss": 0.5})
