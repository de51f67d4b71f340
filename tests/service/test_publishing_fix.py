"""A fix made in a debug copy: for the job, for others with it, for the notebook itself; all of it or nothing."""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest
from sqlite_utils import Database

from jupyter_notebook_sched.apart.working import Work
from jupyter_notebook_sched.domain.job import JobAnswer
from jupyter_notebook_sched.domain.run import Run
from jupyter_notebook_sched.domain.states import RunState
from jupyter_notebook_sched.errors import Conflict, Invalid, NotFound, Unavailable
from jupyter_notebook_sched.faults import VARIABLE
from jupyter_notebook_sched.service import done_apart, jobs, publishing_fix, replacing, starting, versions
from jupyter_notebook_sched.service.forms import Rerun, RunJob
from jupyter_notebook_sched.service.publishing_fix import PublishedFix
from jupyter_notebook_sched.store import attempts, claims
from jupyter_notebook_sched.store.attempts import Ending

from ..house import House
from ..made import HERE, ME, Interrupted
from ..written import PYTHON, code, markdown, tree, write_notebook

BROKEN, FIXED = "print(1 / x)", "print(1 / (x or 1))"
OUTPUT = {"output_type": "stream", "name": "stdout", "text": ["much\n"]}


class Story:
    """A job whose run has failed, and the copy in which somebody mends it."""

    def __init__(self, house: House, **fields: Any) -> None:
        self.house = house
        self.context = house.context
        self.file = house.workspace / "etl" / "daily.ipynb"
        house.notebook("etl/daily.ipynb", "# Zürich", BROKEN, markdown("end"), parameters="x = 0")
        self.job: JobAnswer = house.job("etl/daily.ipynb", **fields)
        self.run: Run = jobs.run(self.context, self.job.id, RunJob(parameters={"x": 0}))
        self.copy = house.workspace / "etl" / "daily-debug.ipynb"
        self.mend(FIXED)

    def mend(self, source: str, **metadata: Any) -> None:
        """The copy as JupyterLab saves it: outputs, counts, the injected cell, the marks of a run."""
        ran = {"outputs": [OUTPUT], "execution_count": 3}
        injected = code("# Parameters\nx = 0", "injected-parameters")
        write_notebook(self.copy, code("# Zürich") | ran, code(source) | ran, markdown("end"), parameters="x = 0")
        notebook = json.loads(self.copy.read_text())
        notebook["cells"].insert(1, injected | {"id": "injected"} | ran)
        notebook["cells"][3]["metadata"] = {
            "execution": {"iopub.status.idle": "2026"},
            "notebook_sched": {"outcome": "failed"},
        }
        notebook["metadata"] |= {"notebook_sched": {"debug_copy_of": self.run.id}, "language_info": {"name": "python"}}
        notebook["metadata"] |= metadata
        self.copy.write_text(json.dumps(notebook))

    def publish(self, **sent: Any) -> PublishedFix:
        asked = {"notebook": "etl/daily-debug.ipynb"} | sent
        return publishing_fix.publish_fix(self.context, self.run.id, asked, "ada")

    def end(self, run_id: str, state: RunState, reason: str | None = None) -> None:
        with self.context.store.write() as db:
            while (
                claimed := claims.claim(db, ME, HERE, self.context.clock(), lambda run: f"runs/{run.id}")
            ) is not None:
                mine = claimed.run.id == run_id
                attempts.finish(
                    db,
                    claimed,
                    Ending(state if mine else RunState.FAILED, reason if mine else "lost"),
                    self.context.clock(),
                )

    def held(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.file.read_bytes())
        return parsed

    def everything(self) -> tuple[Any, ...]:
        """All that a refused request must leave alone."""
        with self.context.store.read() as db:
            rows = [list(db.execute(f"select * from {table}").fetchall()) for table in ("jobs", "versions", "events")]
        return tree(self.house.workspace / "etl"), rows


