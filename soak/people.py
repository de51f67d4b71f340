"""People at work meanwhile: they start, cancel, retry and skip through whichever server answers."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from .asking import Answer, NoAnswer, ask
from .jobs import BY_HAND, PLANS

PAUSE_SECONDS = (0.2, 1.8)
INSIST_SECONDS = 120.0
INSIST_PAUSE = 0.3


class People:
    """``acknowledged``: the ids of the runs that they were promised. ``complaints``: what no answer may be."""

    def __init__(self, ports: list[int], jobs: dict[str, str], chance: random.Random) -> None:
        self.ports = ports
        self.jobs = jobs
        self.chance = chance
        self.acknowledged: set[str] = set()
        self.complaints: list[str] = []
        self.done: Counter[str] = Counter()
        self._keys: dict[str, str] = {}
        self._leave = threading.Event()
        self._thread = threading.Thread(target=self._work, name="people", daemon=True)

    def begin(self) -> None:
        self._thread.start()

    def leave(self) -> None:
        self._leave.set()
        self._thread.join(2 * INSIST_SECONDS)

    def _work(self) -> None:
        deeds: list[Callable[[], str | None]] = [self._start, self._start_again, self._run_job, self._cancel]
        deeds += [self._retry, self._skip]
        while not self._leave.wait(self.chance.uniform(*PAUSE_SECONDS)):
            try:
                done = self.chance.choice(deeds)()
            except NoAnswer:
                done = "no answer"
            except Exception as error:
                self.complaints.append(repr(error))
                return
            if done is not None:
                self.done[done] += 1

    def _start(self) -> str:
        """Insists until it is answered: one key is one run, however often it is asked for."""
        key = f"key-{len(self._keys)}"
        run = self._insist(key)
        self._keys[key] = run
        self.acknowledged.add(run)
        return "started"

    def _start_again(self) -> str | None:
        if not self._keys:
            return None
        key = self.chance.choice(list(self._keys))
        if (run := self._insist(key)) != self._keys[key]:
            self.complaints.append(f"{key} was answered with the run {self._keys[key]}, and then with {run}")
        return "asked again"

    def _insist(self, key: str) -> str:
        until = time.monotonic() + INSIST_SECONDS
        while time.monotonic() < until:
            try:
                answer = self._ask("POST", "runs", {"notebook": f"{BY_HAND}.ipynb", "idempotency_key": key})
                if answer.status in (200, 201):
                    return str(answer.body["id"])
            except NoAnswer:
                pass
            time.sleep(INSIST_PAUSE)
        raise TimeoutError(f"no server took {key} within {INSIST_SECONDS} s")

    def _run_job(self) -> str | None:
        answer = self._ask("POST", f"jobs/{self.chance.choice(list(self.jobs.values()))}/run", {})
        if answer.status != 201:
            return None
        self.acknowledged.add(answer.body["id"])
        return "job run by hand"

    def _cancel(self) -> str | None:
        run = self._one_of("state=queued&state=running")
        if run is None or self._ask("POST", f"runs/{run['id']}/cancel", {}).status != 202:
            return None
        return "cancelled"

    def _retry(self) -> str | None:
        run = self._one_of("state=failed")
        if run is None:
            return None
        answer = self._ask("POST", f"runs/{run['id']}/rerun", {})
        if answer.status != 201:
            return None
        self.acknowledged.add(answer.body["id"])
        return "retried"

    def _skip(self) -> str | None:
        """A due time a little ahead, so that it has a record before it comes."""
        plan = self.chance.choice(PLANS)
        job = self._ask("GET", f"jobs/{self.jobs[plan.name]}")
        if job.status != 200 or not job.body["next_run_at"]:
            return None
        ahead = timedelta(seconds=plan.every * self.chance.randint(0, 3))
        due = datetime.fromisoformat(job.body["next_run_at"].replace("Z", "+00:00")) + ahead
        answer = self._ask("POST", f"jobs/{job.body['id']}/skip", {"scheduled_for": due.isoformat()})
        return "skipped" if answer.status == 200 else None

    def _one_of(self, state: str) -> dict[str, Any] | None:
        answer = self._ask("GET", f"runs?{state}&limit=30")
        found: list[dict[str, Any]] = answer.body["runs"] if answer.status == 200 else []
        return self.chance.choice(found) if found else None

    def _ask(self, method: str, path: str, body: Any = None) -> Answer:
        answer = ask(self.chance.choice(self.ports), method, path, body)
        if answer.status >= 500 and answer.status != 503:
            self.complaints.append(f"{method} {path} was answered {answer.status}: {answer.body}")
        return answer
