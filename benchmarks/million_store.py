"""A store with a great many runs, made once and kept in the temporary directory: filling it takes minutes."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

from jupyter_notebook_sched.domain.times import to_text, utc_now
from jupyter_notebook_sched.store import facts, schema, terms
from jupyter_notebook_sched.store.connection import Store

from . import filling, made_jobs

JOBS = 10_000


def put_store(workspace_store: Store, runs: int) -> None:
    """A copy of the filled store, to be changed."""
    kept = _kept(runs)
    if not kept.exists():
        _fill(kept, runs)
    workspace_store.path.parent.mkdir(mode=0o700)
    shutil.copyfile(kept, workspace_store.path)
    with workspace_store.write() as db:
        facts.put(db, "backup_at", to_text(utc_now()))  # else a backup of it all would be measured too


def job_ids_of(store: Store) -> list[str]:
    """The jobs whose runs there are, in their order."""
    with store.read() as db:
        return [row[0] for row in db.execute("select key from run_counts where kind = 'job' group by key").fetchall()]


def bytes_by_table(store: Store) -> dict[str, int]:
    """The pages of tables and of their indexes (https://www.sqlite.org/dbstat.html); {} where SQLite cannot tell."""
    with store.read() as db:
        if not db.execute("select 1 from pragma_module_list where name = 'dbstat'").fetchone():
            return {}
        sql = """select tbl_name || iif(type = 'index', ' (indexes)', ''), sum(pgsize) from dbstat
            join sqlite_master using (name) where aggregate = 1 group by 1 order by 2 desc"""
        return dict(db.execute(sql).fetchall())


def _fill(kept: Path, runs: int) -> None:
    for other in kept.parent.parent.glob(f"{runs}-*"):
        shutil.rmtree(other)
    print(f"filling a store with {runs} runs, once: it takes some minutes", flush=True)
    fresh = kept.with_suffix(".part")
    store = Store(fresh, network=True)  # its journal leaves nothing beside the file
    filling.fill(store, runs, JOBS)
    store.close()
    fresh.rename(kept)


def _kept(runs: int) -> Path:
    """Named after all that its content depends on."""
    sources = [Path(str(module.__file__)) for module in (filling, made_jobs, terms)]
    sources += sorted(Path(schema.__path__[0]).glob("m*.py"))
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / "notebook-sched-benchmarks" / f"{runs}-{digest}" / "store.db"
