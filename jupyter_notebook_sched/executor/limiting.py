"""The limits of one attempt: taken by its own process, put on its kernel, watched while it runs, told when it ends."""

from __future__ import annotations

import asyncio
import os
import sys
import traceback
from typing import Any, Protocol

from ..domain.run import Terms
from ..host import usage
from ..host.memory import oom_kills
from ..notebook.execution import limits
from ..notebook.execution.kernels import KernelRequest, KernelStart
from ..notebook.execution.outcome import Outcome

SAMPLE_SECONDS = 1.0


class Endable(Protocol):
    def end_with(self, outcome: Outcome) -> None: ...


class Limiting:
    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._rlimits = limits.rlimits(terms)
        self._process: Any = None
        self._root: int | None = None
        self._oom_kills = oom_kills()

    def give_way(self) -> None:
        """This process gives way to others as its terms say; whatever it starts inherits that."""
        if self._terms.nice and hasattr(os, "nice"):
            os.nice(self._terms.nice)
        usage.raise_oom_score(self._terms.oom_score_adj)

    def of_forked(self) -> dict[str, Any]:
        """What a fork server is asked for (served/settling.py)."""
        terms = self._terms
        return {"nice": terms.nice, "oom_score_adj": terms.oom_score_adj, "rlimits": self._rlimits}

    def on(self, start: KernelStart) -> KernelStart:
        """That way of starting kernels, with these limits."""
        return _LimitedStart(start, self)

    def kernel_started(self, provisioner: Any) -> None:
        """Nothing of the notebook has run yet. The limits of a kernel that was started the ordinary way are set from
        outside: this process cannot take them itself to pass them on, and nobody forks safely beside threads."""
        self._process = getattr(provisioner, "process", None)
        pid = getattr(self._process, "pid", None)
        if not self._rlimits or pid is None:
            return
        if getattr(provisioner, "forked", None) is not None:
            self._root = usage.parent_of(pid)  # its keeper, the parent of all orphans
        else:
            usage.limit_tree(pid, self._rlimits)
            self._root = os.getpid()

    def kernel_was_kept(self, supervisor: int) -> None:
        """It has had its limits since it was started; they are watched below that process, its parent."""
        if self._rlimits:
            self._root = supervisor

    async def watch(self, execution: Endable) -> None:
        """Ends an execution whose processes together use too much."""
        while self._rlimits:
            await asyncio.sleep(SAMPLE_SECONDS)
            try:
                await self._look(execution)
            except Exception:  # one look that fails must not lift the limit
                traceback.print_exc()

    async def _look(self, execution: Endable) -> None:
        if self._root is None:
            return
        memory, seconds = self._terms.memory_mb, self._terms.cpu_seconds
        allowed = sys.maxsize if memory is None else memory * limits.MIB
        used = await asyncio.to_thread(usage.usage_below, self._root, allowed)
        if used.bytes > allowed:
            execution.end_with(limits.too_much_memory(used.bytes, self._terms))
        elif seconds is not None and used.cpu_seconds > seconds:
            execution.end_with(limits.too_much_time(self._terms))

    def judged(self, outcome: Outcome) -> Outcome:
        """How the execution ended, with the limit that ended it where there was one."""
        code = None if self._process is None else self._process.poll()
        killed_for_memory = outcome.reason == "kernel_died" and self._system_ran_out_of_memory()
        outcome = limits.as_died(outcome, code, self._terms, killed_for_memory)
        return limits.as_memory_outcome(outcome, self._terms.memory_mb)

    def _system_ran_out_of_memory(self) -> bool:
        now = oom_kills()
        return now is not None and self._oom_kills is not None and now > self._oom_kills


class _LimitedStart:
    def __init__(self, start: KernelStart, limiting: Limiting) -> None:
        self._start = start
        self._limiting = limiting

    async def start(self, request: KernelRequest) -> Any:
        manager = await self._start.start(request)
        self._limiting.kernel_started(manager.provisioner)
        return manager
