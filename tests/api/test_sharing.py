"""Outputs for others to read: as a page, by a link that stays, behind Jupyter's login."""

from __future__ import annotations

import base64
import hashlib
import http.client
import re
import socket
import time
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from jupyter_notebook_sched.host import processes

from ..serving import TOKEN
from ..written import markdown, write_notebook
from .asking import Live
from .test_archive import POLICY


@pytest.fixture(scope="module")
def run(live: Live) -> dict[str, Any]:
    """A run that failed, with a title and values that would like to be more than text."""
    write_notebook(live.workspace / "r/daily.ipynb", "print('for', region)", "1 / 0", parameters="region = 'us'")
    fields = {"name": "Daily <b>report</b>", "parameters": {"region": "</code><script>alert(1)</script>"}}
    return live.served.ended(live.served.start("r/daily.ipynb", **fields))


@pytest.fixture(scope="module")
def job(live: Live) -> str:
    """A job with one success, which printed ``one``."""
    write_notebook(
        live.workspace / "j/job.ipynb", "print('it is', word)\nassert word != 'bad'", parameters="word = 'one'"
    )
    made = live("POST", "jobs", {"name": "Job", "notebook": "j/job.ipynb"}).ok(201)
    assert ran(live, made["id"])["state"] == "succeeded"
    return str(made["id"])


def ran(live: Live, job: str, **values: Any) -> dict[str, Any]:
    return live.served.ended(live("POST", f"jobs/{job}/run", {"parameters": values}).ok(201)["id"])


def page_of(live: Live, address: str) -> str:
    answer = live("GET", address)
    assert answer.status == 200, answer.raw[:300]
    assert answer.headers["Content-Type"] == "text/html; charset=UTF-8"
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    return answer.raw.decode()


def test_it_gives_a_page_that_can_do_nothing_here(live: Live, run: dict[str, Any]) -> None:
    page = page_of(live, f"runs/{run['id']}/output?format=html")
    head = page.partition("<main>")[0]
    assert "<h1>Daily &lt;b&gt;report&lt;/b&gt;</h1>" in head
    assert '<strong class="state failed">failed</strong>' in head
    assert "ZeroDivisionError: division by zero" in head
    assert "&lt;/code&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in head
    assert "r/daily.ipynb" in head
    assert "<script" not in page
    assert 'id="failed"' in page
    assert "allow-same-origin" not in POLICY


def test_it_hides_the_code_on_request(live: Live, run: dict[str, Any]) -> None:
    assert '<div class="source">' in page_of(live, f"runs/{run['id']}/output?format=html")
    page = page_of(live, f"runs/{run['id']}/output?format=html&hide_code=1")
    assert '<div class="source">' not in page
    assert "print" not in page.partition("<main>")[2]
    assert "ZeroDivisionError: division by zero" in page
    answer = live("GET", f"runs/{run['id']}/output?hide_code=1")
    codes = [cell for cell in answer.body["cells"] if cell["cell_type"] == "code"]
    assert all(cell["metadata"]["jupyter"]["source_hidden"] for cell in codes)
    assert "print" in str(codes), "folded away, and still there"
    assert "Repr-Digest" not in answer.headers


def test_it_gives_the_page_of_an_attempt(live: Live) -> None:
    source = "import pathlib\ntried = pathlib.Path('tried')\nfirst = not tried.exists()\ntried.touch()\n1 / (not first)"
    run = live.run("again/a.ipynb", source, retry={"max_attempts": 2, "delay_seconds": 0})
    assert run["state"] == "succeeded"
    first = page_of(live, f"runs/{run['id']}/output?format=html&attempt=1")
    assert "1 of 2" in first
    assert "ZeroDivisionError" in first
    assert '<strong class="state failed">' in first
    assert "ZeroDivisionError" not in page_of(live, f"runs/{run['id']}/output?format=html&attempt=2")
    assert live("GET", f"runs/{run['id']}/output?format=html&attempt=3").refusal(409)["reason"] == "no_output"


