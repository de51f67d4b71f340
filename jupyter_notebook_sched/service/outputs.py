"""Outputs of runs, to be read by somebody: the notebook itself, or a page of it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import msgspec

from ..archive import reading
from ..archive.layout import Archive
from ..domain.run import Attempt, Run, RunDetail
from ..domain.states import ENDED, RunState
from ..domain.times import on_the_clock
from ..errors import Conflict, NotFound
from ..notebook.page.facts import Facts
from ..store import attempts, jobs, ledger
from ..store.connection import Store
from .context import Context
from .runs import get

LONGEST_VALUE = 1000
LONGEST_TOLD = 500


class Opened(NamedTuple):
    """``sha256``: what the bytes were when the run ended; None: it goes on."""

    file: BinaryIO
    path: str
    sha256: str | None


def opened(context: Context, run_id: str, attempt: int | None = None) -> Opened:
    """The output notebook of a run, or of one of its attempts. Conflict where there is none (yet)."""
    run = get(context, run_id)
    path = path_of(run, attempt)
    return Opened(_open(context.archive, run, path), path, _recorded(context.store, path))


def folded(context: Context, run_id: str, attempt: int | None) -> dict[str, str]:
    """What ``apart/folded.py`` is to be asked for it without its code. Conflict where there is no output (yet)."""
    run = get(context, run_id)
    path = path_of(run, attempt)
    _open(context.archive, run, path).close()
    return {"file": str(context.archive.root / path), "path": path}


def page(context: Context, run_id: str, attempt: int | None, hide_code: bool) -> dict[str, Any]:
    """What ``apart/html.py`` is to be asked for a page of it. Conflict where there is no output (yet)."""
    run = get(context, run_id)
    path = path_of(run, attempt)
    past = next((past for past in run.attempts if past.n == attempt), None)
    _open(context.archive, run, path).close()
    return page_of(context.archive, run, path, _recorded(context.store, path), hide_code, past)


def page_of(
    archive: Archive, run: Run, path: str, sha256: str | None, hide_code: bool, past: Attempt | None = None
) -> dict[str, Any]:
    """The same of a run whose output is known. ``past``: of that attempt instead of the last one."""
    facts = _facts(run, hide_code) if past is None or past.n == run.attempt else _facts_of_past(run, past, hide_code)
    return {"file": str(archive.root / path), "path": path, "recorded": sha256, "facts": msgspec.to_builtins(facts)}


def file_of(archive: Archive, run: RunDetail) -> Path:
    """Where the output notebook of a run is. Conflict where there is none (yet)."""
    path = path_of(run, None)
    _open(archive, run, path).close()
    return archive.root / path


def last_success(context: Context, job_id: str) -> str:
    """The id of the job's newest run that succeeded. Conflict where there is none (yet)."""
    with context.store.read() as db:
        if jobs.get(db, job_id) is None:
            raise NotFound(f"there is no job {job_id!r}")
        found = ledger.last_of_state(db, job_id, RunState.SUCCEEDED.value)
    if found is None:
        raise Conflict("no run of this job has succeeded yet", "no_success")
    return found


def path_of(run: RunDetail, attempt: int | None) -> str:
    """In the archive. Conflict where there is none (yet)."""
    path = run.output
    if attempt is not None and attempt != run.attempt:
        path = next((past.output for past in run.attempts if past.n == attempt), None)
    if path is None:
        raise _no_output()
    return path


def _open(archive: Archive, run: Run, path: str) -> BinaryIO:
    file = archive.file(path)
    try:
        if file is not None:
            return reading.opened(file, path)
    except NotFound:
        pass
    if run.state not in ENDED:
        raise _no_output()
    raise Conflict("the output notebook of this run was removed", "no_output")


def _no_output() -> Conflict:
    return Conflict("this run has no output notebook (yet)", "no_output")


def _recorded(store: Store, path: str) -> str | None:
    with store.read() as db:
        return attempts.recorded_sha256(db, path)


def _facts(run: Run, hide_code: bool) -> Facts:
    told = run.message or ""
    if run.error is not None:
        told = f"{run.error.name}: {run.error.value}".partition("\n")[0]
    failed_cell = None if run.error is None else run.error.cell_index
    return Facts(
        run.name, run.state, told[:LONGEST_TOLD], _lines(run), _parameters(run), failed_cell, hide_code=hide_code
    )


def _facts_of_past(run: Run, past: Attempt, hide_code: bool) -> Facts:
    lines = [*_lines(run, past), ("Attempt", f"{past.n} of {run.attempt}")]
    told = (past.message or past.reason or "")[:LONGEST_TOLD]
    return Facts(run.name, past.state, told, lines, _parameters(run), hide_code=hide_code)


def _lines(run: Run, about: Attempt | None = None) -> list[tuple[str, str]]:
    started = about.started_at if about else run.started_at
    finished = about.finished_at if about else run.finished_at
    found = [
        ("Notebook", run.notebook),
        ("Due", _in_words(run.scheduled_for)),
        ("Started", _in_words(started)),
        ("Took", _took(started, finished)),
        ("Version", run.source_version[:12]),
        ("Run", run.id),
    ]
    return [(name, value) for name, value in found if value]


def _in_words(moment: datetime | None) -> str:
    return "" if moment is None else on_the_clock(moment)


def _took(started: datetime | None, finished: datetime | None) -> str:
    if started is None or finished is None:
        return ""
    seconds = (finished - started).total_seconds()
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def _parameters(run: Run) -> list[tuple[str, str]]:
    return [(name, _value(value)) for name, value in run.parameters.items()]


def _value(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
