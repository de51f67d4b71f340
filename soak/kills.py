"""Two hosts on one workspace, each with its Jupyter server and its worker; kill -9 at random moments. At the end every
due time has one record, every run has ended once, and nothing is left.

    python -m soak.kills [--kills N] [--seed S] [--journal wal|truncate|both] [--seconds BETWEEN] [--lease SECONDS]

Exit code 0 where nothing was lost, doubled or finished twice, and nothing else was found; 1 otherwise.
"""

from __future__ import annotations

import argparse
import secrets
import shutil
import sys
import tempfile
import time
from pathlib import Path

from .ledger import Findings
from .siege import Siege

SHOWN = 20


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m soak.kills", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--kills", type=int, default=200, help="how many processes are killed (default: 200)")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6), help="of all that is random")
    parser.add_argument("--journal", choices=["wal", "truncate", "both"], default="both", help="of the store")
    parser.add_argument("--seconds", type=float, default=3.0, help="between two kills, on average (default: 3)")
    parser.add_argument("--lease", type=int, default=10, help="lease_seconds of the workspace (default: 10)")
    parser.add_argument("--outage", type=float, default=75.0, help="seconds without any host, once, in the middle")
    options = parser.parse_args(arguments)
    journals = ["wal", "truncate"] if options.journal == "both" else [options.journal]
    return max([_besieged(journal, options) for journal in journals])


def _besieged(journal: str, options: argparse.Namespace) -> int:
    print(f"journal {journal}: {options.kills} kills, seed {options.seed}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="nbsched-soak-"))
    started = time.monotonic()
    siege = Siege(folder, journal, options.lease, options.seed, options.seconds)
    found = siege.run(options.kills, options.outage)
    print(told(journal, siege, found, time.monotonic() - started), flush=True)
    if found.clean:
        shutil.rmtree(folder, ignore_errors=True)
        return 0
    print(f"  everything is kept in {folder}", flush=True)
    return 1


def told(journal: str, siege: Siege, found: Findings, seconds: float) -> str:
    """The result in words: what was counted, what was killed, the verdict, and what else was found."""
    killed = ", ".join(f"{number} × {kind}" for kind, number in sorted(siege.killed.items()))
    done = ", ".join(f"{number} × {deed}" for deed, number in sorted(siege.people.done.items()))
    lines = [
        f"journal {journal}: {found.slots} due times, {found.runs} runs, {found.attempts} attempts, {seconds:.0f} s",
        f"  killed {siege.killed.total()}: {killed}; and {siege.by_power_cut} by the power cut",
        f"  people: {done}",
        f"  runs: {', '.join(f'{number} {state}' for state, number in sorted(siege.states.items()))}",
        f"{len(found.lost)} lost, {len(found.doubled)} doubled, {len(found.finished_twice)} finished twice",
    ]
    for words in (found.lost, found.doubled, found.finished_twice, found.others):
        lines += [f"  ! {one}" for one in words[:SHOWN]]
        lines += [f"  ! … and {len(words) - SHOWN} more" for _ in words[SHOWN : SHOWN + 1]]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
