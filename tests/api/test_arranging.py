"""Parameters cells made and changed in an open notebook, and the cell that would be injected."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ..written import tree, write_notebook
from .asking import Api


def applied(cells: list[dict[str, Any]], made: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """The cells as a client has them then: edits first, then tags, then the new cell."""
    sources = [cell["source"].encode("utf-16-le") for cell in cells]
    for edit in sorted(made["edits"], key=lambda edit: -edit["start"]):
        source = sources[edit["cell"]]
        start, end = 2 * edit["start"], 2 * edit["end"]
        sources[edit["cell"]] = source[:start] + edit["text"].encode("utf-16-le") + source[end:]
    done = [(source.decode("utf-16-le"), cell.get("tags", [])) for source, cell in zip(sources, cells, strict=True)]
    if made["tag"] is not None:
        done[made["tag"]["cell"]] = (done[made["tag"]["cell"]][0], made["tag"]["tags"])
    if made["insert"] is not None:
        done.insert(made["insert"]["index"], (made["insert"]["source"], made["insert"]["tags"]))
    return done


CELLS: list[dict[str, Any]] = [
    {"source": "# Title", "cell_type": "markdown"},
    {"source": "import os  # 😀\nalpha = 0.5  # rate\nbeta = alpha * 2\nprint('😀'); gamma = 'x'", "tags": ["x"]},
]


async def test_it_offers_assignments_that_could_be_parameters(api: Api, workspace: Path) -> None:
    found = (await api("POST", "parameters/candidates", {"cells": CELLS, "kernel": "python3"})).ok()
    assert found["language"] == "python"
    assert found["candidates"] == [
        {"cell": 1, "name": "alpha", "type": "number", "default": 0.5, "source": "alpha = 0.5  # rate"},
        {
            "cell": 1,
            "name": "beta",
            "type": "any",
            "default": None,
            "expression": "alpha * 2",
            "source": "beta = alpha * 2",
        },
        {"cell": 1, "name": "gamma", "type": "string", "default": "x", "source": "gamma = 'x'"},
    ]
    assert tree(workspace) == {}


async def test_it_makes_a_parameters_cell_of_chosen_assignments(api: Api) -> None:
    wish = {"take": [{"cell": 1, "name": "gamma"}, {"cell": 1, "name": "alpha"}], "add": [{"name": "n", "value": 1}]}
    made = (await api("POST", "parameters/arrange", {"cells": CELLS, **wish})).ok()
    assert made["tag"] is None
    assert made["problems"] == []
    assert applied(CELLS, made) == [
        ("# Title", []),
        ("alpha = 0.5  # rate\ngamma = 'x'\nn = 1", ["parameters"]),
        ("import os  # 😀\nbeta = alpha * 2\nprint('😀')", ["x"]),
    ]


async def test_it_tags_a_cell_that_holds_nothing_else(api: Api) -> None:
    cells = [{"source": "a = 1\nb = 2", "tags": ["x"]}]
    take = [{"cell": 0, "name": name} for name in ("a", "b")]
    made = (await api("POST", "parameters/arrange", {"cells": cells, "take": take})).ok()
    assert made == {"edits": [], "tag": {"cell": 0, "tags": ["x", "parameters"]}, "insert": None, "problems": []}


async def test_it_adds_to_a_parameters_cell_and_takes_out(api: Api) -> None:
    cells = [{"source": "a = 1\nb = 2  # 😀\n", "tags": ["parameters"]}, {"source": "print(b)"}]
    wish = {"add": [{"name": "when", "value": "2026-01-02", "type": "date"}], "remove": ["b"]}
    made = (await api("POST", "parameters/arrange", {"cells": cells, **wish})).ok()
    assert applied(cells, made)[0] == ("a = 1\nfrom datetime import date\nwhen = date(2026, 1, 2)\n", ["parameters"])
    assert made["problems"] == ["b is still used in cell 2."]


async def test_it_names_everything_that_cannot_be(api: Api) -> None:
    wish: dict[str, Any] = {
        "take": [{"cell": 1, "name": "beta"}, {"cell": 7, "name": "x"}, {"cell": 0, "name": "x"}],
        "add": [{"name": "class", "value": 1}, {"name": "ok", "value": "x", "type": "integer"}],
        "remove": ["gone"],
    }
    refused = await api("POST", "parameters/arrange", {"cells": CELLS, **wish})
    assert refused.fields() == {"take.0.name", "take.1.cell", "take.2.cell", "add.0.name", "add.1.value", "remove.0"}
    malformed = {
        "take": [{"cell": "1", "name": "a"}, {"cell": 1}, 3],
        "add": [{"name": "a", "value": 1, "type": "colour"}, {"name": 1, "value": 1}, {"odd": 1}],
        "remove": [1],
    }
    refused = await api("POST", "parameters/arrange", {"cells": CELLS, **malformed})
    assert refused.fields() == {
        *("take.0.cell", "take.1.name", "take.2", "remove"),
        *("add.0.type", "add.1.name", "add.2.odd", "add.2.name", "add.2.value"),
    }
    for path in ("candidates", "arrange"):
        assert (await api("POST", f"parameters/{path}", {})).fields() == {"cells"}
        assert (await api("POST", f"parameters/{path}", {"cells": [{"tags": []}]})).fields() == {"cells.0.source"}


async def test_it_says_that_nothing_can_be_removed_where_there_is_no_cell(api: Api) -> None:
    refused = await api("POST", "parameters/arrange", {"cells": CELLS, "remove": ["alpha"]})
    assert refused.refusal(422)["reason"] == "no_parameters_cell"


@pytest.fixture
def previewed(workspace: Path) -> dict[str, Any]:
    write_notebook(workspace / "p.ipynb", "1", parameters="day = '2026-01-01'\nn = 1")
    return {"notebook": "p.ipynb", "values": {"day": "{{ scheduled_for | date(-1) }}", "n": "{{ attempt }}"}}


async def test_it_previews_values_as_a_run_due_then_would_have_them(api: Api, previewed: dict[str, Any]) -> None:
    due = {"scheduled_for": "2026-03-01T23:30:00Z", "timezone": "Europe/Berlin"}
    found = (await api("POST", "parameters/preview", previewed | due)).ok()
    assert found["values"] == {"day": "2026-03-01", "n": 1}
    utc = (await api("POST", "parameters/preview", previewed | {"scheduled_for": due["scheduled_for"]})).ok()
    assert utc["values"]["day"] == "2026-02-28"
    compiled: dict[str, Any] = {}
    exec(utc["source"], compiled)
    assert (compiled["day"], compiled["n"]) == ("2026-02-28", 1)


async def test_it_previews_braces_as_text_where_templates_are_off(api: Api, previewed: dict[str, Any]) -> None:
    assert (await api("POST", "parameters/preview", previewed)).fields() == {"values.n"}
    off = previewed | {"templates": False, "scheduled_for": "2026-03-01T23:30:00Z"}
    assert (await api("POST", "parameters/preview", off)).fields() == {"values.n"}
    on = previewed | {"templates": True}
    assert (await api("POST", "parameters/preview", on)).ok()["values"]["n"] == 1
    named = {"values": {"day": "{{ job_name }}"}, "templates": True, "name": "Daily"}
    assert (await api("POST", "parameters/preview", previewed | named)).ok()["values"]["day"] == "Daily"


async def test_it_shows_secrets_as_their_call(
    api: Api, previewed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTEBOOK_SCHED_SECRET_TOKEN", "hush-hush")
    asking = previewed | {"values": {"day": "{{ secret('TOKEN') }}"}, "templates": True}
    answer = await api("POST", "parameters/preview", asking)
    assert answer.ok()["values"]["day"] == "{{ secret('TOKEN') }}"
    assert b"hush-hush" not in answer.raw


async def test_it_refuses_templates_and_zones_that_are_none(api: Api, previewed: dict[str, Any]) -> None:
    torn = previewed | {"values": {"day": "{{ nope }}", "n": "{{"}, "templates": True}
    assert (await api("POST", "parameters/preview", torn)).fields() == {"values.day", "values.n"}
    nowhere = previewed | {"timezone": "Mars/Base", "templates": True}
    assert (await api("POST", "parameters/preview", nowhere)).fields() == {"timezone"}


async def test_it_changes_no_more_than_a_hundred_parameters_at_once(api: Api) -> None:
    names = [f"x{number}" for number in range(101)]
    cells = [{"source": "\n".join(f"{name} = 1" for name in names), "tags": ["parameters"]}]
    wishes: dict[str, list[Any]] = {
        "take": [{"cell": 0, "name": name} for name in names],
        "add": [{"name": f"y{name}", "value": 1} for name in names],
        "remove": names,
    }
    for field, wish in wishes.items():
        assert (await api("POST", "parameters/arrange", {"cells": cells, field: wish})).fields() == {field}
    (await api("POST", "parameters/arrange", {"cells": cells, "remove": names[:100], "add": wishes["add"][:100]})).ok()