def test_it_tells_that_a_file_was_changed(live: Live) -> None:
    run = live.run("changed.ipynb", "print('what was')")
    address, file = f"runs/{run['id']}/output", live.workspace / ".notebook-sched" / "archive" / run["output"]
    recorded = f"sha-256=:{base64.b64encode(hashlib.sha256(file.read_bytes()).digest()).decode()}:"
    answer = live("GET", address)
    assert answer.headers["Repr-Digest"] == recorded
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "was changed after the run" not in page_of(live, f"{address}?format=html")
    file.chmod(0o600)
    file.write_text(file.read_text().replace("what was", "what is"))
    assert live("GET", address).headers["Repr-Digest"] == recorded, "so that whoever saves it can tell"
    assert "was changed after the run" in page_of(live, f"{address}?format=html")
    file.write_text("no notebook")
    assert live("GET", f"{address}?format=html").refusal(422)["reason"] == "notebook_unreadable"
    file.unlink()
    for asked in ("", "?format=html"):
        assert live("GET", address + asked).refusal(409)["reason"] == "no_output"


def test_it_links_to_the_last_success_of_a_job(live: Live, job: str) -> None:
    assert live("GET", f"jobs/{job}/output").ok()["cells"][-1]["outputs"][0]["text"] == "it is one\n"
    assert ran(live, job, word="bad")["state"] == "failed"
    assert "it is one" in page_of(live, f"jobs/{job}/output?format=html")
    assert ran(live, job, word="two")["state"] == "succeeded"
    page = page_of(live, f"jobs/{job}/output?format=html&hide_code=1")
    assert "it is two" in page
    assert "print" not in page.partition("<main>")[2]


def test_it_says_why_there_is_no_output(live: Live) -> None:
    write_notebook(live.workspace / "none.ipynb", "1")
    made = live("POST", "jobs", {"name": "None", "notebook": "none.ipynb"}).ok(201)
    assert live("GET", f"jobs/{made['id']}/output").refusal(409)["reason"] == "no_success"
    assert live("DELETE", f"jobs/{made['id']}").status == 204
    assert live("GET", f"jobs/{made['id']}/output?format=html").refusal(404)
    assert live("GET", "runs/none/output?format=html").refusal(404)
    assert live("GET", f"jobs/{made['id']}/output?format=pdf").fields() == {"format"}
    assert live("GET", f"jobs/{made['id']}/output?attempt=1").fields() == {"attempt"}


def test_a_person_who_follows_the_link_logs_in_first(live: Live, run: dict[str, Any], job: str) -> None:
    for address in (f"runs/{run['id']}/output", f"jobs/{job}/output"):
        for query, expected in (("?format=html", 302), ("", 403)):
            connection = http.client.HTTPConnection(live.served.base.removeprefix("http://"), timeout=30)
            connection.request("GET", f"/notebook-sched/{address}{query}")
            answer = connection.getresponse()
            content = answer.read()
            connection.close()
            assert answer.status == expected
            assert b"ZeroDivision" not in content
            if expected == 302:
                place = unquote(answer.headers["Location"])
                assert re.fullmatch(rf"/login\?next=.*/notebook-sched/{address}\?format=html", place)


def rendering(server: int) -> list[int]:
    """The pids of the pages that a server lets be made."""
    commands = {}
    for pid in processes.descendants(server):
        try:
            commands[pid] = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
    return [pid for pid, command in commands.items() if command.endswith(b"jupyter_notebook_sched.apart\0html\0")]


def test_it_stops_making_a_page_when_nobody_waits_for_it(live: Live) -> None:
    run = live.run("long.ipynb", markdown("$x^2$ " * 500_000))
    server = live.served.process.pid
    host, _, port = live.served.base.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as waiting:
        target = f"/notebook-sched/runs/{run['id']}/output?format=html"
        waiting.sendall(f"GET {target} HTTP/1.1\r\nHost: {host}\r\nAuthorization: token {TOKEN}\r\n\r\n".encode())
        until = time.monotonic() + 30
        while not rendering(server):
            assert time.monotonic() < until, "no page was begun"
            time.sleep(0.01)
    until = time.monotonic() + 15
    while rendering(server):
        assert time.monotonic() < until, "it is made for nobody"
        time.sleep(0.01)
