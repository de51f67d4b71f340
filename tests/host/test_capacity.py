from __future__ import annotations

import os
from pathlib import Path

import pytest

from jupyter_notebook_sched.host.capacity import cgroup_share, places


def test_it_offers_as_many_places_as_configured() -> None:
    assert places(7) == 7


def test_it_offers_a_place_for_each_processor_that_it_may_use() -> None:
    allowed = os.sched_getaffinity(0)
    assert 1 <= places(0) <= len(allowed)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        assert places(0) == 1
    finally:
        os.sched_setaffinity(0, allowed)


@pytest.mark.parametrize(
    ("text", "share"), [("max 100000", None), ("150000 100000", 1.5), ("", None), ("x y", None), ("1 0", None)]
)
def test_it_reads_the_share_of_a_control_group(tmp_path: Path, text: str, share: float | None) -> None:
    (tmp_path / "cpu.max").write_text(text)
    assert cgroup_share(tmp_path / "cpu.max") == share
    assert cgroup_share(tmp_path / "none") is None
