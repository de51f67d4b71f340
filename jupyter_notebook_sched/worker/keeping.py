"""The kernels that are kept on this host, looked after by its worker: what is on record of them is put right, and those
beyond the budget end. Their time is their supervisors' own matter (docs/kept-kernels.md)."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from ..config import Settings
from ..domain.keeping import Holding, kept_until, next_to_end, to_end
from ..domain.times import from_text
from ..errors import Unavailable
from ..host import processes, usage
from ..host.kept_kernels import SUPERVISOR, KeptKernel, KeptKernels
from ..host.memory import all_memory
from ..host.process_stat import everybody
from ..store import kept, resuming, runs
from ..store.connection import Store
from ..store.kept import KeptRow

log = logging.getLogger(__name__)
EVERY_SECONDS = 60.0
SOON_SECONDS = 1.0
ROOM_SECONDS = 2.0
UNKNOWN_SECONDS = 120.0
"""For so long a kernel may be there without a run on record that may have one: the record may be on its way."""
MOVED_SECONDS = {False: 20.0, True: 600.0}
"""By how much the end of a kernel's time differs from the record before that is changed; the time of one that somebody
is connected to stands still, and is not told each minute."""


class Keeping:
    """``told`` is called after each write that others want to hear of. ``has_any``: whether there was a kernel when it
    looked last."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        meeting: Path,
        host: str,
        clock: Callable[[], datetime],
        told: Callable[[], None],
    ) -> None:
        self.kernels = KeptKernels(meeting)
        self._settings = settings
        self._store = store
        self._host = host
        self._clock = clock
        self._told = told
        self.has_any = False
        self._due = self._made_room = 0.0
        self._unknown: dict[str, float] = {}
        self._strange: dict[int, float] = {}
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def start_where_due(self, clock: float) -> None:
        """Every minute, and soon after a kernel was kept, unless the last look still goes on; ``clock`` in seconds."""
        if clock >= self._due and (self._thread is None or not self._thread.is_alive()):
            self._due = clock + EVERY_SECONDS
            self._in_thread(lambda: self.look(clock))

    def look_soon(self, clock: float) -> None:
        """One more may be too many."""
        self._due = min(self._due, clock + SOON_SECONDS)

    def end(self, run_id: str) -> None:
        """Ends the kernel of a run, without waiting for that."""
        threading.Thread(target=self.kernels.end, args=[run_id], name="notebook-sched-kept-end", daemon=True).start()

    def make_room(self, clock: float) -> None:
        """Memory is wanted for a run: the first to go ends, unless somebody is connected to all."""
        if clock - self._made_room > ROOM_SECONDS and (self._thread is None or not self._thread.is_alive()):
            self._made_room = clock
            self._in_thread(self._end_next)

    def look(self, clock: float) -> None:
        """Brings the record in line with what is there, and ends what is too much. ``clock``: in seconds."""
        with self._store.read() as db:
            believed = kept.on_record(db, self._host)  # before the look: what is kept meanwhile is not missed then
        there = self.kernels.all()
        with self._store.read() as db:
            rows = kept.rows_of(db, [*believed, *(kernel.run_id for kernel in there)])
            wanted = resuming.wanted(db)
        if self.has_any or there:
            self._end_impostors({kernel.supervisor for kernel in there}, clock)
            _collect()
        self.has_any = bool(there)
        known = [kernel for kernel in there if self._is_known(kernel, rows.get(kernel.run_id), clock)]
        self._record(believed, known, rows)
        self._end_those_beyond([self._holding(kernel, rows[kernel.run_id].of, wanted) for kernel in known])

    def _in_thread(self, step: Callable[[], None]) -> None:
        self._thread = threading.Thread(target=self._carefully, args=[step], name="notebook-sched-kept", daemon=True)
        self._thread.start()

    def _carefully(self, step: Callable[[], None]) -> None:
        try:
            with self._lock:
                step()
        except (Unavailable, OSError) as error:
            log.warning("kept kernels are looked after again later: %s", error)
        except Exception:
            log.exception("a fault of Notebook Sched itself")
        finally:
            self._store.close()

    def _is_known(self, kernel: KeptKernel, row: KeptRow | None, clock: float) -> bool:
        """Whether its run has ended and may have one. Where not, it ends in a while: nobody would ever find it."""
        if row is not None and row.may_have:
            self._unknown.pop(kernel.run_id, None)
            return True
        since = self._unknown.setdefault(kernel.run_id, clock)
        if not (row is not None and row.may_have is None) and clock - since >= UNKNOWN_SECONDS and not kernel.held:
            log.warning("the kernel of run %s ends: no record says that it is kept", kernel.run_id)
            self.kernels.end_unless_held(kernel.run_id)
            self._unknown.pop(kernel.run_id, None)
        return False

    def _end_impostors(self, supervisors: set[int], clock: float) -> None:
        """What a notebook started under a supervisor's name is spared by others; not by this one."""
        below = processes.descendants(os.getpid())
        named = {process.pid for process in everybody() if process.name == SUPERVISOR} & set(below) - supervisors
        self._strange = {pid: self._strange.get(pid, clock) for pid in named}
        for pid in (pid for pid, since in self._strange.items() if clock - since >= UNKNOWN_SECONDS):
            log.warning("process %s ends: it has the name of a supervisor, and has no kernel", pid)
            for each in (pid, *processes.descendants(pid)):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(each, signal.SIGKILL)

    def _record(self, believed: list[str], known: list[KeptKernel], rows: dict[str, KeptRow]) -> None:
        now, changes = self._clock(), dict[str, "datetime | None"]()
        for kernel in known:
            until = kept_until(now, kernel.seconds_left, kernel.held)
            told = _moment(rows[kernel.run_id].until)
            if told is None or _is_misleading(told, until, now, kernel.held):
                changes[kernel.run_id] = until
        there = {kernel.run_id for kernel in known}
        changes |= {run_id: None for run_id in believed if run_id not in there}
        if changes:
            with self._store.write() as db:
                for run_id, moment in changes.items():
                    runs.set_kept_until(db, run_id, moment, now)
            self._told()

    def _end_those_beyond(self, holdings: list[Holding]) -> None:
        memory = all_memory()
        allowed = None if memory is None else memory * self._settings.kept_memory_percent // 100
        for run_id in to_end(holdings, self._settings.kept_kernels, allowed):
            self._end_for(run_id, "others need its place")

    def _end_next(self) -> None:
        with self._store.read() as db:
            wanted = resuming.wanted(db)
        first = next_to_end([self._holding(kernel, kernel.run_id, wanted) for kernel in self.kernels.all()])
        if first is not None:
            self._end_for(first.run_id, "a run needs its memory")

    def _end_for(self, run_id: str, why: str) -> None:
        if not self.kernels.end_unless_held(run_id):  # somebody has come for it
            return
        log.info("the kept kernel of run %s has ended: %s", run_id, why)
        now = self._clock()
        with self._store.write() as db:
            runs.set_kept_until(db, run_id, None, now)
        self._told()

    def _holding(self, kernel: KeptKernel, of: str, wanted: set[str]) -> Holding:
        """``wanted``: runs whose kernels others go on with: those are held, too."""
        return Holding(
            kernel.run_id,
            of,
            kernel.kept_at,
            usage.usage_below(kernel.supervisor).bytes,
            usage.has_gpu_below(kernel.supervisor),
            kernel.held or kernel.run_id in wanted,
        )


def _is_misleading(told: datetime, until: datetime, now: datetime, held: bool) -> bool:
    """Whether what is on record is far off, or would be over before the next look although somebody is connected."""
    passes_unseen = held and told < now + 2 * timedelta(seconds=EVERY_SECONDS)
    return passes_unseen or abs((told - until).total_seconds()) > MOVED_SECONDS[held]


def _moment(text: str | None) -> datetime | None:
    with contextlib.suppress(ValueError):  # edited by hand
        return None if text is None else from_text(text)
    return None


def _collect() -> None:
    """Supervisors that have become children of this process, a subreaper, when what had started them was gone."""
    own = os.getpid()
    for process in everybody():
        if process.name == SUPERVISOR and process.is_over and process.parent == own:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(process.pid, os.WNOHANG)
