from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

from jupyter_notebook_sched.host.identity import Identity, lives, own_identity, start_time


def test_it_reads_an_identity_back_from_its_text() -> None:
    me = own_identity()
    assert Identity.parse(str(me)) == me
    assert me.pid == os.getpid()
    assert all((me.host, me.boot_id, me.pid_namespace, me.started))


def test_it_knows_that_this_very_process_lives() -> None:
    me = own_identity()
    assert lives(me)
    assert not lives(replace(me, started=me.started + 1)), "the pid was given to another process since"


def test_it_knows_a_child_from_its_start_to_its_end() -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    started = start_time(child.pid)
    assert started is not None
    identity = replace(own_identity(), pid=child.pid, started=started)
    assert lives(identity)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert not lives(identity), "one that has ended and was not collected yet is gone"
    child.wait()
    assert not lives(identity)
    assert start_time(child.pid) is None


def test_it_reads_the_start_of_a_process_with_an_odd_name() -> None:
    rename = "import ctypes, time; ctypes.CDLL(None).prctl(15, b') S 1 (x', 0, 0, 0); print(flush=True); time.sleep(60)"
    child = subprocess.Popen([sys.executable, "-c", rename], stdout=subprocess.PIPE)
    assert child.stdout is not None
    before = start_time(child.pid)
    child.stdout.readline()
    assert start_time(child.pid) == before is not None
    child.kill()
    child.communicate()


def test_it_counts_only_processes_of_the_same_boot_and_namespace_as_near() -> None:
    me = own_identity()
    assert me.same_place(replace(me, pid=1, started=1))
    assert not me.same_place(replace(me, boot_id="another"))
    assert not me.same_place(replace(me, pid_namespace="another"))
    assert not me.same_place(replace(me, host="another"))
