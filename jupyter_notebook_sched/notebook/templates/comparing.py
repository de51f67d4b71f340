"""What days and moments can be compared with: their own kind, and texts that say one (ISO 8601)."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_TIME = re.compile(r"(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,6}))?)?", re.ASCII)
_OFFSET = re.compile(r"([+-])(\d{2})(?::?(\d{2}))?", re.ASCII)
_WRITTEN = re.compile(r"([^T ]+)[T ]([\d:.,]+?)(Z|[+-][\d:]+)?", re.ASCII)
_BETWEEN = re.compile(r"'(.+)' not supported between instances of '(\w+)' and '(\w+)'")
_KINDS = {"int": "a number", "float": "a number", "str": "a text", "bool": "true or false", "NoneType": "nothing"}
_KINDS |= {"list": "a list", "tuple": "a list", "dict": "an object"}


class Comparable:
    """``==``, ``<`` and their like; TypeError or ValueError, in words for a person, where a comparison makes no sense:
    to call unlike things just unequal would take the wrong branch without a word."""

    __slots__ = ()

    def own_and(self, other: Any) -> tuple[Any, Any]:
        """What stands for this one and for the other when they are compared."""
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        own, others = self.own_and(other)
        return bool(own == others)

    def __lt__(self, other: object) -> bool:
        own, others = self.own_and(other)
        return bool(own < others)

    def __le__(self, other: object) -> bool:
        own, others = self.own_and(other)
        return bool(own <= others)

    def __gt__(self, other: object) -> bool:
        own, others = self.own_and(other)
        return bool(own > others)

    def __ge__(self, other: object) -> bool:
        own, others = self.own_and(other)
        return bool(own >= others)

    def __hash__(self) -> int:
        return hash(str(self))


def day_in(text: str) -> date:
    """ValueError where the text is none."""
    if found := _DAY.fullmatch(text):
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            raise ValueError(f"{text!r} is no day of the calendar") from None
    raise ValueError(f"{_shown(text)} is no day; write one as '2026-05-31'")


def moment_in(text: str) -> tuple[datetime, timedelta | None]:
    """The wall time, and its offset from UTC where it is written. ValueError where the text is no moment."""
    if _DAY.fullmatch(text):
        raise ValueError(UNLIKE)
    found = _WRITTEN.fullmatch(text)
    at = _TIME.fullmatch(found[2]) if found else None
    if found is None or at is None or not _DAY.fullmatch(found[1]):
        raise ValueError(f"{_shown(text)} is no moment; write one as '2026-05-31T07:00:00+02:00'")
    try:
        wall = time(int(at[1]), int(at[2]), int(at[3] or 0), int((at[4] or "").ljust(6, "0")))
    except ValueError:
        raise ValueError(f"{text!r} has no time of day that there is") from None
    return datetime.combine(day_in(found[1]), wall), _offset(found[3], text)


def _offset(written: str | None, text: str) -> timedelta | None:
    if written is None or written == "Z":
        return None if written is None else timedelta()
    found = _OFFSET.fullmatch(written)
    offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0)) if found else timedelta(days=1)
    if found is None or offset >= timedelta(days=1):
        raise ValueError(f"{text!r} has no offset that there is")
    return -offset if found[1] == "-" else offset


def unlike(what: str, such_as: str, other: Any) -> TypeError:
    kind = _KINDS.get(type(other).__name__, "that")
    return TypeError(f"{what} is compared with {what} or a text such as {such_as}, not with {kind}")


UNLIKE = "a moment and a day cannot be compared; compare two days (scheduled_for | date) or two moments"


def in_our_words(error: Exception) -> str:
    """What Python says of things that have no order."""
    found = _BETWEEN.fullmatch(str(error))
    if found is None:
        return str(error)
    kinds = sorted({_KINDS.get(found[2], "that"), _KINDS.get(found[3], "that")})
    what = f"{kinds[0]} and {kinds[-1]} have" if len(kinds) > 1 else f"{kinds[0]} has"
    return f"{what} no order, so {found[1]} says nothing of them"


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:40]}…")
