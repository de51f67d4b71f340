"""From the first schema to the second: every row is carried over, in one transaction."""

from __future__ import annotations

import json

from sqlite_utils import Database

from ..terms import terms_of
from .m002_ledger import LEDGER


def m002_the_ledger(db: Database) -> None:
    for index in OLD_INDEXES:
        db.execute(f"drop index {index}")
    db.execute("drop trigger runs_take_allowed_steps")
    for table in ("runs", "attempts", "jobs"):
        db.execute(f"alter table {table} rename to {table}_before")
    for table in ("leases", "workers"):
        db.execute(f"drop table {table}")
    for statement in LEDGER.split(";;\n"):
        db.execute(statement)
    for statement in COPY.split(";;\n"):
        db.execute(statement)
    for seq, parameters, tags in db.execute("select seq, parameters, tags from runs").fetchall():
        rows = [(term, seq) for term in terms_of(json.loads(parameters), json.loads(tags))]
        db.conn.executemany("insert into run_terms (term, seq) values (?, ?)", rows)
    for table in ("runs", "attempts", "jobs"):
        db.execute(f"drop table {table}_before")


OLD_INDEXES = (
    "jobs_due",
    "jobs_of_notebook",
    "runs_slot",
    "runs_waiting",
    "runs_under_way",
    "runs_by_state",
    "runs_by_job",
    "runs_by_notebook",
    "runs_by_batch",
    "runs_by_due_time",
)

COPY = """
insert into facts (name, value) values ('migrating', '1');;
insert into jobs (id, name, notebook, spec, paused, source_version, next_run_at, last_slot, anchor, restarted_at,
        slots_run, problem, created_at, updated_at, revision)
    select id, name, notebook, spec, paused, source_version, next_run_at, last_slot, created_at,
        -- Due times count from just before the next one: what was resumed or edited is not caught up.
        coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', next_run_at, '-0.001 seconds'), updated_at),
        (select count(*) from runs_before as b where b.job_id = jobs_before.id and slot_key is not null
            and state <> 'skipped'),
        problem, created_at, updated_at, revision from jobs_before;;
insert or ignore into titles (name, notebook) select name, notebook from runs_before order by seq;;
insert or ignore into titles (name, notebook) select name, notebook from jobs_before order by id;;
insert into runs (seq, id, job_id, batch_id, parent_run_id, title, source_version, parameters, parameters_template,
        kernel, cause, scheduled_for, slot_key, covers, state, reason, message, attempt, tried, max_attempts,
        created_at, available_at, queue_at, started_at, finished_at, cancel_requested_at, cancel_reason, host,
        lease_owner, lease_epoch, policies, tags, job_limit, yields)
    select seq, b.id, job_id, batch_id, parent_run_id, titles.id, source_version, parameters,
        nullif(parameters_template, parameters), kernel, cause, scheduled_for, slot_key, covers, state, reason, message,
        attempt, case when state = 'queued' or started_at is null then attempt - 1 else attempt end, max_attempts,
        created_at, available_at, available_at, started_at, finished_at, cancel_requested_at,
        case when cancel_requested_at is not null then 'user' end, host, lease_owner,
        case when lease_owner is not null then 0 end,
        json_patch(json_object('retry', json(retry)),
            json_object('timeout_seconds', timeout_seconds, 'cell_timeout_seconds', cell_timeout_seconds)),
        tags, case when waits_for_job then 1 end, waits_for_job
    from runs_before as b join titles on titles.name = b.name and titles.notebook = b.notebook;;
insert into attempts (run, n, state, reason, message, started_at, finished_at, output, output_sha256)
    select runs.seq, n, a.state, a.reason, a.message, a.started_at, coalesce(a.finished_at, runs.created_at), output,
        output_sha256 from attempts_before as a join runs on runs.id = a.run_id;;
update attempts set error = b.error, cells = b.cells, progress_done = b.progress_done,
        progress_total = b.progress_total, progress_current = b.progress_current
    from runs_before as b join runs on runs.id = b.id where attempts.run = runs.seq and attempts.n = runs.tried;;
insert into attempts (run, n, state, started_at, output, cells, progress_done, progress_total, progress_current, owner)
    select runs.seq, runs.attempt, 'running', runs.started_at, b.output, b.cells, b.progress_done, b.progress_total,
        b.progress_current, runs.lease_owner
    from runs join runs_before as b on b.id = runs.id where runs.state = 'running';;
delete from facts where name = 'migrating'
"""
