"""What Jupyter Server's own metrics tell of runs."""

from __future__ import annotations

import re
import urllib.request
from pathlib import Path

from ..living import wait_until
from ..serving import TOKEN, Served, serving
from ..written import write_notebook


def metrics(server: Served) -> dict[str, float]:
    """Our samples, by name and labels."""
    request = urllib.request.Request(f"{server.base}/metrics", headers={"Authorization": f"token {TOKEN}"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        text = answer.read().decode()
    return {name: float(number) for name, number in re.findall(r"^(notebook_sched_\S+) (\S+)$", text, re.MULTILINE)}


def test_it_counts_runs_by_state_and_reason_and_measures_lateness_and_duration(tmp_path: Path) -> None:
    workspace = tmp_path / "work"
    workspace.mkdir()
    write_notebook(workspace / "good.ipynb", "print(1)")
    write_notebook(workspace / "bad.ipynb", "1 / 0")
    with serving(workspace, tmp_path / "home") as server:
        for notebook in ("good.ipynb", "good.ipynb", "bad.ipynb"):
            server.ended(server.start(notebook))
        wait_until(lambda: metrics(server).get("notebook_sched_run_duration_seconds_count") == 3, 10)
        found = metrics(server)
    assert found['notebook_sched_runs_total{reason="",state="succeeded"}'] == 2
    assert found['notebook_sched_runs_total{reason="cell_error",state="failed"}'] == 1
    assert found['notebook_sched_queue_depth{state="queued"}'] == 0
    assert found['notebook_sched_queue_depth{state="running"}'] == 0
    assert found["notebook_sched_start_lateness_seconds_count"] == 3
    assert 0 < found["notebook_sched_start_lateness_seconds_sum"] < 60
    assert 0 < found["notebook_sched_run_duration_seconds_sum"] < 180
