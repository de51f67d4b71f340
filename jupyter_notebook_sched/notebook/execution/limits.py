"""What an execution may use: how that is told to its kernel's processes, and to a person where it was too little."""

from __future__ import annotations

import os
import signal

import msgspec

from ...domain.run import Terms
from .outcome import Outcome

MIB = 1024**2
RESERVED = 128 * MIB
RESERVED_A_PROCESSOR = 64 * MIB
"""Address space that counts as data but is hardly used: stacks of threads, arenas, buffers of numerical libraries for
each processor (an idle kernel: 130 MB, of which it uses 35; with numpy 80 MB more on two processors)."""
CPU_GRACE_SECONDS = 5
# How other languages and libraries than Python's own say it: R, torch; fork(2) and mmap(2) through Python.
WORDS = ("cannot allocate", "not enough memory", "[errno 12]")
RAISE_MEMORY = "let the notebook hold less at a time, or raise resources.memory_mb"
RAISE_CPU = "raise resources.cpu_seconds if it needs more"


def rlimits(terms: Terms) -> dict[str, tuple[int, int]]:
    """For each process by itself: name as in ``resource`` → soft and hard limit (setrlimit(2)). ``RLIMIT_DATA`` lets a
    cell get a MemoryError, so that the kernel lives; who takes no notice of SIGXCPU is killed soon after."""
    limits = {}
    if terms.memory_mb is not None:
        data = terms.memory_mb * MIB + RESERVED + RESERVED_A_PROCESSOR * _processors()
        limits["RLIMIT_DATA"] = (data, data)
    if terms.cpu_seconds is not None:
        limits["RLIMIT_CPU"] = (terms.cpu_seconds, terms.cpu_seconds + CPU_GRACE_SECONDS)
    return limits


def too_much_memory(used: int, terms: Terms) -> Outcome:
    message = f"the run used {used // MIB} MB of memory, and its limit is {terms.memory_mb} MB; {RAISE_MEMORY}"
    return Outcome("failed", "out_of_memory", message)


def too_much_time(terms: Terms) -> Outcome:
    message = f"the run used up its limit of {terms.cpu_seconds} s of processor time; {RAISE_CPU}"
    return Outcome("failed", "timeout", message)


def as_memory_outcome(outcome: Outcome, memory_mb: int | None) -> Outcome:
    """The outcome, told as want of memory where that is what a cell raised under a limit of so many megabytes."""
    error = outcome.error
    if memory_mb is None or outcome.reason != "cell_error" or error is None:
        return outcome
    said = error.value.lower()
    if not (error.name.endswith("MemoryError") or any(words in said for words in WORDS)):
        return outcome
    message = f"{outcome.message or error.name} (the run's limit is {memory_mb} MB of memory; {RAISE_MEMORY})"
    return msgspec.structs.replace(outcome, reason="out_of_memory", message=message)


def as_died(outcome: Outcome, exit_code: int | None, terms: Terms, killed_for_memory: bool) -> Outcome:
    """The outcome, with the cause where the end of the kernel's process gives it away. ``exit_code``: negative, a
    signal. ``killed_for_memory``: whether the system has killed some process because it was out of memory."""
    if outcome.reason != "kernel_died" or exit_code is None:
        return outcome
    if terms.cpu_seconds is not None and exit_code == -int(getattr(signal, "SIGXCPU", 0)):
        return too_much_time(terms)
    if killed_for_memory and exit_code == -int(getattr(signal, "SIGKILL", 9)):
        message = "the system was out of memory and ended the kernel; let the notebook hold less at a time, or run it "
        return msgspec.structs.replace(outcome, reason="out_of_memory", message=message + "beside fewer others")
    return outcome


def _processors() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1
