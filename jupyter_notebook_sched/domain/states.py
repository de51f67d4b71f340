"""The states of a run and every way from one to the next: the one table that code, SQL and docs/run-states.md share."""

from __future__ import annotations

from enum import Enum


class RunState(str, Enum):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"


ALLOWED: dict[RunState, frozenset[RunState]] = {
    RunState.QUEUED: frozenset({RunState.RUNNING, RunState.CANCELLED, RunState.SKIPPED, RunState.FAILED}),
    RunState.RUNNING: frozenset({RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED, RunState.QUEUED}),
    RunState.SUCCEEDED: frozenset(),
    RunState.FAILED: frozenset(),
    RunState.CANCELLED: frozenset(),
    RunState.SKIPPED: frozenset(),
}
BORN = frozenset({RunState.QUEUED, RunState.SKIPPED})
ENDED = frozenset(state for state, following in ALLOWED.items() if not following)

REASONS: dict[RunState, frozenset[str]] = {
    RunState.QUEUED: frozenset(
        {"capacity", "overlap", "retry_wait", "needs_kernel", "low_memory", "scheduler_stopped"}
    ),
    RunState.FAILED: frozenset(
        {
            "cell_error",
            "timeout",
            "cell_timeout",
            "kernel_died",
            "out_of_memory",
            "lost",
            "invalid",
            "internal",
        }
    ),
    RunState.SKIPPED: frozenset({"missed", "overlap", "superseded", "user"}),
    RunState.CANCELLED: frozenset({"user", "replaced"}),
}
"""Which reasons each state may carry; running and succeeded carry none."""


class IllegalTransition(Exception):
    """The code asked for a change of state that the table does not have: a bug, never a person's fault."""


def check_transition(before: RunState, after: RunState, reason: str | None = None) -> None:
    """Raises IllegalTransition unless ``ALLOWED`` has the step and ``REASONS`` the reason."""
    if after not in ALLOWED[before]:
        raise IllegalTransition(f"{before.value} -> {after.value}")
    if before is RunState.QUEUED and after is RunState.FAILED and reason != "invalid":
        raise IllegalTransition(f"a run that never started fails only as invalid, not as {reason}")
    if reason is not None and reason not in REASONS.get(after, frozenset()):
        raise IllegalTransition(f"{after.value} does not carry the reason {reason}")
