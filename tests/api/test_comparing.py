"""Runs compared, as the API and its page tell it: real runs of a real server."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ..written import code, write_notebook
from .asking import Live

PLOT = """from IPython.display import Image, display
import struct, zlib
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
row = b"\\0" + bytes([colour, 0, 0]) * 4
head = struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0)
body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(row * 4)) + chunk(b"IEND", b"")
display(Image(b"\\x89PNG\\r\\n\\x1a\\n" + body))"""


def found(live: Live, run: dict[str, Any], query: str = "") -> dict[str, Any]:
    answer: dict[str, Any] = live("GET", f"runs/{run['id']}/diff{query}").ok()
    return answer


def again(live: Live, path: str, **fields: Any) -> dict[str, Any]:
    return live.served.ended(live.served.start(path, **fields))


def test_it_compares_a_failed_run_with_the_last_success(live: Live) -> None:
    good = live.run("c1/a.ipynb", "y = 6 / x", "print('y is', y)", "object()", parameters="x = 1")
    bad = again(live, "c1/a.ipynb", parameters={"x": 0}, keep_kernel_seconds=0)
    answer = found(live, bad)
    assert (answer["left"]["run_id"], answer["right"]["run_id"]) == (good["id"], bad["id"])
    assert (answer["left"]["state"], answer["right"]["state"]) == ("succeeded", "failed")
    assert answer["left"]["intact"] is answer["right"]["intact"] is True
    assert answer["parameters"] == [{"name": "x", "op": "added", "left": None, "right": 0}]
    assert answer["packages"] == [], "one environment"
    assert answer["left"]["packages_recorded"]
    cells = answer["cells"]
    assert [(cell["op"], cell["left"], cell["right"]) for cell in cells] == [
        ("same", 0, 0),
        ("added", None, 1),
        ("changed", 1, 2),
        ("changed", 2, 3),
        ("changed", 3, 4),
    ]
    assert (cells[2]["changes"], cells[2]["left_outcome"], cells[2]["right_outcome"]) == (["outputs"], "ok", "failed")
    (error,) = cells[2]["outputs"]
    assert (error["op"], error["right"]["kind"]) == ("added", "error")
    assert error["text"][0]["text"].startswith("ZeroDivisionError: division by zero\n")
    assert cells[3]["outputs"][0]["text"] == [{"op": "removed", "text": "y is 6.0\n"}]
    assert cells[2]["left_seconds"] > 0
    assert answer["capped"] is False


def test_it_finds_two_runs_of_one_notebook_the_same_whatever_address_they_print(live: Live) -> None:
    live.run("c2/a.ipynb", "print(object())", "object()", "import warnings; warnings.warn('careful')")
    answer = found(live, again(live, "c2/a.ipynb"))
    assert {cell["op"] for cell in answer["cells"]} == {"same"}
    assert [len(cell["outputs"]) for cell in answer["cells"]] == [1, 1, 1]


def test_it_compares_with_another_run_and_shows_images_side_by_side(live: Live) -> None:
    one = live.run("c3/a.ipynb", PLOT, parameters="colour = 1")
    two = again(live, "c3/a.ipynb", parameters={"colour": 200})
    answer = found(live, two, f"?against={one['id']}")
    (image,) = answer["cells"][-1]["outputs"]
    assert (image["op"], image["left"]["name"], image["right"]["name"]) == ("changed", "image/png", "image/png")
    assert image["left"]["sha256"] != image["right"]["sha256"]
    assert image["text"] is None
    page = live("GET", f"runs/{two['id']}/diff?against={one['id']}&format=html").raw.decode()
    assert page.count('src="data:image/png;base64,') == 2


def test_it_compares_with_the_source_as_it_is_now_sources_only(live: Live) -> None:
    write_notebook(live.workspace / "c4" / "a.ipynb", "print(x)", "print('old')", parameters="x = 1")
    run = again(live, "c4/a.ipynb", parameters={"x": 2})
    answer = found(live, run, "?against=source")
    assert {cell["op"] for cell in answer["cells"]} == {"same"}, "the injected cell and outputs do not count"
    assert [cell["right"] for cell in answer["cells"]] == [0, 2, 3], "positions in the output as it is"
    write_notebook(live.workspace / "c4" / "a.ipynb", "print(x)", "print('new')", code("more"), parameters="x = 1")
    answer = found(live, run, "?against=source")
    assert [cell["op"] for cell in answer["cells"]] == ["same", "same", "changed", "removed"]
    assert answer["cells"][2]["source"] == [
        {"op": "removed", "text": "print('new')"},
        {"op": "added", "text": "print('old')"},
    ]
    answer = found(live, run, f"?against={run['source_version']}")
    assert {cell["op"] for cell in answer["cells"]} == {"same"}, "what it ran itself"


def test_it_compares_a_jobs_run_with_the_version_that_the_job_uses(live: Live) -> None:
    write_notebook(live.workspace / "c5" / "a.ipynb", "print(1)")
    job = live("POST", "jobs", {"name": "Daily", "notebook": "c5/a.ipynb"}).ok(201)
    run = live.served.ended(live("POST", f"jobs/{job['id']}/run", {}).ok(201)["id"])
    write_notebook(live.workspace / "c5" / "a.ipynb", "print(2)")
    answer = found(live, run, "?against=source")
    assert answer["left"]["source_version"] == job["source_version"]
    assert {cell["op"] for cell in answer["cells"]} == {"same"}


def test_it_answers_a_page_that_stands_by_itself_and_may_do_nothing(live: Live) -> None:
    live.run("c6/a.ipynb", "print('<script>alert(1)</script>', x)", parameters="x = '<b>'")
    run = again(live, "c6/a.ipynb", parameters={"x": "</style><img src=http://evil.example/x>"})
    for theme in ("light", "dark"):
        answer = live("GET", f"runs/{run['id']}/diff?format=html&theme={theme}")
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == (
            "sandbox allow-scripts; default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
            "script-src 'unsafe-inline'; font-src data:"
        )
        page = answer.raw.decode()
        assert "<script" not in page
        assert "<img src=http" not in page
        assert "color-scheme:" + theme in page


@pytest.mark.parametrize(
    ("query", "status", "reason"),
    [
        ("?against=last_success", 409, "no_success"),
        ("?against=00000000-0000-7000-8000-000000000000", 422, "nothing_to_compare"),
        (f"?against={'0' * 64}", 422, "nothing_to_compare"),
        ("?against=../../etc/passwd", 422, "nothing_to_compare"),
        ("?against=", 422, "invalid"),
        ("?format=pdf", 422, "invalid"),
        ("?theme=pink", 422, "invalid"),
    ],
)
def test_it_says_why_there_is_nothing_to_compare(live: Live, query: str, status: int, reason: str) -> None:
    run = live.run("c7/alone.ipynb", "1 / 0", keep_kernel_seconds=0)
    assert live("GET", f"runs/{run['id']}/diff{query}").refusal(status)["reason"] == reason


def test_it_says_that_an_output_is_gone_or_no_notebook_any_more(live: Live) -> None:
    one = live.run("c8/a.ipynb", "print(1)")
    two = again(live, "c8/a.ipynb")
    archive = live.workspace / ".notebook-sched" / "archive"
    file = archive / one["output"]
    file.chmod(0o600)
    file.write_bytes(file.read_bytes() + b"\n")
    answer = found(live, two)
    assert (answer["left"]["intact"], answer["right"]["intact"]) == (False, True)
    page = live("GET", f"runs/{two['id']}/diff?format=html").raw.decode()
    assert "was changed after it was written" in page
    file.write_bytes(b"{")
    for query in ("", "?format=html"):
        error = live("GET", f"runs/{two['id']}/diff{query}").refusal(422)
        assert error["reason"] == "notebook_unreadable"
        assert error["message"].startswith("The last success: ")
    file.unlink()
    assert live("GET", f"runs/{two['id']}/diff").refusal(409)["reason"] == "no_output"
    assert live("GET", "runs/unknown/diff").refusal(404)


def test_it_tells_packages_and_durations_that_differ(live: Live) -> None:
    one = live.run("c9/a.ipynb", "print(1)")
    two = again(live, "c9/a.ipynb")
    file = live.workspace / ".notebook-sched" / "archive" / one["output"]
    notebook = json.loads(file.read_bytes())
    recorded = notebook["metadata"]["notebook_sched"]
    recorded["packages"] |= {"nbformat": "0.1", "gone": "2"}
    recorded["python"] = "2.7"
    file.chmod(0o600)
    file.write_text(json.dumps(notebook))
    packages = {each["name"]: (each["op"], each["left"]) for each in found(live, two)["packages"]}
    assert packages == {"nbformat": ("changed", "0.1"), "gone": ("removed", "2"), "Python": ("changed", "2.7")}


@pytest.mark.parametrize("lines", [10, 20_000])
def test_it_answers_small_and_large_notebooks_alike(live: Live, lines: int) -> None:
    """The large one is compared in a process of its own."""
    one = live.run(f"c10/{lines}.ipynb", f"for n in range({lines}): print(n, 'of', x)", parameters="x = 1")
    two = again(live, f"c10/{lines}.ipynb", parameters={"x": 2})
    answer = found(live, two, f"?against={one['id']}")
    (printed,) = answer["cells"][-1]["outputs"]
    assert printed["op"] == "changed"
    assert [chunk["op"] for chunk in printed["text"]] == ["removed", "added"]
    assert printed["text"][0]["text"].startswith("0 of 1\n1 of 1\n")
    assert answer["capped"] == (lines > 10)
    assert {each["name"]: (each["left"], each["right"]) for each in answer["parameters"]} == {"x": (None, 2)}
