"""The soak in small (``make soak`` is the long one): two servers and two workers on one workspace, a dozen kill -9."""

from __future__ import annotations

import secrets
from pathlib import Path

from soak.kills import told
from soak.siege import Siege

KILLS = 12


def test_it_loses_nothing_and_doubles_nothing_whoever_is_killed(tmp_path: Path) -> None:
    seed = secrets.randbelow(10**6)
    siege = Siege(tmp_path, "wal", lease=3, seed=seed, seconds=0.7)
    found = siege.run(KILLS, outage=0.0)
    print(f"seed {seed}: {told('wal', siege, found, 0)}")
    assert found.clean, f"python -m soak.kills --kills {KILLS} --seed {seed} --journal wal --lease 3 --seconds 0.7"
    assert found.slots > KILLS
    assert siege.killed.total() == KILLS
    assert siege.states["succeeded"]
