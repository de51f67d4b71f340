"""The schemas of our events, and their ids."""

from __future__ import annotations

from pathlib import Path

SCHEMAS = {kind: Path(__file__).parent / kind / "v1.yaml" for kind in ("run", "job")}
IDS = {kind: f"https://events.jupyter.org/jupyter_notebook_sched/{kind}/v1" for kind in SCHEMAS}
