PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'notebook_sched','m001_the_first_schema','2026-11-21 12:44:39.361748+00:00');
CREATE TABLE attempts (
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
INSERT INTO "attempts" VALUES('019de369-05a0-7000-b564-e4abc95317a1',1,'succeeded',NULL,NULL,'2026-05-01T12:00:04.000Z','2026-05-01T12:00:09.000Z','runs/2026/05/01/019de369-05a0-7000-b564-e4abc95317a1/1/größe.ipynb','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
INSERT INTO "attempts" VALUES('019de369-1d10-7000-8e78-5cfe293c961e',1,'failed','cell_error','cell 2: ZeroDivisionError','2026-05-01T12:00:10.000Z','2026-05-01T12:00:11.000Z','runs/2026/05/01/019de369-1d10-7000-8e78-5cfe293c961e/1/report.ipynb','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb');
INSERT INTO "attempts" VALUES('019de369-1d10-7000-8e78-5cfe293c961e',2,'failed','cell_error','cell 2: ZeroDivisionError','2026-05-01T12:00:11.000Z','2026-05-01T12:00:16.000Z','runs/2026/05/01/019de369-1d10-7000-8e78-5cfe293c961e/2/report.ipynb','cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc');
INSERT INTO "attempts" VALUES('019de369-3868-7000-9cd6-8f330957c851',1,'cancelled','user','cancelled on request','2026-05-01T12:00:17.000Z','2026-05-01T12:00:22.000Z','runs/2026/05/01/019de369-3868-7000-9cd6-8f330957c851/1/report.ipynb','dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd');
INSERT INTO "attempts" VALUES('019de369-5f78-7000-a398-f3aacb542257',1,'failed','lost','its worker vanished','2026-05-01T12:00:27.000Z','2026-05-01T12:00:27.000Z',NULL,NULL);
CREATE TABLE events (
    seq integer primary key autoincrement,
    kind text not null check (kind in ('run', 'job')),
    payload text not null,
    at text not null
) strict;
INSERT INTO "events" VALUES(1,'job','{"job_id": "019de368-f9e8-7000-ac11-607428bd2bf2", "change": "created"}','2026-05-01T12:00:01.000Z');
INSERT INTO "events" VALUES(2,'job','{"job_id": "019de368-fdd0-7000-85b2-f92891f5216d", "change": "created"}','2026-05-01T12:00:02.000Z');
INSERT INTO "events" VALUES(3,'job','{"job_id": "019de369-01b8-7000-9c6a-dc18801605ea", "change": "created"}','2026-05-01T12:00:03.000Z');
INSERT INTO "events" VALUES(4,'run','{"run_id": "019de369-05a0-7000-b564-e4abc95317a1", "job_id": null, "batch_id": "b1", "notebook": "ordner/gr\u00f6\u00dfe.ipynb", "state": "queued", "reason": null, "attempt": 1, "progress": {"done": 0, "total": 0, "current": null}}','2026-05-01T12:00:04.000Z');
INSERT INTO "events" VALUES(5,'run','{"run_id": "019de369-05a0-7000-b564-e4abc95317a1", "job_id": null, "batch_id": "b1", "notebook": "ordner/gr\u00f6\u00dfe.ipynb", "state": "running", "reason": null, "attempt": 1, "progress": {"done": 0, "total": 0, "current": null}}','2026-05-01T12:00:04.000Z');
INSERT INTO "events" VALUES(6,'run','{"run_id": "019de369-05a0-7000-b564-e4abc95317a1", "job_id": null, "batch_id": "b1", "notebook": "ordner/gr\u00f6\u00dfe.ipynb", "state": "succeeded", "reason": null, "attempt": 1, "progress": {"done": 2, "total": 2, "current": null}}','2026-05-01T12:00:09.000Z');
INSERT INTO "events" VALUES(7,'run','{"run_id": "019de369-1d10-7000-8e78-5cfe293c961e", "job_id": "019de368-f9e8-7000-ac11-607428bd2bf2", "batch_id": null, "notebook": "report.ipynb", "state": "queued", "reason": null, "attempt": 1, "progress": {"done": 0, "total": 0, "current": null}}','2026-05-01T12:00:10.000Z');
INSERT INTO "events" VALUES(8,'run','{"run_id": "019de369-1d10-7000-8e78-5cfe293c961e", "job_id": "019de368-f9e8-7000-ac11-607428bd2bf2", "batch_id": null, "notebook": "report.ipynb", "state": "running", "reason": null, "attempt": 1, "progress": {"done": 0, "total": 0, "current": null}}','2026-05-01T12:00:10.000Z');
INSERT INTO "events" VALUES(9,'run','{"run_id": "019de369-1d10-7000-8e78-5cfe293c961e", "job_id": "019de368-f9e8-7000-ac11-607428bd2bf2", "batch_id": null, "notebook": "report.ipynb", "state": "queued", "reason": "retry_wait", "attempt": 2, "progress": {"done": 1, "total": 2, "current": null}}','2026-05-01T12:00:11.000Z');
INSERT INTO "events" VALUES(10,'run','{"run_id": "019de369-1d10-7000-8e78-5cfe293c961e", "job_id": "019de368-f9e8-7000-ac11-607428bd2bf2", "batch_id": null, "notebook": "report.ipynb", "state": "running", "reason": null, "attempt": 2, "progress": {"done": 0, "total": 0, "current": null}}','2026-05-01T12:00:11.000Z');
INSERT INTO "events" VALUES(11,'run','{"run_id": "019de369-1d10-7000-8e78-5cfe293c961e", "job_id": "019de368-f9e8-7000-ac11-607428bd2bf2", "batch_id": null, "notebook": "report.ipynb", "state": "failed", "reason": "cell_error", "attempt": 2, "progress": {"done": 1, "total": 2, "current": null}}','2026-05-01T12:00:16.000Z');
INSERT INTO "events" VALUES(12,'run','{"run_id": "019de369-3868-7000-9cd6-8f330957c851", "job_id": null, "batch_id": null, "notebook": "report.ipynb", "state": "queued", "reason": null, "attempt": 1, "progress": {"done": 0, "total": 0, "current": null}}','2026-05-01T12:00:17.000Z');
INSERT INTO "events" VALUES(13,'run','{"run_id": "019de369-3868-7000-9cd6-8f330957c851", "job_id": null, "batch_id": null, "notebook": "report.ipynb", "state": "running", "reason": null, "attempt": 1, "progress": {"done": 0, "total": 0, "current": null}}','2026-05-01T12:00:17.000Z');
INSERT INTO "events" VALUES(14,'run','{"run_id": "019de369-3868-7000-9cd6-8f330957c851", "job_id": null, "batch_id": null, "notebook": "report.ipynb", "state": "running", "reason": null, "attempt": 1, "progress": {"done": 0, "total": 0, "current": null}}','2026-05-01T12:00:17.000Z');
INSERT INTO "events" VALUES(15,'run','{"run_id": "019de369-3868-7000-9cd6-8f330957c851", "job_id": null, "batch_id": null, "notebook": "report.ipynb", "state": "cancelled", "reason": "user", "attempt": 1, "progress": {"done": 0, "total": 1, "current": null}}','2026-05-01T12:00:22.000Z');
INSERT INTO "events" VALUES(16,'run','{"run_id": "019de369-4fd8-7000-9be4-5cc446f6abd2", "job_id": null, "batch_id": null, "notebook": "report.ipynb", "state": "queued", "reason": null, "attempt": 1, "progress": {"done": 0, "total": 0, "current": null}}','2026-05-01T12:00:23.000Z');
INSERT INTO "events" VALUES(17,'run','{"run_id": "019de369-4fd8-7000-9be4-5cc446f6abd2", "job_id": null, "batch_id": null, "notebook": "report.ipynb", "state": "cancelled", "reason": "user", "attempt": 1, "progress": {"done": 0, "total": 0, "current": null}}','2026-05-01T12:00:23.000Z');
INSERT INTO "events" VALUES(18,'run','{"run_id": "019de369-53c0-7000-a2c4-95153f014764", "job_id": "019de368-f9e8-7000-ac11-607428bd2bf2", "batch_id": null, "notebook": "report.ipynb", "state": "queued", "reason": null, "attempt": 1, "progress": {"done": 0, "total": 0, "current": null}}','2026-05-01T12:00:24.000Z');
INSERT INTO "events" VALUES(19,'run','{"run_id": "019de369-53c0-7000-a2c4-95153f014764", "job_id": "019de368-f9e8-7000-ac11-607428bd2bf2", "batch_id": null, "notebook": "report.ipynb", "state": "failed", "reason": "invalid", "attempt": 1, "progress": {"done": 0, "total": 0, "current": null}}','2026-05-01T12:00:24.000Z');
INSERT INTO "events" VALUES(20,'run','{"run_id": "019de369-57a8-7000-bb32-9032699a874a", "job_id": "019de368-f9e8-7000-ac11-607428bd2bf2", "batch_id": null, "notebook": "report.ipynb", "state": "skipped", "reason": "missed", "attempt": 1, "progress": {"done": 0, "total": 0, "current": null}}','2026-05-01T12:00:25.000Z');
INSERT INTO "events" VALUES(21,'run','{"run_id": "019de369-5b90-7000-8dda-d11512497719", "job_id": "019de368-f9e8-7000-ac11-607428bd2bf2", "batch_id": null, "notebook": "report.ipynb", "state": "queued", "reason": null, "attempt": 1, "progress": {"done": 0, "total": 0, "current": null}}','2026-05-01T12:00:26.000Z');
INSERT INTO "events" VALUES(22,'run','{"run_id": "019de369-5b90-7000-8dda-d11512497719", "job_id": "019de368-f9e8-7000-ac11-607428bd2bf2", "batch_id": null, "notebook": "report.ipynb", "state": "skipped", "reason": "superseded", "attempt": 1, "progress": {"done": 0, "total": 0, "current": null}}','2026-05-01T12:00:26.000Z');
INSERT INTO "events" VALUES(23,'run','{"run_id": "019de369-5f78-7000-a398-f3aacb542257", "job_id": "019de368-f9e8-7000-ac11-607428bd2bf2", "batch_id": null, "notebook": "report.ipynb", "state": "queued", "reason": null, "attempt": 1, "progress": {"done": 0, "total": 0, "current": null}}','2026-05-01T12:00:27.000Z');
INSERT INTO "events" VALUES(24,'run','{"run_id": "019de369-5f78-7000-a398-f3aacb542257", "job_id": "019de368-f9e8-7000-ac11-607428bd2bf2", "batch_id": null, "notebook": "report.ipynb", "state": "running", "reason": null, "attempt": 1, "progress": {"done": 0, "total": 0, "current": null}}','2026-05-01T12:00:27.000Z');
INSERT INTO "events" VALUES(25,'run','{"run_id": "019de369-5f78-7000-a398-f3aacb542257", "job_id": "019de368-f9e8-7000-ac11-607428bd2bf2", "batch_id": null, "notebook": "report.ipynb", "state": "queued", "reason": "retry_wait", "attempt": 2, "progress": {"done": 0, "total": 0, "current": null}}','2026-05-01T12:00:27.000Z');
INSERT INTO "events" VALUES(26,'run','{"run_id": "019de369-6360-7000-b5c5-83ae1177dd79", "job_id": null, "batch_id": null, "notebook": "report.ipynb", "state": "queued", "reason": null, "attempt": 1, "progress": {"done": 0, "total": 0, "current": null}}','2026-05-01T12:00:28.000Z');
INSERT INTO "events" VALUES(27,'run','{"run_id": "019de369-6360-7000-b5c5-83ae1177dd79", "job_id": null, "batch_id": null, "notebook": "report.ipynb", "state": "running", "reason": null, "attempt": 1, "progress": {"done": 0, "total": 0, "current": null}}','2026-05-01T12:00:28.000Z');
INSERT INTO "events" VALUES(28,'run','{"run_id": "019de369-6360-7000-b5c5-83ae1177dd79", "job_id": null, "batch_id": null, "notebook": "report.ipynb", "state": "running", "reason": null, "attempt": 1, "progress": {"done": 1, "total": 3, "current": 1}}','2026-05-01T12:00:28.000Z');
INSERT INTO "events" VALUES(29,'run','{"run_id": "019de369-6748-7000-8d25-4ac21833848f", "job_id": null, "batch_id": null, "notebook": "report.ipynb", "state": "queued", "reason": null, "attempt": 1, "progress": {"done": 0, "total": 0, "current": null}}','2026-05-01T12:00:29.000Z');
INSERT INTO "events" VALUES(30,'run','{"run_id": "019de369-6b30-7000-941e-7454e1412c39", "job_id": "019de368-f9e8-7000-ac11-607428bd2bf2", "batch_id": null, "notebook": "report.ipynb", "state": "queued", "reason": null, "attempt": 1, "progress": {"done": 0, "total": 0, "current": null}}','2026-05-01T12:00:30.000Z');
INSERT INTO "events" VALUES(31,'run','{"run_id": "019de369-6b30-7000-941e-7454e1412c39", "job_id": "019de368-f9e8-7000-ac11-607428bd2bf2", "batch_id": null, "notebook": "report.ipynb", "state": "queued", "reason": "overlap", "attempt": 1, "progress": {"done": 0, "total": 0, "current": null}}','2026-05-01T12:00:31.000Z');
INSERT INTO "events" VALUES(32,'run','{"run_id": "019de369-6748-7000-8d25-4ac21833848f", "job_id": null, "batch_id": null, "notebook": "report.ipynb", "state": "queued", "reason": "capacity", "attempt": 1, "progress": {"done": 0, "total": 0, "current": null}}','2026-05-01T12:00:31.000Z');
CREATE TABLE idempotency (
    key text primary key,
    digest text not null,
    run_ids text not null,
    created_at text not null
) strict, without rowid;
INSERT INTO "idempotency" VALUES('schlüssel','digest','["r1"]','2026-05-01T12:00:00.000Z');
CREATE TABLE jobs (
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
INSERT INTO "jobs" VALUES('019de368-f9e8-7000-ac11-607428bd2bf2','Daily report','report.ipynb','{"source":"pinned","parameters":{"x":[1,2.5,null,"Zürich 😀"]},"templates":true,"kernel":null,"trigger":{"type":"cron","cron":"0 7 * * *","timezone":"Europe/Berlin"},"starts_at":null,"ends_at":null,"max_runs":null,"on_missed":"run_latest","late_limit_seconds":86400,"max_catch_up":10,"on_overlap":"queue_one","max_parallel":1,"spread_seconds":0,"retry":{"max_attempts":3,"delay_seconds":30,"backoff":2.0,"max_delay_seconds":3600,"on":["cell_error","timeout","cell_timeout","kernel_died","out_of_memory","lost"]},"timeout_seconds":null,"cell_timeout_seconds":null,"resources":{"memory_mb":null,"cpu_seconds":null},"keep_kernel_seconds":null,"keep_runs":null,"keep_days":null,"notify":[],"tags":["etl","日次"],"description":"","paused":false,"name":"Daily report","notebook":"report.ipynb"}',0,'1111111111111111111111111111111111111111111111111111111111111111','2026-05-02T05:00:00.000Z','2026-05-01T05:00:00.000Z','019de369-6b30-7000-941e-7454e1412c39',NULL,'2026-05-01T12:00:01.000Z','2026-05-01T12:00:01.000Z',1);
INSERT INTO "jobs" VALUES('019de368-fdd0-7000-85b2-f92891f5216d','paused','ordner/größe.ipynb','{"source":"live","parameters":{},"templates":true,"kernel":null,"trigger":null,"starts_at":null,"ends_at":null,"max_runs":null,"on_missed":"run_latest","late_limit_seconds":86400,"max_catch_up":10,"on_overlap":"queue_one","max_parallel":1,"spread_seconds":0,"retry":{"max_attempts":1,"delay_seconds":30,"backoff":2.0,"max_delay_seconds":3600,"on":["cell_error","timeout","cell_timeout","kernel_died","out_of_memory","lost"]},"timeout_seconds":null,"cell_timeout_seconds":null,"resources":{"memory_mb":null,"cpu_seconds":null},"keep_kernel_seconds":null,"keep_runs":null,"keep_days":null,"notify":[],"tags":[],"description":"","paused":true,"name":"paused","notebook":"ordner/größe.ipynb"}',1,'1111111111111111111111111111111111111111111111111111111111111111',NULL,NULL,NULL,NULL,'2026-05-01T12:00:02.000Z','2026-05-01T12:00:02.000Z',1);
INSERT INTO "jobs" VALUES('019de369-01b8-7000-9c6a-dc18801605ea','sick','report.ipynb','{"source":"pinned","parameters":{},"templates":true,"kernel":null,"trigger":{"type":"cron","cron":"0 7 * * *","timezone":"Europe/Berlin"},"starts_at":null,"ends_at":null,"max_runs":null,"on_missed":"run_latest","late_limit_seconds":86400,"max_catch_up":10,"on_overlap":"queue_one","max_parallel":1,"spread_seconds":0,"retry":{"max_attempts":1,"delay_seconds":30,"backoff":2.0,"max_delay_seconds":3600,"on":["cell_error","timeout","cell_timeout","kernel_died","out_of_memory","lost"]},"timeout_seconds":null,"cell_timeout_seconds":null,"resources":{"memory_mb":null,"cpu_seconds":null},"keep_kernel_seconds":null,"keep_runs":null,"keep_days":null,"notify":[],"tags":[],"description":"","paused":false,"name":"sick","notebook":"report.ipynb"}',0,'1111111111111111111111111111111111111111111111111111111111111111',NULL,'2026-05-01T05:00:00.000Z',NULL,'no such zone','2026-05-01T12:00:03.000Z','2026-05-01T12:00:03.000Z',1);
CREATE TABLE leases (
    name text primary key,
    owner text,                         -- null: nobody's at the moment
    epoch integer not null,             -- counts owners: the row stays, so that it only grows
    beat integer not null,              -- counts renewals: observers compare it, never their clocks
    code_version text not null
) strict, without rowid;
INSERT INTO "leases" VALUES('scheduling','here/boot/1/10/100',1,1,'0.1.0');
CREATE TABLE runs (
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
INSERT INTO "runs" VALUES(1,'019de369-05a0-7000-b564-e4abc95317a1',NULL,'b1',NULL,'Größe','ordner/größe.ipynb','0000000000000000000000000000000000000000000000000000000000000000','{"x":1,"region":"eu-ü","deep":{"a":[true,null]}}','{"x":"{{ 1 }}","region":"eu-ü","deep":{"a":[true,null]}}','python3','api',NULL,NULL,NULL,'succeeded',NULL,NULL,1,1,'2026-05-01T12:00:04.000Z','2026-05-01T12:00:04.000Z','2026-05-01T12:00:04.000Z','2026-05-01T12:00:09.000Z',NULL,2,2,NULL,'[{"index":0,"outcome":"ok","seconds":0.25},{"index":2,"outcome":"ok","seconds":1.5}]',NULL,'runs/2026/05/01/019de369-05a0-7000-b564-e4abc95317a1/1/größe.ipynb','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','here',NULL,'{"max_attempts":1,"delay_seconds":30,"backoff":2.0,"max_delay_seconds":3600,"on":["cell_error","timeout","cell_timeout","kernel_died","out_of_memory","lost"]}',NULL,NULL,'["etl"]',0);
INSERT INTO "runs" VALUES(2,'019de369-1d10-7000-8e78-5cfe293c961e','019de368-f9e8-7000-ac11-607428bd2bf2',NULL,NULL,'report','report.ipynb','0000000000000000000000000000000000000000000000000000000000000000','{}','{}','python3','schedule','2026-05-01T05:00:00.000Z','2026-05-01T05:00:00.000Z',NULL,'failed','cell_error','cell 2: ZeroDivisionError',2,3,'2026-05-01T12:00:10.000Z','2026-05-01T12:00:11.000Z','2026-05-01T12:00:11.000Z','2026-05-01T12:00:16.000Z',NULL,1,2,NULL,'[{"index":0,"outcome":"ok","seconds":0.5},{"index":1,"outcome":"failed","seconds":0.125}]','{"cell_index":1,"cell_id":"c1","name":"ZeroDivisionError","value":"division by zero","traceback":"Traceback …\n  1 / 0"}','runs/2026/05/01/019de369-1d10-7000-8e78-5cfe293c961e/2/report.ipynb','cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc','here',NULL,'{"max_attempts":3,"delay_seconds":0,"backoff":2.0,"max_delay_seconds":3600,"on":["cell_error","timeout","cell_timeout","kernel_died","out_of_memory","lost"]}',60.0,5.5,'["etl","日次"]',1);
INSERT INTO "runs" VALUES(3,'019de369-3868-7000-9cd6-8f330957c851',NULL,NULL,'019de369-1d10-7000-8e78-5cfe293c961e','report','report.ipynb','0000000000000000000000000000000000000000000000000000000000000000','{}','{}','python3','manual',NULL,NULL,NULL,'cancelled','user','cancelled on request',1,1,'2026-05-01T12:00:17.000Z','2026-05-01T12:00:17.000Z','2026-05-01T12:00:17.000Z','2026-05-01T12:00:22.000Z','2026-05-01T12:00:17.000Z',0,1,NULL,'[{"index":0,"outcome":"interrupted"}]',NULL,'runs/2026/05/01/019de369-3868-7000-9cd6-8f330957c851/1/report.ipynb','dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd','here',NULL,'{"max_attempts":1,"delay_seconds":30,"backoff":2.0,"max_delay_seconds":3600,"on":["cell_error","timeout","cell_timeout","kernel_died","out_of_memory","lost"]}',NULL,NULL,'[]',0);
INSERT INTO "runs" VALUES(4,'019de369-4fd8-7000-9be4-5cc446f6abd2',NULL,NULL,NULL,'report','report.ipynb','0000000000000000000000000000000000000000000000000000000000000000','{}','{}','python3','rerun',NULL,NULL,NULL,'cancelled','user',NULL,1,1,'2026-05-01T12:00:23.000Z','2026-05-01T12:00:23.000Z',NULL,'2026-05-01T12:00:23.000Z','2026-05-01T12:00:23.000Z',0,0,NULL,'[]',NULL,NULL,NULL,NULL,NULL,'{"max_attempts":1,"delay_seconds":30,"backoff":2.0,"max_delay_seconds":3600,"on":["cell_error","timeout","cell_timeout","kernel_died","out_of_memory","lost"]}',NULL,NULL,'[]',0);
INSERT INTO "runs" VALUES(5,'019de369-53c0-7000-a2c4-95153f014764','019de368-f9e8-7000-ac11-607428bd2bf2',NULL,NULL,'report','report.ipynb','0000000000000000000000000000000000000000000000000000000000000000','{}','{}','python3','schedule','2026-05-01T12:00:00.000Z','2026-05-01T12:00:00.000Z',NULL,'failed','invalid','its source is gone',1,1,'2026-05-01T12:00:24.000Z','2026-05-01T12:00:24.000Z',NULL,'2026-05-01T12:00:24.000Z',NULL,0,0,NULL,'[]',NULL,NULL,NULL,NULL,NULL,'{"max_attempts":1,"delay_seconds":30,"backoff":2.0,"max_delay_seconds":3600,"on":["cell_error","timeout","cell_timeout","kernel_died","out_of_memory","lost"]}',NULL,NULL,'[]',0);
INSERT INTO "runs" VALUES(6,'019de369-57a8-7000-bb32-9032699a874a','019de368-f9e8-7000-ac11-607428bd2bf2',NULL,NULL,'report','report.ipynb','0000000000000000000000000000000000000000000000000000000000000000','{}','{}','python3','schedule','2026-04-30T12:00:00.000Z','2026-04-30T12:00:00.000Z','{"count":3,"from":"2026-04-28T12:00:00Z","to":"2026-04-30T12:00:00Z"}','skipped','missed','3 due times missed',1,1,'2026-05-01T12:00:25.000Z','2026-05-01T12:00:25.000Z',NULL,'2026-05-01T12:00:25.000Z',NULL,0,0,NULL,'[]',NULL,NULL,NULL,NULL,NULL,'{"max_attempts":1,"delay_seconds":30,"backoff":2.0,"max_delay_seconds":3600,"on":["cell_error","timeout","cell_timeout","kernel_died","out_of_memory","lost"]}',NULL,NULL,'[]',0);
INSERT INTO "runs" VALUES(7,'019de369-5b90-7000-8dda-d11512497719','019de368-f9e8-7000-ac11-607428bd2bf2',NULL,NULL,'report','report.ipynb','0000000000000000000000000000000000000000000000000000000000000000','{}','{}','python3','catch_up','2026-05-01T11:00:00.000Z','2026-05-01T11:00:00.000Z',NULL,'skipped','superseded','a newer one came',1,1,'2026-05-01T12:00:26.000Z','2026-05-01T12:00:26.000Z',NULL,'2026-05-01T12:00:26.000Z',NULL,0,0,NULL,'[]',NULL,NULL,NULL,NULL,NULL,'{"max_attempts":1,"delay_seconds":30,"backoff":2.0,"max_delay_seconds":3600,"on":["cell_error","timeout","cell_timeout","kernel_died","out_of_memory","lost"]}',NULL,NULL,'[]',1);
INSERT INTO "runs" VALUES(8,'019de369-5f78-7000-a398-f3aacb542257','019de368-f9e8-7000-ac11-607428bd2bf2',NULL,NULL,'report','report.ipynb','0000000000000000000000000000000000000000000000000000000000000000','{}','{}','python3','schedule','2026-05-01T12:00:01.000Z','2026-05-01T12:00:01.000Z',NULL,'queued','retry_wait','attempt 1 of 2 failed (lost), tried again soon: its worker vanished',2,2,'2026-05-01T12:00:27.000Z','2026-05-01T13:00:00.000Z',NULL,NULL,NULL,0,0,NULL,'[]',NULL,NULL,NULL,'here',NULL,'{"max_attempts":2,"delay_seconds":30,"backoff":2.0,"max_delay_seconds":3600,"on":["cell_error","timeout","cell_timeout","kernel_died","out_of_memory","lost"]}',NULL,NULL,'[]',1);
INSERT INTO "runs" VALUES(9,'019de369-6360-7000-b5c5-83ae1177dd79',NULL,NULL,NULL,'long','report.ipynb','0000000000000000000000000000000000000000000000000000000000000000','{"x":9}','{}','python3','api',NULL,NULL,NULL,'running',NULL,NULL,1,1,'2026-05-01T12:00:28.000Z','2026-05-01T12:00:28.000Z','2026-05-01T12:00:28.000Z',NULL,NULL,1,3,1,'[{"index":0,"outcome":"ok","seconds":0.5},{"index":1,"outcome":"not_run"}]',NULL,'runs/2026/05/01/019de369-6360-7000-b5c5-83ae1177dd79/1/report.ipynb',NULL,'here','here/boot/1/10/100','{"max_attempts":1,"delay_seconds":30,"backoff":2.0,"max_delay_seconds":3600,"on":["cell_error","timeout","cell_timeout","kernel_died","out_of_memory","lost"]}',NULL,NULL,'[]',0);
INSERT INTO "runs" VALUES(10,'019de369-6748-7000-8d25-4ac21833848f',NULL,NULL,NULL,'report','report.ipynb','0000000000000000000000000000000000000000000000000000000000000000','{"x":null}','{}','python3','api',NULL,NULL,NULL,'queued','capacity','waits for a free place (2 of 2 in use)',1,1,'2026-05-01T12:00:29.000Z','2026-05-01T12:00:29.000Z',NULL,NULL,NULL,0,0,NULL,'[]',NULL,NULL,NULL,NULL,NULL,'{"max_attempts":1,"delay_seconds":30,"backoff":2.0,"max_delay_seconds":3600,"on":["cell_error","timeout","cell_timeout","kernel_died","out_of_memory","lost"]}',NULL,NULL,'[]',0);
INSERT INTO "runs" VALUES(11,'019de369-6b30-7000-941e-7454e1412c39','019de368-f9e8-7000-ac11-607428bd2bf2',NULL,NULL,'report','report.ipynb','0000000000000000000000000000000000000000000000000000000000000000','{}','{}','python3','schedule','2026-05-01T12:00:02.000Z','2026-05-01T12:00:02.000Z',NULL,'queued','overlap','waits for the run of this job before it',1,1,'2026-05-01T12:00:30.000Z','2026-05-01T12:00:30.000Z',NULL,NULL,NULL,0,0,NULL,'[]',NULL,NULL,NULL,NULL,NULL,'{"max_attempts":1,"delay_seconds":30,"backoff":2.0,"max_delay_seconds":3600,"on":["cell_error","timeout","cell_timeout","kernel_died","out_of_memory","lost"]}',NULL,NULL,'[]',1);
CREATE TABLE workers (
    identity text primary key,
    state text not null check (state in ('running', 'draining')),
    beat integer not null,
    heartbeat_at text not null,
    capacity integer not null,
    code_version text not null
) strict, without rowid;
INSERT INTO "workers" VALUES('here/boot/1/10/100','running',0,'2026-05-01T12:00:00.000Z',2,'0.1.0');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX jobs_due on jobs (next_run_at) where next_run_at is not null;
CREATE INDEX jobs_of_notebook on jobs (notebook, id);
CREATE TRIGGER runs_take_allowed_steps before update of state on runs
when old.state <> new.state and not case old.state
    when 'queued' then new.state in ('running', 'cancelled', 'skipped', 'failed')
    when 'running' then new.state in ('succeeded', 'failed', 'cancelled', 'queued')
    else false end
begin
    select raise(abort, 'a run does not take this step');
end;
CREATE UNIQUE INDEX runs_slot on runs (job_id, slot_key) where slot_key is not null;
CREATE INDEX runs_waiting on runs (available_at, id) where state = 'queued';
CREATE INDEX runs_under_way on runs (lease_owner) where state = 'running';
CREATE INDEX runs_by_state on runs (state, id);
CREATE INDEX runs_by_job on runs (job_id, id) where job_id is not null;
CREATE INDEX runs_by_notebook on runs (notebook, id);
CREATE INDEX runs_by_batch on runs (batch_id, id) where batch_id is not null;
CREATE INDEX runs_by_due_time on runs (scheduled_for, id);
CREATE INDEX events_by_age on events (at);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('events',32);
COMMIT;
