"""What an order says of secrets: their names. Their values come another way, whatever carries the order out."""

from __future__ import annotations

import json
import os
from datetime import datetime, timezone
from pathlib import Path

import pytest

from jupyter_notebook_sched.domain.rendering import Rendering
from jupyter_notebook_sched.executor.interface import Ended, Late, News
from jupyter_notebook_sched.notebook.execution.masking import MASK

from ...written import code, document
from .candidates import Candidate

SECRET = "hunter2-of-the-conformance"
KEPT = "kept-in-a-keyring"
CALL = "{{ secret('TOKEN') }}"


def asking(candidate: Candidate, *cells: str) -> tuple[Path, list[News]]:
    """The output of an order whose parameter ``token`` is a secret, and its news; no file has the secret meanwhile."""
    facts = Rendering(datetime(2026, 5, 1, tzinfo=timezone.utc), "j", late=["token"], secrets=["TOKEN"])
    made = document(code("import os"), *cells, parameters="token = ''\nwhere = ''")
    order = candidate.order(
        source=json.dumps(made).encode(),
        parameters=json.dumps({"token": CALL, "where": "here"}).encode(),
        late=Late(json.dumps({"token": CALL}).encode(), facts),
    )

    async def steps() -> list[News]:
        handle = await candidate.executor.submit(order)
        news = await candidate.all_news(handle)
        assert leaks(candidate) == []
        await candidate.executor.forget(handle)
        return news

    return Path(order.output), candidate.do(steps())


def leaks(candidate: Candidate) -> list[Path]:
    found = []
    for root in (candidate.root, candidate.scratch.parent):
        found += [path for path in root.rglob("*") if path.is_file() and b"hunter2" in path.read_bytes()]
    return found


def test_the_value_reaches_the_kernel_and_its_environment_does_not(
    candidate: Candidate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTEBOOK_SCHED_SECRET_TOKEN", SECRET)
    told = "print(token[-11:], where, [name for name in os.environ if 'SECRET' in name], token)"
    output, news = asking(candidate, told)
    ended = news[-1]
    assert isinstance(ended, Ended)
    assert (ended.state, ended.message) == ("succeeded", None)
    content = json.loads(output.read_bytes())
    assert CALL in "".join(cell["source"] for cell in content["cells"])
    assert [out["text"] for cell in content["cells"] for out in cell["outputs"]] == [f"conformance here [] {MASK}\n"]


def test_one_that_nobody_has_fails_the_attempt_as_invalid(candidate: Candidate) -> None:
    output, news = asking(candidate, "print(token)")
    ended = news[-1]
    assert isinstance(ended, Ended)
    assert (ended.state, ended.reason) == ("failed", "invalid")
    assert "parameters.token" in str(ended.message)
    assert "NOTEBOOK_SCHED_SECRET_TOKEN" in str(ended.message)
    assert not output.exists()


def test_it_comes_from_the_keyring_where_no_environment_has_it(
    candidate: Candidate, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A module of that name stands in for the package, for processes that begin from here."""
    installed = tmp_path / "installed"
    installed.mkdir()
    (installed / "keyring.py").write_text(
        f"def get_password(*asked): return {{('notebook-sched', 'TOKEN'): '{KEPT}'}}[asked]"
    )
    monkeypatch.setenv("PYTHONPATH", str(installed), prepend=os.pathsep)
    scratch = candidate.scratch.with_name("k")
    scratch.mkdir(mode=0o700)
    fresh = Candidate(candidate.name, tmp_path, scratch)
    try:
        output, news = asking(fresh, "print(token[4:], len(token))\nprint(token)")
    finally:
        fresh.leave()
    assert isinstance(news[-1], Ended)
    assert news[-1].state == "succeeded", news[-1].message
    assert f"{KEPT[4:]} {len(KEPT)}\\n{MASK}\\n" in output.read_text()
