"""Messages as outputs of nbformat 4: valid ones, whatever a kernel has put into the place of what the protocol says."""

from __future__ import annotations

from typing import Any

Output = dict[str, Any]


def output_of(kind: str, content: dict[str, Any]) -> Output:
    """A message as an output of nbformat 4, whatever its kernel has put in its place."""
    if kind == "error":
        error = {
            "ename": text_of(content.get("ename")),
            "evalue": text_of(content.get("evalue")),
            "traceback": traceback_of(content),
        }
        return {"output_type": "error", **error}
    output: Output = {"output_type": kind, "metadata": object_of(content.get("metadata")), "data": bundle_of(content)}
    if kind == "execute_result":
        output["execution_count"] = count_of(content)
    return output


def traceback_of(content: dict[str, Any]) -> list[str]:
    lines = content.get("traceback")
    return [text_of(line) for line in lines] if isinstance(lines, list) else [text_of(lines)]


def bundle_of(content: dict[str, Any]) -> dict[str, Any]:
    """Representations by media type; those that are no JSON are text, or lines of it."""
    return {
        kind: value if kind == "application/json" or kind.endswith("+json") or _is_lines(value) else text_of(value)
        for kind, value in object_of(content.get("data")).items()
    }


def _is_lines(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(line, str) for line in value)


def object_of(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def text_of(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def count_of(content: dict[str, Any]) -> int | None:
    count = content.get("execution_count")
    return count if isinstance(count, int) else None
