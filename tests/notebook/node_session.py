"""Variables as Node has them after cells ran as a kernel runs them: each a script of its own in one context."""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
from typing import Any

import pytest

_BESIDE_PYTHON = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")])
NODE = shutil.which("node", path=_BESIDE_PYTHON)
needs_node = pytest.mark.skipif(NODE is None, reason="Node is not installed")

_RUN = r"""
const vm = require("vm");
const hex = text => Buffer.from(text, "utf16le").toString("hex");
function tell(value) {
  if (value === null || value === true || value === false) return value;
  if (value === undefined) return { undefined: true };
  if (typeof value === "string") return { text: hex(value) };
  if (typeof value === "bigint") return { whole: value.toString() };
  if (typeof value === "number") {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(value);
    return { double: bytes.toString("hex") };
  }
  if (Array.isArray(value)) return { items: value.map(tell) };
  if (typeof value.toISOString === "function") return { date: value.toISOString() };
  const plain = Object.getPrototypeOf(value) === vm.runInThisContext("Object.prototype");
  return { members: Reflect.ownKeys(value).map(key => [hex(key), tell(value[key])]), plain };
}
const { cells, names } = JSON.parse(require("fs").readFileSync(0, "utf8"));
for (const cell of cells) vm.runInThisContext(cell);
process.stdout.write(JSON.stringify(names.map(name => tell(vm.runInThisContext(name)))));
"""


def values_after(cells: list[str], names: list[str]) -> list[Any]:
    """Numbers are floats, BigInts integers, objects dictionaries, dates ``{"date": ISO}``."""
    asked = json.dumps({"cells": cells, "names": names})
    assert NODE is not None
    done = subprocess.run([NODE, "-e", _RUN], input=asked.encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return [_understood(value) for value in json.loads(done.stdout)]


def _understood(told: Any) -> Any:
    if not isinstance(told, dict):
        return told
    if "text" in told:
        return _text(told["text"])
    if "whole" in told:
        return int(told["whole"])
    if "double" in told:
        return struct.unpack(">d", bytes.fromhex(told["double"]))[0]
    if "items" in told:
        return [_understood(item) for item in told["items"]]
    if "members" in told:
        assert told["plain"], "an object with another prototype"
        return {_text(name): _understood(value) for name, value in told["members"]}
    return told


def _text(told: str) -> str:
    return bytes.fromhex(told).decode("utf-16-le")
