"""Versions of a job over HTTP: listed, compared, published, rolled back."""

from __future__ import annotations

import asyncio
import getpass
import itertools
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.auth import User

from jupyter_notebook_sched.api.person import LONGEST_NAME, name_of
from jupyter_notebook_sched.service.context import Context
from jupyter_notebook_sched.store import outbox

from ..written import tree, write_notebook
from .asking import Api

FIRST, SECOND, THIRD = "print(x)", "print(x + 1)", "print(x + 2)"


@pytest.fixture(autouse=True)
def notebook(workspace: Path) -> Path:
    return write_notebook(workspace / "daily.ipynb", FIRST, parameters="x = 1")


async def made(api: Api, **fields: Any) -> dict[str, Any]:
    job: dict[str, Any] = (await api("POST", "jobs", {"name": "Daily", "notebook": "daily.ipynb"} | fields)).ok(201)
    return job


async def published(api: Api, job: dict[str, Any], **sent: Any) -> dict[str, Any]:
    found: dict[str, Any] = (await api("POST", f"jobs/{job['id']}/publish", sent)).ok()
    return found


async def versions(api: Api, job: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await api("GET", f"jobs/{job['id']}/versions")).ok()
    return found


def sources(told: dict[str, Any]) -> list[tuple[str, str]]:
    """Op and new source of each cell."""
    return [
        (cell["op"], "".join(chunk["text"] for chunk in cell["source"] if chunk["op"] != "removed"))
        for cell in told["cells"]
    ]


async def test_it_signs_the_first_version_and_every_later_one(api: Api, notebook: Path) -> None:
    job = await made(api)
    write_notebook(notebook, SECOND, parameters="x = 1")
    answer = await published(api, job, message=" counts from one ")
    first, second = (await versions(api, job))[::-1]
    assert set(first) == {"source_version", "created_at", "by", "message", "n", "current", "runs"}
    assert (first["source_version"], first["created_at"]) == (job["source_version"], job["created_at"])
    assert (first["n"], first["message"], first["current"], first["runs"]) == (1, "", False, 0)
    assert (second["n"], second["message"], second["current"]) == (2, "counts from one", True)
    assert second["source_version"] == answer["source_version"] == answer["job"]["source_version"]
    assert first["by"] == second["by"] == getpass.getuser(), "a token says nothing of the person"
    assert (answer["job"]["notebook_changed"], answer["job"]["revision"]) == (False, 2)


@pytest.mark.parametrize(
    ("user", "name"),
    [
        (User("ada", "Ada Lovelace", "Ada"), "Ada"),
        (User("ada"), "ada"),
        (User("0" * 32, "Anonymous Io", "Anonymous Io"), getpass.getuser()),
        (User("anonymous-io", "Anonymous Io", "Anonymous Io"), "Anonymous Io"),
        (User("x", "a\nb\t c", "a\nb\t c"), "a b c"),
        (User("x", "y" * 999), "y" * LONGEST_NAME),
    ],
)
def test_it_names_the_person_as_the_server_knows_them(user: User, name: str) -> None:
    assert name_of(user) == name


async def test_it_only_tells_in_a_dry_run(api: Api, workspace: Path, notebook: Path) -> None:
    job = await made(api)
    write_notebook(notebook, SECOND, parameters="x = 1")
    before = tree(workspace / ".notebook-sched" / "archive")
    told = await published(api, job, dry_run=True)
    assert sources(told["diff"]) == [("same", "x = 1"), ("changed", SECOND)]
    assert (told["job"], told["misfits"], told["others"]) == (None, [], [])
    assert tree(workspace / ".notebook-sched" / "archive") == before
    assert [each["n"] for each in await versions(api, job)] == [1]
    assert (await api("GET", f"jobs/{job['id']}")).ok() == job | {"notebook_changed": True}
    done = await published(api, job)
    assert (done["source_version"], done["diff"]) == (told["source_version"], told["diff"])


async def test_it_rolls_back_to_any_version_before(api: Api, notebook: Path) -> None:
    job = await made(api)
    for source in (SECOND, THIRD):
        write_notebook(notebook, source, parameters="x = 1")
        await published(api, job)
    back = await published(api, job, source_version=job["source_version"], message="worked")
    assert sources(back["diff"])[1] == ("changed", FIRST)
    assert back["job"]["notebook_changed"], "the file is still the one that did not work"
    found = await versions(api, job)
    assert [each["n"] for each in found] == [4, 3, 2, 1]
    assert [each["current"] for each in found] == [True, False, False, False]
    assert found[0]["source_version"] == found[3]["source_version"] == job["source_version"]
    run = (await api("POST", f"jobs/{job['id']}/run")).ok(201)
    assert run["source_version"] == job["source_version"]
    assert [each["runs"] for each in await versions(api, job)] == [1, 0, 0, 1]


