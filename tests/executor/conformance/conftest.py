from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from .candidates import NAMES, Candidate, offer_apart


@pytest.fixture(scope="session")
def apart_is_installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """``apart`` is found through its entry point, here and in every process that is started from here."""
    added = offer_apart(tmp_path_factory.mktemp("installed"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [*sys.path, *added])
        patch.setenv("PYTHONPATH", os.pathsep.join(added), prepend=os.pathsep)
        yield


@pytest.fixture(scope="module", params=NAMES)
def candidate(
    request: pytest.FixtureRequest, apart_is_installed: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Candidate]:
    # Sockets are below the scratch directory: its path must be short.
    runtime = Path(tempfile.mkdtemp(dir=os.environ["XDG_RUNTIME_DIR"]))
    scratch = runtime / "s"
    scratch.mkdir(mode=0o700)
    candidate = Candidate(request.param, tmp_path_factory.mktemp(request.param), scratch)
    yield candidate
    candidate.leave()
    shutil.rmtree(runtime)
