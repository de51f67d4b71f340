PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'notebook_sched','m001_the_first_schema','2026-11-21 21:25:44.567488+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'notebook_sched','m002_the_ledger','2026-11-21 21:25:44.572374+00:00');
CREATE TABLE events (
    seq integer primary key autoincrement,
    kind text not null check (kind in ('run', 'job')),
    payload text not null,
    at text not null
) strict;
INSERT INTO "events" VALUES(1,'job','{"job_id": "019de368-f600-7000-8d10-71e57472779a", "change": "created"}','2026-05-01T12:00:00.000Z');
INSERT INTO "events" VALUES(2,'run','{"run_id":"019de368-f600-7001-9d6e-85faf8db37ee","job_id":null,"batch_id":"b1","notebook":"ordner/größe.ipynb","state":"queued","reason":null,"attempt":1,"progress":{"done":0,"total":0,"current":null}}','2026-05-01T12:00:00.000Z');
INSERT INTO "events" VALUES(3,'run','{"run_id":"019de368-f600-7001-9d6e-85faf8db37ee","job_id":null,"batch_id":"b1","notebook":"ordner/größe.ipynb","state":"running","reason":null,"attempt":1,"progress":{"done":0,"total":0,"current":null}}','2026-05-01T12:00:00.000Z');
INSERT INTO "events" VALUES(4,'run','{"run_id":"019de368-f600-7001-9d6e-85faf8db37ee","job_id":null,"batch_id":"b1","notebook":"ordner/größe.ipynb","state":"succeeded","reason":null,"attempt":1,"progress":{"done":1,"total":1,"current":null}}','2026-05-01T12:00:05.000Z');
INSERT INTO "events" VALUES(5,'run','{"run_id":"019de369-1d10-7000-a241-6985bb7ae546","job_id":"019de368-f600-7000-8d10-71e57472779a","batch_id":null,"notebook":"report.ipynb","state":"queued","reason":null,"attempt":1,"progress":{"done":0,"total":0,"current":null}}','2026-05-01T12:00:10.000Z');
INSERT INTO "events" VALUES(6,'run','{"run_id":"019de369-1d10-7000-a241-6985bb7ae546","job_id":"019de368-f600-7000-8d10-71e57472779a","batch_id":null,"notebook":"report.ipynb","state":"running","reason":null,"attempt":1,"progress":{"done":0,"total":0,"current":null}}','2026-05-01T12:00:10.000Z');
INSERT INTO "events" VALUES(7,'run','{"run_id":"019de369-1d10-7000-a241-6985bb7ae546","job_id":"019de368-f600-7000-8d10-71e57472779a","batch_id":null,"notebook":"report.ipynb","state":"failed","reason":"cell_error","attempt":1,"progress":{"done":1,"total":2,"current":null}}','2026-05-01T12:00:11.000Z');
INSERT INTO "events" VALUES(8,'run','{"run_id":"019de369-4420-7000-94d4-6f1e21ae9aa6","job_id":null,"batch_id":null,"notebook":"report.ipynb","state":"queued","reason":null,"attempt":1,"progress":{"done":0,"total":0,"current":null}}','2026-05-01T12:00:20.000Z');
INSERT INTO "events" VALUES(9,'run','{"run_id":"019de369-4420-7000-94d4-6f1e21ae9aa6","job_id":null,"batch_id":null,"notebook":"report.ipynb","state":"running","reason":null,"attempt":1,"progress":{"done":0,"total":0,"current":null}}','2026-05-01T12:00:20.000Z');
INSERT INTO "events" VALUES(10,'run','{"run_id":"019de369-6b30-7000-a428-4e419ee9f55f","job_id":null,"batch_id":null,"notebook":"report.ipynb","state":"queued","reason":null,"attempt":1,"progress":{"done":0,"total":0,"current":null}}','2026-05-01T12:00:30.000Z');
CREATE TABLE idempotency (
    key text primary key,
    digest text not null,
    run_ids text not null,
    created_at text not null
) strict, without rowid;
INSERT INTO "idempotency" VALUES('key','digest','["r1"]','2026-05-01T12:00:00.000Z');
CREATE TABLE jobs (
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
) strict;
INSERT INTO "jobs" VALUES('019de368-f600-7000-8d10-71e57472779a','Daily report','report.ipynb','{"source":"pinned","parameters":{},"templates":true,"kernel":null,"trigger":{"type":"cron","cron":"0 7 * * *","timezone":"UTC"},"starts_at":null,"ends_at":null,"max_runs":null,"on_missed":"run_latest","late_limit_seconds":86400,"max_catch_up":10,"on_overlap":"queue_one","max_parallel":1,"spread_seconds":0,"retry":{"max_attempts":1,"delay_seconds":30,"backoff":2.0,"max_delay_seconds":3600,"on":["cell_error","timeout","cell_timeout","kernel_died","out_of_memory","lost"]},"timeout_seconds":null,"cell_timeout_seconds":null,"resources":{"memory_mb":null,"cpu_seconds":null},"keep_kernel_seconds":null,"keep_runs":null,"keep_days":null,"notify":[],"tags":[],"description":"","paused":false,"name":"Daily report","notebook":"report.ipynb"}',0,NULL,'0000000000000000000000000000000000000000000000000000000000000000','python3',NULL,NULL,'2026-05-01T12:00:00.000Z','2026-05-01T12:00:00.000Z',0,NULL,'2026-05-01T12:00:00.000Z','2026-05-01T12:00:00.000Z',1);
CREATE TABLE titles (
    id integer primary key,
    name text not null,
    notebook text not null,
    expected_seconds real,              -- how long the last successful run took
    memory_bytes integer,               -- what the last run used at its height
    unique (name, notebook)
) strict;
INSERT INTO "titles" VALUES(1,'Daily report','report.ipynb',NULL,NULL);
INSERT INTO "titles" VALUES(2,'Größe','ordner/größe.ipynb',5.0,NULL);
INSERT INTO "titles" VALUES(3,'report','report.ipynb',NULL,NULL);
INSERT INTO "titles" VALUES(4,'long','report.ipynb',NULL,NULL);
CREATE VIRTUAL TABLE titles_text using fts5 (
    name, notebook, content = 'titles', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2',
    prefix = '1 2 3'
);
CREATE TABLE runs (
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
) strict;
INSERT INTO "runs" VALUES(1,'019de368-f600-7001-9d6e-85faf8db37ee',NULL,'b1',NULL,2,'0000000000000000000000000000000000000000000000000000000000000000','{"x":1,"region":"eu-ü"}','{}','python3','api',NULL,NULL,NULL,'succeeded',NULL,NULL,1,1,1,'2026-05-01T12:00:00.000Z','2026-05-01T12:00:00.000Z','2026-05-01T12:00:00.000Z','2026-05-01T12:00:00.000Z','2026-05-01T12:00:05.000Z',NULL,NULL,NULL,'here',NULL,NULL,'{}','["etl"]',NULL,0,100);
INSERT INTO "runs" VALUES(2,'019de369-1d10-7000-a241-6985bb7ae546','019de368-f600-7000-8d10-71e57472779a',NULL,NULL,3,'0000000000000000000000000000000000000000000000000000000000000000','{}',NULL,'python3','schedule','2026-05-01T12:00:00.000Z','2026-05-01T12:00:00.000Z',NULL,'failed','cell_error','cell 2',1,1,1,'2026-05-01T12:00:10.000Z','2026-05-01T12:00:10.000Z','2026-05-01T12:10:10.000Z','2026-05-01T12:00:10.000Z','2026-05-01T12:00:11.000Z',NULL,NULL,NULL,'here',NULL,NULL,'{}','[]',NULL,0,0);
INSERT INTO "runs" VALUES(3,'019de369-4420-7000-94d4-6f1e21ae9aa6',NULL,NULL,NULL,4,'0000000000000000000000000000000000000000000000000000000000000000','{"x":null}','{"x":"{{ 1 }}"}','python3','api',NULL,NULL,NULL,'running',NULL,NULL,1,1,1,'2026-05-01T12:00:20.000Z','2026-05-01T12:00:20.000Z','2026-05-01T12:00:20.000Z','2026-05-01T12:00:20.000Z',NULL,NULL,NULL,NULL,'here','here/boot/1/10/100',1,'{}','[]',NULL,0,0);
INSERT INTO "runs" VALUES(4,'019de369-6b30-7000-a428-4e419ee9f55f',NULL,NULL,NULL,3,'0000000000000000000000000000000000000000000000000000000000000000','{}',NULL,'python3','api',NULL,NULL,NULL,'queued',NULL,NULL,1,0,1,'2026-05-01T12:00:30.000Z','2026-05-01T12:00:30.000Z','2026-05-01T12:00:30.000Z',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{}','[]',NULL,0,0);
CREATE TABLE run_terms (
    term integer not null,              -- a hash of a tag or of a parameter with its value (store.terms)
    seq integer not null,
    primary key (term, seq)
) strict, without rowid;
INSERT INTO "run_terms" VALUES(-7331654122388777431,1);
INSERT INTO "run_terms" VALUES(-2717059519050316121,3);
INSERT INTO "run_terms" VALUES(-868673460800088687,1);
INSERT INTO "run_terms" VALUES(1518535514521019999,1);
CREATE TABLE attempts (
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
) strict;
INSERT INTO "attempts" VALUES(1,1,'succeeded',NULL,NULL,'2026-05-01T12:00:00.000Z','2026-05-01T12:00:05.000Z','runs/a/b/c/x/1/a.ipynb','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',NULL,'[{"index":0,"outcome":"ok","seconds":0.25}]',1,1,NULL,'here/boot/1/10/100',NULL);
INSERT INTO "attempts" VALUES(2,1,'failed','cell_error','cell 2','2026-05-01T12:00:10.000Z','2026-05-01T12:00:11.000Z',NULL,NULL,'{"cell_index":1,"cell_id":"c1","name":"E","value":"v","traceback":"t"}','[{"index":0,"outcome":"ok","seconds":0.5},{"index":1,"outcome":"failed","seconds":0.1}]',1,2,NULL,'here/boot/1/10/100',NULL);
INSERT INTO "attempts" VALUES(3,1,'running',NULL,NULL,'2026-05-01T12:00:20.000Z',NULL,'runs/019de369-4420-7000-94d4-6f1e21ae9aa6/1/a.ipynb',NULL,NULL,'[]',0,0,NULL,'here/boot/1/10/100',NULL);
CREATE TABLE run_counts (
    kind text not null,                 -- all, job, notebook, batch by state; source and bytes in all
    key text not null,
    state text not null,
    n integer not null,
    primary key (kind, key, state)
) strict, without rowid;
INSERT INTO "run_counts" VALUES('all','','failed',1);
INSERT INTO "run_counts" VALUES('all','','queued',1);
INSERT INTO "run_counts" VALUES('all','','running',1);
INSERT INTO "run_counts" VALUES('all','','succeeded',1);
INSERT INTO "run_counts" VALUES('batch','b1','queued',0);
INSERT INTO "run_counts" VALUES('batch','b1','running',0);
INSERT INTO "run_counts" VALUES('batch','b1','succeeded',1);
INSERT INTO "run_counts" VALUES('bytes','','',100);
INSERT INTO "run_counts" VALUES('job','019de368-f600-7000-8d10-71e57472779a','failed',1);
INSERT INTO "run_counts" VALUES('job','019de368-f600-7000-8d10-71e57472779a','queued',0);
INSERT INTO "run_counts" VALUES('job','019de368-f600-7000-8d10-71e57472779a','running',0);
INSERT INTO "run_counts" VALUES('notebook','ordner/größe.ipynb','queued',0);
INSERT INTO "run_counts" VALUES('notebook','ordner/größe.ipynb','running',0);
INSERT INTO "run_counts" VALUES('notebook','ordner/größe.ipynb','succeeded',1);
INSERT INTO "run_counts" VALUES('notebook','report.ipynb','failed',1);
INSERT INTO "run_counts" VALUES('notebook','report.ipynb','queued',1);
INSERT INTO "run_counts" VALUES('notebook','report.ipynb','running',1);
INSERT INTO "run_counts" VALUES('source','0000000000000000000000000000000000000000000000000000000000000000','',4);
CREATE TABLE leases (
    name text primary key,
    owner text,                         -- null: nobody's at the moment
    epoch integer not null,             -- counts owners: the row stays, so that it only grows
    beat integer not null,              -- counts renewals: observers compare it, never their clocks
    code_version text not null,
    schema_version text not null
) strict, without rowid;
CREATE TABLE workers (
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
) strict;
CREATE TABLE facts (
    name text primary key,              -- tzdata, backup_at, …: what the workspace must remember of itself
    value text not null
) strict, without rowid;
CREATE TABLE doomed_files (
    path text primary key               -- of the archive: their rows are gone, and they follow
) strict, without rowid
;
INSERT INTO titles_text (titles_text) VALUES('rebuild');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX events_by_age on events (at);
CREATE INDEX jobs_due on jobs (next_run_at) where next_run_at is not null;
CREATE INDEX jobs_resuming on jobs (paused_until) where paused_until is not null;
CREATE INDEX jobs_of_notebook on jobs (notebook);
CREATE INDEX jobs_by_pause on jobs (paused, id);
CREATE INDEX titles_of_notebook on titles (notebook);
CREATE TRIGGER titles_found after insert on titles begin
    insert into titles_text (rowid, name, notebook) values (new.id, new.name, new.notebook);
end;
CREATE TRIGGER titles_lost after delete on titles begin
    insert into titles_text (titles_text, rowid, name, notebook) values ('delete', old.id, old.name, old.notebook);
end;
CREATE TRIGGER titles_moved after update of name, notebook on titles begin
    insert into titles_text (titles_text, rowid, name, notebook) values ('delete', old.id, old.name, old.notebook);
    insert into titles_text (rowid, name, notebook) values (new.id, new.name, new.notebook);
end;
CREATE TRIGGER runs_are_born before insert on runs when new.state not in ('queued', 'skipped')
    and not exists (select 1 from facts where name = 'migrating')
begin
    select raise(abort, 'a run is born queued or skipped');
end;
CREATE TRIGGER runs_take_allowed_steps before update of state on runs
when old.state <> new.state and not case old.state
    when 'queued' then new.state in ('running', 'cancelled', 'skipped')
        or (new.state = 'failed' and new.reason = 'invalid')
    when 'running' then new.state in ('succeeded', 'failed', 'cancelled', 'queued')
    else false end
begin
    select raise(abort, 'a run does not take this step');
end;
CREATE UNIQUE INDEX runs_slot on runs (job_id, slot_key) where slot_key is not null;
CREATE INDEX runs_waiting_by_hand on runs (queue_at) where state = 'queued'
    and cause in ('manual', 'api', 'rerun', 'resume');
CREATE INDEX runs_waiting_scheduled on runs (queue_at) where state = 'queued'
    and cause in ('schedule', 'catch_up', 'backfill');
CREATE INDEX runs_becoming_available on runs (available_at) where state = 'queued';
CREATE INDEX runs_under_way on runs (lease_epoch) where state = 'running';
CREATE INDEX runs_by_state on runs (state);
CREATE INDEX runs_by_job on runs (job_id, state) where job_id is not null;
CREATE INDEX runs_by_title on runs (title, state);
CREATE INDEX runs_by_batch on runs (batch_id, state) where batch_id is not null;
CREATE INDEX runs_by_cause on runs (cause, state);
CREATE INDEX runs_by_creation on runs (created_at);
CREATE INDEX runs_by_due_time on runs (scheduled_for) where scheduled_for is not null;
CREATE INDEX runs_by_job_and_due_time on runs (job_id, scheduled_for) where scheduled_for is not null;
CREATE INDEX runs_by_end on runs (finished_at) where finished_at is not null;
CREATE TRIGGER runs_counted after insert on runs begin
    insert into run_counts (kind, key, state, n)
        select 'all', '', new.state, +1
        union all select 'job', new.job_id, new.state, +1 where new.job_id is not null
        union all select 'notebook', notebook, new.state, +1 from titles where id = new.title
        union all select 'batch', new.batch_id, new.state, +1 where new.batch_id is not null
        union all select 'source', new.source_version, '', +1
        union all select 'bytes', '', '', +new.bytes where new.bytes <> 0
        on conflict do update set n = n + excluded.n;
end;
CREATE TRIGGER runs_uncounted before delete on runs begin
    insert into run_counts (kind, key, state, n)
        select 'all', '', old.state, -1
        union all select 'job', old.job_id, old.state, -1 where old.job_id is not null
        union all select 'notebook', notebook, old.state, -1 from titles where id = old.title
        union all select 'batch', old.batch_id, old.state, -1 where old.batch_id is not null
        union all select 'source', old.source_version, '', -1
        union all select 'bytes', '', '', -old.bytes where old.bytes <> 0
        on conflict do update set n = n + excluded.n;
    delete from attempts where run = old.seq;
end;
CREATE TRIGGER runs_counted_before before update of state, bytes, title on runs begin
    insert into run_counts (kind, key, state, n)
        select 'all', '', old.state, -1
        union all select 'job', old.job_id, old.state, -1 where old.job_id is not null
        union all select 'notebook', notebook, old.state, -1 from titles where id = old.title
        union all select 'batch', old.batch_id, old.state, -1 where old.batch_id is not null
        union all select 'source', old.source_version, '', -1
        union all select 'bytes', '', '', -old.bytes where old.bytes <> 0
        on conflict do update set n = n + excluded.n;
end;
CREATE TRIGGER runs_counted_after after update of state, bytes, title on runs begin
    insert into run_counts (kind, key, state, n)
        select 'all', '', new.state, +1
        union all select 'job', new.job_id, new.state, +1 where new.job_id is not null
        union all select 'notebook', notebook, new.state, +1 from titles where id = new.title
        union all select 'batch', new.batch_id, new.state, +1 where new.batch_id is not null
        union all select 'source', new.source_version, '', +1
        union all select 'bytes', '', '', +new.bytes where new.bytes <> 0
        on conflict do update set n = n + excluded.n;
end;
CREATE VIEW runs_seen as
    select runs.*, titles.name, titles.notebook, a.error, a.output, a.output_sha256, a.cells,
        coalesce(a.progress_done, 0) as progress_done, coalesce(a.progress_total, 0) as progress_total,
        a.progress_current,
        case when runs.finished_at is null then coalesce(titles.expected_seconds,
            -- a notebook has few titles, but for those who name each run anew
            (select expected_seconds from (select expected_seconds from titles as others
                where others.notebook = titles.notebook order by id desc limit 20)
                where expected_seconds is not null limit 1)) end as expected_seconds
    from runs left join titles on titles.id = runs.title
        left join attempts as a on a.run = runs.seq and a.n = runs.tried;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('events',10);
COMMIT;
