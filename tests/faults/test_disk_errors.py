"""EIO and ENOSPC at every place where something is written: said plainly, nothing half, and the next run works."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from jupyter_notebook_sched.faults import VARIABLE

from ..api.asking import Live
from ..house import House
from ..living import wait_until
from ..serving import serving
from ..written import tree
from .breaking import TELL, next_worker, nothing_is_half, start_broken_worker, text_of

# Each place fails once, the last one twice (both count): every request comes a step further than the one before it.
ONE_AFTER_ANOTHER = "archive-write=EIO@1,archive-sync=ENOSPC@1,archive-rename=EIO@1,"
ONE_AFTER_ANOTHER += "archive-sync-folder=ENOSPC@1,archive-sync-folder=EIO@3"
REFUSALS = {
    "write": "unavailable",
    "sync": "disk_full",
    "rename": "unavailable",
    "folder": "disk_full",
    "folder, of what is there already": "unavailable",
}
JOB = {"notebook": "a.ipynb", "name": "a", "trigger": {"type": "cron", "cron": "0 7 * * *", "timezone": "UTC"}}


def test_it_refuses_what_it_cannot_keep_and_keeps_nothing_of_it(house: House, tmp_path: Path) -> None:
    house.notebook("a.ipynb", TELL)
    house.start_worker()  # a sound one: the server below starts none
    requests = itertools.cycle([("runs", {"notebook": "a.ipynb"}), ("jobs", JOB)])
    with serving(house.workspace, tmp_path / "home", **{VARIABLE: ONE_AFTER_ANOTHER}) as server:
        live = Live(server, house.workspace)
        for (place, reason), (path, body) in zip(REFUSALS.items(), requests, strict=False):
            assert live("POST", path, body).refusal(503)["reason"] == reason, place
            kept = tree(house.context.archive.root / "sources")
            assert len(kept) == place.startswith("folder"), "no half file"
            assert live("GET", path).ok()[path] == [], place
        job = live("POST", "jobs", JOB).ok(201)
        run = live("POST", f"jobs/{job['id']}/run", {}).ok(201)
        assert server.ended(run["id"])["state"] == "succeeded"
    nothing_is_half(house)


# fault → whether what was saved before is kept. The first durable write is the final file's.
FINAL = {"archive-write=ENOSPC": False, "archive-sync=EIO@1": True}


@pytest.mark.parametrize("fault", FINAL)
def test_it_ends_a_run_whose_output_could_not_be_written_and_says_why(house: House, fault: str) -> None:
    house.notebook("a.ipynb", TELL)
    start_broken_worker(house, fault)
    run = house.ended(house.run("a.ipynb").id)
    assert (run.state, run.reason) == ("failed", "internal")
    why = "No space left on device" if "ENOSPC" in fault else "Input/output error"
    assert "the output notebook could not be written" in (run.message or "")
    assert why in (run.message or "")
    assert [cell.outcome for cell in run.cells] == ["ok"]
    assert (text_of(house, run) is not None) == FINAL[fault]
    nothing_is_half(house)


def test_it_runs_the_next_one_once_the_disk_is_well_again(house: House) -> None:
    house.notebook("a.ipynb", TELL)
    start_broken_worker(house, "archive-rename=EIO")
    assert house.ended(house.run("a.ipynb").id).reason == "internal"
    next_worker(house)
    assert house.ended(house.run("a.ipynb").id).state == "succeeded"
    nothing_is_half(house)


def test_it_finishes_a_run_from_its_whole_file_although_the_runner_could_not_vouch_for_it(house: House) -> None:
    house.notebook("a.ipynb", TELL)
    start_broken_worker(house, "archive-sync-folder=EIO@1")  # the runner's, and the worker's own when it tries again
    run = house.ended(house.run("a.ipynb").id)
    assert run.state == "succeeded"
    assert "kept" in (text_of(house, run) or "")
    nothing_is_half(house)


def test_it_does_not_mind_when_only_a_save_in_between_fails(house: House) -> None:
    house.notebook("a.ipynb", TELL, "import time; time.sleep(1)")
    start_broken_worker(house, "archive-write=ENOSPC@1")
    run = house.ended(house.run("a.ipynb").id)
    assert run.state == "succeeded"
    assert "kept" in (text_of(house, run) or "")
    nothing_is_half(house)


@pytest.mark.parametrize("fault", ["attempt-ended=ENOSPC@1", "attempt-recorded=EIO@1"])
def test_it_tries_until_the_end_of_a_run_is_on_record_and_records_it_once(house: House, fault: str) -> None:
    house.notebook("a.ipynb", TELL)
    start_broken_worker(house, fault)
    run = house.ended(house.run("a.ipynb").id)
    assert run.state == "succeeded"
    log = house.root / "worker.out"
    wait_until(lambda: f"the end of run {run.id} is not on record yet" in log.read_text())
    nothing_is_half(house)
    assert house.get(run.id) == run, "what was on record stays as it was"
