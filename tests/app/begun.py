"""A test's own server with the extension at work, as it is once the server's loop runs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from jupyter_notebook_sched.app import NotebookSched


@asynccontextmanager
async def begun(extension: NotebookSched) -> AsyncIterator[None]:
    """pytest-jupyter serves without this step; the test has the worker's place, so that none is started."""
    extension.start()
    try:
        yield
    finally:
        await extension.stop_extension()
