"""What an execution is given beside its notebook: what must not be seen, limits, what has been executed already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .masking import OPEN, Masking


@dataclass(frozen=True)
class Hidden:
    """``sources``: what is executed in the place of what cells show, by index, and remembered by no kernel: IPython
    keeps what it remembers in a file. ``remark``: a comment, which is remembered for each of them, so that all cells
    have their numbers. ``masking``: keeps what they hold out of outputs."""

    sources: Mapping[int, str] = field(default_factory=dict)
    remark: str = ""
    masking: Masking = OPEN


NOTHING_HIDDEN = Hidden()


@dataclass(frozen=True)
class Earlier:
    """What another execution left in a kernel that lives: ``cells`` are in the notebook as they ran there, by index,
    and do not run again. ``first`` is executed before all others, unseen."""

    cells: frozenset[int] = frozenset()
    first: str = ""


@dataclass(frozen=True)
class Limits:
    """In seconds, kernel start included in ``run``; None: without limit."""

    run: float | None = None
    cell: float | None = None
