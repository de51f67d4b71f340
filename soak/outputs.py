"""What the notebooks wrote, and what the archive holds, against the rows: nothing of the product's code."""

from __future__ import annotations

import hashlib
import json
import stat
from collections import Counter
from pathlib import Path

from .ledger import Findings, Ledger

ATTEMPTS = "select runs.id, runs.state as run_state, attempts.* from attempts join runs on runs.seq = attempts.run"


def examine_outputs(ledger: Ledger, archive: Path, found: Findings) -> None:
    """Every output that a row names is there, read-only and with its hash; no file is there that none names, but
    what an attempt's processes said."""
    named = set()
    for row in ledger.rows(ATTEMPTS):
        which = f"attempt {row['n']} of the run {row['id']}"
        if row["output"] is None or row["output_sha256"] is None:
            if row["state"] == "succeeded":
                found.others.append(f"{which} succeeded, but has no output on record")
            continue
        file = archive / row["output"]
        named.add(file)
        if not file.is_file():
            found.lost.append(f"the output of {which}")
            continue
        content = file.read_bytes()
        if hashlib.sha256(content).hexdigest() != row["output_sha256"]:
            found.others.append(f"the output of {which} is another than the recorded one")
        if stat.S_IMODE(file.stat().st_mode) != 0o444:
            found.others.append(f"the output of {which} can be written")
        _examine_provenance(json.loads(content), row["id"], row["n"], row["state"], found)
    for file in (archive / "runs").rglob("*"):
        if file.is_file() and file not in named and file.name != "runner.log":
            found.others.append(f"{file.relative_to(archive)} belongs to no attempt on record")


def _examine_provenance(notebook: dict[str, object], run: str, attempt: int, state: str, found: Findings) -> None:
    """A final file says itself which attempt it is of, and how that ended."""
    metadata = notebook["metadata"]
    assert isinstance(metadata, dict)
    facts = next((one for one in metadata.values() if isinstance(one, dict) and one.get("run_id") == run), None)
    if facts is None or facts["attempt"] != attempt:
        found.others.append(f"the output of attempt {attempt} of the run {run} tells of another: {facts}")
    elif (facts["state"] == "succeeded") != (state == "succeeded"):
        found.finished_twice.append(f"attempt {attempt} of the run {run} is {state}, its file says {facts['state']}")


def examine_lines(ledger: Ledger, workspace: Path, found: Findings) -> None:
    """No attempt was executed twice, none that is not on record, and each that succeeded once."""
    told: Counter[tuple[str, int]] = Counter()
    for file in workspace.glob("*.lines"):
        told.update((line.split()[0], int(line.split()[1])) for line in file.read_text().splitlines())
    for (run, attempt), times in told.items():
        if times > 1:
            found.finished_twice.append(f"attempt {attempt} of the run {run} was executed {times} times")
    known = {(row["id"], row["n"]): row["state"] for row in ledger.rows(ATTEMPTS)}
    found.others += [f"{one} was executed, but is not on record" for one in sorted(set(told) - set(known))]
    silent = [one for one, state in known.items() if state == "succeeded" and one not in told]
    found.lost += [f"{one} is said to have succeeded, but was never executed" for one in sorted(silent)]
