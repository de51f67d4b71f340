"""Runs that have ended: their output, a copy of it to debug in, and what is left when they are deleted."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from ..written import tree, write_notebook
from .asking import Answer, Live


def failed(live: Live, path: str, **fields: Any) -> dict[str, Any]:
    """A run whose third cell raises; the injected one makes it the fourth of the output."""
    write_notebook(live.workspace / path, "a = 1", "b = 1 / x", "print(a)", parameters="x = 1")
    return live.served.ended(live.served.start(path, parameters={"x": 0}, **fields))


def copies(live: Live, folder: str) -> list[str]:
    return sorted(path.name for path in (live.workspace / folder).glob("*-debug-*"))


def test_it_gives_the_output_notebook(live: Live) -> None:
    run = live.run("o/a.ipynb", "print('<script>')")
    answer = live("GET", f"runs/{run['id']}/output")
    assert answer.ok()["cells"][0]["outputs"][0]["text"] == "<script>\n"
    assert answer.headers["Content-Type"] == "application/x-ipynb+json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_it_gives_the_output_of_each_attempt(live: Live) -> None:
    count = "from pathlib import Path\nn = len(list(Path().glob('try*')))\nPath(f'try{n}').touch()"
    source = f"{count}\nprint('try', n)\n1 / n"
    run = live.run("tries/a.ipynb", source, retry={"max_attempts": 3, "delay_seconds": 0})
    assert [past["n"] for past in run["attempts"]] == [1, 2]
    texts = [live("GET", f"runs/{run['id']}/output?attempt={n}").ok()["cells"][0]["outputs"][0]["text"] for n in (1, 2)]
    assert texts == ["try 0\n", "try 1\n"]
    assert live("GET", f"runs/{run['id']}/output?attempt=3").refusal(409)["reason"] == "no_output"
    assert live("GET", f"runs/{run['id']}/output?attempt=0").fields() == {"attempt"}


def test_it_makes_a_writable_copy_beside_the_notebook_at_the_failing_cell(live: Live) -> None:
    run = failed(live, "d1/report.ipynb")
    found = live("POST", f"runs/{run['id']}/debug").ok()
    name = f"report-debug-{run['id'][-6:]}.ipynb"
    assert (found["notebook"], found["cell_index"]) == (f"d1/{name}", 3)
    copy = json.loads((live.workspace / "d1" / name).read_text())
    assert copy["cells"][3]["outputs"][0]["ename"] == "ZeroDivisionError"
    assert copy["metadata"]["notebook_sched"] == {"debug_copy_of": run["id"]}
    assert (live.workspace / "d1" / name).stat().st_mode & 0o600 == 0o600


def test_it_finds_the_copy_again_with_all_that_was_written_into_it(live: Live) -> None:
    run = failed(live, "d2/report.ipynb")
    first = live("POST", f"runs/{run['id']}/debug").ok()
    file = live.workspace / first["notebook"]
    notebook = json.loads(file.read_text())
    notebook["cells"][3]["source"] = "b = 'fixed'"
    file.write_text(json.dumps(notebook))
    assert live("POST", f"runs/{run['id']}/debug").ok() == first
    assert "fixed" in file.read_text()
    assert len(copies(live, "d2")) == 1


def test_it_writes_over_nothing_and_through_nothing(live: Live, tmp_path: Path) -> None:
    run = failed(live, "d3/report.ipynb")
    stem = f"report-debug-{run['id'][-6:]}"
    folder = live.workspace / "d3"
    (folder / f"{stem}.ipynb").write_text("mine")
    (folder / f"{stem}-2.ipynb").symlink_to(tmp_path / "precious.ipynb")
    (folder / f"{stem}-3.ipynb").mkdir()
    (folder / f"{stem}-4.ipynb").write_text(json.dumps({"metadata": {"notebook_sched": {"debug_copy_of": "another"}}}))
    assert live("POST", f"runs/{run['id']}/debug").ok()["notebook"] == f"d3/{stem}-5.ipynb"
    assert (folder / f"{stem}.ipynb").read_text() == "mine"
    assert not (tmp_path / "precious.ipynb").exists()


def test_it_makes_one_copy_when_asked_many_times_at_once(live: Live) -> None:
    run = failed(live, "d4/report.ipynb")
    answers: list[Answer] = []
    threads = [
        threading.Thread(target=lambda: answers.append(live("POST", f"runs/{run['id']}/debug"))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({answer.ok()["notebook"] for answer in answers}) == 1
    assert len(copies(live, "d4")) == 1


def test_it_writes_no_copy_through_a_linked_folder(live: Live, tmp_path: Path) -> None:
    (live.workspace / "linked").symlink_to(tmp_path)
    run = failed(live, "linked/report.ipynb")
    assert run["state"] == "failed", "reading and running go through links"
    before = tree(tmp_path)
    assert live("POST", f"runs/{run['id']}/debug").refusal(422)["reason"] == "is_a_link"
    assert tree(tmp_path) == before


def test_it_says_that_there_is_no_place_for_a_copy(live: Live) -> None:
    run = failed(live, "d5/report.ipynb")
    (live.workspace / "d5" / "report.ipynb").unlink()
    (live.workspace / "d5").rmdir()
    assert live("POST", f"runs/{run['id']}/debug").refusal(409)["reason"] == "no_folder"
    assert not (live.workspace / "d5").exists()


def test_it_copies_a_notebook_with_a_very_long_name(live: Live) -> None:
    run = failed(live, "d6/" + "報" * 80 + ".ipynb")
    assert (live.workspace / live("POST", f"runs/{run['id']}/debug").ok()["notebook"]).is_file()


def test_it_runs_the_mended_copy_in_place_of_the_notebook(live: Live) -> None:
    run = failed(live, "d7/report.ipynb")
    copy = live("POST", f"runs/{run['id']}/debug").ok()["notebook"]
    file = live.workspace / copy
    file.write_text(file.read_text().replace("1 / x", "1 / (x or 1)"))
    again = live("POST", f"runs/{run['id']}/rerun", {"notebook": copy}).ok(201)
    ended = live.served.ended(again["id"])
    assert (ended["state"], ended["notebook"], ended["parameters"]) == ("succeeded", "d7/report.ipynb", {"x": 0})
    tags = [cell["metadata"].get("tags") for cell in live("GET", f"runs/{again['id']}/output").ok()["cells"]]
    assert tags.count(["injected-parameters"]) == 1


def test_it_copies_a_run_that_still_goes_on(live: Live) -> None:
    write_notebook(live.workspace / "d8" / "slow.ipynb", "print('so far')", "import time; time.sleep(2)")
    run_id = live.served.start("d8/slow.ipynb")
    while live.served.run(run_id)["progress"]["current"] != 1 or live("GET", f"runs/{run_id}/output").status != 200:
        pass
    found = live("POST", f"runs/{run_id}/debug").ok()
    assert found["cell_index"] == 1
    assert "notebook_sched" in json.loads((live.workspace / found["notebook"]).read_text())["metadata"]
    assert live("DELETE", f"runs/{run_id}").refusal(409)
    live.served.ended(run_id)


def test_it_removes_the_files_of_a_deleted_run_and_leaves_copy_and_source(live: Live) -> None:
    run = failed(live, "d9/report.ipynb")
    copy = live("POST", f"runs/{run['id']}/debug").ok()["notebook"]
    archived = live.workspace / ".notebook-sched" / "archive" / run["output"]
    source = live.workspace / ".notebook-sched" / "archive" / "sources" / f"{run['source_version']}.ipynb"
    assert archived.is_file()
    assert live("DELETE", f"runs/{run['id']}").status == 204
    assert not archived.parent.parent.exists()
    assert source.is_file()
    assert (live.workspace / copy).is_file()


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"\xff"])
def test_it_survives_an_output_that_somebody_damaged(live: Live, damage: bytes) -> None:
    run = failed(live, "damaged/report.ipynb")
    file = live.workspace / ".notebook-sched" / "archive" / run["output"]
    file.chmod(0o600)
    file.write_bytes(damage)
    assert live("POST", f"runs/{run['id']}/debug").refusal(422)["reason"] == "notebook_unreadable"
    assert live("GET", f"archive/api/contents/{run['output']}").refusal(422)["reason"] == "notebook_unreadable"
    assert live("GET", f"runs/{run['id']}/output").status == 200
    assert not copies(live, "damaged")
