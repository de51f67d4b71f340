"""What of an output is looked at: the one of its forms that a page shows, or its text."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["text", "error", "image", "html", "data"]

IMAGES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")
TEXTS = ("text/markdown", "text/latex", "text/plain")
WIDGET = "application/vnd.jupyter.widget-view+json"
LONGEST_SETTLED = 100_000

# ECMA-48 control sequences (colours).
_TERMINAL_CODES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_OVERWRITTEN = re.compile(r"[^\n\r]*\r(?=[^\n])")
# What is another with every run, whatever the notebook does: addresses in memory, the kernel's process id in the names
# of its files, random UUIDs, and what pandas' Styler calls its tables.
_FLEETING = re.compile(
    r"(?<=\b0x)[0-9a-fA-F]{6,16}\b|(?<=ipykernel_)\d+|(?<=\bT_)[0-9a-f]{5}\b"
    r"|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
)


@dataclass(frozen=True, slots=True)
class Rendition:
    """``name``: the stream (stdout, stderr) or the mime type. ``text``: what it says, without terminal codes; that of
    an image is base64, or the markup of SVG. ``plain``: the text/plain beside HTML."""

    kind: Kind
    name: str
    text: str
    plain: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def key(self) -> str:
        """Equal for what shows the same, but for what is another with every run; long texts are taken as they are."""
        as_it_is = self.kind == "image" or len(self.text) > LONGEST_SETTLED
        return f"{self.kind}\0{self.name}\0{self.text if as_it_is else _FLEETING.sub('…', self.text)}"


def rendition_of(output: Any) -> Rendition:
    """Of anything that stands in a list of outputs; what is in no shape at all is data."""
    kind = output.get("output_type") if isinstance(output, Mapping) else None
    if kind == "stream":
        return Rendition("text", str(output.get("name", "stdout")), plain_text(joined(output.get("text"))))
    if kind == "error":
        traceback = output.get("traceback")
        lines = [joined(line) for line in traceback] if isinstance(traceback, list) else []
        head = f"{joined(output.get('ename'))}: {joined(output.get('evalue'))}"
        return Rendition("error", "error", plain_text("\n".join([head, *lines])))
    data = output.get("data") if isinstance(output, Mapping) else None
    if kind in ("display_data", "execute_result") and isinstance(data, Mapping):
        return _of_bundle(data)
    return Rendition("data", "application/json", _as_json(output))


def _of_bundle(data: Mapping[str, Any]) -> Rendition:
    """Images first: what draws itself by a script in JupyterLab cannot here."""
    for name in IMAGES:
        if name in data:
            text = joined(data[name])
            return Rendition("image", name, text if name == "image/svg+xml" else "".join(text.split()))
    plain = plain_text(joined(data.get("text/plain")))
    if "text/html" in data:
        return Rendition("html", "text/html", joined(data["text/html"]), plain)
    for name in TEXTS[:-1]:
        if name in data:
            return Rendition("text", name, joined(data[name]))
    for name in sorted(data):
        if name != WIDGET and name != "text/plain":
            return Rendition("data", name, data[name] if isinstance(data[name], str) else _as_json(data[name]))
    return Rendition("text", "text/plain", plain)


def joined(text: Any) -> str:
    """Text as notebooks hold it: one string, or a list of them."""
    if isinstance(text, list):
        try:
            return "".join(text)
        except TypeError:
            return "".join(part for part in text if isinstance(part, str))
    return text if isinstance(text, str) else "" if text is None else _as_json(text)


def plain_text(text: str) -> str:
    """As a terminal leaves it: without its codes, and without what a carriage return went back over."""
    bare = _TERMINAL_CODES.sub("", text) if "\x1b" in text else text
    return _OVERWRITTEN.sub("", bare.replace("\r\n", "\n")) if "\r" in bare else bare


def _as_json(value: Any) -> str:
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False)
