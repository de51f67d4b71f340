"""Where a job puts the output of a run that succeeds."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Format = Literal["ipynb", "html"]


class Delivery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``path``: in the workspace, a template (API.md, *Templates and secrets*). ``hide_code``: a page comes
    without it, in a notebook it is folded away."""

    path: Annotated[str, Meta(min_length=1, max_length=1000)]
    format: Format = "ipynb"
    hide_code: bool = False


class Delivered(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of a delivery: the ``path`` in the workspace that was written, or the ``problem`` that kept it from
    being written."""

    path: str | None = None
    problem: str | None = None
