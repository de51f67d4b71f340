"""Executes one notebook after the other with nbclient: what it imports is paid once, a kernel is started for each.

A script for the peers' interpreter. It reads lines of JSON, ``[notebook, output]``, and answers each with a line once
the output is written: ``null``, or what went wrong.
"""

import json
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient


def execute(notebook: str, output: str) -> None:
    document = nbformat.read(notebook, 4)  # type: ignore[no-untyped-call]
    resources = {"metadata": {"path": str(Path(notebook).parent)}}
    NotebookClient(document, timeout=None, resources=resources).execute()
    nbformat.write(document, output)  # type: ignore[no-untyped-call]


print("null", flush=True)
for line in sys.stdin:
    try:
        execute(*json.loads(line))
        answer = None
    except Exception as error:
        answer = repr(error)
    print(json.dumps(answer), flush=True)
