"""Values as R has them after running some code, told by R itself.

R writes each value in a small JSON of its own: a text as ``{"s": hex of its UTF-8}``, a number as ``{"n": "%.17g"}``,
an object as ``{"o": [[name in hex, value], …]}``. A vector of length one and a scalar are the same thing in R.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

import pytest

needs_r = pytest.mark.skipif(shutil.which("Rscript") is None, reason="Rscript is not installed")

_TELL = r"""
hex <- function(x) paste(charToRaw(enc2utf8(x)), collapse = "")
one <- function(x) {
  if (is.logical(x)) if (x) "true" else "false"
  else if (is.numeric(x)) sprintf("{\"n\":\"%.17g\",\"integer\":%s}", x, if (is.integer(x)) "true" else "false")
  else sprintf("{\"s\":\"%s\"}", hex(x))
}
tell <- function(x) {
  if (is.null(x)) return("null")
  if (inherits(x, "Date")) return(sprintf("{\"date\":\"%s\"}", format(x)))
  if (is.list(x) && !is.null(names(x)))
    return(paste0("{\"o\":[", paste(mapply(function(n, v) sprintf("[\"%s\",%s]", hex(n), tell(v)), names(x), x),
                                    collapse = ","), "]}"))
  if (is.list(x)) return(paste0("[", paste(vapply(x, tell, ""), collapse = ","), "]"))
  if (length(x) == 1) return(one(x))
  paste0("[", paste(vapply(x, one, ""), collapse = ","), "]")
}
"""


def values_after(code: str, names: list[str]) -> list[Any]:
    """The values that these names are bound to once the code has run."""
    told = "\n".join(f"cat(tell({name}), '\\n')" for name in names)
    bound = f"stopifnot(setequal(ls(), c('hex', 'one', 'tell', {', '.join(map(repr, names))})))"
    program = "\n".join([_TELL, code, bound, told])
    done = subprocess.run(
        ["Rscript", "--vanilla", "--encoding=UTF-8", "/dev/stdin"],
        input=program.encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return [_understood(json.loads(line)) for line in done.stdout.decode().splitlines()]


def _understood(told: Any) -> Any:
    if isinstance(told, list):
        return [_understood(item) for item in told]
    if not isinstance(told, dict):
        return told
    if "o" in told:
        return {bytes.fromhex(name).decode(): _understood(value) for name, value in told["o"]}
    if "s" in told:
        return bytes.fromhex(told["s"]).decode()
    return told.get("date") or (int(told["n"]) if told["integer"] else float(told["n"]))


def as_r_has_it(value: Any) -> Any:
    """A JSON value with what R cannot tell apart made one: one element and its array, integers and doubles."""
    if isinstance(value, list):
        items = [as_r_has_it(item) for item in value]
        return items[0] if len(items) == 1 and not isinstance(value[0], list | dict | None) else items
    if isinstance(value, dict):
        return {key: as_r_has_it(item) for key, item in value.items()}
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
