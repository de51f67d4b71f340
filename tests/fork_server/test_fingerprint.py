"""What a fork server was built from, and whether it is still the same."""

from __future__ import annotations

from pathlib import Path

from jupyter_notebook_sched.notebook.execution.fork_server.served.fingerprint import Fingerprint


def test_it_notices_what_changed_while_modules_were_imported(tmp_path: Path) -> None:
    """pip may install something beside a server that warms up: old modules, new files."""
    file = tmp_path / "site.pth"
    file.write_text("before")
    at_first = Fingerprint([], [str(file)])
    assert at_first.changed() is None
    file.write_text("and after")
    assert Fingerprint([], [str(file)]).changed() is None
    assert Fingerprint([], [str(file)], at_first).changed() == str(file)
