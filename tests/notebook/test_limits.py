"""How the end of a run is told where a limit was the cause."""

from __future__ import annotations

import signal

import pytest

from jupyter_notebook_sched.domain.run import CellError, Terms
from jupyter_notebook_sched.notebook.execution.limits import as_died, as_memory_outcome, rlimits, too_much_memory
from jupyter_notebook_sched.notebook.execution.outcome import CellLedger, Outcome

DIED = Outcome("failed", "kernel_died", "the kernel died")


def raised(name: str, value: str = "") -> Outcome:
    return Outcome("failed", "cell_error", f"cell 1: {name}: {value}", CellError(0, None, name, value, ""))


@pytest.mark.parametrize(
    "outcome",
    [
        raised("MemoryError"),
        raised("_ArrayMemoryError", "Unable to allocate 7.28 TiB for an array"),
        raised("ArrowMemoryError", "malloc of size 64 failed"),
        raised("OSError", "[Errno 12] Cannot allocate memory"),
        raised("RuntimeError", "[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: not enough memory"),
        raised("ERROR", "Error: cannot allocate vector of size 7450.6 Gb"),
    ],
    ids=lambda outcome: str(outcome.error.name),
)
def test_it_tells_want_of_memory_where_there_is_a_limit(outcome: Outcome) -> None:
    told = as_memory_outcome(outcome, 300)
    assert (told.state, told.reason, told.error) == ("failed", "out_of_memory", outcome.error)
    assert "300 MB" in str(told.message)
    assert as_memory_outcome(outcome, None) == outcome


@pytest.mark.parametrize("outcome", [raised("ValueError", "memory"), DIED, Outcome("succeeded")])
def test_it_leaves_every_other_end_what_it_is(outcome: Outcome) -> None:
    assert as_memory_outcome(outcome, 300) == outcome


@pytest.mark.parametrize(
    ("code", "terms", "killed", "reason"),
    [
        (-signal.SIGXCPU, Terms(cpu_seconds=5), False, "timeout"),
        (-signal.SIGXCPU, Terms(), False, "kernel_died"),
        (-signal.SIGKILL, Terms(), True, "out_of_memory"),
        (-signal.SIGKILL, Terms(), False, "kernel_died"),
        (-signal.SIGSEGV, Terms(), True, "kernel_died"),
        (0, Terms(cpu_seconds=5), True, "kernel_died"),
        (None, Terms(cpu_seconds=5), True, "kernel_died"),
    ],
)
def test_it_tells_by_the_signal_why_a_kernel_died(code: int | None, terms: Terms, killed: bool, reason: str) -> None:
    assert as_died(DIED, code, terms, killed).reason == reason
    assert as_died(raised("ValueError"), code, terms, killed) == raised("ValueError")


def test_it_limits_only_what_is_limited() -> None:
    assert rlimits(Terms(nice=5, oom_score_adj=500)) == {}
    limits = rlimits(Terms(memory_mb=300, cpu_seconds=7))
    assert limits["RLIMIT_CPU"][0] == 7
    assert limits["RLIMIT_DATA"][0] > 300 * 1024**2
    assert "used 320 MB" in str(too_much_memory(320 * 1024**2, Terms(memory_mb=300)).message)


def test_it_tells_since_when_the_cell_runs_that_runs() -> None:
    ledger = CellLedger([{"cell_type": "code", "source": "1", "metadata": {}}] * 2)
    assert [cell.started_at for cell in ledger.all()] == [None, None]
    ledger.current = 1
    first, second = ledger.all()
    assert (first.started_at, second.outcome) == (None, "not_run")
    assert second.started_at is not None
    assert ledger.all() == [first, second], "and not since it was asked"
    ledger.record(1, "ok", 0.5)
    ledger.current = None
    assert [cell.started_at for cell in ledger.all()] == [None, None]
    assert ledger.progress().done == 1