@pytest.fixture
def story(house: House) -> Story:
    return Story(house)


def watched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is done in other processes from now on."""
    apart: list[str] = []

    class Watched(Work):
        def carry_out(self) -> IO[bytes]:
            apart.append(self.task)
            return super().carry_out()

    monkeypatch.setattr(done_apart, "Work", Watched)
    return apart


def ops(told: Any) -> list[str]:
    return [cell.op for cell in told.cells]


def test_it_makes_the_fix_the_version_of_the_job_and_leaves_the_notebook_alone(story: Story) -> None:
    before = story.file.read_bytes()
    told = story.publish(dry_run=True)
    assert ops(told.diff) == ["same", "same", "changed", "same"], "the injected cell, outputs and marks are no change"
    assert (told.wrote, told.conflict, told.tested, told.job) == (False, None, False, None)
    done = story.publish(message="no division by zero")
    assert done.job is not None
    assert done.job.source_version == done.source_version == told.source_version != story.job.source_version
    assert done.job.notebook_changed
    assert story.file.read_bytes() == before
    newest, first = versions.of_job(story.context, story.job.id)
    assert (newest.by, newest.message, newest.source_version) == ("ada", "no division by zero", done.source_version)
    assert jobs.run(story.context, story.job.id, RunJob()).source_version == done.source_version
    assert first.runs == 1


def test_it_is_the_version_itself_where_nothing_was_mended(story: Story) -> None:
    story.mend(BROKEN)
    assert story.publish(dry_run=True).source_version == story.job.source_version


def test_it_takes_the_kernel_of_the_debugging_for_no_part_of_the_fix(house: House) -> None:
    story = Story(house, kernel="mute")
    assert story.run.kernel == "mute"
    story.mend(BROKEN, kernelspec={"name": "mute", "display_name": "Mute", "language": "python"})
    assert story.publish(dry_run=True).source_version == story.job.source_version
    story.mend(BROKEN, kernelspec={"name": "quits", "display_name": "Quits", "language": "python"})
    assert story.publish(dry_run=True).diff.metadata, "another one was chosen on purpose"


def test_it_writes_the_fix_into_the_notebook_and_nothing_else_of_the_copy(story: Story) -> None:
    held = story.held()
    held["metadata"] |= {"notebook_sched": {"presets": {"small": {"x": 1}}}, "title": "Täglich"}
    held["cells"][2]["outputs"] = [OUTPUT]
    story.file.write_text(json.dumps(held))
    story.file.chmod(0o640)
    # A title is part of a version.
    assert story.publish(dry_run=True, write_notebook=True).conflict is not None
    del held["metadata"]["title"]
    story.file.write_text(json.dumps(held))
    done = story.publish(write_notebook=True)
    assert done.wrote
    assert done.job is not None
    assert not done.job.notebook_changed
    text = story.file.read_text()
    assert text == json.dumps(json.loads(text), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    now = json.loads(text)
    assert now["metadata"]["notebook_sched"] == {"presets": {"small": {"x": 1}}}
    assert now["metadata"]["kernelspec"] == PYTHON
    assert ["".join(cell["source"]) for cell in now["cells"]] == ["x = 0", "# Zürich", FIXED, "end"]
    assert all(cell.get("outputs", []) == [] and cell.get("execution_count") is None for cell in now["cells"])
    assert stat.S_IMODE(story.file.stat().st_mode) == 0o640
    assert sorted(path.name for path in story.file.parent.iterdir()) == ["daily-debug.ipynb", "daily.ipynb"]


def test_it_gives_the_same_answer_to_a_repeated_request(story: Story) -> None:
    first = story.publish(write_notebook=True)
    before = story.everything()
    again = story.publish(write_notebook=True)
    assert (again.wrote, again.job, again.source_version) == (True, first.job, first.source_version)
    assert story.everything() == before


def test_it_does_not_write_over_what_changed_meanwhile_unless_that_was_seen(story: Story) -> None:
    story.house.notebook("etl/daily.ipynb", "# Zürich", "print('mine')", markdown("end"), parameters="x = 0")
    told = story.publish(dry_run=True, write_notebook=True)
    assert told.conflict is not None
    assert ops(told.conflict.diff) == ["same", "same", "changed", "same"]
    seen = told.conflict.last_modified
    before = story.everything()
    for last_modified in (None, "2026-01-01T00:00:00Z"):
        with pytest.raises(Conflict) as refused:
            story.publish(write_notebook=True, last_modified=last_modified)
        assert refused.value.reason == "notebook_changed"
    assert story.everything() == before, "the job has not got it either"
    in_milliseconds = seen.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    done = story.publish(write_notebook=True, last_modified=in_milliseconds)
    assert done.wrote
    assert story.held()["cells"][2]["source"] == [FIXED]
    assert done.job is not None
    assert not done.job.notebook_changed


def test_it_keeps_the_other_settings_of_a_notebook_that_changed(story: Story) -> None:
    held = story.held()
    held["metadata"]["title"] = "Mine"
    story.file.write_text(json.dumps(held))
    story.mend(FIXED, jupytext={"formats": "ipynb,py"})
    seen = story.publish(dry_run=True).conflict
    assert seen is not None
    story.publish(write_notebook=True, last_modified=seen.last_modified.isoformat())
    assert story.held()["metadata"] == {"kernelspec": PYTHON, "title": "Mine", "jupytext": {"formats": "ipynb,py"}}


def test_it_takes_a_version_that_was_newer_than_the_run_for_a_change(story: Story) -> None:
    """Somebody published while the run was debugged: their change would be lost."""
    story.house.notebook("etl/daily.ipynb", "# theirs", BROKEN, parameters="x = 0")
    jobs.patch(story.context, story.job.id, {"source": "live"})
    jobs.patch(story.context, story.job.id, {"source": "pinned"})
    told = story.publish(dry_run=True)
    assert told.conflict is not None
    assert "removed" in ops(told.diff) or "changed" in ops(told.diff), "against what the job runs now"


def test_it_gives_the_fix_to_other_jobs_on_the_notebook(story: Story) -> None:
    same = story.house.job("etl/daily.ipynb", name="Same", parameters={"x": 3})
    live = story.house.job("etl/daily.ipynb", name="Live", source="live")
    story.mend("print(1)")
    told = story.publish(dry_run=True)
    assert [(each.id, each.preselected) for each in told.others] == [(same.id, True)]
    with pytest.raises(Invalid) as refused:
        story.publish(jobs=[same.id, live.id, "none"], notebook="none.ipynb")
    assert {error.field for error in refused.value.errors} == {"jobs.1", "jobs.2", "notebook"}
    done = story.publish(jobs=[same.id])
    assert jobs.get(story.context, same.id).source_version == done.source_version
    assert done.others == []


def test_it_tells_which_stored_values_no_longer_fit(story: Story) -> None:
    jobs.patch(story.context, story.job.id, {"parameters": {"x": 5}})
    notebook = json.loads(story.copy.read_text())
    notebook["cells"][0]["source"] = "y = 0"
    story.copy.write_text(json.dumps(notebook))
    told = story.publish(dry_run=True)
    assert [(each.job_id, each.parameter) for each in told.misfits] == [(story.job.id, "x")]
    assert story.publish().misfits == told.misfits


def test_it_publishes_exactly_what_the_trial_ran(story: Story) -> None:
    trial = starting.rerun(story.context, story.run.id, Rerun(notebook="etl/daily-debug.ipynb")).run
    assert trial.source_version == story.publish(dry_run=True).source_version
    assert not story.publish(dry_run=True).tested
    story.end(trial.id, RunState.SUCCEEDED)
    assert story.publish(dry_run=True).tested
    story.mend("print('edited since')")
    assert not story.publish(dry_run=True).tested
    done = story.publish(source_version=trial.source_version, write_notebook=True)
    assert (done.source_version, done.tested) == (trial.source_version, True)
    assert story.held()["cells"][2]["source"] == [FIXED]
    story.copy.unlink()
    publishing_fix.publish_fix(story.context, story.run.id, {"source_version": trial.source_version})


@pytest.mark.parametrize("version", ["", "0" * 64, "../../../etl/daily", "notebook"])
def test_it_publishes_no_version_that_nothing_has_run(story: Story, version: str) -> None:
    before = story.everything()
    with pytest.raises(Invalid) as refused:
        story.publish(source_version=version)
    assert [error.field for error in refused.value.errors] == ["source_version"]
    assert story.everything() == before


def test_it_puts_the_fix_of_a_run_without_a_job_into_its_notebook(story: Story) -> None:
    run = story.house.run("etl/daily.ipynb")
    sent: dict[str, Any] = {"notebook": "etl/daily-debug.ipynb"}
    with pytest.raises(Conflict) as refused:
        publishing_fix.publish_fix(story.context, run.id, sent)
    assert refused.value.reason == "no_job"
    told = publishing_fix.publish_fix(story.context, run.id, sent | {"write_notebook": True, "dry_run": True})
    assert [each.id for each in told.others] == [story.job.id], "it could have the fix, too"
    done = publishing_fix.publish_fix(story.context, run.id, sent | {"write_notebook": True})
    assert (done.wrote, done.job) == (True, None)
    assert jobs.get(story.context, story.job.id).notebook_changed
    publishing_fix.publish_fix(story.context, run.id, sent | {"write_notebook": True, "jobs": [story.job.id]})
    assert jobs.get(story.context, story.job.id).source_version == done.source_version


def test_it_takes_a_run_whose_job_was_deleted_for_one_without(story: Story) -> None:
    jobs.delete(story.context, story.job.id)
    with pytest.raises(Conflict, match="no job"):
        story.publish()
    assert story.publish(write_notebook=True).wrote


def test_it_puts_the_fix_of_a_live_job_into_the_file_that_it_runs(house: House) -> None:
    story = Story(house, source="live")
    with pytest.raises(Conflict) as refused:
        story.publish()
    assert refused.value.reason == "live_job"
    done = story.publish(write_notebook=True)
    assert done.wrote
    assert jobs.run(story.context, story.job.id, RunJob()).source_version == done.source_version


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        ({"notebook": None}, {"notebook"}),
        ({"notebook": "../x.ipynb"}, {"notebook"}),
        ({"notebook": ".notebook-sched/x.ipynb"}, {"notebook"}),
        ({"notebook": "etl"}, {"notebook"}),
        ({"notebook": 1, "jobs": ["none"], "odd": 1}, {"notebook", "jobs.0", "odd"}),
        ({"last_modified": "yesterday", "notebook": "none.ipynb"}, {"last_modified", "notebook"}),
        ({"dry_run": "yes", "write_notebook": 1, "message": []}, {"dry_run", "write_notebook", "message"}),
    ],
)
def test_it_names_everything_that_is_wrong(story: Story, sent: dict[str, Any], fields: set[str]) -> None:
    before = story.everything()
    with pytest.raises(Invalid) as refused:
        story.publish(**sent)
    assert {error.field for error in refused.value.errors} == fields
    assert story.everything() == before


def test_it_refuses_a_run_that_is_not_there(story: Story) -> None:
    with pytest.raises(NotFound):
        publishing_fix.publish_fix(story.context, "none", {"notebook": 1})


@pytest.mark.parametrize("has_job", [True, False])
def test_it_makes_a_notebook_again_that_was_removed(story: Story, has_job: bool) -> None:
    if not has_job:
        jobs.delete(story.context, story.job.id)
    story.file.unlink()
    story.publish(write_notebook=True, dry_run=True)
    assert not story.file.exists()
    done = story.publish(write_notebook=True)
    assert done.wrote
    assert versions.now_in_workspace(story.context, "etl/daily.ipynb", "notebook").version == done.source_version
    assert story.file.stat().st_mode & 0o777 == 0o644
    assert sorted(path.name for path in story.file.parent.iterdir()) == ["daily-debug.ipynb", "daily.ipynb"]


def test_a_notebook_that_comes_back_meanwhile_is_not_written_over(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.file.unlink()
    given = publishing_fix.give

    def come_back(*rest: Any) -> None:
        given(*rest)
        story.file.write_text("mine")

    monkeypatch.setattr(publishing_fix, "give", come_back)
    with pytest.raises(Conflict) as refused:
        story.publish(write_notebook=True)
    assert refused.value.reason == "notebook_changed"
    assert story.file.read_text() == "mine"
    assert jobs.get(story.context, story.job.id).source_version == story.job.source_version
    story.file.unlink()
    monkeypatch.undo()

    def fails(*_: Any) -> None:
        raise Interrupted

    monkeypatch.setattr(replacing.writing, "sync_folder", fails)
    with pytest.raises(Interrupted):
        story.publish(write_notebook=True)
    assert not story.file.exists(), "both, or neither"


def test_it_writes_nothing_where_the_notebook_is_torn_or_a_link_or_its_folder_is_gone(story: Story) -> None:
    def refused(reason: str) -> None:
        before = story.everything()
        with pytest.raises(Invalid) as told:
            story.publish(write_notebook=True)
        assert told.value.reason == reason
        assert [error.field for error in told.value.errors] == ["write_notebook"]
        assert story.everything() == before
        assert story.publish(dry_run=True).conflict is None, "without the file there is nothing to tell of it"

    content = story.file.read_bytes()
    story.file.write_text('{"cells": [')
    refused("notebook_unreadable")
    story.file.unlink()
    elsewhere = story.house.root / "elsewhere.ipynb"
    elsewhere.write_bytes(content)
    story.file.symlink_to(elsewhere)
    refused("is_a_link")
    assert elsewhere.read_bytes() == content
    story.file.unlink()
    folder = story.house.root / "folder"
    story.file.parent.rename(folder)
    sent = {"source_version": story.run.source_version, "write_notebook": True}
    with pytest.raises(Invalid) as told:
        publishing_fix.publish_fix(story.context, story.run.id, sent)
    assert told.value.reason == "no_such_notebook"
    story.file.parent.symlink_to(folder)
    (folder / "daily.ipynb").write_bytes(content)
    refused("is_a_link")


@contextmanager
def failing(place: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, place)
        yield


@pytest.mark.parametrize("place", ["archive-write", "archive-sync", "archive-rename"])
def test_it_leaves_job_and_notebook_as_they_were_where_the_disk_is_full(story: Story, place: str) -> None:
    trial = starting.rerun(story.context, story.run.id, Rerun(notebook="etl/daily-debug.ipynb")).run
    before = story.everything()
    # The trial has put the source into the archive already: the next file is the notebook.
    with failing(f"{place}=ENOSPC"), pytest.raises(Unavailable) as refused:
        story.publish(write_notebook=True, source_version=trial.source_version)
    assert refused.value.reason == "disk_full"
    assert "daily.ipynb" in refused.value.message
    assert story.everything() == before
    assert story.publish(write_notebook=True).wrote


@pytest.mark.parametrize("links", [True, False])
def test_it_takes_the_notebook_back_where_the_store_does_not_commit(
    story: Story, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    before, facts = story.everything(), story.file.stat()
    write = story.context.store.write

    @contextmanager
    def full() -> Iterator[Database]:
        with write() as db:
            yield db
            assert story.file.read_bytes() != before[0]["daily.ipynb"], "the notebook comes first"
            raise Interrupted

    def no_links(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    with monkeypatch.context() as patch:
        patch.setattr(story.context.store, "write", full)
        if not links:
            patch.setattr(os, "link", no_links)
        with pytest.raises(Interrupted):
            story.publish(write_notebook=True)
    assert story.everything() == before
    assert story.file.stat().st_mtime_ns == facts.st_mtime_ns, "nobody sees that it was away"


def test_it_leaves_a_notebook_that_offers_the_fix_where_it_is_killed_before_the_commit(story: Story) -> None:
    """The other way round, the job would offer to go back to what failed."""
    story.context.store.close()  # a connection must not be carried over
    child = os.fork()
    if child == 0:
        replace = os.replace

        def killed_after(source: Any, target: Any) -> None:
            replace(source, target)
            if Path(target) == story.file:
                os._exit(9)

        os.replace = killed_after  # type: ignore[assignment]
        story.publish(write_notebook=True)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    job = jobs.get(story.context, story.job.id)
    assert (job.source_version, job.notebook_changed) == (story.job.source_version, True)
    assert story.held()["cells"][2]["source"] == [FIXED]
    assert story.publish(dry_run=True, write_notebook=True).conflict is None
    assert story.publish(write_notebook=True).job.source_version != story.job.source_version  # type: ignore[union-attr]


def test_it_sweeps_what_was_left_by_whoever_was_killed(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    left = story.file.with_name(".nbs-tmp-0123456789abcdef")
    left.write_text("half")
    seen = story.publish(dry_run=True)
    assert seen.conflict is None
    assert story.publish(write_notebook=True).wrote
    assert left.exists(), "somebody may be writing it"
    monkeypatch.setattr(replacing, "LEFT_SECONDS", -1)
    story.mend("print('again')")
    with pytest.raises(Conflict):
        story.publish(write_notebook=True)
    modified = story.publish(dry_run=True).conflict.last_modified  # type: ignore[union-attr]
    story.publish(write_notebook=True, last_modified=modified.isoformat())
    assert not left.exists()


def test_it_does_not_write_over_what_is_saved_while_it_publishes(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    give = publishing_fix.give

    def saved_meanwhile(*arguments: Any) -> None:
        give(*arguments)
        story.house.notebook("etl/daily.ipynb", "print('saved')")

    monkeypatch.setattr(publishing_fix, "give", saved_meanwhile)
    with pytest.raises(Conflict) as refused:
        story.publish(write_notebook=True)
    assert refused.value.reason == "notebook_changed"
    assert story.held()["cells"][0]["source"] == "print('saved')"
    assert jobs.get(story.context, story.job.id).source_version == story.job.source_version


def test_it_compares_large_sources_in_another_process(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """And tells the same of them."""
    at_hand = story.publish(dry_run=True)
    monkeypatch.setattr(versions, "LARGEST_AT_HAND", 100)
    apart = watched(monkeypatch)
    assert story.publish(dry_run=True) == at_hand
    assert apart == ["diff"]


def test_it_reads_a_large_copy_and_a_large_notebook_in_other_processes(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a gigabyte of JSON in this one would hold up everybody."""
    apart = watched(monkeypatch)
    held, copy = story.held(), json.loads(story.copy.read_text())
    for notebook, file in ((held, story.file), (copy, story.copy)):
        notebook["cells"][2]["outputs"] = [OUTPUT | {"text": "much " * 500_000}]
        file.write_text(json.dumps(notebook))
    told = story.publish(dry_run=True, write_notebook=True)
    assert told.conflict is None
    assert apart == ["source", "source"]
    story.publish(write_notebook=True)
    assert story.file.stat().st_size < 10_000
    story.copy.write_text("x" * 2_000_000)
    with pytest.raises(Invalid) as refused:
        story.publish()
    assert refused.value.reason == "notebook_unreadable"
