"""The jobs of the soak: short intervals, every policy, and notebooks that tell in a file of their own who ran them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.written import write_notebook

START_IN = timedelta(seconds=5)
TELL = """\
import os
with open("{name}.lines", "a") as lines:
    lines.write(os.environ["NOTEBOOK_SCHED_RUN_ID"] + " " + os.environ["NOTEBOOK_SCHED_ATTEMPT"] + "\\n")
"""
STUMBLE = "if int(os.environ['NOTEBOOK_SCHED_ATTEMPT']) % 2: raise RuntimeError('an odd attempt')"
LINGER = "import time; time.sleep({seconds})"
BY_HAND = "by-hand"
LOST = {"max_attempts": 3, "delay_seconds": 1, "on": ["lost", "kernel_died"]}
TRIES = {"max_attempts": 3, "delay_seconds": 0.5}


@dataclass(frozen=True)
class Plan:
    """``every``: seconds between due times. ``from_start``: counted from a moment given; else from the creation.
    ``cells``: what its notebook does beside telling."""

    name: str
    every: int
    fields: dict[str, Any]
    from_start: bool = False
    cells: tuple[str, ...] = ()


PLANS = (
    Plan("steady", 2, {"on_missed": "run_latest"}, from_start=True),
    Plan("skipping", 1, {"on_overlap": "skip", "on_missed": "skip"}),
    Plan("abreast", 3, {"on_overlap": "parallel", "max_parallel": 3, "on_missed": "run_all", "retry": LOST}),
    Plan("replacing", 5, {"on_overlap": "replace"}, from_start=True, cells=(LINGER.format(seconds=4),)),
    Plan("stumbling", 4, {"retry": TRIES, "max_catch_up": 3, "on_missed": "run_all"}, cells=(STUMBLE,)),
    Plan("spread", 5, {"spread_seconds": 4, "retry": LOST}, from_start=True),
    Plan("live", 4, {"source": "live"}),
    Plan("minutely", 60, {}),
)


def write_notebooks(workspace: Path) -> None:
    for plan in PLANS:
        write_notebook(workspace / f"{plan.name}.ipynb", TELL.format(name=plan.name), *plan.cells)
    write_notebook(workspace / f"{BY_HAND}.ipynb", TELL.format(name=BY_HAND), LINGER.format(seconds=1))


def body(plan: Plan, now: datetime) -> dict[str, Any]:
    """What is posted for it."""
    trigger: dict[str, Any] = {"type": "interval", "every_seconds": plan.every}
    if plan.from_start:
        trigger["start_at"] = (now + START_IN).isoformat()
    if plan.every == 60:
        trigger = {"type": "cron", "cron": "* * * * *", "timezone": "UTC"}
    return {"name": plan.name, "notebook": f"{plan.name}.ipynb", "trigger": trigger, **plan.fields}
