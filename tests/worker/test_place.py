"""The worker's place at the meeting, when somebody cleans it away."""

from __future__ import annotations

import os
import shutil

from ..house import House
from ..living import lives, wait_until


def test_it_takes_its_place_again_when_that_was_removed_and_runs_on(house: House) -> None:
    house.notebook("a.ipynb", "print(1)")
    worker = house.start_worker()
    assert house.ended(house.run("a.ipynb").id).state == "succeeded"
    shutil.rmtree(house.context.meeting.directory)
    wait_until(lambda: (house.context.meeting.published() or {}).get("pid") == worker.pid, 5)
    assert list(house.context.meeting.living("worker")) == [worker.pid]
    again = house.ended(house.run("a.ipynb").id, 20)
    assert again.state == "succeeded", again.message
    wait_until(lambda: "was removed" in house.context.meeting.log.read_text(), 5, "the log goes on in the new place")


def test_it_binds_its_socket_and_tells_its_facts_again(house: House) -> None:
    worker = house.start_worker()
    meeting = house.context.meeting
    for path in (*meeting.directory.glob("worker-*.sock"), meeting.directory / "worker.json"):
        path.unlink()
    wait_until(lambda: list(meeting.living("worker")) == [worker.pid], 5)
    wait_until(lambda: (meeting.published() or {}).get("pid") == worker.pid, 5)


def test_it_leaves_when_another_worker_has_its_place(house: House) -> None:
    house.notebook("slow.ipynb", "import time; time.sleep(3)")
    first = house.start_worker()
    run = house.run("slow.ipynb")
    house.running(run.id, current=0)
    meeting = house.context.meeting
    (meeting.directory / "worker.lock").unlink()
    lock = meeting.lock()
    assert lock is not None
    meeting.publish({"pid": os.getpid()})
    assert first.wait(20) == 0
    assert house.get(run.id).state == "succeeded"
    assert meeting.published() == {"pid": os.getpid()}, "the facts of the other one are left alone"
    os.close(lock)
    assert not lives(first.pid)
