"""What a kernel may say, by name: the cells that make it say so. They all run in one notebook, one after another."""

from __future__ import annotations

from typing import Any

from ..written import code, markdown

Cells = list[str | dict[str, Any]]
SETTLE = "; import time; time.sleep(0.25)"  # until what other threads and processes said has come
SEND = (
    "kernel = get_ipython().kernel\n"
    "def say(kind, **content): kernel.send_response(kernel.iopub_socket, kind, content)\n"
)
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

RAW_CELL = {"cell_type": "raw", "metadata": {"raw_mimetype": "text/x"}, "source": "raw {{ text }}"}
WITH_PICTURE = markdown("![p](attachment:p.png)") | {"attachments": {"p.png": {"image/png": "aGk="}}}


def may_raise(source: str) -> dict[str, Any]:
    return code(source, "raises-exception")


BEHAVIOURS: dict[str, Cells] = {
    "an error that is expected": [may_raise("1 / 0"), "print('on')"],
    "an exit that is expected": [may_raise("import sys; sys.exit(3)"), may_raise("sys.exit()"), "print('on')"],
    "errors of many shapes": [
        may_raise("def f():\n    return {}['x']\nf()"),
        may_raise("try: f()\nexcept KeyError as e: raise ValueError('told\\nin lines') from e"),
        may_raise("x = = 1"),
        may_raise("class Odd(Exception):\n    def __str__(self): return ''\nraise Odd"),
        may_raise("class Broken(Exception):\n    def __str__(self): 1 / 0\nraise Broken"),
        may_raise("raise KeyboardInterrupt"),
        may_raise("%nosuchmagic"),
        may_raise("assert False"),
    ],
    "an error that is only shown": [
        "try: 1 / 0\nexcept ZeroDivisionError: get_ipython().showtraceback()",
        "print('on')",
    ],
    "cells that do not run": [
        "",
        "  \n\t",
        code("1 / 0", "skip-execution"),
        code("1 / 0", "skip-execution", "raises-exception"),
        markdown("1 / 0"),
        RAW_CELL,
        WITH_PICTURE,
        "'counted on'",
    ],
    "comments only": ["# nothing", "pass"],
    "metadata of cells": [code("1") | {"metadata": {"mine": {"a": [1, None]}, "collapsed": True, "tags": ["a", "b"]}}],
    "results": [
        "5",
        "None",
        "_",
        "5;",
        "In[-2], Out[max(Out)]",
        "list(range(300))",
        "{'a': {1}}",
        "%precision 2\n3.14159",
    ],
    "displays updated by later cells": [
        "one = display('old', display_id='one')\ndisplay('other')\ndisplay('old again', display_id='one')",
        "print('before')\none.display('here too')\none.update('new')",
        "one.update({'a': 1})\n'result'",
        "display('of nobody', display_id='unknown', update=True)",
    ],
    "displays updated between streams": [
        "for n in range(5): print(n, flush=True)\ntwo = display('old', display_id='two')\n"
        "for n in range(5): print(n, flush=True)\ndisplay('old', display_id='two')\nprint('end')",
        "two.update('new')",
    ],
    "a display updated after it was cleared": [
        "from IPython.display import clear_output\n"
        "three = display('old', display_id='three'); clear_output(); print('kept')",
        "three.update('new')",
        "three.display('once more'); print('kept')\nthree.update('newest')",
    ],
    "a result that is updated": [
        SEND + "content = {'data': {'text/plain': 'old'}, 'metadata': {}, 'execution_count': 7}\n"
        "say('execute_result', **content, transient={'display_id': 'four'})",
        "say('update_display_data', data={'text/plain': 'new'}, metadata={'a': 1}, transient={'display_id': 'four'})",
        "say('display_data', data={'text/plain': 'no id'}, metadata={}, transient=None)",
        "say('display_data', data={'text/plain': 'no transient'}, metadata={})",
    ],
    "outputs cleared": [
        "print('gone'); display('gone'); clear_output(); print('stays')",
        "for n in range(3): clear_output(wait=True); print(n)",
        "print('stays, for nothing follows'); clear_output(wait=True)",
        "print('the next cell keeps its own')",
        "print('gone', flush=True); clear_output(wait=True); display('stays')",
        "print('gone', flush=True); clear_output(); clear_output(wait=True); print('a'); print('b')",
        may_raise("print('gone', flush=True); clear_output(wait=True); 1 / 0"),
    ],
    "streams that keep their order": [
        "import sys\nfor n in range(4):\n    print('out', n, flush=True); print('err', n, file=sys.stderr, flush=True)",
        "print('a', end=''); print('b'); sys.stdout.write('c\\n'); sys.stdout.flush()",
        "print('p 10%', end='\\r', flush=True); print('p 20%', end='\\r', flush=True); print('done')",
        "print('x'); display('between'); print('y')\n'z'",
        "print('')",
        "print('', end='')",
        "sys.stderr.write('only err')",
    ],
    "many lines": ["for n in range(3000): print(n)", "for n in range(500): print(n, flush=True)"],
    "rich bundles": [
        f"import base64; png = base64.b64decode('{PNG}')",
        "from IPython.display import *\n"
        "display(HTML('<b>é😀</b>'), Markdown('*y*'), JSON({'a': [1, None]}), SVG('<svg/>'))",
        "Image(png, width=3, metadata={'a': 'b'})",
        "display({'text/plain': 't', 'application/json': {'deep': [1, {'x': None}]}, 'application/vnd.own+json': [],"
        " 'text/html': 'a\\nb', 'image/jpeg': 'aGk='}, raw=True, metadata={'image/jpeg': {'width': 1}})",
        "class R:\n    def _repr_mimebundle_(self, **kw): return {'text/x': 'x'}, {'text/x': {'m': 1}}\nR()",
        may_raise("class Bad:\n    def _repr_html_(self): raise ValueError('no')\nBad()"),
        "Latex('z'), Audio(b'', rate=1) is None",
    ],
    "widgets": [
        "import comm\n"
        "def widget(name, state, **more):\n"
        "    return comm.create_comm(target_name='jupyter.widget', comm_id=name, data={'state': state} | more)\n"
        "def update(w, state, paths=(), buffers=()):\n"
        "    w.send({'method': 'update', 'state': state, 'buffer_paths': list(paths)}, buffers=list(buffers))",
        "model = {'_model_name': 'M', '_model_module': 'm', '_model_module_version': '1'}\n"
        "w = widget('w1', model | {'value': 1, 'b': None})",
        "update(w, {'value': 2, 'more': [1]}, [['b'], ['c', 0]], [b'abc', b'x'])",
        "update(w, {}, [['b']], [b'later'])",
        "w.send({'method': 'custom', 'content': {'a': 1}})",
        "widget('w2', {'no': 'model name', '_model_module': 'm'});",
        "comm.create_comm(target_name='no.such.target', comm_id='c3', data={'a': 1}).send({'b': 2})",
        "widget('w4', {'_model_name': 'N', '_model_module': 'm'}).close()",
        "display({'application/vnd.jupyter.widget-view+json': {'model_id': 'w1'}, 'text/plain': 'W'}, raw=True)",
    ],
    "an output widget": [
        "o = widget('o1', {'_model_name': 'OutputModel', '_model_module': '@jupyter-widgets/output', 'outputs': []})\n"
        "heard = []; o.on_msg(lambda message: heard.append(message['content']['data']))\n"
        "def captured(on): update(o, {'msg_id': kernel.get_parent()['header']['msg_id'] if on else ''})",
        "print('outside', flush=True); captured(True)\n"
        "print('inside'); display('inside too'); sys.stdout.flush()\n"
        "captured(False)\nprint('outside again')",
        "captured(True); print('gone', flush=True); clear_output(); print('kept', flush=True); captured(False)",
        "heard[-1]",
    ],
    "messages that nobody knows": [
        "say('my_own_type', anything=1)\nprint('on')",
        "say('debug_event', event='x')\nsay('data_pub', data={})\nprint('on')",
    ],
    "errors told without a reply": ["say('error', ename='Told', evalue='v', traceback=['line'])\nprint('on')"],
    "questions to a person": [
        may_raise("input('Who?')"),
        may_raise("import getpass; getpass.getpass()"),
        "try: input()\nexcept Exception as e: print(type(e).__name__, e)",
        may_raise("breakpoint()"),
    ],
    "what a front end would do": [
        "get_ipython().set_next_input('1 / 0')",
        "len?",
        "print.__doc__ is None",
        "%load_ext autoreload",
    ],
    "shells": [
        may_raise("%%bash\necho out\nexit 3"),
        "%%bash\necho err >&2",
        "!echo said; exit 4",
        "_exit_code",
        "found = !echo a; echo b\nfound",
        "%%capture got\nprint('hidden')",
        "got.stdout",
    ],
    "awaiting": [
        "import asyncio\nawait asyncio.sleep(0.01, 'slept')",
        may_raise("await asyncio.wait_for(asyncio.sleep(5), 0.01)"),
        "task = asyncio.create_task(asyncio.sleep(0.05, 'of a task'))",
        "await task",
    ],
    "threads": [
        "import threading, time\ndef tell(): go.wait(); print('late', flush=True); display('late')\n"
        "go = threading.Event(); thread = threading.Thread(target=tell); thread.start()",
        "print('own', flush=True); go.set(); thread.join()" + SETTLE,
        "print('still its own')",
        "inside = threading.Thread(target=lambda: print('meanwhile', flush=True))\n"
        "inside.start(); inside.join(); print('after')",
    ],
    "other processes": [
        "import subprocess, os\nsubprocess.run(['echo', 'inherited'])" + SETTLE,
        "os.system('echo from system >&2')" + SETTLE,
        "os.write(1, b'to one\\n')" + SETTLE,
        "print('first', flush=True); subprocess.run(['echo', 'second'])" + SETTLE,
        "pid = os.fork()\nif pid == 0: print('of a fork', flush=True); os._exit(0)\nos.waitpid(pid, 0)[1]" + SETTLE,
    ],
    "cells within cells": ["get_ipython().run_cell('print(1)\\n2 / 2').result", "%%writefile made.txt\nx"],
    "the end": ["'counted to the end'"],
}

# Each ends the notebook at its second cell.
STOPPING: dict[str, Cells] = {
    "an error": ["1", "print('told', flush=True)\n1 / 0", "2"],
    "a question to a person": ["1", "input('Who?')", "2"],
    "a failing shell": ["1", "%%bash\necho out\nexit 3", "2"],
}
