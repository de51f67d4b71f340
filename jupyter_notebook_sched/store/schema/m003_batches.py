"""The third schema (version 0.3.0): what a run found out, what its templates are rendered from, and sweeps."""

from __future__ import annotations

from sqlite_utils import Database


def m003_batches(db: Database) -> None:
    for statement in BATCHES.split(";;\n"):
        db.execute(statement)


BATCHES = """
alter table runs add column results text        -- JSON: what the notebook recorded, by name; null: nothing yet
    check (coalesce(json_type(results), 'object') = 'object');;
alter table runs add column rendering text      -- JSON: what its templates are rendered from; null: it has none
    check (coalesce(json_type(rendering), 'object') = 'object');;
alter table runs add column batch_index integer -- its place in the sweep; a rerun of it has the same
    check ((batch_index is null) or (batch_id is not null and batch_index >= 0));;
alter table runs add column label text          -- what sets it apart from others of its title;;
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
create table batches (
    id text primary key,                -- runs.batch_id; it goes with the last of its runs
    name text not null,
    mode text not null check (mode in ('grid', 'zip', 'list')),
    varied text not null,               -- JSON: the names of the parameters that differ, in the order of the sweep
    created_at text not null,
    check (json_type(varied) = 'array')
) strict, without rowid;;
create trigger batches_go_with_their_runs after delete on runs
when old.batch_id is not null and not exists (select 1 from runs where batch_id = old.batch_id)
begin
    delete from batches where id = old.batch_id;
end
"""
