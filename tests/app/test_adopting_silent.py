"""A supervisor that does not answer keeps neither the server's start waiting nor whoever wants another kernel."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from jupyter_notebook_sched.api.debugging import CannotAdopt
from jupyter_notebook_sched.app import NotebookSched, adopting
from jupyter_notebook_sched.app.adopting import Adopting
from jupyter_notebook_sched.app.left_kernels import NOTE
from jupyter_notebook_sched.host.identity import own_identity
from jupyter_notebook_sched.host.kept_kernels import SOCKET, KeptKernel
from jupyter_notebook_sched.service.kept_kernels import all_kept


def kernel_at(folder: Path, run_id: str) -> KeptKernel:
    return KeptKernel(run_id, folder, "python3", str(folder), {}, os.getpid(), os.getpid(), "", 60.0, False)


@contextmanager
def silent(folder: Path) -> Iterator[None]:
    """A supervisor that hears, and says nothing."""
    folder.mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / SOCKET))
        listener.listen()
        yield


@pytest.fixture
def adopter(extension: NotebookSched) -> Iterator[Adopting]:
    found = extension.parts.adopting
    yield found
    found.detach()


async def test_the_start_of_the_server_does_not_wait_for_it(
    adopter: Adopting, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(adopting, "LEFT_SECONDS", 0.01)
    folder = all_kept(adopter.context).folder / "silent"
    with silent(folder):
        server = replace(own_identity(), pid=own_identity().pid + 1, started=1)
        (folder / NOTE).write_text(json.dumps({"server": str(server), "sessions": []}))
        await adopter.adopt_left()
        (late,) = adopter._late
        assert not late.done(), "it is asked on"
    await asyncio.wait([late], timeout=30)
    assert late.exception() is None
    assert "could not be adopted" not in caplog.text
    assert dict(adopter._adopted) == {}


async def test_whoever_wants_another_kernel_does_not_wait_for_it(adopter: Adopting, tmp_path: Path) -> None:
    with silent(tmp_path / "one"):
        waiting = asyncio.create_task(adopter.adopt(kernel_at(tmp_path / "one", "one")))
        await asyncio.sleep(0)
        with pytest.raises(CannotAdopt, match="cannot be had here"):
            await adopter.adopt(kernel_at(tmp_path / "gone", "another"))
        assert not waiting.done()
        with pytest.raises(CannotAdopt, match="cannot be had here"):
            await waiting
    assert dict(adopter._turns) == {}, "nothing stays of it"
