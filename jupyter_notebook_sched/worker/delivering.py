"""Outputs that jobs want in the workspace, put there in a thread of its own: rendering a page takes its time."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

from ..errors import Unavailable
from ..service.delivering import Delivering
from ..store import deliveries

log = logging.getLogger(__name__)
ELSEWHERE_SECONDS = 60.0
TROUBLE_SECONDS = 10.0


class Deliveries:
    """Of the runs of this ``host``, as soon as they have succeeded; of runs of other hosts, whose worker may be gone,
    a while later, by whoever leads. They are found in the store, so that whoever comes next goes on."""

    def __init__(self, delivering: Delivering, host: str) -> None:
        self._delivering = delivering
        self._host = host
        self._thread: threading.Thread | None = None
        self._not_before = float("-inf")

    def start_where_due(self, clock: float, leads: bool) -> None:
        """``clock`` in seconds."""
        if self._is_at_work or clock < self._not_before or not (due := self._due(leads)):
            return
        self._thread = threading.Thread(
            target=self._run, args=[due, clock], name="notebook-sched-delivering", daemon=True
        )
        self._thread.start()

    def are_left(self) -> bool:
        """Whether there is something that this worker is to do before it leaves."""
        try:
            return self._is_at_work or bool(self._due(leads=False))
        except (Unavailable, OSError):
            return False  # the next one finds them

    @property
    def _is_at_work(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _due(self, leads: bool) -> list[str]:
        store, now = self._delivering.store, self._delivering.clock()
        before = now - timedelta(seconds=ELSEWHERE_SECONDS) if leads else None
        with store.read() as db:
            return deliveries.pending(db, self._host, before)

    def _run(self, due: list[str], clock: float) -> None:
        try:
            for run_id in due:
                self._delivering.deliver(run_id)
        except (Unavailable, OSError) as error:
            log.warning("outputs are delivered later: %s", error)
            self._not_before = clock + TROUBLE_SECONDS
        except Exception:
            log.exception("a fault of Notebook Sched itself")
            self._not_before = clock + TROUBLE_SECONDS
        finally:
            self._delivering.store.close()
