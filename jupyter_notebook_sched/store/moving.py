"""Jobs and history follow a notebook that was moved."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlite_utils import Database

from ..domain.job import Job
from . import counts, jobs
from .rows import change, column, select, value


def notebooks_below(db: Database, folder: str) -> list[str]:
    """The notebooks that jobs or runs name, in that folder or below it."""
    # Text between "a/" and "a0" begins with "a/": "0" is the character behind "/".
    sql = """select notebook from jobs where notebook >= :first and notebook < :behind
        union select notebook from titles where notebook >= :first and notebook < :behind"""
    return column(db, sql, {"first": f"{folder}/", "behind": f"{folder}0"})


def jobs_of(db: Database, path: str) -> list[str]:
    """The jobs of that notebook, or of those below that folder."""
    sql = "select id from jobs where notebook = :path or (notebook >= :first and notebook < :behind)"
    return column(db, sql, {"path": path, "first": f"{path}/", "behind": f"{path}0"})


def is_known(db: Database, notebook: str) -> bool:
    sql = "select exists (select 1 from jobs where notebook = ?1) or exists (select 1 from titles where notebook = ?1)"
    return bool(value(db, sql, [notebook]))


def move(db: Database, old: str, new: str, now: datetime) -> None:
    """Every job and every run of the notebook ``old`` is one of ``new`` from now on."""
    for row in select(db, "select id, name from titles where notebook = ?", [old]):
        _move_title(db, row["id"], row["name"], old, new)
    for job_id in column(db, "select id from jobs where notebook = ?", [old]):
        job = jobs.get(db, job_id)
        if isinstance(job, Job):
            jobs.update(db, _moved(job, new), "updated", now)


def _moved(job: Job, notebook: str) -> Job:
    return msgspec.structs.replace(job, notebook=notebook)


def _move_title(db: Database, title: int, name: str, old: str, new: str) -> None:
    """Where the pair exists already, its runs take that one's title; else the title itself is changed."""
    other = value(db, "select id from titles where name = ? and notebook = ?", [name, new])
    if other is not None:
        change(db, "update runs set title = ? where title = ?", [other, title])
        change(db, "delete from titles where id = ?", [title])
        return
    change(db, "update titles set notebook = ? where id = ?", [new, title])
    counts.move_title(db, title, old, new)
