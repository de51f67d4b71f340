"""Whether an earlier server has left adopted kernels: all that a server which starts has to know of them."""

from __future__ import annotations

from ..config import Settings
from ..host.kept_kernels import FOLDER
from ..host.rendezvous import Rendezvous

NOTE = "adopted.json"  # in a kernel's folder (app/adopted.py)


def are_left(settings: Settings) -> bool:
    return any(Rendezvous(settings.state_dir).directory.glob(f"{FOLDER}/*/{NOTE}"))
