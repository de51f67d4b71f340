"""Why a run has no kernel here, in a sentence for whoever wants to debug it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from jupyter_notebook_sched.domain.times import to_text, utc_now
from jupyter_notebook_sched.errors import Conflict
from jupyter_notebook_sched.service import kept_kernels
from jupyter_notebook_sched.store.rows import change

from ..house import House


def ended(house: House, state: str, reason: str | None, **columns: str | None) -> str:
    """A run that ended so, as another host's worker would have recorded it."""
    run = house.run(house.notebook("n.ipynb", "1 / 0"))
    now = to_text(utc_now())
    running = "state = 'running', started_at = :now, tried = 1, lease_owner = 'somebody', lease_epoch = 1"
    told = {"state": state, "reason": reason, "finished_at": now, "lease_owner": None, "lease_epoch": None} | columns
    with house.context.store.write() as db:
        change(db, f"update runs set {running} where id = :id", {"now": now, "id": run.id})
        change(
            db,
            f"update runs set {', '.join(f'{name} = :{name}' for name in told)} where id = :id",
            told | {"id": run.id},
        )
    return run.id


@pytest.mark.parametrize(
    ("state", "reason", "said"),
    [
        ("succeeded", None, "ends with it"),
        ("failed", "kernel_died", "it died during the run"),
        ("failed", "lost", "ended with the scheduler"),
        ("failed", "invalid", "never began"),
        ("cancelled", "replaced", "the next run took its place"),
        ("failed", "cell_error", "keep_kernel_seconds is 0"),
    ],
)
def test_it_says_why(house: House, state: str, reason: str | None, said: str) -> None:
    run_id = ended(house, state, reason)
    found = kept_kernels.of_run(house.context, house.get(run_id))
    assert isinstance(found, str)
    assert said in found
    assert found.endswith(".")


@pytest.mark.parametrize(
    ("state", "reason", "said"),
    [
        ("failed", "timeout", "did not stop when it was interrupted"),
        ("cancelled", "user", "did not stop when it was interrupted"),
        ("failed", "out_of_memory", "for want of memory"),
        ("failed", "cell_error", "it was ended or died"),
    ],
)
def test_it_says_what_may_have_become_of_one(tmp_path: Path, state: str, reason: str, said: str) -> None:
    house = House(tmp_path, keep_kernel_seconds=60)
    found = kept_kernels.of_run(house.context, house.get(ended(house, state, reason)))
    assert isinstance(found, str)
    assert said in found
    assert ("interrupted" in found) == ("interrupted" in said)


def test_it_says_that_a_run_has_not_begun(house: House) -> None:
    run = house.run(house.notebook("n.ipynb", "1 / 0"))
    with pytest.raises(Conflict, match="has not begun") as refused:
        kept_kernels.keep(house.context, run.id, 60)
    assert refused.value.reason == "no_kernel"


def test_it_names_the_host_that_has_it(house: House) -> None:
    until = to_text(utc_now() + timedelta(hours=1))
    run_id = ended(house, "failed", "cell_error", host="elsewhere", kept_until=until)
    with pytest.raises(Conflict, match="kept on elsewhere; use JupyterLab there") as refused:
        kept_kernels.find(house.context, run_id)
    assert refused.value.reason == "no_kernel"
    kept_kernels.forget_ended(house.context)
    assert house.get(run_id).kernel_alive_until is not None, "that is for its own host to say"


def test_a_kernel_of_this_host_that_is_gone_is_recorded_as_gone(house: House) -> None:
    until = to_text(utc_now() + timedelta(hours=1))
    run_id = ended(house, "failed", "cell_error", host=house.context.host, kept_until=until)
    kept_kernels.forget_ended(house.context)
    assert house.get(run_id).kernel_alive_until is None
