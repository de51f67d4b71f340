"""A secret reaches the kernel as a value and nothing that we write: real kernels of both kinds, every way out."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_notebook_sched.domain.run import RunDetail
from jupyter_notebook_sched.errors import Invalid
from jupyter_notebook_sched.host import processes
from jupyter_notebook_sched.notebook.execution.masking import MASK
from jupyter_notebook_sched.service import debugging, runs

from ..written import code
from .kinds import KINDS, Kind, KindHouse, printed

SECRET = "hunter2 of 'the \"tests\\n"
FORMS = (SECRET.encode(), b"hunter2 of", b"of 'the", rb"of \'the")
CALL = "{{ secret('PASSWORD') }}"
PARAMETERS = "password = ''\nport = 0\nconfig = {}"
ASKED = {
    "password": CALL,
    "port": "{{ secret('PORT') }}",
    "config": {"url": f"https://u:{CALL}@h/", "n": "{{ attempt }}"},
}
PROOF = "import hashlib; print(hashlib.sha256(password.encode()).hexdigest())"


@pytest.fixture(scope="module")
def secret_house_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Kind], KindHouse]]:
    """Their workers know secrets; whoever sends requests does not. IPython keeps its history in the house."""
    made: dict[Kind, KindHouse] = {}

    def of(kind: Kind) -> KindHouse:
        if kind not in made:
            made[kind] = house_with_secrets(tmp_path_factory.mktemp(kind), kind)
        return made[kind]

    yield of
    for house in made.values():
        house.leave()


def house_with_secrets(folder: Path, kind: Kind) -> KindHouse:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        patch.setenv("JUPYTER_PATH", str(kernel_with_secrets(folder)), prepend=os.pathsep)
        patch.setenv("NOTEBOOK_SCHED_SECRET_PASSWORD", SECRET)
        patch.setenv("NOTEBOOK_SCHED_SECRET_PORT", "54321")
        patch.setenv("NOTEBOOK_SCHED_SECRET_NO_TEXT", os.fsdecode(b"no text \xff\xfe"))
        return KindHouse(folder, kind)


@pytest.fixture(params=KINDS)
def secret_house(request: pytest.FixtureRequest, secret_house_of: Callable[[Kind], KindHouse]) -> KindHouse:
    return secret_house_of(request.param)


@pytest.fixture
def forking_house(secret_house_of: Callable[[Kind], KindHouse]) -> KindHouse:
    """For what does not depend on how a kernel begins."""
    return secret_house_of("forked")


def kernel_with_secrets(folder: Path) -> Path:
    """A data directory of Jupyter with a kernel whose specification puts secrets into its environment."""
    where = folder / "jupyter" / "kernels" / "secretive"
    where.mkdir(parents=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    env = {"NOTEBOOK_SCHED_SECRET_OWN": "own", "COPIED": "${NOTEBOOK_SCHED_SECRET_PASSWORD}", "FINE": "fine"}
    spec = {"argv": argv, "display_name": "secretive", "language": "python", "env": env}
    (where / "kernel.json").write_text(json.dumps(spec))
    return where.parent.parent


def begun(
    house: KindHouse, *cells: str | dict[str, Any], values: dict[str, Any] | None = None, **more: Any
) -> RunDetail:
    house._made += 1
    path = house.notebook(f"s{house._made}/run.ipynb", *cells, parameters=PARAMETERS)
    return house.get(house.run(path, parameters=ASKED if values is None else values, templates=True, **more).id)


def ran(house: KindHouse, *cells: str | dict[str, Any], **more: Any) -> RunDetail:
    return house.ended(begun(house, *cells, **more).id)


def leaks(house: KindHouse) -> list[str]:
    """Files below the house and its runtime directory that hold a piece of the secret."""
    found = []
    for root in (house.root, house.context.meeting.directory):
        for path in root.rglob("*"):
            if path.is_file() and not path.is_symlink():
                content = path.read_bytes()
                found += [str(path) for form in FORMS if form in content]
    return found


def environments(house: KindHouse) -> dict[int, bytes]:
    """Of every process below the worker."""
    found = {}
    for pid in processes.descendants(house.worker):
        try:
            found[pid] = Path(f"/proc/{pid}/environ").read_bytes() + Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
    return found


def test_it_arrives_as_it_is_and_shows_as_its_call(secret_house: KindHouse) -> None:
    run = ran(secret_house, PROOF, "print(port + 1, type(port).__name__, config['n'])", "print(password, end='|')")
    assert (run.state, run.message) == ("succeeded", None)
    assert run.parameters == run.parameters_template == ASKED
    output = secret_house.output(run)
    assert printed(output, 2) == hashlib.sha256(SECRET.encode()).hexdigest() + "\n"
    assert printed(output, 3) == "54322 int 1\n"
    assert printed(output, 4) == f"{MASK}|"
    injected = output["cells"][1]["source"]
    assert [line.partition(" = ")[0] for line in injected.splitlines()] == [
        "# Parameters",
        "password",
        "port",
        "config",
    ]
    assert injected.count("{{ secret('PASSWORD') }}") == 2
    assert '"n": 1' in injected
    facts = output["metadata"]["notebook_sched"]["parameters"]
    assert facts == {
        "password": CALL,
        "port": "{{ secret('PORT') }}",
        "config": {"url": f"https://u:{CALL}@h/", "n": 1},
    }
    assert [cell["execution_count"] for cell in output["cells"]] == [1, 2, 3, 4, 5]
    assert leaks(secret_house) == [], "of any file, IPython's history among them"


LEAKS = [
    "print(password)\nprint(repr(password))",
    "import sys\nfor c in password: sys.stdout.write(c); sys.stdout.flush()",
    "import sys; print(password, file=sys.stderr)",
    "password",
    "{'a': [password]}",
    "from IPython.display import display, HTML, JSON, Markdown\nimport html\ndisplay(HTML(html.escape(password)))",
    "display(JSON({password: [password]}))\ndisplay(Markdown(password), metadata={'k': password})",
    "h = display('x', display_id=True)\nh.update(password)\ndisplay({'application/x+json': {'p': password}}, raw=True)",
    "from IPython.display import clear_output\nprint(password); clear_output(); print(password); clear_output(True)",
    "import warnings; warnings.warn(password)",
    "%precision 3\n%who_ls\nprint(In, Out)",
    "%history -g",
    "import os, sys, time; os.write(1, password.encode()); os.write(2, password.encode())",
    "import subprocess; subprocess.run(['printf', '%s', password])",
    "import ipywidgets\nout = ipywidgets.Output()\ndisplay(ipywidgets.HTML(password), out)\nwith out: print(password)",
    "print(password[:10], end='', flush=True); display(1); time.sleep(0.6); print(password[10:])",
    "print('\\r' + password[:10], end='', flush=True)\nprint(1, file=sys.stderr, flush=True)\nprint(password[10:])",
    "import threading\nthreading.Timer(0.1, lambda: print(password)).start()",
    "get_ipython().run_line_magic('load_ext', 'autoreload')\nprint(globals()['password'])",
    "import pprint; pprint.pprint(globals())",
    "%whos\n%whos str\n?password",
    "def fails(): raise ValueError(password)\nthread = threading.Thread(target=fails); thread.start(); thread.join()",
    "for i in range(3): print(f'\\r{i} {password}', end='', flush=True)",
    "import logging; logging.basicConfig(force=True); logging.error('%s, %r', password, [password])",
]


def test_it_leaves_by_no_output(secret_house: KindHouse) -> None:
    cells = [source for source in LEAKS if "ipywidgets" not in source or importlib.util.find_spec("ipywidgets")]
    recorded = code("import json; print(json.dumps({'found': password}))", "result")
    run = ran(secret_house, recorded, *cells, "import time; time.sleep(0.3)", PROOF)
    assert (run.state, run.message) == ("succeeded", None)
    assert run.results == {"found": MASK}
    assert (secret_house.context.archive.root / str(run.output)).read_text().count(MASK) > 20
    assert leaks(secret_house) == []


def test_what_a_template_made_of_it_does_not_show_either(forking_house: KindHouse) -> None:
    made = "{{ {'k': [secret('PASSWORD') | upper]} }}"
    cells = ["print(password)", "print(repr(password), [password])", "import json; print(json.loads(password)['k'])"]
    run = ran(forking_house, *cells, "raise ValueError(password)", values={"password": made})
    output = (forking_house.context.archive.root / str(run.output)).read_text()
    assert "HUNTER2" not in output + repr(run)
    assert output.count(MASK) >= 4
    assert leaks(forking_house) == []


ERRORS = [
    "raise ValueError('no ' + password)",
    "raise type(password, (Exception,), {})()",
    "{}[password]",
    "assert password == '', password",
    "exec('x = %r\\n1 / 0' % password)",
    "def f(secret):\n    local = secret\n    raise RuntimeError\n%xmode Verbose\nf(password)",
]


def test_it_leaves_by_no_error(secret_house: KindHouse) -> None:
    tolerated = [code(source, "raises-exception") for source in ERRORS]
    run = ran(secret_house, *tolerated, "import sys; sys.exit(password)")
    assert (run.reason, run.progress.done) == ("cell_error", len(ERRORS) + 3)
    assert "hunter2" not in repr(run)
    assert MASK in str(run.message)
    assert run.error is not None
    assert run.error.value == MASK
    assert leaks(secret_house) == []


def test_a_cell_of_values_that_fails_quotes_none(secret_house: KindHouse) -> None:
    """Its traceback shows its source; what does not fit is told without what it is."""
    breaks = "import decimal\ndef no(text): raise ValueError(text)\ndecimal.Decimal = no"
    declared = code("from decimal import Decimal\npwd = ''\nsum = Decimal('1')", "parameters")
    path = secret_house.notebook("late/fails.ipynb", declared | {"source": declared["source"] + "\n" + breaks})
    run = secret_house.ended(secret_house.run(path, parameters={"pwd": CALL, "sum": "2.5"}, templates=True).id)
    assert run.reason == "cell_error", run.message
    assert MASK in run.error.traceback
    run = secret_house.ended(secret_house.run(path, parameters={"sum": CALL}, templates=True).id)
    assert (run.reason, "parameters.sum" in str(run.message)) == ("invalid", True)
    assert "hunter2" not in repr(run)
    assert leaks(secret_house) == []


def test_no_process_has_it_in_its_environment(secret_house: KindHouse) -> None:
    run = begun(secret_house, "open('there', 'w').close()", "import time\nwhile True: time.sleep(0.1)")
    secret_house.running(run.id, 3)
    found = environments(secret_house)
    assert len(found) >= 2, "a runner and a kernel at least"
    assert not [pid for pid, content in found.items() if b"hunter2" in content or b"54321" in content]
    assert leaks(secret_house) == [], "of a run that goes on"
    runs.cancel(secret_house.context, run.id)
    assert secret_house.ended(run.id).state == "cancelled"
    assert leaks(secret_house) == []


def test_a_kernelspec_gives_no_secrets_either(secret_house: KindHouse) -> None:
    source = "import os; print(os.environ['FINE'], [v for n, v in os.environ.items() if 'SECRET' in n + v])"
    run = ran(secret_house, source, values={}, kernel="secretive")
    assert printed(secret_house.output(run), 1) == "fine ['${NOTEBOOK_SCHED_SECRET_PASSWORD}']\n"


def test_what_is_saved_while_it_runs_shows_no_piece_of_it(forking_house: KindHouse) -> None:
    slowly = "import sys, time\nfor c in password:\n    sys.stdout.write(c); sys.stdout.flush(); time.sleep(0.05)"
    run = begun(forking_house, slowly, "time.sleep(0.6)")
    seen = set()
    while forking_house.get(run.id).state in ("queued", "running"):
        now = forking_house.get(run.id)
        file = forking_house.context.archive.root / str(now.output)
        if now.output and file.exists():
            seen |= set(re.findall(r'"text": "([^"]*)"', file.read_text()))
    assert seen <= {"", MASK}
    assert forking_house.get(run.id).state == "succeeded"


def test_a_debug_copy_shows_the_call(forking_house: KindHouse) -> None:
    run = ran(forking_house, "1 / 0")
    reopened = debugging.reopening(forking_house.context, run.id)
    file = Path(reopened.copy.folder, debugging.copied(forking_house.context, reopened).name)
    lines = json.loads(file.read_text())["cells"][1]["source"].splitlines()
    assert "# password = \"{{ secret('PASSWORD') }}\"" in lines, "run again there, it leaves the secret as it is"
    assert "# port = \"{{ secret('PORT') }}\"" in lines
    assert leaks(forking_house) == []


def test_every_attempt_resolves_it_again_with_its_own_number(forking_house: KindHouse) -> None:
    cell = "import os; assert dir == os.environ['NOTEBOOK_SCHED_RUN_DIR']\nif n < 3: raise RuntimeError(pwd)"
    path = forking_house.notebook("retry/run.ipynb", cell, parameters="n = 0\ndir = ''\npwd = ''\nrun = ''")
    values = {"n": "{{ attempt }}", "dir": "{{ run_dir }}", "pwd": CALL, "run": "{{ run_id }}"}
    retry = {"max_attempts": 3, "delay_seconds": 0.1, "backoff": 1}
    run = forking_house.ended(forking_house.run(path, parameters=values, templates=True, retry=retry).id)
    assert (run.state, run.attempt) == ("succeeded", 3)
    assert run.parameters == values | {"run": run.id}
    for attempt in run.attempts:
        output = (forking_house.context.archive.root / str(attempt.output)).read_text()
        assert f"n = {attempt.n}\\n" in output
    assert leaks(forking_house) == []


def test_a_run_without_its_secret_fails_and_says_which(forking_house: KindHouse) -> None:
    """Posted where somebody knew it; not by the worker that takes the run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NOTEBOOK_SCHED_SECRET_HERE_ONLY", "something")
        run = ran(forking_house, values={"password": "{{ secret('HERE_ONLY') }}"})
    assert (run.state, run.reason, run.output_sha256) == ("failed", "invalid", None)
    assert "parameters.password" in str(run.message)
    assert "NOTEBOOK_SCHED_SECRET_HERE_ONLY" in str(run.message)
    run = ran(forking_house, values={"password": "{{ secret('NO_TEXT') }}"})
    assert (run.reason, "surrogate" in str(run.message)) == ("invalid", True)
    with pytest.raises(Invalid) as refused:
        begun(forking_house, values={"password": "{{ secret('NOBODY') }}"})
    assert [error.field for error in refused.value.errors] == ["parameters.password"]
