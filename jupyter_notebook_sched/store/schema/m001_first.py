"""The first schema (version 0.1.0), as it was released."""

from __future__ import annotations

from sqlite_utils import Database


def m001_the_first_schema(db: Database) -> None:
    for statement in FIRST_SCHEMA.split(";\n\n"):
        db.execute(statement)


FIRST_SCHEMA = """
create table jobs (
    id text primary key,
    name text not null,
    notebook text not null,
    spec text not null,                 -- JSON: everything a person decided (domain.job.JobSpec)
    paused integer not null default 0,
    source_version text not null,
    next_run_at text,                   -- null: paused, or no trigger, or a problem
    last_slot text,
    last_run_id text,
    problem text,
    created_at text not null,
    updated_at text not null,
    revision integer not null default 1
) strict;

create index jobs_due on jobs (next_run_at) where next_run_at is not null;

create index jobs_of_notebook on jobs (notebook, id);

create table runs (
    seq integer primary key,            -- a text key alone would let VACUUM renumber the rows under an index of ours
    id text not null unique,
    job_id text,
    batch_id text,
    parent_run_id text,
    name text not null,
    notebook text not null,
    source_version text not null,
    parameters text not null,
    parameters_template text not null,
    kernel text not null,
    cause text not null check (cause in ('manual', 'api', 'schedule', 'catch_up', 'backfill', 'rerun', 'resume')),
    scheduled_for text,
    slot_key text,
    covers text,
    state text not null,
    reason text,
    message text,
    attempt integer not null default 1 check (attempt >= 1),
    max_attempts integer not null default 1,
    created_at text not null,
    available_at text not null,
    started_at text,
    finished_at text,
    cancel_requested_at text,
    progress_done integer not null default 0,
    progress_total integer not null default 0,
    progress_current integer,
    cells text not null default '[]',
    error text,
    output text,
    output_sha256 text,
    host text,
    lease_owner text,                   -- the worker's identity while it runs
    retry text not null default '{}',
    timeout_seconds real,
    cell_timeout_seconds real,
    tags text not null default '[]',
    waits_for_job integer not null default 0,  -- 1: starts only when no other run of its job is active
    check (json_type(parameters) = 'object' and json_type(parameters_template) = 'object'),
    check (json_type(retry) = 'object' and json_type(tags) = 'array' and json_type(cells) = 'array'),
    check (coalesce(json_type(covers), 'object') = 'object' and coalesce(json_type(error), 'object') = 'object'),
    check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled', 'skipped')),
    check ((state in ('succeeded', 'failed', 'cancelled', 'skipped')) = (finished_at is not null)),
    check ((state = 'running') = (lease_owner is not null)),
    check (state <> 'running' or started_at is not null),
    check (case state
        when 'queued' then reason is null or reason in (
            'capacity', 'overlap', 'retry_wait', 'needs_kernel', 'low_memory', 'scheduler_stopped')
        when 'failed' then reason is not null and reason in (
            'cell_error', 'timeout', 'cell_timeout', 'kernel_died', 'out_of_memory', 'lost', 'invalid', 'internal')
        when 'skipped' then reason is not null and reason in ('missed', 'overlap', 'superseded', 'user')
        when 'cancelled' then reason is not null and reason in ('user', 'replaced')
        else reason is null end)
) strict;

create trigger runs_take_allowed_steps before update of state on runs
when old.state <> new.state and not case old.state
    when 'queued' then new.state in ('running', 'cancelled', 'skipped', 'failed')
    when 'running' then new.state in ('succeeded', 'failed', 'cancelled', 'queued')
    else false end
begin
    select raise(abort, 'a run does not take this step');
end;

create unique index runs_slot on runs (job_id, slot_key) where slot_key is not null;

create index runs_waiting on runs (available_at, id) where state = 'queued';

create index runs_under_way on runs (lease_owner) where state = 'running';

create index runs_by_state on runs (state, id);

create index runs_by_job on runs (job_id, id) where job_id is not null;

create index runs_by_notebook on runs (notebook, id);

create index runs_by_batch on runs (batch_id, id) where batch_id is not null;

create index runs_by_due_time on runs (scheduled_for, id);

create table attempts (
    run_id text not null references runs (id) on delete cascade,
    n integer not null,
    state text not null,
    reason text,
    message text,
    started_at text,
    finished_at text,
    output text,
    output_sha256 text,
    primary key (run_id, n)
) strict, without rowid;

create table events (
    seq integer primary key autoincrement,
    kind text not null check (kind in ('run', 'job')),
    payload text not null,
    at text not null
) strict;

create index events_by_age on events (at);

create table leases (
    name text primary key,
    owner text,                         -- null: nobody's at the moment
    epoch integer not null,             -- counts owners: the row stays, so that it only grows
    beat integer not null,              -- counts renewals: observers compare it, never their clocks
    code_version text not null
) strict, without rowid;

create table workers (
    identity text primary key,
    state text not null check (state in ('running', 'draining')),
    beat integer not null,
    heartbeat_at text not null,
    capacity integer not null,
    code_version text not null
) strict, without rowid;

create table idempotency (
    key text primary key,
    digest text not null,
    run_ids text not null,
    created_at text not null
) strict, without rowid;

pragma user_version = 1
"""
