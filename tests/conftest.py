"""What all tests share: a runtime directory of their own, and the promise that no process outlives them."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from jupyter_notebook_sched.domain import ids

from .house import House
from .living import SESSION, end_marked, marked

# Sockets and locks of other people's workers on this machine must not be met, and socket paths must stay short.
RUNTIME = tempfile.mkdtemp(prefix="nbst-", dir="/tmp")
os.environ["XDG_RUNTIME_DIR"] = RUNTIME
os.environ[SESSION] = secrets.token_hex(8)
LEAVING_SECONDS = 15.0

# How long an example takes says something of the machine only. Whoever changes one thing meets the same examples as
# before; new ones are looked for by `make soak`.
hypothesis.settings.register_profile(
    "any machine",
    deadline=None,
    derandomize="EXPLORE" not in os.environ,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("any machine")

# Kernels that are not what they say: one never answers, one ends at once, one is not there.
SICK_KERNELS = {"mute": ["sleep", "1000"], "quits": ["false"], "nowhere": ["/no/such/interpreter"]}
os.environ["JUPYTER_PATH"] = os.path.join(RUNTIME, "jupyter")
for name, argv in SICK_KERNELS.items():
    folder = Path(RUNTIME, "jupyter", "kernels", name)
    folder.mkdir(parents=True)
    spec = {"argv": argv, "display_name": name, "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(spec))


def pytest_configure(config: pytest.Config) -> None:
    # bash_kernel's specification has a field that jupyter_client passes on to traitlets.
    config.addinivalue_line("filterwarnings", "ignore:Passing unrecognized arguments:DeprecationWarning")


@pytest.fixture(scope="session", autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Fails the session where a process that a test started, and whatever that one started, is still there."""
    yield
    left = marked(patience=LEAVING_SECONDS)
    end_marked()
    shutil.rmtree(RUNTIME, ignore_errors=True)
    assert not left, f"processes that outlived the tests: {left}"


@pytest.fixture(autouse=True)
def ids_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """An id is never smaller than the last one: those that a test makes for a far future must not move all others."""
    monkeypatch.setattr(ids, "_last", 0)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A workspace of its own with the service layer; a worker only where the test starts one."""
    house = House(tmp_path)
    yield house
    house.leave()


@pytest.fixture(scope="module")
def busy_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One workspace with one living worker for all tests of a file that only want to run notebooks."""
    house = House(tmp_path_factory.mktemp("busy"))
    house.start_worker()
    yield house
    house.leave()
