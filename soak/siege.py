"""The story of one soak: build up, kill, settle, close down, count."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

from tests.living import wait_until

from . import jobs
from .asking import NoAnswer, ask
from .hosts import Host
from .ledger import Findings, Promise, examine, ledger_of, moment
from .outputs import examine_lines, examine_outputs
from .people import People

DECK = {"server": 4, "worker": 7, "runner server": 2, "runner": 5, "kernel": 4}
"""Kind → how often it is killed, among all of these."""
COMES_SECONDS = 5.0
UP_SECONDS = 120.0
SETTLE_SECONDS = 100.0
TOGETHER = 0.15
"""How often the next kill follows at once: two may die in one moment."""


class Siege:
    """``killed``: how many of each kind, without those of the power cut; ``states``: how many runs ended how."""

    def __init__(self, folder: Path, journal: str, lease: int, seed: int, seconds: float) -> None:
        self.workspace = folder / "work"
        self.workspace.mkdir()
        jobs.write_notebooks(self.workspace)
        self.chance = random.Random(seed)
        self.seconds = seconds
        self.began = time.monotonic()
        self.journal = journal
        options = [f"--NotebookSched.lease_seconds={lease}", "--NotebookSched.capacity=2"]
        # Kernels of cancelled and failed runs are kept, too, and are gone by themselves at the end.
        options += ["--NotebookSched.keep_kernel_seconds=5"]
        options += [] if journal == "wal" else ["--NotebookSched.network_filesystem=yes"]
        self.hosts = [Host(name, self.workspace, folder, name == "there", options) for name in ("here", "there")]
        self.killed: Counter[str] = Counter()
        self._deck: list[str] = []
        self.by_power_cut = 0
        self.states: Counter[str] = Counter()
        self.promises: list[Promise] = []
        self.people = People([host.port for host in self.hosts], {}, random.Random(seed + 1))

    def run(self, kills: int, outage: float) -> Findings:
        found = Findings()
        try:
            for host in self.hosts:
                host.start()
            self._wait_until_up()
            made = self._make_jobs()
            self.people.begin()
            self._say("two hosts are up")
            self._kill(kills // 2)
            self._say("the power is cut")
            self._lose_all_power(outage)
            self._say("the power is back")
            self._kill(kills - kills // 2)
            self.people.leave()
            self._say("nobody is killed any more")
            self._settle(made)
            self._say("every run has ended")
            for host in self.hosts:
                if not host.stop():
                    found.others.append(f"processes stayed on {host.name}: {host.log.read_text()[-500:]}")
        finally:
            for host in self.hosts:
                host.leave()
        self._count(found)
        return found

    def _say(self, what: str) -> None:
        print(f"  {time.monotonic() - self.began:4.0f} s: {what}, {self.killed.total()} were killed", flush=True)

    def _make_jobs(self) -> dict[str, datetime]:
        """Name → its first due time, reckoned from what was asked and when it was answered to have been made."""
        first = {}
        for plan in jobs.PLANS:
            body = jobs.body(plan, datetime.now(timezone.utc))
            answer = ask(self.hosts[0].port, "POST", "jobs", body)
            assert answer.status == 201, answer
            self.people.jobs[plan.name] = answer.body["id"]
            made = moment(answer.body["created_at"])
            if plan.every == 60:
                first[plan.name] = made.replace(second=0, microsecond=0) + timedelta(minutes=1)
            elif plan.from_start:
                start = moment(body["trigger"]["start_at"])
                first[plan.name] = start.replace(microsecond=start.microsecond // 1000 * 1000)
            else:
                first[plan.name] = made + timedelta(seconds=plan.every)
        return first

    def _kill(self, number: int) -> None:
        until = self.killed.total() + number
        while self.killed.total() < until:
            if self.chance.random() > TOGETHER:
                time.sleep(self.chance.uniform(0.2, 1.8) * self.seconds)
            self._kill_one()

    def _kill_one(self) -> None:
        """One of the next kind in the deck, on whichever host; the next card, where none of the kind comes in time."""
        if not self._deck:
            self._deck = [kind for kind, times in DECK.items() for _ in range(times)]
            self.chance.shuffle(self._deck)
        kind, until = self._deck.pop(), time.monotonic() + COMES_SECONDS
        while not (living := [pid for host in self.hosts for pid in host.living()[kind]]):
            if time.monotonic() > until:
                return
            time.sleep(0.02)
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.chance.choice(living), signal.SIGKILL)
            self.killed[kind] += 1

    def _lose_all_power(self, seconds: float) -> None:
        for host in self.hosts:
            self.by_power_cut += sum(len(pids) for pids in host.living().values())
            host.cut_power()
        time.sleep(seconds)
        for host in self.hosts:
            host.start()

    def _wait_until_up(self) -> None:
        for host in self.hosts:
            wait_until(lambda host=host: self._works(host), UP_SECONDS, f"{host.name} works")  # type: ignore[misc]

    def _works(self, host: Host) -> bool:
        try:
            answer = ask(host.port, "GET", "status")
        except NoAnswer:
            return False
        if answer.status != 200:
            return False
        assert answer.body["store"]["journal_mode"] == self.journal
        return bool(answer.body["worker"]["state"] == "running")

    def _settle(self, first: dict[str, datetime]) -> None:
        """All is up again, every job has gone on since; then no more due times, until the last run has ended."""
        self._wait_until_up()
        settled = datetime.now(timezone.utc)
        for plan in jobs.PLANS:
            promise = Promise(self.people.jobs[plan.name], plan.name, first[plan.name], plan.every, settled)
            self.promises.append(promise)
            self._wait(lambda promise=promise: self._goes_on(promise), f"{plan.name} goes on")  # type: ignore[misc]
        for promise in self.promises:
            answer = ask(self.hosts[0].port, "POST", f"jobs/{promise.job_id}/pause", {})
            assert answer.status == 200, answer
        self._wait(self._is_quiet, "the last run ended")

    def _wait(self, condition: Callable[[], bool], what: str) -> None:
        """What does not come true is one more finding: the count says what is missing."""
        try:
            wait_until(condition, SETTLE_SECONDS, what)
        except AssertionError as error:
            self.people.complaints.append(str(error))

    def _goes_on(self, promise: Promise) -> bool:
        """Its next due time without a record comes after everything was up."""
        following = ask(self.hosts[0].port, "GET", f"jobs/{promise.job_id}").body["next_run_at"]
        return following is not None and moment(following) > promise.settled

    def _is_quiet(self) -> bool:
        queue = ask(self.hosts[0].port, "GET", "status").body["queue"]
        return bool(queue == {"queued": 0, "running": 0})

    def _count(self, found: Findings) -> None:
        state = self.workspace / ".notebook-sched"
        found.others += self.people.complaints
        with ledger_of(state / "store.db") as ledger:
            examine(ledger, self.promises, self.people.acknowledged, found)
            examine_outputs(ledger, state / "archive", found)
            examine_lines(ledger, self.workspace, found)
            for row in ledger.rows(
                "select state || coalesce('/' || reason, '') as how, count(*) as n from runs group by 1"
            ):
                self.states[row["how"]] = row["n"]
