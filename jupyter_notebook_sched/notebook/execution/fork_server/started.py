"""How a kernel came to be, as it is told to whoever owns the fork servers."""

from __future__ import annotations

import msgspec

from .interpreter import Interpreter

# After these another try with the server as it is would end in the same way.
NEEDS_A_SERVER = frozenset({"absent", "changed", "threads", "silent"})


class Started(msgspec.Struct, frozen=True, tag="started"):
    """A kernel of this interpreter was forked where ``refusal`` is None; else it was started the ordinary way, and
    ``refusal`` is the reason (``forked_kernel.Refused``), ``detail`` the rest of the sentence."""

    interpreter: Interpreter
    refusal: str | None = None
    detail: str = ""

    @property
    def needs_a_server(self) -> bool:
        return self.refusal in NEEDS_A_SERVER
