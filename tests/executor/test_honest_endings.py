"""However a run ends, it says so: state, reason, a message to act on, every cell, and all output until then.

Each end leaves no process, no scratch directory, and an output that is immutable and as recorded (KindHouse.ran).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from .kinds import KindHouse, outcomes, printed

BEFORE, AFTER = "print('before', flush=True)", "print('after')"
UNTIL_THERE = ["ok", "failed", "not_run"]
ON_PURPOSE = ["ok", "ok", "not_run"]


@dataclass(frozen=True)
class Ending:
    """``cell`` runs between one that prints ``before`` and one that must not run. ``says``: parts of the message.
    ``both``: with ordinary kernels, too, because another part of the code sees the end then."""

    cell: str
    reason: str | None
    says: tuple[str, ...]
    cells: list[str] = field(default_factory=lambda: UNTIL_THERE)
    output: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    both: bool = False


def died(cell: str, *says: str) -> Ending:
    """What was printed a moment before is on its way; what is printed in the same moment may die with the kernel."""
    cell = "import ctypes, os, signal, time; print('during', flush=True); time.sleep(0.2); " + cell
    return Ending(cell, "kernel_died", ("cell 3: the kernel died", *says), output="during\n", both=True)


def error(cell: str, *says: str, **more: Any) -> Ending:
    return Ending(cell, "cell_error", ("cell 3: ", *says), **more)


def on_purpose(cell: str, **more: Any) -> Ending:
    return Ending(cell, None, ("cell 3 ended the notebook",), ON_PURPOSE, **more)


PRINTS = "import sys; print('during', flush=True); "
ENDINGS = {
    "an error": error(PRINTS + "{}['x']", "KeyError: 'x'", output="during\n", both=True),
    "an error of many lines": error("raise ValueError('first\\nsecond')", "ValueError: first"),
    "an error whose text is enormous": error("raise ValueError('x' * 10**6)", "ValueError: xxx"),
    "an error that cannot be told": Ending("raise ValueError('\\ud800')", "cell_error", ("cell 3: ",)),
    "sys.exit()": on_purpose(PRINTS + "sys.exit()", output="during\n", both=True),
    "sys.exit(0)": on_purpose(PRINTS + "sys.exit(0)", output="during\n"),
    "raise SystemExit(None)": on_purpose("raise SystemExit(None)"),
    "exit()": on_purpose(PRINTS + "exit()", output="during\n", both=True),
    "quit()": on_purpose("quit()"),
    "sys.exit(1)": error(PRINTS + "sys.exit(1)", "SystemExit: 1", output="during\n"),
    "sys.exit with a text": error("import sys; sys.exit('no data today')", "SystemExit: no data today"),
    "os._exit(0)": died("os._exit(0)", "exit code 0"),
    "os._exit(7)": died("os._exit(7)", "exit code 7"),
    "killed by itself": died("os.kill(os.getpid(), 9)", "SIGKILL", "memory"),
    "a polite signal": died("os.kill(os.getpid(), signal.SIGTERM)", "SIGTERM"),
    "a segmentation fault": died("ctypes.string_at(0)", "SIGSEGV"),
    "abort": died("os.abort()", "SIGABRT"),
    "its descriptors closed": died("os.closerange(3, 4096)"),
}
CASES = [(name, kind) for name, ending in ENDINGS.items() for kind in ("forked", "ordinary")[: 1 + ending.both]]


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_it_says_how_it_ended(name: str, kind: Any, house_of: Any) -> None:
    house: KindHouse = house_of(kind)
    ending = ENDINGS[name]
    run = house.ran(BEFORE, ending.cell, AFTER, **ending.fields)
    assert (run.state, run.reason) == ("failed" if ending.reason else "succeeded", ending.reason)
    assert all(part in str(run.message) for part in ending.says), run.message
    assert len(str(run.message)) < 1000
    assert "\n" not in str(run.message)
    assert outcomes(run) == ending.cells
    assert (run.error is not None) == (ending.reason == "cell_error")
    output = house.output(run)
    assert printed(output, 1) == "before\n"
    assert ending.output in printed(output, 2)
    assert output["cells"][3]["outputs"] == []
    assert output["cells"][3]["execution_count"] is None
