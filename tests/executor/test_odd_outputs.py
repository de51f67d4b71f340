"""What a notebook may say that JSON, UTF-8 or nbformat has no place for, and kernels that break their own rules: the
run ends honestly, and its output is a valid notebook."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from ..written import code
from .behaviours import SEND
from .kinds import KindHouse, outcomes, printed

# Cells, and what the first output of each becomes (as jupyter_client's packer cleans it up).
ODD: dict[str, Any] = {
    "'\\ud83d'": {"text/plain": "'\\ud83d'"},
    "display({'application/json': {'n': float('nan'), 'i': [float('inf')]}}, raw=True)": {
        "application/json": {"n": "nan", "i": ["inf"]}
    },
    "display({'image/png': b'\\x00\\xff', 'text/plain': 't'}, raw=True)": {"image/png": "AP8=", "text/plain": "t"},
    "display({'application/octet-stream': bytes(10**6)}, raw=True)": {
        "application/octet-stream": base64.b64encode(bytes(10**6)).decode()
    },
    "display({'application/json': {1: 2, (1, 2): {3}}}, raw=True)": {"application/json": {"1": 2, "(1, 2)": [3]}},
    "display({'text/plain': 'a\\0b\\x85\\u2028\\x1b[0m'}, raw=True)": {"text/plain": "a\0b\x85\u2028\x1b[0m"},
    "display({'text/html': ['a', 'b']}, raw=True)": {"text/html": ["a", "b"]},
}


def test_it_writes_down_what_json_has_no_place_for(forking_house: KindHouse) -> None:
    run = forking_house.ran(*ODD)
    assert (run.state, set(outcomes(run))) == ("succeeded", {"ok"})
    data = [cell["outputs"][0]["data"] for cell in forking_house.output(run)["cells"][1:]]
    assert data == list(ODD.values())


@pytest.mark.parametrize(
    "cell", ["display({'text/plain': object()}, raw=True)", "d = []; d.append(d)\nraise ValueError('\\ud800')"]
)
def test_it_fails_where_the_kernel_cannot_say_it(cell: str, forking_house: KindHouse) -> None:
    run = forking_house.ran("print('before')", cell, "1")
    assert (run.state, run.reason, outcomes(run)) == ("failed", "cell_error", ["ok", "failed", "not_run"])


def test_it_keeps_fifty_thousand_lines_and_their_order(kind_house: KindHouse) -> None:
    cells = ["for n in range(50_000): print(n)", "for n in range(900): print(n, flush=True)"]
    run = kind_house.ran(
        *cells, "import os\nfor n in range(20_000): print(n)\nimport time; time.sleep(0.5); os._exit(3)"
    )
    assert (run.state, run.reason, outcomes(run)) == ("failed", "kernel_died", ["ok", "ok", "failed"])
    output = kind_house.output(run)
    for cell, lines in ((1, 50_000), (2, 900), (3, 20_000)):
        assert len(output["cells"][cell]["outputs"]) == 1
        assert printed(output, cell) == "".join(f"{n}\n" for n in range(lines))


# Each breaks the messaging protocol in another way.
RUDE = [
    "say('stream')",
    "say('stream', name='stdout', text=None)",
    "say('stream', name=['stdout'], text='x')",
    "say('display_data')",
    "say('display_data', data=None, metadata=None)",
    "say('display_data', data={'text/plain': None}, metadata={})",
    "say('display_data', data={'text/plain': 5}, metadata={})",
    "say('display_data', data={'text/plain': 'x'}, metadata=[1])",
    "say('display_data', data={'text/plain': 'x'}, metadata={}, transient='text')",
    "say('display_data', data={'text/plain': 'x'}, metadata={}, transient={'display_id': ['list']})",
    "say('update_display_data', data={}, transient={'display_id': {}})",
    "say('execute_result', data={'text/plain': 'x'})",
    "say('execute_result', data={'text/plain': 'x'}, metadata={}, execution_count='7')",
    "say('error')",
    "say('error', ename=None, evalue=None, traceback=None)",
    "say('error', ename='E', evalue=5, traceback='not a list')",
    "say('status')",
    "say('status', execution_state=['idle'])",
    "say('clear_output')",
    "say('execute_input', execution_count=None)",
    "say('comm_open')",
    "say('comm_open', comm_id='x', target_name='jupyter.widget', data={})",
    "say('comm_open', comm_id='y', target_name='jupyter.widget', data={'state': 5})",
    "state = {'_model_module': '@jupyter-widgets/output'}\n"
    "say('comm_open', comm_id='z', target_name='jupyter.widget', data={'state': state})",
    "say('comm_msg', comm_id=['x'], data={'state': {}})",
    "say('comm_msg', comm_id='x', data={'state': {'a': 1}, 'buffer_paths': [['a']]})",
    "say('comm_close')",
    "kernel.session.send(kernel.iopub_socket, 'stream', {'name': 'stdout', 'text': 'orphan'}, parent=None)",
    "kernel.iopub_socket.send_multipart([b'no', b'message'])",
    "kernel.iopub_socket.send_multipart([b'kernel', b'<IDS|MSG>', b'signed by nobody', b'{}', b'{}', b'{}', b'{}'])",
    "kernel.iopub_socket.send_multipart([b'kernel', b'<IDS|MSG>'])",
]


def test_it_goes_on_with_a_kernel_that_breaks_the_protocol(forking_house: KindHouse) -> None:
    cells = [code(f"{cell}\nprint({number}, flush=True)") for number, cell in enumerate(RUDE)]
    run = forking_house.ran(SEND, *cells, cell_timeout_seconds=20)
    assert (run.state, run.message, set(outcomes(run))) == ("succeeded", None, {"ok"})
    output = forking_house.output(run)
    for number, rude in enumerate(RUDE):
        assert printed(output, number + 2).endswith(f"{number}\n"), rude
