"""How an execution ended, cell by cell: a value, never an exception."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Literal

import msgspec

from ...domain.run import CellError, CellOutcome, CellState, Progress
from ...domain.times import utc_now

# ECMA-48 control sequences (colours in tracebacks).
TERMINAL_CODES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")

LONGEST_MESSAGE = 500
LONGEST_SOURCE_LINE = 200
LONGEST_NAME = 200
LONGEST_VALUE = 8 * 1024
LONGEST_TRACEBACK = 64 * 1024
COMMENTS = ("# ", "#\t", "##", "//", "-- ", "/*", "(*")
"""How lines begin that say nothing to the kernel, in the languages that kernels have."""

WORTH_A_LOOK = frozenset(
    [("failed", "cell_error"), ("failed", "cell_timeout"), ("failed", "timeout"), ("cancelled", "user")]
)


class Outcome(msgspec.Struct, frozen=True):
    """``state`` with its ``reason`` and a ``message`` for a person (domain.states has the table)."""

    state: Literal["succeeded", "failed", "cancelled"]
    reason: str | None = None
    message: str | None = None
    error: CellError | None = None

    @property
    def is_worth_a_look(self) -> bool:
        """Whether a kernel that is at rest has something to show after this end."""
        return (self.state, self.reason) in WORTH_A_LOOK


class CellLedger:
    """The outcome of each code cell so far; indexes are positions in the executed notebook."""

    def __init__(self, cells: list[dict[str, Any]]) -> None:
        self._outcomes: dict[int, CellOutcome] = {
            index: CellOutcome(index, "skipped" if _is_skipped(cell) else "not_run")
            for index, cell in enumerate(cells)
            if cell["cell_type"] == "code"
        }
        self.current = None

    @property
    def current(self) -> int | None:
        return self._current

    @current.setter
    def current(self, index: int | None) -> None:
        self._current = index
        self._since: datetime = utc_now()

    def record(self, index: int, outcome: CellState, seconds: float | None = None) -> None:
        self._outcomes[index] = CellOutcome(index, outcome, None if seconds is None else round(seconds, 4))

    def all(self) -> list[CellOutcome]:
        now = {} if self.current is None else {self.current: CellOutcome(self.current, "not_run", None, self._since)}
        return list((self._outcomes | now).values())

    def progress(self) -> Progress:
        done = sum(outcome.outcome != "not_run" for outcome in self._outcomes.values())
        return Progress(done, len(self._outcomes), self.current)


def _is_skipped(cell: dict[str, Any]) -> bool:
    """Empty cells and those tagged ``skip-execution`` do not run (nbclient's rule)."""
    return not cell["source"].strip() or "skip-execution" in cell["metadata"].get("tags", [])


def plain_text(text: str) -> str:
    """Text without terminal escape codes."""
    # Half a surrogate pair, which some kernels send, is text for nobody but JSON.
    return TERMINAL_CODES.sub("", text).encode("utf-8", "replace").decode()


def in_one_line(text: str, longest: int = LONGEST_MESSAGE) -> str:
    """The first line, at most ``longest`` characters of it."""
    line = text.strip().split("\n")[0]
    return line if len(line) <= longest else line[:longest] + "…"


def error_of_reply(cell_index: int, cell: dict[str, Any], name: str, value: str, traceback: list[str]) -> CellError:
    """What a cell raised, as its kernel's reply tells it; of what is long, both ends: it goes into every answer that
    tells of the run, and the output notebook has all of it."""
    return CellError(
        cell_index,
        cell.get("id"),
        both_ends(plain_text(name), LONGEST_NAME) or "Error",  # bash gives the exit code alone
        both_ends(plain_text(value), LONGEST_VALUE),
        both_ends(plain_text("\n".join(traceback)), LONGEST_TRACEBACK),
        plain_text(first_source_line(str(cell.get("source", "")))),
    )


def both_ends(text: str, longest: int) -> str:
    """At most so many characters of it: its first half of them, how many were left out, and its last."""
    if len(text) <= longest:
        return text
    told = f"… ({len(text)} characters) …"
    half = (longest - len(told)) // 2
    return f"{text[:half]}{told}{text[-half:]}"


def first_source_line(source: str) -> str:
    """The first line that is no comment, as far as that shows without knowing the language; in one line."""
    lines = [line.strip() for line in source.split("\n") if line.strip()]
    said = (line for line in lines if not line.startswith(COMMENTS))
    return in_one_line(next(said, lines[0] if lines else ""), LONGEST_SOURCE_LINE)
