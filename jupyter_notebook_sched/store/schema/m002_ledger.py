"""The second schema (version 0.2.0): one row an attempt from its start, counters, search, leases with epochs.

What a list of runs reads stays in ``runs``; what only one run's page reads (cells, errors, progress) is in
``attempts``. Names and notebooks stand once in ``titles``, so that a moved notebook is one change, and text search
looks at thousands of titles instead of a million runs.
"""


def _count(row: str, sign: str) -> str:
    """One more (or one less) run under each key that a row of runs counts for."""
    return f"""insert into run_counts (kind, key, state, n)
        select 'all', '', {row}.state, {sign}1
        union all select 'job', {row}.job_id, {row}.state, {sign}1 where {row}.job_id is not null
        union all select 'notebook', notebook, {row}.state, {sign}1 from titles where id = {row}.title
        union all select 'batch', {row}.batch_id, {row}.state, {sign}1 where {row}.batch_id is not null
        union all select 'source', {row}.source_version, '', {sign}1
        union all select 'bytes', '', '', {sign}{row}.bytes where {row}.bytes <> 0
        on conflict do update set n = n + excluded.n;"""


COUNTING = f"""
create trigger runs_counted after insert on runs begin
    {_count("new", "+")}
end;;
create trigger runs_uncounted before delete on runs begin
    {_count("old", "-")}
    delete from attempts where run = old.seq;
end;;
create trigger runs_counted_before before update of state, bytes, title on runs begin
    {_count("old", "-")}
end;;
create trigger runs_counted_after after update of state, bytes, title on runs begin
    {_count("new", "+")}
end;;
"""

