"""The disk is really full: who asks is told so, nothing that was promised is lost, and room mends everything."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from jupyter_notebook_sched.config import STATE_DIR_NAME
from soak.ledger import Findings, examine, ledger_of
from soak.outputs import examine_outputs

from ..api.asking import Live
from ..house import House
from ..living import wait_until
from ..serving import serving
from ..written import markdown, write_notebook
from .small_disk import as_seen_by, on_small_disk, resize

MORE_THAN_FITS = 60
PRINT_MUCH = "print('x' * 200_000)"
REFUSED_BY_DISK = "could not be written: [Errno 28] No space left on device"


def test_it_says_that_the_disk_is_full_and_loses_nothing_that_it_promised(tmp_path: Path) -> None:
    workspace = tmp_path / "work"
    workspace.mkdir()
    state = workspace / STATE_DIR_NAME
    disk = on_small_disk(state, "3m")
    with serving(workspace, tmp_path / "home", "--NotebookSched.disk_reserve_megabytes=0", within=disk) as server:
        live = Live(server, workspace)
        promised, refusal = post_until_it_is_full(live)
        assert refusal["reason"] == "disk_full"
        assert "free some space and try again" in refusal["message"]
        known = live("GET", "runs?limit=200").ok()["runs"]
        assert {run["id"] for run in known} == set(promised), "what was promised is on record, what was refused is not"

        resize(server.process.pid, state, "64m")
        ended = [server.ended(run_id, 60) for run_id in promised]
        for run in ended:
            assert run["state"] == "succeeded" or REFUSED_BY_DISK in run["message"], run
        assert server.ended(server.start("0.ipynb"))["state"] == "succeeded"
        wait_until(lambda: live("GET", "status").ok()["queue"] == {"queued": 0, "running": 0})
        shutil.copytree(as_seen_by(server.process.pid, state), tmp_path / "copy")
    assert half_of(tmp_path / "copy") == []


def post_until_it_is_full(live: Live) -> tuple[list[str], dict[str, Any]]:
    """Runs of ever other notebooks, the ids of those that were accepted; and the first refusal."""
    promised: list[str] = []
    for number in range(MORE_THAN_FITS):
        name = f"{number}.ipynb"
        write_notebook(live.workspace / name, PRINT_MUCH, markdown(str(number) * 200_000))
        answer = live("POST", "runs", {"notebook": name})
        if answer.status != 201:
            return promised, answer.refusal(503)
        promised.append(answer.ok(201)["id"])
    raise AssertionError("the disk never was full")


def half_of(state: Path) -> list[str]:
    """What is not as it should be in a copy of a state directory; its workers still live."""
    found = Findings()
    with ledger_of(state / "store.db") as ledger:
        examine(ledger, [], set(), found)
        examine_outputs(ledger, state / "archive", found)
    left = [str(file) for file in (state / "archive").rglob(".nbs-tmp-*")]
    living = [one for one in found.others if not one.startswith("workers that left")]
    return found.lost + found.doubled + found.finished_twice + living + left


def test_it_starts_no_run_below_the_reserve_of_free_disk_and_says_so(house: House) -> None:
    house.notebook("a.ipynb", "print(1)")
    house.context.settings = replace(house.settings, disk_reserve_megabytes=10**9)
    worker = house.start_worker(f"--disk-reserve-megabytes={10**9}")
    run = house.run("a.ipynb")
    wait_until(lambda: "no run starts: too little free disk" in (house.root / "worker.out").read_text())
    waiting = house.get(run.id)
    assert (waiting.state, waiting.reason) == ("queued", "capacity")
    assert (waiting.message or "").startswith("waits for free disk space; only ")
    worker.terminate()
    worker.wait(20)
    house.context.settings = house.settings
    house.start_worker()
    assert house.ended(run.id).state == "succeeded"
