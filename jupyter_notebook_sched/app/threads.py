"""Threads that nobody waits for: one that hangs on a dead disk does not keep the server from ending."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

Result = TypeVar("Result")
Task = Callable[[], None]


class Threads(Executor):
    """``count`` daemon threads. Those of ThreadPoolExecutor are joined when the interpreter exits, however long they
    block (https://docs.python.org/3/library/concurrent.futures.html#threadpoolexecutor)."""

    def __init__(self, count: int, name: str) -> None:
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._threads = [threading.Thread(target=self._work, name=f"{name}-{n}", daemon=True) for n in range(count)]
        self._lock = threading.Lock()
        self._started = False
        self._closed = False

    def submit(self, task: Callable[..., Result], /, *arguments: Any, **named: Any) -> Future[Result]:
        future: Future[Result] = Future()

        def run() -> None:
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(task(*arguments, **named))
                except BaseException as error:
                    future.set_exception(error)

        with self._lock:
            if self._closed:
                raise RuntimeError("no new task after the shutdown")
            if not self._started:
                self._started = True
                for thread in self._threads:
                    thread.start()
            self._tasks.put(run)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """What waits already is still done, unless the interpreter exits before."""
        with self._lock:
            if not self._closed:
                self._closed = True
                for _ in self._threads:
                    self._tasks.put(None)
        if wait and self._started:
            for thread in self._threads:
                thread.join()

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            task()
