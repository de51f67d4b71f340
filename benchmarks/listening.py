"""A browser with the panel open: it hears every event, in a process of its own, so that it costs the asker nothing.

python -m benchmarks.listening BASE
"""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import Iterator

from tornado.websocket import websocket_connect

from tests.serving import TOKEN, Served


@contextlib.contextmanager
def listening(server: Served) -> Iterator[None]:
    command = [sys.executable, "-m", "benchmarks.listening", server.base]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline(), "nobody listens"
    try:
        yield
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


async def hear(base: str) -> None:
    """Until the server closes the connection; one line is printed once it is open."""
    address = base.replace("http://", "ws://") + f"/api/events/subscribe?token={TOKEN}"
    connection = await websocket_connect(address)
    print("listening", flush=True)
    while await connection.read_message() is not None:
        pass


if __name__ == "__main__":
    asyncio.run(hear(sys.argv[1]))
