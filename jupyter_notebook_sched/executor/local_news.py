"""What a runner on this machine tells its worker: an attempt's news, and what would have made it faster."""

from __future__ import annotations

from typing import Union

import msgspec

from ..notebook.execution.fork_server.interpreter import Interpreter
from .interface import Advanced, Ended


class Wanted(msgspec.Struct, frozen=True, tag="wanted"):
    """A kernel of this interpreter had to be started because no fork server was there for it."""

    interpreter: Interpreter


LocalNews = Union[Advanced, Ended, Wanted]  # noqa: UP007 (Python 3.10 evaluates it)