LEDGER = (
    """
create table jobs (
    id text primary key,
    name text not null,
    notebook text not null,
    spec text not null,                 -- JSON: everything a person decided (domain.job.JobSpec)
    paused integer not null default 0,
    paused_until text,                  -- paused until then; null: until somebody resumes it
    source_version text not null,
    source_kernel text,                 -- the kernel that the pinned version names
    next_run_at text,                   -- the first due time without a record; null: none will come
    last_slot text,
    anchor text not null,               -- where an interval without a start counts from
    restarted_at text not null,         -- due times count from here
    slots_run integer not null default 0,
    problem text,
    created_at text not null,
    updated_at text not null,
    revision integer not null default 1
) strict;;
create index jobs_due on jobs (next_run_at) where next_run_at is not null;;
create index jobs_resuming on jobs (paused_until) where paused_until is not null;;
create index jobs_of_notebook on jobs (notebook);;
create index jobs_by_pause on jobs (paused, id);;
create table titles (
    id integer primary key,
    name text not null,
    notebook text not null,
    expected_seconds real,              -- how long the last successful run took
    memory_bytes integer,               -- what the last run used at its height
    unique (name, notebook)
) strict;;
create index titles_of_notebook on titles (notebook);;
create virtual table titles_text using fts5 (
    name, notebook, content = 'titles', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2',
    prefix = '1 2 3'
);;
create trigger titles_found after insert on titles begin
    insert into titles_text (rowid, name, notebook) values (new.id, new.name, new.notebook);
end;;
create trigger titles_lost after delete on titles begin
    insert into titles_text (titles_text, rowid, name, notebook) values ('delete', old.id, old.name, old.notebook);
end;;
create trigger titles_moved after update of name, notebook on titles begin
    insert into titles_text (titles_text, rowid, name, notebook) values ('delete', old.id, old.name, old.notebook);
    insert into titles_text (rowid, name, notebook) values (new.id, new.name, new.notebook);
end;;
create table runs (
    seq integer primary key,            -- grows with every run: pages of lists are cut by it
    id text not null unique,
    job_id text,
    batch_id text,
    parent_run_id text,
    title integer not null references titles (id),
    source_version text not null,
    parameters text not null,
    parameters_template text,           -- null: the same as parameters
    kernel text not null,
    cause text not null check (cause in ('manual', 'api', 'schedule', 'catch_up', 'backfill', 'rerun', 'resume')),
    scheduled_for text,
    slot_key text,                      -- the ledger's key: set for causes schedule and catch_up
    covers text,
    state text not null,
    reason text,
    message text,
    attempt integer not null default 1 check (attempt >= 1),
    tried integer not null default 0 check (tried between 0 and attempt),   -- attempts that have begun
    max_attempts integer not null default 1,
    created_at text not null,
    available_at text not null,
    queue_at text not null,             -- the place in the queue
    started_at text,
    finished_at text,
    cancel_requested_at text,
    cancel_reason text,
    asked_on text,                      -- the host where somebody asked for it
    host text,                          -- the host that executes or executed it
    lease_owner text,                   -- the worker's identity while it runs
    lease_epoch integer,                -- and its registration (workers.epoch)
    policies text not null default '{}',
    tags text not null default '[]',
    job_limit integer,                  -- starts only while fewer runs of its job are active
    yields integer not null default 0,  -- 1: a newer due time takes its place as long as it has not begun
    bytes integer not null default 0,   -- of its files in the archive
    check (json_type(parameters) = 'object' and coalesce(json_type(parameters_template), 'object') = 'object'),
    check (json_type(policies) = 'object' and json_type(tags) = 'array'),
    check (coalesce(json_type(covers), 'object') = 'object'),
    check ((slot_key is null) or (job_id is not null and cause in ('schedule', 'catch_up'))),
    check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled', 'skipped')),
    check ((state in ('succeeded', 'failed', 'cancelled', 'skipped')) = (finished_at is not null)),
    check ((state = 'running') = (lease_owner is not null)),
    check ((state = 'running') = (lease_epoch is not null)),
    check (state <> 'running' or (started_at is not null and tried = attempt)),
    check (case state
        when 'queued' then reason is null or reason in (
            'capacity', 'overlap', 'retry_wait', 'needs_kernel', 'low_memory', 'scheduler_stopped')
        when 'failed' then reason is not null and reason in (
            'cell_error', 'timeout', 'cell_timeout', 'kernel_died', 'out_of_memory', 'lost', 'invalid', 'internal')
        when 'skipped' then reason is not null and reason in ('missed', 'overlap', 'superseded', 'user')
        when 'cancelled' then reason is not null and reason in ('user', 'replaced')
        else reason is null end)
) strict;;
create trigger runs_are_born before insert on runs when new.state not in ('queued', 'skipped')
    and not exists (select 1 from facts where name = 'migrating')
begin
    select raise(abort, 'a run is born queued or skipped');
end;;
create trigger runs_take_allowed_steps before update of state on runs
when old.state <> new.state and not case old.state
    when 'queued' then new.state in ('running', 'cancelled', 'skipped')
        or (new.state = 'failed' and new.reason = 'invalid')
    when 'running' then new.state in ('succeeded', 'failed', 'cancelled', 'queued')
    else false end
begin
    select raise(abort, 'a run does not take this step');
end;;
create unique index runs_slot on runs (job_id, slot_key) where slot_key is not null;;
create index runs_waiting_by_hand on runs (queue_at) where state = 'queued'
    and cause in ('manual', 'api', 'rerun', 'resume');;
create index runs_waiting_scheduled on runs (queue_at) where state = 'queued'
    and cause in ('schedule', 'catch_up', 'backfill');;
create index runs_becoming_available on runs (available_at) where state = 'queued';;
create index runs_under_way on runs (lease_epoch) where state = 'running';;
create index runs_by_state on runs (state);;
create index runs_by_job on runs (job_id, state) where job_id is not null;;
create index runs_by_title on runs (title, state);;
create index runs_by_batch on runs (batch_id, state) where batch_id is not null;;
create index runs_by_cause on runs (cause, state);;
create index runs_by_creation on runs (created_at);;
create index runs_by_due_time on runs (scheduled_for) where scheduled_for is not null;;
create index runs_by_job_and_due_time on runs (job_id, scheduled_for) where scheduled_for is not null;;
create index runs_by_end on runs (finished_at) where finished_at is not null;;
create table run_terms (
    term integer not null,              -- a hash of a tag or of a parameter with its value (store.terms)
    seq integer not null,
    primary key (term, seq)
) strict, without rowid;;
create table attempts (
    run integer not null,               -- runs.seq
    n integer not null,
    state text not null check (state in ('running', 'succeeded', 'failed', 'cancelled')),
    reason text,
    message text,
    started_at text,
    finished_at text,
    output text,
    output_sha256 text,
    error text,
    cells text not null default '[]',
    progress_done integer not null default 0,
    progress_total integer not null default 0,
    progress_current integer,
    owner text,
    handle text,                        -- what the executor finds it again by
    primary key (run, n),
    check ((state = 'running') = (finished_at is null)),
    check (json_type(cells) = 'array' and coalesce(json_type(error), 'object') = 'object')
) strict;;
create table run_counts (
    kind text not null,                 -- all, job, notebook, batch by state; source and bytes in all
    key text not null,
    state text not null,
    n integer not null,
    primary key (kind, key, state)
) strict, without rowid;;
"""
    + COUNTING
    + """
create view runs_seen as
    select runs.*, titles.name, titles.notebook, a.error, a.output, a.output_sha256, a.cells,
        coalesce(a.progress_done, 0) as progress_done, coalesce(a.progress_total, 0) as progress_total,
        a.progress_current,
        case when runs.finished_at is null then coalesce(titles.expected_seconds,
            -- a notebook has few titles, but for those who name each run anew
            (select expected_seconds from (select expected_seconds from titles as others
                where others.notebook = titles.notebook order by id desc limit 20)
                where expected_seconds is not null limit 1)) end as expected_seconds
    from runs left join titles on titles.id = runs.title
        left join attempts as a on a.run = runs.seq and a.n = runs.tried;;
create table leases (
    name text primary key,
    owner text,                         -- null: nobody's at the moment
    epoch integer not null,             -- counts owners: the row stays, so that it only grows
    beat integer not null,              -- counts renewals: observers compare it, never their clocks
    code_version text not null,
    schema_version text not null
) strict, without rowid;;
create table workers (
    epoch integer primary key autoincrement,    -- a registration: a worker that was given up gets a new one
    identity text not null unique,
    host text not null,
    state text not null check (state in ('running', 'draining')),
    beat integer not null,
    heartbeat_at text not null,
    capacity integer not null,
    kernels text not null,              -- JSON: the names of the kernelspecs of its host
    meeting_place text,                 -- the directory of its sockets, on its host
    code_version text not null,
    schema_version text not null,
    check (json_type(kernels) = 'array')
) strict;;
create table facts (
    name text primary key,              -- tzdata, backup_at, …: what the workspace must remember of itself
    value text not null
) strict, without rowid;;
create table doomed_files (
    path text primary key               -- of the archive: their rows are gone, and they follow
) strict, without rowid
"""
)