async def test_it_makes_no_version_of_what_the_job_has_already(api: Api, context: Context) -> None:
    job = await made(api)
    again = await published(api, job, message="nothing new")
    assert again["job"] == job
    assert len(await versions(api, job)) == 1
    with context.store.read() as db:
        assert [event.fields["change"] for event in outbox.after(db, 0)] == ["created"]


async def test_it_tells_the_event_published(api: Api, context: Context, notebook: Path) -> None:
    job, other = await made(api), await made(api, name="Other")
    write_notebook(notebook, SECOND, parameters="x = 1")
    await published(api, job, jobs=[other["id"]])
    with context.store.read() as db:
        told = [(event.fields["job_id"], event.fields["change"]) for event in outbox.after(db, 2)]
    assert told == [(job["id"], "published"), (other["id"], "published")]


async def test_it_signs_what_an_edit_of_the_job_changes(api: Api, workspace: Path, notebook: Path) -> None:
    job = await made(api)
    write_notebook(workspace / "other.ipynb", "1")
    (await api("PATCH", f"jobs/{job['id']}", {"name": "Other"})).ok()
    moved = (await api("PATCH", f"jobs/{job['id']}", {"notebook": "other.ipynb"})).ok()
    newest, first = await versions(api, job)
    assert (newest["source_version"], newest["by"]) == (moved["source_version"], getpass.getuser())
    assert (newest["current"], first["current"]) == (True, False)


async def test_it_lists_what_a_live_job_really_ran(api: Api, notebook: Path) -> None:
    job = await made(api, source="live")
    for source in (SECOND, SECOND, FIRST, THIRD):
        write_notebook(notebook, source, parameters="x = 1")
        (await api("POST", f"jobs/{job['id']}/run")).ok(201)
    found = await versions(api, job)
    assert [(each["n"], each["runs"]) for each in found] == [(3, 1), (2, 2), (1, 1)]
    assert found[2]["source_version"] == job["source_version"]
    assert (await api("POST", f"jobs/{job['id']}/publish", {})).refusal(409)["reason"] == "live_job"


async def test_it_lists_the_other_jobs_of_the_notebook_and_what_they_store_that_no_longer_fits(
    api: Api, workspace: Path, notebook: Path
) -> None:
    write_notebook(workspace / "else.ipynb", "1")
    elsewhere = await made(api, notebook="else.ipynb")
    live = await made(api, source="live")
    same = await made(api, name="Same", parameters={"x": 7})
    write_notebook(notebook, SECOND, parameters="x = 1")
    newer = await made(api, name="Newer", parameters={"x": 8})
    write_notebook(notebook, THIRD, parameters="y = 'a'")
    newest = await made(api, name="Newest")
    job = await made(api, name="Job", parameters={"y": "b"})
    back = {"source_version": same["source_version"]}
    assert (await api("POST", f"jobs/{job['id']}/publish", back)).fields() == {"source_version"}, "never its own"

    told = await published(api, same, dry_run=True)
    assert told["others"] == [
        {"id": newer["id"], "name": "Newer", "source_version": newer["source_version"], "preselected": False}
    ], "those that have it already need it no more"
    assert {(each["job_id"], each["parameter"]) for each in told["misfits"]} == {(same["id"], "x"), (newer["id"], "x")}
    assert all(each["message"] and each["job_name"] in ("Same", "Newer") for each in told["misfits"])
    for foreign in (elsewhere, live, {"id": "none"}):
        sent = {"jobs": [newest["id"], foreign["id"]], "source_version": "0" * 64}
        assert (await api("POST", f"jobs/{same['id']}/publish", sent)).fields() == {"jobs.1", "source_version"}

    done = await published(api, same, jobs=[newer["id"], same["id"], newer["id"]])
    assert {each["job_id"] for each in done["misfits"]} == {same["id"], newer["id"]}
    for each in (same, newer):
        assert (await api("GET", f"jobs/{each['id']}")).ok()["source_version"] == newest["source_version"]
        assert [one["n"] for one in await versions(api, each)] == [2, 1]
    fitting = {"parameters": {"y": "c"}}
    assert (await api("PATCH", f"jobs/{same['id']}", fitting)).ok()["parameters"] == {"y": "c"}


