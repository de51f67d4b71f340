from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_notebook_sched.store.connection import Store


@pytest.fixture(params=[False, True], ids=["local", "network"])
def store(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty store, in either journal mode."""
    store = Store(tmp_path / "state" / "store.db", network=request.param)
    store.make()
    yield store
    store.close()
