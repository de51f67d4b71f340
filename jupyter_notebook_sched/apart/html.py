"""An archived notebook as a page to be read."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from ..archive.reading import opened
from ..notebook.page.facts import Facts

PIECE = 64 * 1024


def work(request: dict[str, Any]) -> Iterator[bytes]:
    """``file``: where it is, ``path``: what it is called in the archive; ``recorded``: the SHA-256 that is on record
    for it, or None; ``facts``: see ``notebook/page/facts.py``."""
    # A second of jsonschema's optional imports, which nothing here asks for.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    from ..notebook.page.rendering import page

    with opened(Path(request["file"]), request["path"]) as file:
        raw = file.read()
    facts = msgspec.convert(request["facts"], Facts)
    recorded = request["recorded"]
    if recorded is not None and hashlib.sha256(raw).hexdigest() != recorded:
        facts = msgspec.structs.replace(facts, changed=True)
    for piece in page(raw, facts):
        yield piece.encode(errors="replace")
