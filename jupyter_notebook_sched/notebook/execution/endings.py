"""The ways in which an execution ends by itself or by its kernel, and what is said of each."""

from __future__ import annotations

from ...domain.run import CellError
from .outcome import Outcome, in_one_line

NEVER_READY = "did not become ready"


def cancelled() -> Outcome:
    return Outcome("cancelled", "user", "cancelled on request")


def run_took_too_long(index: int | None, limit: float) -> Outcome:
    """``index``: of the cell that was going on."""
    return Outcome("failed", "timeout", f"{_where(index)}the run took longer than its limit of {limit:g} s")


def cell_took_too_long(index: int, limit: float) -> Outcome:
    return Outcome("failed", "cell_timeout", f"cell {index + 1} ran longer than its limit of {limit:g} s")


def cell_failed(index: int, error: CellError) -> Outcome:
    return Outcome("failed", "cell_error", f"cell {index + 1}: {error.name}: {in_one_line(error.value)}", error)


def exited(index: int, call: str) -> Outcome:
    """``call``: what the cell ended the notebook with, as it is written."""
    return Outcome("succeeded", message=f"cell {index + 1} ended the notebook with {call}")


def exited_with_code(index: int, code: int) -> Outcome:
    return Outcome("failed", "cell_error", f"cell {index + 1} ended the notebook with exit code {code}")


def kernel_died(index: int | None, how: str) -> Outcome:
    """``index``: of the cell that it died in."""
    return Outcome("failed", "kernel_died", f"{_where(index)}the kernel died, {how}")


def kernel_died_at_start(kernel: str) -> Outcome:
    return Outcome("failed", "kernel_died", f"the kernel {kernel!r} {NEVER_READY}: its process ended")


def kernel_is_silent(kernel: str, seconds: float) -> Outcome:
    return Outcome("failed", "kernel_died", f"the kernel {kernel!r} {NEVER_READY} in {seconds:g} s")


def kernel_is_busy() -> Outcome:
    return Outcome("failed", "invalid", "its kernel is busy; wait until that is over, or interrupt it there")


def kernel_not_installed(kernel: str) -> Outcome:
    return Outcome("failed", "invalid", f"the kernel {kernel!r} is not installed on this host")


def kernel_did_not_start(kernel: str, error: Exception) -> Outcome:
    return Outcome("failed", "invalid", f"the kernel {kernel!r} did not start: {error}")


def _where(index: int | None) -> str:
    return "" if index is None else f"cell {index + 1}: "
