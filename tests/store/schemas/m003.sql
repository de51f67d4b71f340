PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'notebook_sched','m001_the_first_schema','2026-11-22 01:21:22.487331+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'notebook_sched','m002_the_ledger','2026-11-22 01:21:22.516290+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'notebook_sched','m003_batches','2026-11-22 01:21:22.523733+00:00');
CREATE TABLE events (
    seq integer primary key autoincrement,
    kind text not null check (kind in ('run', 'job')),
    payload text not null,
    at text not null
) strict;
INSERT INTO "events" VALUES(1,'job','{"job_id": "019de368-f600-7000-8b11-d21481539f72", "change": "created"}','2026-05-01T12:00:00.000Z');
INSERT INTO "events" VALUES(2,'job','{"job_id": "019de368-f9e8-7000-97ee-f88bd238a453", "change": "created"}','2026-05-01T12:00:01.000Z');
INSERT INTO "events" VALUES(3,'run','{"run_id":"019de368-fdd0-7000-8332-2a0002d6b37c","job_id":null,"batch_id":"b1","notebook":"train.ipynb","state":"queued","reason":null,"attempt":1,"progress":{"done":0,"total":0,"current":null}}','2026-05-01T12:00:02.000Z');
INSERT INTO "events" VALUES(4,'run','{"run_id":"019de368-fdd0-7001-bc51-6f7adfe0f12d","job_id":null,"batch_id":"b1","notebook":"train.ipynb","state":"queued","reason":null,"attempt":1,"progress":{"done":0,"total":0,"current":null}}','2026-05-01T12:00:02.000Z');
INSERT INTO "events" VALUES(5,'run','{"run_id":"019de368-fdd0-7000-8332-2a0002d6b37c","job_id":null,"batch_id":"b1","notebook":"train.ipynb","state":"running","reason":null,"attempt":1,"progress":{"done":0,"total":0,"current":null}}','2026-05-01T12:00:03.000Z');
INSERT INTO "events" VALUES(6,'run','{"run_id":"019de368-fdd0-7000-8332-2a0002d6b37c","job_id":null,"batch_id":"b1","notebook":"train.ipynb","state":"succeeded","reason":null,"attempt":1,"progress":{"done":0,"total":0,"current":null}}','2026-05-01T12:00:05.000Z');
INSERT INTO "events" VALUES(7,'run','{"run_id":"019de368-fdd0-7001-bc51-6f7adfe0f12d","job_id":null,"batch_id":"b1","notebook":"train.ipynb","state":"running","reason":null,"attempt":1,"progress":{"done":0,"total":0,"current":null}}','2026-05-01T12:00:05.000Z');
INSERT INTO "events" VALUES(8,'run','{"run_id":"019de368-fdd0-7001-bc51-6f7adfe0f12d","job_id":null,"batch_id":"b1","notebook":"train.ipynb","state":"failed","reason":"cell_error","attempt":1,"progress":{"done":0,"total":0,"current":null}}','2026-05-01T12:00:06.000Z');
INSERT INTO "events" VALUES(9,'run','{"run_id":"019de369-1158-7000-8686-93aeed65a271","job_id":"019de368-f600-7000-8b11-d21481539f72","batch_id":null,"notebook":"ordner/größe.ipynb","state":"queued","reason":null,"attempt":1,"progress":{"done":0,"total":0,"current":null}}','2026-05-01T12:00:07.000Z');
INSERT INTO "events" VALUES(10,'run','{"run_id":"019de369-1158-7000-8686-93aeed65a271","job_id":"019de368-f600-7000-8b11-d21481539f72","batch_id":null,"notebook":"ordner/größe.ipynb","state":"running","reason":null,"attempt":1,"progress":{"done":0,"total":0,"current":null}}','2026-05-01T12:00:07.000Z');
INSERT INTO "events" VALUES(11,'run','{"run_id":"019de369-1158-7000-8686-93aeed65a271","job_id":"019de368-f600-7000-8b11-d21481539f72","batch_id":null,"notebook":"ordner/größe.ipynb","state":"succeeded","reason":null,"attempt":1,"progress":{"done":0,"total":0,"current":null}}','2026-05-01T12:00:09.000Z');
INSERT INTO "events" VALUES(12,'run','{"run_id":"019de369-1540-7000-b46a-dbb6ea12c556","job_id":"019de368-f600-7000-8b11-d21481539f72","batch_id":null,"notebook":"ordner/größe.ipynb","state":"queued","reason":null,"attempt":1,"progress":{"done":0,"total":0,"current":null}}','2026-05-01T12:00:08.000Z');
INSERT INTO "events" VALUES(13,'run','{"run_id":"019de369-1540-7000-b46a-dbb6ea12c556","job_id":"019de368-f600-7000-8b11-d21481539f72","batch_id":null,"notebook":"ordner/größe.ipynb","state":"running","reason":null,"attempt":1,"progress":{"done":0,"total":0,"current":null}}','2026-05-01T12:00:08.000Z');
INSERT INTO "events" VALUES(14,'run','{"run_id":"019de369-1928-7000-acf0-06ef7b3542b4","job_id":"019de368-f600-7000-8b11-d21481539f72","batch_id":null,"notebook":"ordner/größe.ipynb","state":"queued","reason":null,"attempt":1,"progress":{"done":0,"total":0,"current":null}}','2026-05-01T12:00:09.000Z');
CREATE TABLE idempotency (
    key text primary key,
    digest text not null,
    run_ids text not null,
    created_at text not null
) strict, without rowid;
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
INSERT INTO "jobs" VALUES('019de368-f600-7000-8b11-d21481539f72','Täglich','ordner/größe.ipynb','{"source":"pinned","parameters":{"x":"{{ scheduled_for | date }}"},"templates":true,"kernel":null,"trigger":{"type":"cron","cron":"0 7 * * *","timezone":"UTC"},"starts_at":null,"ends_at":null,"max_runs":null,"on_missed":"run_latest","late_limit_seconds":86400,"max_catch_up":10,"on_overlap":"queue_one","max_parallel":1,"spread_seconds":0,"retry":{"max_attempts":1,"delay_seconds":30,"backoff":2.0,"max_delay_seconds":3600,"on":["cell_error","timeout","cell_timeout","kernel_died","out_of_memory","lost"]},"timeout_seconds":null,"cell_timeout_seconds":null,"resources":{"memory_mb":null,"cpu_seconds":null},"keep_kernel_seconds":null,"keep_runs":null,"keep_days":null,"notify":[],"tags":["etl"],"description":"","paused":false,"name":"Täglich","notebook":"ordner/größe.ipynb"}',0,NULL,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','python3',NULL,NULL,'2026-05-01T12:00:00.000Z','2026-05-01T12:00:00.000Z',0,NULL,'2026-05-01T12:00:00.000Z','2026-05-01T12:00:00.000Z',1);
INSERT INTO "jobs" VALUES('019de368-f9e8-7000-97ee-f88bd238a453','Live','live.ipynb','{"source":"live","parameters":{},"templates":true,"kernel":null,"trigger":null,"starts_at":null,"ends_at":null,"max_runs":null,"on_missed":"run_latest","late_limit_seconds":86400,"max_catch_up":10,"on_overlap":"queue_one","max_parallel":1,"spread_seconds":0,"retry":{"max_attempts":1,"delay_seconds":30,"backoff":2.0,"max_delay_seconds":3600,"on":["cell_error","timeout","cell_timeout","kernel_died","out_of_memory","lost"]},"timeout_seconds":null,"cell_timeout_seconds":null,"resources":{"memory_mb":null,"cpu_seconds":null},"keep_kernel_seconds":null,"keep_runs":null,"keep_days":null,"notify":[],"tags":[],"description":"","paused":false,"name":"Live","notebook":"live.ipynb"}',0,NULL,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,NULL,NULL,'2026-05-01T12:00:01.000Z','2026-05-01T12:00:01.000Z',0,NULL,'2026-05-01T12:00:01.000Z','2026-05-01T12:00:01.000Z',1);
CREATE TABLE titles (
    id integer primary key,
    name text not null,
    notebook text not null,
    expected_seconds real,              -- how long the last successful run took
    memory_bytes integer,               -- what the last run used at its height
    unique (name, notebook)
) strict;
INSERT INTO "titles" VALUES(1,'Täglich','ordner/größe.ipynb',2.0,NULL);
INSERT INTO "titles" VALUES(2,'Live','live.ipynb',NULL,NULL);
INSERT INTO "titles" VALUES(3,'train','train.ipynb',2.0,NULL);
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
    bytes integer not null default 0, results text        -- JSON: what the notebook recorded, by name; null: nothing yet
    check (coalesce(json_type(results), 'object') = 'object'), rendering text      -- JSON: what its templates are rendered from; null: it has none
    check (coalesce(json_type(rendering), 'object') = 'object'), batch_index integer -- its place in the sweep; a rerun of it has the same
    check ((batch_index is null) or (batch_id is not null and batch_index >= 0)), label text          -- what sets it apart from others of its title,   -- of its files in the archive
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
INSERT INTO "runs" VALUES(1,'019de368-fdd0-7000-8332-2a0002d6b37c',NULL,'b1',NULL,3,'0000000000000000000000000000000000000000000000000000000000000000','{"rate":0.1}','{}','python3','api',NULL,NULL,NULL,'succeeded',NULL,NULL,1,1,1,'2026-05-01T12:00:02.000Z','2026-05-01T12:00:02.000Z','2026-05-01T12:00:02.000Z','2026-05-01T12:00:03.000Z','2026-05-01T12:00:05.000Z',NULL,NULL,NULL,'here',NULL,NULL,'{}','[]',NULL,0,1234,'{"accuracy":0.93}',NULL,0,'rate=0.1');
INSERT INTO "runs" VALUES(2,'019de368-fdd0-7001-bc51-6f7adfe0f12d',NULL,'b1',NULL,3,'0000000000000000000000000000000000000000000000000000000000000000','{"rate":0.2}','{}','python3','api',NULL,NULL,NULL,'failed','cell_error','x',1,1,1,'2026-05-01T12:00:02.000Z','2026-05-01T12:00:02.000Z','2026-05-01T12:30:02.000Z','2026-05-01T12:00:05.000Z','2026-05-01T12:00:06.000Z',NULL,NULL,NULL,'here',NULL,NULL,'{}','[]',NULL,0,10,NULL,NULL,1,'rate=0.2');
INSERT INTO "runs" VALUES(3,'019de369-1158-7000-8686-93aeed65a271','019de368-f600-7000-8b11-d21481539f72',NULL,NULL,1,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','{"x":"2026-05-01"}','{"x":"{{ scheduled_for | date }}"}','python3','schedule','2026-05-01T12:00:07.000Z','s0',NULL,'succeeded',NULL,NULL,1,1,1,'2026-05-01T12:00:07.000Z','2026-05-01T12:00:07.000Z','2026-05-01T12:10:07.000Z','2026-05-01T12:00:07.000Z','2026-05-01T12:00:09.000Z',NULL,NULL,NULL,'here',NULL,NULL,'{}','["etl"]',NULL,0,0,NULL,'{"moment":"2026-05-01T12:00:07.000Z","job_name":"Täglich","timezone":"UTC","late":[],"secrets":[]}',NULL,NULL);
INSERT INTO "runs" VALUES(4,'019de369-1540-7000-b46a-dbb6ea12c556','019de368-f600-7000-8b11-d21481539f72',NULL,NULL,1,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','{"x":"2026-05-01"}','{"x":"{{ scheduled_for | date }}"}','python3','schedule','2026-05-01T12:00:08.000Z','s1',NULL,'running',NULL,NULL,1,1,1,'2026-05-01T12:00:08.000Z','2026-05-01T12:00:08.000Z','2026-05-01T12:10:08.000Z','2026-05-01T12:00:08.000Z',NULL,NULL,NULL,NULL,'here','here/boot/1/10/100',1,'{}','["etl"]',NULL,0,0,NULL,'{"moment":"2026-05-01T12:00:07.000Z","job_name":"Täglich","timezone":"UTC","late":[],"secrets":[]}',NULL,NULL);
INSERT INTO "runs" VALUES(5,'019de369-1928-7000-acf0-06ef7b3542b4','019de368-f600-7000-8b11-d21481539f72',NULL,NULL,1,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','{"x":"2026-05-01"}','{"x":"{{ scheduled_for | date }}"}','python3','schedule','2026-05-01T12:00:09.000Z','s2',NULL,'queued',NULL,NULL,1,0,1,'2026-05-01T12:00:09.000Z','2026-05-01T12:00:09.000Z','2026-05-01T12:10:09.000Z',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{}','["etl"]',NULL,0,0,NULL,'{"moment":"2026-05-01T12:00:07.000Z","job_name":"Täglich","timezone":"UTC","late":[],"secrets":[]}',NULL,NULL);
CREATE TABLE run_terms (
    term integer not null,              -- a hash of a tag or of a parameter with its value (store.terms)
    seq integer not null,
    primary key (term, seq)
) strict, without rowid;
INSERT INTO "run_terms" VALUES(-868673460800088687,3);
INSERT INTO "run_terms" VALUES(-868673460800088687,4);
INSERT INTO "run_terms" VALUES(-868673460800088687,5);
INSERT INTO "run_terms" VALUES(2130829786584025204,2);
INSERT INTO "run_terms" VALUES(2631573529602957808,1);
INSERT INTO "run_terms" VALUES(9204959372803531277,3);
INSERT INTO "run_terms" VALUES(9204959372803531277,4);
INSERT INTO "run_terms" VALUES(9204959372803531277,5);
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
INSERT INTO "attempts" VALUES(1,1,'succeeded',NULL,NULL,'2026-05-01T12:00:03.000Z','2026-05-01T12:00:05.000Z',NULL,NULL,NULL,'[]',0,0,NULL,'here/boot/1/10/100',NULL);
INSERT INTO "attempts" VALUES(2,1,'failed','cell_error','x','2026-05-01T12:00:05.000Z','2026-05-01T12:00:06.000Z',NULL,NULL,NULL,'[]',0,0,NULL,'here/boot/1/10/100',NULL);
INSERT INTO "attempts" VALUES(3,1,'succeeded',NULL,NULL,'2026-05-01T12:00:07.000Z','2026-05-01T12:00:09.000Z',NULL,NULL,NULL,'[]',0,0,NULL,'here/boot/1/10/100',NULL);
INSERT INTO "attempts" VALUES(4,1,'running',NULL,NULL,'2026-05-01T12:00:08.000Z',NULL,'runs/019de369-1540-7000-b46a-dbb6ea12c556/1/a.ipynb',NULL,NULL,'[]',0,0,NULL,'here/boot/1/10/100',NULL);
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
INSERT INTO "run_counts" VALUES('all','','succeeded',2);
INSERT INTO "run_counts" VALUES('batch','b1','failed',1);
INSERT INTO "run_counts" VALUES('batch','b1','queued',0);
INSERT INTO "run_counts" VALUES('batch','b1','running',0);
INSERT INTO "run_counts" VALUES('batch','b1','succeeded',1);
INSERT INTO "run_counts" VALUES('bytes','','',1244);
INSERT INTO "run_counts" VALUES('job','019de368-f600-7000-8b11-d21481539f72','queued',1);
INSERT INTO "run_counts" VALUES('job','019de368-f600-7000-8b11-d21481539f72','running',1);
INSERT INTO "run_counts" VALUES('job','019de368-f600-7000-8b11-d21481539f72','succeeded',1);
INSERT INTO "run_counts" VALUES('notebook','ordner/größe.ipynb','queued',1);
INSERT INTO "run_counts" VALUES('notebook','ordner/größe.ipynb','running',1);
INSERT INTO "run_counts" VALUES('notebook','ordner/größe.ipynb','succeeded',1);
INSERT INTO "run_counts" VALUES('notebook','train.ipynb','failed',1);
INSERT INTO "run_counts" VALUES('notebook','train.ipynb','queued',0);
INSERT INTO "run_counts" VALUES('notebook','train.ipynb','running',0);
INSERT INTO "run_counts" VALUES('notebook','train.ipynb','succeeded',1);
INSERT INTO "run_counts" VALUES('source','0000000000000000000000000000000000000000000000000000000000000000','',2);
INSERT INTO "run_counts" VALUES('source','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','',2);
INSERT INTO "run_counts" VALUES('source','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','',1);
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
CREATE TABLE batches (
    id text primary key,                -- runs.batch_id; it goes with the last of its runs
    name text not null,
    mode text not null check (mode in ('grid', 'zip', 'list')),
    varied text not null,               -- JSON: the names of the parameters that differ, in the order of the sweep
    created_at text not null,
    check (json_type(varied) = 'array')
) strict, without rowid;
INSERT INTO "batches" VALUES('b1','train','grid','["rate"]','2026-05-01T12:00:02.000Z');
INSERT INTO titles_text (titles_text) VALUES('rebuild');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX events_by_age on events (at);
CREATE INDEX jobs_due on jobs (next_run_at) where next_run_at is not null;
CREATE INDEX jobs_resuming on jobs (paused_until) where paused_until is not null;
CREATE INDEX jobs_of_notebook on jobs (notebook);
CREATE INDEX jobs_by_pause on jobs (paused, id);
CREATE INDEX titles_of_notebook on titles (notebook);
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
CREATE TRIGGER batches_go_with_their_runs after delete on runs
when old.batch_id is not null and not exists (select 1 from runs where batch_id = old.batch_id)
begin
    delete from batches where id = old.batch_id;
end;
CREATE VIEW runs_seen as
    select runs.*, titles.notebook, titles.name as plain_name,
        case when runs.label is null then titles.name else titles.name || ' (' || runs.label || ')' end as name,
        a.error, a.output, a.output_sha256, a.cells,
        coalesce(a.progress_done, 0) as progress_done, coalesce(a.progress_total, 0) as progress_total,
        a.progress_current,
        case when runs.finished_at is null then coalesce(titles.expected_seconds,
            (select expected_seconds from (select expected_seconds from titles as others
                where others.notebook = titles.notebook order by id desc limit 20)
                where expected_seconds is not null limit 1)) end as expected_seconds
    from runs left join titles on titles.id = runs.title
        left join attempts as a on a.run = runs.seq and a.n = runs.tried;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('events',14);
COMMIT;
