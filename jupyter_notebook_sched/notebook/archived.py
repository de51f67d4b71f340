"""What is archived, filled into a model of Jupyter's Contents API
(https://jupyter-server.readthedocs.io/en/latest/developers/contents.html): never writable, and checked when it is
opened."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any, Literal

import msgspec

from ..errors import Invalid

Model = dict[str, Any]


class Asked(msgspec.Struct, frozen=True):
    """``recorded``: the SHA-256 that is on record for the file; None: nothing is. ``is_output``: whether a run made it,
    so that what it shows may be trusted where it is intact. ``with_hash``, ``with_content``: the caller wants it in the
    model."""

    type: Literal["notebook", "file"]
    format: Literal["text", "base64", "json"] | None = None
    recorded: str | None = None
    is_output: bool = False
    with_hash: bool = False
    with_content: bool = True


def filled(described: Model, raw: bytes, asked: Asked) -> Model:
    """The model with its content and ``intact``: whether the bytes are, one for one, what was recorded (None: nothing
    was). Invalid where they are not what was asked for."""
    sha256 = hashlib.sha256(raw).hexdigest() if asked.with_hash or asked.recorded is not None else None
    intact = None if asked.recorded is None else sha256 == asked.recorded
    made = described | {"type": asked.type, "intact": intact}
    if asked.with_hash:
        made |= {"hash": sha256, "hash_algorithm": "sha256"}
    if not asked.with_content:
        return made
    if asked.type == "notebook":
        content = _notebook(raw, described["path"], trusted=asked.is_output and bool(intact))
        return made | {"content": content, "format": "json", "mimetype": None}
    return made | _file(raw, described, asked.format)


def encoded(model: Model) -> bytes:
    """As strict JSON."""
    try:
        return msgspec.json.encode(model)
    except UnicodeEncodeError:  # half a surrogate pair, which a kernel can print, is carried by JSON's escapes only
        return json.dumps(json.loads(json.dumps(model, default=str), parse_constant=lambda _: None)).encode()


def _notebook(raw: bytes, path: str, trusted: bool) -> Model:
    try:
        notebook: Model = json.loads(raw)
        for cell in notebook["cells"]:
            metadata = cell.setdefault("metadata", {})
            metadata["editable"] = False
            if cell["cell_type"] == "code":
                metadata["trusted"] = trusted
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Invalid(f"{path!r} in the archive is damaged", "notebook_unreadable") from None
    return notebook


def _file(raw: bytes, described: Model, asked: str | None) -> Model:
    """Text where it is, else base64; as upstream."""
    if asked == "json":
        raise Invalid(f"{described['path']!r} is a file: its format is text or base64", "bad_format")
    if asked != "base64":
        try:
            text = raw.decode()
            return {"content": text, "format": "text", "mimetype": described["mimetype"] or "text/plain"}
        except UnicodeDecodeError:
            if asked == "text":
                raise Invalid(f"{described['path']!r} is no text in UTF-8; ask for base64", "bad_format") from None
    kind = described["mimetype"] or "application/octet-stream"
    return {"content": base64.b64encode(raw).decode("ascii"), "format": "base64", "mimetype": kind}
