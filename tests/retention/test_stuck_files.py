from __future__ import annotations

from jupyter_notebook_sched.archive.layout import RUNS, run_folder
from jupyter_notebook_sched.store import pruning as doomed

from ..house import House
from .test_pruning import DAY, NOON, ended, prune


def test_files_that_cannot_be_removed_keep_no_others_and_stay_on_record(house: House) -> None:
    """No file system has a name of that length, so that looking at it fails."""
    old, stuck = ended(house, NOON - 100 * DAY), f"{RUNS}/{'x' * 300}"
    with house.context.store.write() as db:
        doomed.doom(db, stuck)
    prune(house)
    assert not (house.context.archive.root / run_folder(old)).exists()
    with house.context.store.read() as db:
        assert doomed.doomed(db) == [stuck]
