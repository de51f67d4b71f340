"""Values as C# has them after running some cells, told by a program that Mono compiles."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from .told_values import understood

needs_csharp = pytest.mark.skipif(shutil.which("mcs") is None, reason="mcs is not installed")

_TELL = r"""
using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

static class Told {
  static string Hex(string text) { return string.Concat(text.Select(unit => ((int)unit).ToString("x4"))); }
  public static string Tell(object value) {
    if (value == null) return "null";
    if (value is bool) return (bool)value ? "true" : "false";
    if (value is string || value is char) return "{\"s\":\"" + Hex(value.ToString()) + "\"}";
    if (value is double) return "{\"d\":\"" + BitConverter.DoubleToInt64Bits((double)value).ToString("x16") + "\"}";
    if (value is float) return Tell(double.Parse(((float)value).ToString("r")));
    if (value is decimal) return Tell((double)(decimal)value);
    if (value is DateTime) return "{\"t\":\"" + ((DateTime)value).ToString("o") + "\"}";
    if (value is DateTimeOffset) return "{\"t\":\"" + ((DateTimeOffset)value).ToString("o") + "\"}";
    var map = value as IDictionary;
    if (map != null) {
      var pairs = new List<string>();
      foreach (DictionaryEntry pair in map) pairs.Add("[\"" + Hex((string)pair.Key) + "\"," + Tell(pair.Value) + "]");
      return "{\"o\":[" + string.Join(",", pairs) + "]}";
    }
    var items = value as IEnumerable;
    if (items != null) return "[" + string.Join(",", items.Cast<object>().Select(Tell)) + "]";
    return "{\"i\":\"" + value + "\"}";
  }
"""


def values_after(cells: list[str], folder: Path) -> list[Any]:
    """What ``x`` is after each of these cells, each for itself."""
    bodies = "".join(f"static object Cell{number}() {{\n{cell}\nreturn x; }}\n" for number, cell in enumerate(cells))
    told = "".join(f"Console.WriteLine(Tell(Cell{number}()));\n" for number in range(len(cells)))
    source, program = folder / "cells.cs", folder / "cells.exe"
    source.write_text(f"{_TELL}{bodies}static void Main() {{\n{told}}}\n}}\n", encoding="utf-8")
    compiled = ["mcs", "-codepage:utf8", "-nowarn:219", "-r:System.Numerics.dll", f"-out:{program}", str(source)]
    for command in (compiled, ["mono", str(program)]):
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
        assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    return [understood(line) for line in done.stdout.splitlines()]
