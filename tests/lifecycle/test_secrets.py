"""Secrets of a real server: its scheduler has them, and no other process that it starts."""

from __future__ import annotations

from pathlib import Path

from jupyter_notebook_sched.host import processes

from ..living import wait_until
from ..serving import serving
from ..written import write_notebook

SECRET = "hunter2-of-the-server"


def environment(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""


def test_a_run_gets_a_secret_of_the_server_and_an_opened_kernel_does_not(tmp_path: Path) -> None:
    workspace = tmp_path / "work"
    write_notebook(workspace / "n.ipynb", "print(len(token), token)", parameters="token = ''")
    with serving(workspace, tmp_path / "home", NOTEBOOK_SCHED_SECRET_TOKEN=SECRET) as server:
        before = set(processes.descendants(server.process.pid))
        server.call("POST", "api/kernels", {"name": "python3"})
        wait_until(lambda: [pid for pid in processes.descendants(server.process.pid) if pid not in before], 30)
        opened = [pid for pid in processes.descendants(server.process.pid) if pid not in before]
        wait_until(lambda: all(b"JPY_PARENT_PID" in environment(pid) for pid in opened), 30)
        assert not [pid for pid in opened if b"hunter2" in environment(pid)]
        values = {"token": "{{ secret('TOKEN') }}"}
        run = server.ended(server.start("n.ipynb", parameters=values, templates=True))
        assert (run["state"], run["parameters"]) == ("succeeded", values)
        output = server.call("GET", f"notebook-sched/runs/{run['id']}/output")
        assert output["cells"][-1]["outputs"][0]["text"] == f"{len(SECRET)} ********\n"
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"hunter2" in path.read_bytes()]
