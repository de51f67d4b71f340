"""What runner and kernel write to their own output is kept with the attempt: real processes, real crashes."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_notebook_sched.domain.run import RunDetail
from jupyter_notebook_sched.executor.attempt_log import CUT, KEPT, NAME, TRIMMED_BEYOND, AttemptLog, trim

from ..house import House
from ..living import descendants_named, wait_until
from .test_killed import runner_of
from .test_limits import WHO, printed

SECRET = "hunter2-of-the-tests"
SAYS = "import os\nos.write(2, b'from a C library: hunter2-of-the-tests\\n')\nopen('said', 'w').close()"
FOR_EVER = "import time\ntime.sleep(1000)"
CRASHES = "import faulthandler, ctypes\nfaulthandler.enable()\ndef deep(): ctypes.string_at(0)\ndeep()"


@pytest.fixture(scope="module")
def logging_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house whose kernels are forked. ipykernel catches descriptors 1 and 2 only where it is not tested itself."""
    house = House(tmp_path_factory.mktemp("logging"))
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTEST_CURRENT_TEST")
        patch.setenv("NOTEBOOK_SCHED_SECRET_PASSWORD", SECRET)
        house.start_worker()
    house.notebook("who.ipynb", WHO)
    assert house.ended(house.run("who.ipynb").id).files == [], "nothing of a kernel that was started the ordinary way"
    wait_until(lambda: "nbkernel" in printed(house, house.ended(house.run("who.ipynb").id)), 60)
    yield house
    house.leave()


def log_of(house: House, run: RunDetail) -> str | None:
    """The text of the log beside the output; None where there is none."""
    found = [file.path for file in run.files if file.path.endswith(f"/{NAME}")]
    if not found:
        return None
    (path,) = found
    file: Path = house.context.archive.root / path
    assert file.stat().st_mode & 0o777 == 0o444
    return file.read_text()


def test_there_is_none_of_a_run_that_says_nothing(logging_house: House) -> None:
    logging_house.notebook("quiet.ipynb", "print('only in the notebook')")
    assert logging_house.ended(logging_house.run("quiet.ipynb").id).files == []


def test_it_has_the_last_words_of_an_interpreter_that_crashes(logging_house: House) -> None:
    logging_house.notebook("crash.ipynb", CRASHES)
    run = logging_house.ended(logging_house.run("crash.ipynb").id)
    assert run.reason == "kernel_died"
    said = str(log_of(logging_house, run))
    assert said.startswith("Fatal Python error: Segmentation fault")
    assert "in deep" in said


def test_it_has_what_a_kernel_says_that_does_not_come_up(logging_house: House) -> None:
    """Its interpreter finds, in the notebook's folder, something else under the name of a module."""
    folder = logging_house.workspace / "hides"
    folder.mkdir()
    (folder / "ipykernel_launcher.py").write_text("raise SystemExit('this is not ipykernel')")
    (folder / "ipykernel.py").write_text("raise RuntimeError('nor is this')")
    logging_house.notebook("hides/a.ipynb", "1")
    run = logging_house.ended(logging_house.run("hides/a.ipynb").id)
    assert run.reason == "kernel_died"
    assert "this is not ipykernel" in str(log_of(logging_house, run))


@pytest.mark.parametrize("who", ["runner", "kernel"])
def test_it_is_kept_when_a_process_was_killed_and_names_no_secret(logging_house: House, who: str) -> None:
    logging_house.notebook(f"{who}/says.ipynb", SAYS, FOR_EVER)
    run = logging_house.run(f"{who}/says.ipynb")
    logging_house.running(run.id, 1)
    worker, tail = logging_house.workers[-1].pid, run.id[-6:]
    said = [runner_of(logging_house, run.id)] if who == "runner" else descendants_named(worker, f"nbkernel-{tail}")
    for pid in said:
        os.kill(pid, signal.SIGKILL)
    ended = logging_house.ended(run.id)
    assert ended.reason == ("lost" if who == "runner" else "kernel_died")
    assert log_of(logging_house, ended) == "from a C library: ********\n"


def test_it_names_nothing_that_was_made_of_a_secret(logging_house: House) -> None:
    """Only the runner knows that."""
    says = "import os; os.write(2, b'C says ' + made.encode() + b' aloud\\n')"
    path = logging_house.notebook("made.ipynb", says, parameters="made = ''")
    values = {"made": "{{ secret('PASSWORD') | upper }}"}
    run = logging_house.ended(logging_house.run(path, parameters=values, templates=True).id)
    assert run.state == "succeeded", run.message
    assert log_of(logging_house, run) == "C says ******** aloud\n"


def test_it_keeps_the_end_of_what_was_said_and_does_not_fill_the_disk(logging_house: House) -> None:
    flood = "import os, time\nfor n in range(120): os.system('head -c 200000 /dev/zero | tr \"\\\\0\" x >&2; echo >&2')"
    logging_house.notebook("flood.ipynb", flood, "os.system('echo the last word >&2')", "time.sleep(1.2)")
    run = logging_house.ended(logging_house.run("flood.ipynb").id)
    said = str(log_of(logging_house, run))
    assert said.endswith("the last word\n")
    assert said.startswith(CUT.decode())
    assert len(said) <= KEPT + len(CUT)


def test_it_never_replaces_a_file_of_the_notebook(logging_house: House) -> None:
    own = "import os, pathlib\npathlib.Path(os.environ['NOTEBOOK_SCHED_RUN_DIR'], 'runner.log').write_text('own')\n"
    logging_house.notebook("own.ipynb", own + "os.write(2, b'said\\n')")
    run = logging_house.ended(logging_house.run("own.ipynb").id)
    root, folder = logging_house.context.archive.root, str(run.output).rpartition("/")[0]
    assert [file.path.removeprefix(folder) for file in run.files] == [f"/1-{NAME}", f"/{NAME}"]
    assert [(root / file.path).read_text() for file in run.files] == ["said\n", "own"]


def test_it_is_trimmed_while_somebody_writes_into_it(tmp_path: Path) -> None:
    log = AttemptLog(tmp_path)
    os.write(log.descriptor, b"line\n" * (TRIMMED_BEYOND // 5 + 1))
    os.write(log.descriptor, b"last\n")
    trim(log.descriptor)
    assert os.fstat(log.descriptor).st_size <= KEPT + len(CUT)
    os.write(log.descriptor, b"and on\n")
    log.keep(tmp_path / "1" / "a.ipynb", {})
    kept = (tmp_path / "1" / NAME).read_bytes()
    assert kept.startswith(CUT + b"line\n")
    assert kept.endswith(b"line\nlast\nand on\n")
    log.close()


def test_it_leaves_out_what_a_debugger_says_at_every_start(tmp_path: Path) -> None:
    log = AttemptLog(tmp_path)
    os.write(
        log.descriptor,
        b"0.00s - Debugger warning: It seems that frozen modules are being used, which may\n"
        b"0.00s - make the debugger miss breakpoints. Please pass -Xfrozen_modules=off\n"
        b"0.00s - to python to disable frozen modules.\n"
        b"0.00s - Note: Debugging will proceed. Set PYDEVD_DISABLE_FILE_VALIDATION=1 to disable this validation.\n",
    )
    log.keep(tmp_path / "1" / "a.ipynb", {})
    assert not (tmp_path / "1").exists()
    os.write(log.descriptor, b"but this\n")
    log.keep(tmp_path / "1" / "a.ipynb", {})
    assert (tmp_path / "1" / NAME).read_bytes() == b"but this\n"
    log.close()
