"""A notebook cannot tell whether its kernel was started or forked, nor can who reads its output."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .behaviours import BEHAVIOURS
from .running import executed, seen


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_it_behaves_as_in_a_stock_kernel(name: str, tmp_path: Path, living_servers: Any) -> None:
    results = {}
    for kind, start in living_servers.starts().items():
        folder = tmp_path / kind / "work"
        folder.mkdir(parents=True)
        results[kind] = seen(*living_servers.run(executed(start, folder, *BEHAVIOURS[name])), folder)
        if kind != "stock":
            assert start.forked(), "the kernel was not forked"
    assert results["forked"] == results["stock"]
    assert results["preloaded"] == results["stock"]
