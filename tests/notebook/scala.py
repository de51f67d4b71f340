"""Values as Scala has them after running some cells, told by Scala itself."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from .told_values import understood

needs_scala = pytest.mark.skipif(shutil.which("scala") is None, reason="scala is not installed")

_TELL = r"""
object Told {
  def hex(text: String) = text.map(unit => f"${unit.toInt}%04x").mkString
  def tell(value: Any): String = value match {
    case null | None => "null"
    case Some(inner) => tell(inner)
    case flag: Boolean => flag.toString
    case text: String => "{\"s\":\"" + hex(text) + "\"}"
    case unit: Char => "{\"s\":\"" + hex(unit.toString) + "\"}"
    case number: Double => "{\"d\":\"" + f"${java.lang.Double.doubleToLongBits(number)}%016x" + "\"}"
    case number: Float => tell(number.toString.toDouble)
    case map: Map[_, _] => map.map { case (k, v) => "[\"" + hex(k.toString) + "\"," + tell(v) + "]" }
      .mkString("{\"o\":[", ",", "]}")
    case items: Array[_] => items.map(tell(_)).mkString("[", ",", "]")
    case items: Iterable[_] => items.map(tell(_)).mkString("[", ",", "]")
    case time: java.time.temporal.Temporal => "{\"t\":\"" + time + "\"}"
    case number => "{\"i\":\"" + number + "\"}"
  }
}
"""


def values_after(cells: list[str], folder: Path) -> list[Any]:
    """What ``x`` is after each of these cells, each for itself."""
    bodies = "".join(f"object Cell{number} {{\n{cell}\n}}\n" for number, cell in enumerate(cells))
    told = "".join(f"println(Told.tell(Cell{number}.x))\n" for number in range(len(cells)))
    script = folder / "cells.scala"
    script.write_text(_TELL + bodies + told, encoding="utf-8")
    options = ["-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-nc", "-nowarn", "-encoding", "UTF-8"]
    command = ["scala", *options, "-Dfile.encoding=UTF-8", str(script)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    return [understood(line) for line in done.stdout.splitlines()]
