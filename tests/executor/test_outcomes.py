"""How a run ends, and what is told of each of its cells: real kernels, one worker."""

from __future__ import annotations

from datetime import timedelta

from jupyter_notebook_sched.domain.run import RunDetail
from jupyter_notebook_sched.worker.upkeep import MissingKernels

from ..house import House
from ..written import code, markdown

PARAMETERS = "import datetime\nregion = 'us'\nn: int = 3\nwhen = datetime.date(2026, 1, 1)\n"


def outcomes(run: RunDetail) -> list[tuple[int, str]]:
    return [(cell.index, cell.outcome) for cell in run.cells]


def streams(house: House, run: RunDetail) -> str:
    cells = house.output(run)["cells"]
    return "".join(
        "".join(output["text"])
        for cell in cells
        for output in cell.get("outputs", [])
        if output["output_type"] == "stream"
    )


def test_it_runs_with_the_values_sent_in_a_cell_right_after_the_parameters(busy_house: House) -> None:
    busy_house.notebook("values.ipynb", markdown("# Title"), "print(region, n, when)", parameters=PARAMETERS)
    values = {"region": "fr'é😀\n", "n": 7, "when": "2026-03-29"}
    run = busy_house.ended(busy_house.run("values.ipynb", parameters=values).id)
    assert (run.state, run.reason, run.message) == ("succeeded", None, None)
    assert outcomes(run) == [(0, "ok"), (1, "ok"), (3, "ok")]
    assert all(cell.seconds is not None and cell.seconds >= 0 for cell in run.cells)
    assert (run.progress.done, run.progress.total, run.progress.current) == (3, 3, None)
    output = busy_house.output(run)
    assert [cell["metadata"].get("tags") for cell in output["cells"]] == [
        ["parameters"],
        ["injected-parameters"],
        None,
        None,
    ]
    assert streams(busy_house, run) == "fr'é😀\n 7 2026-03-29\n"
    assert run.parameters == values
    assert [(past.n, past.state, past.output) for past in run.attempts] == [(1, "succeeded", run.output)]


def test_it_runs_with_the_defaults_where_none_are_sent(busy_house: House) -> None:
    busy_house.notebook("defaults.ipynb", "print(region, n)", parameters=PARAMETERS)
    run = busy_house.ended(busy_house.run("defaults.ipynb").id)
    assert streams(busy_house, run) == "us 3\n"
    assert outcomes(run) == [(0, "ok"), (1, "ok")]


def test_it_tells_which_cell_failed_and_what_it_raised(busy_house: House) -> None:
    busy_house.notebook("fails.ipynb", markdown("# Title"), "a = 1", "def f():\n    return {}['x']\nf()", "print('no')")
    run = busy_house.ended(busy_house.run("fails.ipynb").id)
    assert (run.state, run.reason, run.message) == ("failed", "cell_error", "cell 3: KeyError: 'x'")
    assert outcomes(run) == [(1, "ok"), (2, "failed"), (3, "not_run")]
    assert run.error is not None
    assert (run.error.cell_index, run.error.cell_id, run.error.name, run.error.value) == (2, "c2", "KeyError", "'x'")
    assert "\x1b" not in run.error.traceback
    assert "return {}['x']" in run.error.traceback
    assert (run.progress.done, run.progress.total) == (2, 3)
    assert busy_house.output(run)["cells"][3]["outputs"] == []


def test_it_skips_empty_and_tagged_cells_and_counts_code_cells_only(busy_house: House) -> None:
    busy_house.notebook("skips.ipynb", markdown("text"), "", "  \n", code("1 / 0", "skip-execution"), "print(1)")
    run = busy_house.ended(busy_house.run("skips.ipynb").id)
    assert run.state == "succeeded"
    assert outcomes(run) == [(1, "skipped"), (2, "skipped"), (3, "skipped"), (4, "ok")]
    assert run.progress.total == 4


def test_it_starts_in_the_folder_of_the_notebook(busy_house: House) -> None:
    busy_house.notebook(
        "etl/daily/where.ipynb", "import os\nprint(os.getcwd())\nopen('made.txt', 'w').close()\nimport beside"
    )
    (busy_house.workspace / "etl" / "daily" / "beside.py").write_text("print('imported')")
    run = busy_house.ended(busy_house.run("etl/daily/where.ipynb").id)
    assert run.state == "succeeded", run.error
    folder = busy_house.workspace / "etl" / "daily"
    assert streams(busy_house, run) == f"{folder}\nimported\n"
    assert (folder / "made.txt").exists()


def test_it_fails_as_invalid_what_has_become_impossible_while_it_waited(house: House) -> None:
    for name in ("old/folder", "source", "changed", "kernel", "value", "fine"):
        house.notebook(f"{name}.ipynb", f"print({name!r})", parameters="x = 1")
    made = {name: house.run(f"{name}.ipynb") for name in ("old/folder", "source", "changed", "kernel", "fine")}
    made["value"] = house.run("value.ipynb", parameters={"x": 2})
    sources = house.context.archive.root / "sources"
    (house.workspace / "old" / "folder.ipynb").unlink()
    (house.workspace / "old").rmdir()
    (sources / f"{made['source'].source_version}.ipynb").unlink()
    (sources / f"{made['changed'].source_version}.ipynb").chmod(0o600)
    (sources / f"{made['changed'].source_version}.ipynb").write_text("{}")
    with house.context.store.write() as db:
        for name in ("kernel", "value"):
            db.execute("update runs set kernel = 'gone' where id = ?", [made[name].id])
    house.start_worker()
    assert house.ended(made["fine"].id).state == "succeeded"
    assert house.get(made["kernel"].id).reason == "needs_kernel"
    assert MissingKernels(house.context.store, timedelta()).fail_hopeless(house.clock()) == 2
    runs = {name: house.ended(run.id) for name, run in made.items()}
    assert runs.pop("fine").state == "succeeded"
    assert {(run.state, run.reason) for run in runs.values()} == {("failed", "invalid")}
    says = {
        "old/folder": "does not exist",
        "source": "source",
        "changed": "not what was stored",
        "kernel": "gone",
        "value": "gone",
    }
    for name, run in runs.items():
        assert says[name] in str(run.message), name
    assert not (house.workspace / "old").exists()


def test_an_integer_beyond_sixty_four_bits_arrives_as_it_was_sent(busy_house: House) -> None:
    huge = 2**64 + 10**40
    busy_house.notebook("huge.ipynb", "print(n)", parameters="n: int = 1")
    run = busy_house.ended(busy_house.run("huge.ipynb", parameters={"n": huge}).id)
    assert run.state == "succeeded", run.message
    assert busy_house.output(run)["cells"][-1]["outputs"][0]["text"] == f"{huge}\n"
