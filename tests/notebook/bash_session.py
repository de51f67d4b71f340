"""Variables as bash has them after running some code, told with NUL behind each text, which no text can hold."""

from __future__ import annotations

import subprocess
from typing import Any

_TELL = r"""
tell() {
  local declared=$(declare -p "$1")
  if [[ $declared == "declare -"*([!\ ])a* ]]; then
    declare -n told=$1
    printf '%s\0' a "${#told[@]}" ${told[@]+"${told[@]}"}
  elif [[ $declared == "declare -"*([!\ ])A* ]]; then
    declare -n told=$1
    printf '%s\0' A "${#told[@]}"
    local key
    for key in "${!told[@]}"; do printf '%s\0' "$key" "${told[$key]}"; done
  else
    printf '%s\0' s "${!1}"
  fi
}
"""


def values_after(code: str, names: list[str]) -> list[Any]:
    """A text, a list of texts, or a dictionary of texts for each of these names once the code has run."""
    program = "\n".join(["shopt -s extglob", _TELL, code, *(f"tell {name}" for name in names)])
    done = subprocess.run(["bash", "--norc", "/dev/stdin"], input=program.encode(), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b""), done.stderr.decode()
    told = iter(done.stdout.decode("utf-8", "surrogateescape").split("\0"))
    return [_next(told) for _ in names]


def _next(told: Any) -> Any:
    kind = next(told)
    if kind == "s":
        return next(told)
    count = int(next(told))
    if kind == "a":
        return [next(told) for _ in range(count)]
    return {next(told): next(told) for _ in range(count)}