async def test_it_preselects_the_jobs_that_have_the_version_which_is_replaced(api: Api, notebook: Path) -> None:
    job, other = await made(api), await made(api)
    write_notebook(notebook, SECOND, parameters="x = 1")
    assert [(each["id"], each["preselected"]) for each in (await published(api, job, dry_run=True))["others"]] == [
        (other["id"], True)
    ]


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        (
            {"source_version": 1, "message": 2, "dry_run": 3, "jobs": ["none"]},
            {"source_version", "message", "dry_run", "jobs.0"},
        ),
        ({"source_version": "../../store.db"}, {"source_version"}),
        ({"source_version": "", "jobs": ["a", "b"]}, {"source_version", "jobs.0", "jobs.1"}),
        ({"message": "x" * 1001, "source_version": "f" * 64}, {"message", "source_version"}),
        ({"odd": 1, "jobs": ["a"]}, {"odd", "jobs.0"}),
        ({"revision": "1"}, {"revision"}),
    ],
)
async def test_it_names_everything_that_is_wrong_and_changes_nothing(
    api: Api, workspace: Path, notebook: Path, sent: dict[str, Any], fields: set[str]
) -> None:
    job = await made(api)
    before = tree(workspace / ".notebook-sched" / "archive")
    assert (await api("POST", f"jobs/{job['id']}/publish", sent)).fields() == fields
    assert (await api("GET", f"jobs/{job['id']}")).ok() == job
    assert tree(workspace / ".notebook-sched" / "archive") == before


async def test_it_refuses_what_it_has_no_notebook_or_kernel_for(api: Api, notebook: Path) -> None:
    job = await made(api)
    strange = {"name": "nowhere-else", "display_name": "?", "language": "python"}
    write_notebook(notebook, "1", kernelspec=strange)
    answer = await api("POST", f"jobs/{job['id']}/publish", {})
    assert (answer.refusal(422)["reason"], answer.fields()) == ("no_such_kernel", {"source_version"})
    notebook.write_text("{")
    assert (await api("POST", f"jobs/{job['id']}/publish", {})).fields() == {"source_version"}
    notebook.unlink()
    assert (await api("POST", f"jobs/{job['id']}/publish", {"dry_run": True})).fields() == {"source_version"}
    for method, path in (("POST", "publish"), ("GET", "versions"), ("GET", "versions/diff?left=a&right=b")):
        assert (await api(method, f"jobs/none/{path}", {} if method == "POST" else None)).refusal(404)


async def test_it_refuses_to_publish_over_a_change_that_was_not_seen(api: Api, notebook: Path) -> None:
    job = await made(api)
    (await api("PATCH", f"jobs/{job['id']}", {"name": "Other"})).ok()
    write_notebook(notebook, SECOND, parameters="x = 1")
    stale = await api("POST", f"jobs/{job['id']}/publish", {"revision": job["revision"]})
    assert stale.refusal(409)["reason"] == "stale_revision"
    assert (await published(api, job, revision=2))["job"]["revision"] == 3


async def test_it_loses_no_version_when_many_publish_at_once(api: Api, notebook: Path) -> None:
    job = await made(api)
    known = [job["source_version"]]
    for number in range(3):
        write_notebook(notebook, f"print({number})", parameters="x = 1")
        known.append((await published(api, job))["source_version"])
    asked = known * 3
    answers = await asyncio.gather(
        *(api("POST", f"jobs/{job['id']}/publish", {"source_version": version}) for version in asked)
    )
    assert {answer.status for answer in answers} == {200}
    found = (await versions(api, job))[::-1]
    assert [each["n"] for each in found] == list(range(1, len(found) + 1))
    names = [each["source_version"] for each in found]
    assert all(one != other for one, other in itertools.pairwise(names)), "each is another than the last"
    assert (await api("GET", f"jobs/{job['id']}")).ok()["source_version"] == names[-1]


async def test_it_compares_any_two_versions_and_the_notebook(api: Api, notebook: Path) -> None:
    job = await made(api)
    write_notebook(notebook, SECOND, parameters="x = 1")
    second = (await published(api, job))["source_version"]
    write_notebook(notebook, THIRD, parameters="x = 1")
    first = job["source_version"]

    async def compared(left: str, right: str) -> list[tuple[str, str]]:
        return sources((await api("GET", f"jobs/{job['id']}/versions/diff?left={left}&right={right}")).ok())

    assert await compared(first, second) == [("same", "x = 1"), ("changed", SECOND)]
    assert await compared(second, first) == [("same", "x = 1"), ("changed", FIRST)]
    assert await compared(second, "notebook") == [("same", "x = 1"), ("changed", THIRD)]
    assert await compared(first, first) == [("same", "x = 1"), ("same", FIRST)]
    both = await api("GET", f"jobs/{job['id']}/versions/diff?left=../x&right={'0' * 64}")
    assert both.fields() == {"left", "right"}
    notebook.unlink()
    gone = await api("GET", f"jobs/{job['id']}/versions/diff?left=notebook&right=odd")
    assert gone.fields() == {"left", "right"}
    assert (await api("GET", f"jobs/{job['id']}/versions/diff")).fields() == {"left", "right"}
