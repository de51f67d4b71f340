"""Where a kernel cannot be forked it is started the ordinary way, and the notebook runs all the same."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest

from jupyter_notebook_sched.notebook.execution.fork_server.interpreter import Interpreter, interpreter_of
from jupyter_notebook_sched.notebook.execution.fork_server.servers import ForkServers
from jupyter_notebook_sched.notebook.execution.fork_server.started import Started

from .running import executed, fork_start, warmed, with_servers

HERE = Interpreter(sys.executable)


async def refusal(servers: ForkServers, folder: Path, *cells: str) -> str | None:
    """Why the kernel of a notebook was not forked; it has succeeded."""
    start = fork_start(servers)
    outcome, _ = await executed(start, folder, *cells)
    assert outcome.state == "succeeded", outcome
    refused = start.managers[0].provisioner.refused
    assert (refused is None) == start.forked()
    return None if refused is None else refused.reason


def test_it_starts_the_first_kernel_itself_and_forks_those_after_the_server_is_warm(tmp_path: Path) -> None:
    async def work(servers: ForkServers) -> None:
        assert await refusal(servers, tmp_path, "1") == "absent"
        assert (await warmed(servers, HERE)).state == "ready"
        assert await refusal(servers, tmp_path, "1") is None
        assert len(servers.states()) == 1

    with_servers(work)


@pytest.mark.parametrize("name", ["OMP_NUM_THREADS", "PYTHONHASHSEED", "LD_PRELOAD", "MPLBACKEND", "LC_ALL", "TZ"])
def test_it_is_not_used_when_a_variable_differs_that_is_read_at_start(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(name, raising=False)

    async def work(servers: ForkServers) -> None:
        await warmed(servers, HERE)
        monkeypatch.setenv(name, {"PYTHONHASHSEED": "1", "LD_PRELOAD": "", "MPLBACKEND": "agg"}.get(name, "C"))
        assert await refusal(servers, tmp_path, "1") == "environment"

    with_servers(work)


def test_it_is_made_anew_when_a_startup_file_of_the_profile_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    startup = tmp_path / "ipython" / "profile_default" / "startup" / "mine.py"
    (tmp_path / "work").mkdir()

    async def work(servers: ForkServers) -> None:
        await warmed(servers, HERE)
        assert await refusal(servers, tmp_path / "work", "1") is None
        startup.write_text("made_at_startup = 5")
        assert await refusal(servers, tmp_path / "work", "assert made_at_startup == 5") == "changed"
        await warmed(servers, HERE)
        assert await refusal(servers, tmp_path / "work", "assert made_at_startup == 5") is None

    with_servers(work)


def test_it_is_not_used_where_the_folder_has_a_module_named_like_a_package_that_is_loaded(tmp_path: Path) -> None:
    async def work(servers: ForkServers) -> None:
        await warmed(servers, HERE)
        (tmp_path / "numpy.py").write_text("mine = True")
        assert await refusal(servers, tmp_path, "import numpy; assert numpy.mine") == "kernel"

    with_servers(work, preload=("numpy",))


def test_it_is_unfit_when_what_it_loads_leaves_a_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    profile = tmp_path / "ipython" / "profile_default"
    profile.mkdir(parents=True)
    thread = "import threading, time\nthreading.Thread(target=time.sleep, args=(100,), daemon=True).start()"
    (profile / "ipython_kernel_config.py").write_text(thread)

    async def work(servers: ForkServers) -> None:
        server = await warmed(servers, HERE)
        assert (server.state, server.why) == ("unfit", "what it loads leaves 1 threads running")
        assert await refusal(servers, tmp_path, "1") == "absent"
        assert len(servers.states()) == 1
        assert servers.states()[0] is server

    with_servers(work)


def test_it_preloads_nothing_from_outside_of_the_package_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "being_edited.py").write_text("")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")

    async def work(servers: ForkServers) -> Any:
        return await warmed(servers, HERE)

    server = with_servers(work, preload=("being_edited",))
    assert (server.state, server.preload) == ("ready", ())
    assert server.why.startswith("without being_edited, because it loads modules from outside of the package folders")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("raise ImportError('not here')", "without spoiling, because spoiling cannot be preloaded"),
        ("import os; os._exit(3)", "without spoiling, because a try in a fork ended without an answer"),
    ],
    ids=["cannot be imported", "ends the process"],
)
def test_it_does_without_what_cannot_be_preloaded_and_says_so(
    content: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "spoiling.py").write_text(content)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")

    async def work(servers: ForkServers) -> None:
        server = await warmed(servers, HERE)
        assert (server.state, server.preload) == ("ready", ())
        assert server.why is not None
        assert server.why.startswith(why)
        assert await refusal(servers, tmp_path, "import sys; assert 'spoiling' not in sys.modules") is None
        assert [entry.why for entry in servers.entries()] == [server.why]

    with_servers(work, preload=("spoiling",))


def test_it_leaves_other_languages_alone(tmp_path: Path) -> None:
    async def work(servers: ForkServers) -> None:
        start = fork_start(servers)
        outcome, execution = await executed(start, tmp_path, "echo hello", kernel="bash")
        assert outcome.state == "succeeded", outcome
        assert execution.notebook["cells"][0]["outputs"][0]["text"] == "hello\n"
        assert servers.states() == []

    with_servers(work)


@pytest.mark.parametrize(
    "command",
    [
        ["python", "-m", "ipykernel_launcher", "-f", "k.json", "--profile=x"],
        ["python", "-m", "my_launcher", "-f", "k.json"],
        ["python", "-I", "-m", "ipykernel_launcher", "-f", "k.json"],
        ["conda", "run", "python", "-m", "ipykernel_launcher", "-f", "k.json"],
        ["python", "-m", "ipykernel_launcher", "-f", "other.json"],
        ["bash", "-c", "python"],
        [],
    ],
)
def test_it_does_not_guess_what_an_odd_command_means(command: list[str]) -> None:
    assert interpreter_of(command, "k.json") is None


def test_it_keeps_the_interpreters_own_options() -> None:
    command = [sys.executable, "-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", "k.json"]
    found = interpreter_of(command, "k.json")
    assert found == (Interpreter(sys.executable, ("-Xfrozen_modules=off",)), "ipykernel_launcher")


def test_it_ends_when_idle(tmp_path: Path) -> None:
    async def work(servers: ForkServers) -> None:
        server = await warmed(servers, HERE)
        while server.state == "ready":
            await asyncio.sleep(0.05)
        assert server.process.poll() == 0
        assert await refusal(servers, tmp_path, "1") == "absent"
        assert (await warmed(servers, HERE)) is not server

    with_servers(work, idle_seconds=0.5)


async def ended(servers: ForkServers) -> None:
    while servers.states()[0].state != "ended":
        await asyncio.sleep(0.02)


def test_one_that_nobody_used_comes_back_with_the_second_kernel_within_its_time() -> None:
    async def work(servers: ForkServers) -> None:
        first = await warmed(servers, HERE)
        await ended(servers)
        servers.heard(Started(HERE, "absent"))
        assert servers.states() == [first], "one more kernel is no reason yet"
        servers.heard(Started(HERE, "absent"))
        assert servers.states() != [first]

    with_servers(work, idle_seconds=3)


def test_one_that_nobody_used_stays_away_where_kernels_are_far_apart() -> None:
    async def work(servers: ForkServers) -> None:
        first = await warmed(servers, HERE)
        await ended(servers)
        for _ in range(3):
            servers.heard(Started(HERE, "absent"))
            assert servers.states() == [first]
            await asyncio.sleep(0.3)

    with_servers(work, idle_seconds=0.2)


def test_one_that_was_used_comes_back_at_once(tmp_path: Path) -> None:
    async def work(servers: ForkServers) -> None:
        first = await warmed(servers, HERE)
        assert await refusal(servers, tmp_path, "1") is None
        await ended(servers)
        servers.heard(Started(HERE, "absent"))
        assert servers.states() != [first]

    with_servers(work, idle_seconds=0.5)
