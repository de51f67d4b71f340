"""Routes that the contract knows and this version does not have yet: there, guarded, and honest about it."""

from __future__ import annotations

from ..errors import NotAvailableYet
from ..service.forms import Nothing
from .base import SchedHandler
from .operation import operation


def not_built(what: str) -> NotAvailableYet:
    return NotAvailableYet(f"{what} is not available in this version yet")


class NotBuiltToExecute(SchedHandler):
    @operation("execute", body=Nothing, open_body=True, answers={})
    async def post(self, *_: object) -> None:
        """Not available in this version yet."""
        raise not_built("this")


class NotBuiltToWrite(SchedHandler):
    @operation("write", body=Nothing, open_body=True, answers={})
    async def post(self, *_: object) -> None:
        """Not available in this version yet."""
        raise not_built("this")


class NotBuiltToRead(SchedHandler):
    @operation("read", answers={})
    async def get(self, *_: object) -> None:
        """Not available in this version yet."""
        raise not_built("this")
