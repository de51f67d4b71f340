"""What is told of the worker, wherever it is and however it went."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from jupyter_notebook_sched.app.kernels import ServerKernels
from jupyter_notebook_sched.config import Settings
from jupyter_notebook_sched.host.identity import Identity, own_identity
from jupyter_notebook_sched.service.context import Context
from jupyter_notebook_sched.service.status import WorkerStatus, status
from jupyter_notebook_sched.store import leases
from jupyter_notebook_sched.store.leases import WorkerFacts

from ..house import House
from ..made import NOON


def registered(house: House, worker: Identity, leads: bool) -> None:
    house.now = NOON
    house.context.store.make()
    with house.context.store.write() as db:
        leases.register(db, str(worker), WorkerFacts(worker.host, "running", 4), NOON)
        if leads:
            assert leases.take(db, str(worker), leases.holder(db), "1")


def worker(house: House, starting: bool = False) -> WorkerStatus:
    return status(house.context, starting).worker


@pytest.fixture
def here(house: House) -> Iterator[Identity]:
    """This process takes the place of the workspace's worker on this host."""
    lock = house.context.meeting.lock()
    assert lock is not None
    me = own_identity()
    facts = {"state": "running", "pid": me.pid, "host": me.host, "identity": str(me), "capacity": 4}
    house.context.meeting.publish(facts | {"at": "2026-05-01T12:00:00.000Z"})
    yield me
    os.close(lock)


def test_it_is_stopped_where_there_is_none_and_starting_where_one_was_just_started(house: House) -> None:
    assert worker(house).state == "stopped"
    assert worker(house, starting=True).state == "starting"


def test_it_runs_here_and_schedules_once_it_leads(house: House, here: Identity) -> None:
    assert (worker(house).state, worker(house).scheduling) == ("running", True), "nothing is scheduled yet"
    registered(house, here, leads=False)
    assert (worker(house).state, worker(house).scheduling) == ("running", False)
    registered(house, here, leads=True)
    found = worker(house)
    assert (found.state, found.scheduling, found.pid, found.capacity) == ("running", True, here.pid, 4)
    assert found.heartbeat_at == NOON


def test_it_is_elsewhere_where_another_host_leads(house: House) -> None:
    other = replace(own_identity(), host="far", boot_id="other", pid=7)
    registered(house, other, leads=True)
    found = worker(house)
    assert (found.state, found.host, found.pid, found.scheduling) == ("elsewhere", "far", 7, False)


def test_it_is_stopped_where_one_of_this_host_died_without_a_word(house: House) -> None:
    registered(house, replace(own_identity(), pid=4_000_000, started=1), leads=True)
    assert worker(house).state == "stopped"


def test_it_judges_the_file_system_by_where_the_state_is_kept(tmp_path: Path) -> None:
    """/proc stands in for a file system that is not known as local."""

    class NoKernels(ServerKernels):
        def __init__(self) -> None:
            pass

    assert not Context(Settings.of_workspace(tmp_path), NoKernels()).store.network
    assert Context(Settings.of_workspace(tmp_path, Path("/proc/state")), NoKernels()).store.network
    assert not Context(Settings.of_workspace(Path("/proc/work"), tmp_path), NoKernels()).store.network
