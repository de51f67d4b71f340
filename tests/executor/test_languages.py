"""Notebooks in other languages than Python, and Python notebooks among awkward neighbours."""

from __future__ import annotations

import pytest

from jupyter_notebook_sched.domain.run import RunDetail
from jupyter_notebook_sched.errors import Invalid

from ..house import House

R = {"name": "ir", "display_name": "R", "language": "R"}
BASH = {"name": "bash", "display_name": "Bash", "language": "bash"}


def printed(house: House, run: RunDetail) -> str:
    cells = house.output(run)["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return "".join("".join(output["text"]) for output in outputs if output["output_type"] == "stream")


def needs(house: House, kernel: str) -> None:
    if kernel not in house.context.kernels.languages():
        pytest.skip(f"needs the kernel {kernel}")


def test_it_runs_an_r_notebook_with_the_values_sent(busy_house: House) -> None:
    needs(busy_house, "ir")
    source = "region <- 'us'  # Region code\nn <- 3L\nshare <- 0.5\nlong <- TRUE\n"
    busy_house.notebook("r.ipynb", 'cat(region, n, share, long, sep = "|")', parameters=source, kernelspec=R)
    values = {"region": "fr'\"\\ü", "n": 7, "share": 0.25, "long": False}
    run = busy_house.ended(busy_house.run("r.ipynb", parameters=values).id)
    assert run.state == "succeeded", run.error
    assert printed(busy_house, run) == "fr'\"\\ü|7|0.25|FALSE"
    assert [cell.outcome for cell in run.cells] == ["ok", "ok", "ok"]


def test_it_tells_what_failed_in_r(busy_house: House) -> None:
    needs(busy_house, "ir")
    busy_house.notebook("r.ipynb", "f <- function(x) stop('no data for ', x)", "f('fr')", "1", kernelspec=R)
    run = busy_house.ended(busy_house.run("r.ipynb").id)
    assert (run.state, run.reason) == ("failed", "cell_error")
    assert run.error is not None
    assert run.error.cell_index == 1
    assert "no data for fr" in run.error.value + run.error.traceback
    assert "\x1b" not in run.error.traceback
    assert [cell.outcome for cell in run.cells] == ["ok", "failed", "not_run"]


def test_it_ends_an_r_notebook_at_its_limit(busy_house: House) -> None:
    needs(busy_house, "ir")
    busy_house.notebook("r.ipynb", "Sys.sleep(1000)", kernelspec=R)
    run = busy_house.ended(busy_house.run("r.ipynb", cell_timeout_seconds=2).id)
    assert (run.state, run.reason) == ("failed", "cell_timeout")


def test_it_runs_a_bash_notebook_in_its_folder(busy_house: House) -> None:
    needs(busy_house, "bash")
    busy_house.notebook("sh/b.ipynb", "pwd", "echo done > made.txt", kernelspec=BASH)
    run = busy_house.ended(busy_house.run("sh/b.ipynb").id)
    assert run.state == "succeeded", run.error
    assert printed(busy_house, run).strip() == str(busy_house.workspace / "sh")
    assert (busy_house.workspace / "sh" / "made.txt").read_text() == "done\n"


def test_it_refuses_values_for_a_language_that_it_cannot_read(busy_house: House) -> None:
    needs(busy_house, "bash")
    busy_house.notebook("b.ipynb", "echo $x", parameters="x=1", kernelspec=BASH)
    with pytest.raises(Invalid):
        busy_house.run("b.ipynb", parameters={"x": "2"})
    assert busy_house.ended(busy_house.run("b.ipynb").id).state == "succeeded"


@pytest.mark.parametrize("name", ["nbclient", "msgspec", "asyncio", "json", "jupyter_notebook_sched"])
def test_it_is_not_misled_by_modules_that_lie_in_the_workspace(busy_house: House, name: str) -> None:
    """The kernel finds them, as in any Jupyter; our own processes never look there."""
    folder = busy_house.workspace / f"with-{name}"
    busy_house.notebook(f"with-{name}/a.ipynb", "print('own')")
    (folder / f"{name}.py").write_text("raise RuntimeError('the wrong module')")
    run = busy_house.ended(busy_house.run(f"with-{name}/a.ipynb").id)
    if name in ("nbclient", "msgspec", "jupyter_notebook_sched"):
        assert run.state == "succeeded", run.message
        assert printed(busy_house, run) == "own\n"
    else:
        assert run.state in ("succeeded", "failed"), "a kernel may be broken by them, the worker is not"


def test_it_gives_the_kernel_no_secrets_of_the_worker(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTEBOOK_SCHED_SECRET_X", "hush")
    monkeypatch.setenv("OPEN_TO_ALL", "fine")
    source = "import os\nprint([n for n in os.environ if 'SECRET' in n], os.environ['OPEN_TO_ALL'])"
    house.notebook("env.ipynb", source + "\nprint(os.environ['NOTEBOOK_SCHED_RUN_ID'])")
    house.start_worker()
    run = house.ended(house.run("env.ipynb").id)
    assert printed(house, run) == f"[] fine\n{run.id}\n"
