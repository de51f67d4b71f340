"""The fourth schema (version 0.4.0): kept kernels, runs that go on with one, versions of jobs, delivered files."""

from __future__ import annotations

from sqlite_utils import Database


def m004_reopening(db: Database) -> None:
    for statement in REOPENING.split(";;\n"):
        db.execute(statement)


REOPENING = """
alter table runs add column kept_until text     -- its kernel is kept until then; null: it is not (any more);;
alter table runs add column taken_over integer not null default 0   -- 1: somebody asked for its kernel, and for its end
    check (taken_over in (0, 1));;
alter table runs add column resumption text     -- JSON: the run whose kernel it goes on with, and where
    check (coalesce(json_type(resumption), 'object') = 'object');;
alter table runs add column only_on text        -- the host that alone may start it (workers.host); null: any;;
alter table runs add column delivery text       -- JSON: what became of its delivery; null: none was asked for
    check (coalesce(json_type(delivery), 'object') = 'object');;
create index runs_with_kernels on runs (kept_until) where kept_until is not null;;
create index runs_to_deliver on runs (seq) where delivery = '{}' and state = 'succeeded';;
drop view runs_seen;;
create view runs_seen as
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
        left join attempts as a on a.run = runs.seq and a.n = runs.tried;;
create table versions (
    job_id text not null references jobs (id) on delete cascade,
    n integer not null check (n >= 1),  -- in the order in which they became the job's own
    source_version text not null,
    source_kernel text,                 -- the kernel that it names
    made_at text not null,
    made_by text,                       -- the person, as the server knows them; null: nobody is known
    message text not null default '',
    primary key (job_id, n)
) strict, without rowid;;
create index versions_by_source on versions (source_version);;
insert into versions (job_id, n, source_version, source_kernel, made_at)
    select id, 1, source_version, source_kernel, created_at from jobs;;
create table deliveries (
    path text primary key,              -- in the workspace; written by us, so that we may replace it
    job_id text not null,
    run_id text not null,
    sha256 text not null,
    at text not null
) strict, without rowid
"""
