"""The five fields of a cron expression, and what may stand in each."""

from __future__ import annotations

import re
from dataclasses import dataclass

_RANGE = re.compile(r"(\w+)-(\w+)(?:/(\d+))?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_STEP = re.compile(r"(\*|\w+)/(\d+)")


@dataclass(frozen=True)
class Field:
    """``low`` to ``high`` are the numbers it takes, ``first`` is the number of the first of ``names``."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()
    first: int = 0

    @property
    def size(self) -> int:
        """How many values there are (Sunday, being 0 and 7, counts once)."""
        return len(self.names) or self.high - self.low + 1

    def check(self, text: str) -> None:
        """ValueError with a sentence that says what to write instead, where crontab(5) would mean something else."""
        items = text.lower().split(",")
        for item in items:
            if not item:
                raise ValueError(f"{text!r} has an empty place between its commas")
            if len(items) > 1 and (item in ("*", "?") or item.endswith("w")):
                raise ValueError(f"{item.upper()!r} stands alone in its field, not in a list such as {text!r}")
            self._check_item(item)
        _refuse_nth_beside_others(text, items)

    def written_out(self, text: str) -> str:
        """``*/2`` with its bounds, such as ``1-31/2``."""
        return text.replace("*", f"{self.low}-{self.low + self.size - 1}")

    def _check_item(self, item: str) -> None:
        if item == "*" or self._is_special(item):
            return
        if found := _STEP.fullmatch(item):
            self._check_step(item, found[1], int(found[2]))
        elif found := _RANGE.fullmatch(item):
            self._check_range(item, found[1], found[2], int(found[3] or 1))
        else:
            self._number(item)

    def _check_step(self, item: str, start: str, step: int) -> None:
        if start != "*":
            low = self._number(start, item)
            if self is WEEKDAY:
                # Whether it runs to Saturday or to the Sunday after differs from cron to cron.
                raise ValueError(f"{item!r} does not say where it ends: write a range such as {low % 7}-6/{step}")
        self._check_size_of_step(item, step)

    def _check_range(self, item: str, first: str, last: str, step: int) -> None:
        low, high = self._number(first, item), self._number(last, item)
        if low == high:
            raise ValueError(f"the range {item!r} is one value: write {first!r}")
        if low > high:
            # croniter wraps around; crontab(5) knows no such range.
            raise ValueError(f"the range {item!r} must run upwards: write {self._wrapped(first, last, step)!r}")
        self._check_size_of_step(item, step)

    def _check_size_of_step(self, item: str, step: int) -> None:
        if step == 0:
            raise ValueError(f"the step of {item!r} is at least 1")
        if step > self.size:
            # It would mean the first value only, while it reads as a longer time.
            other = "; for a longer distance use an interval" if self in (MINUTE, HOUR) else ""
            raise ValueError(f"the step of {item!r} is at most {self.size} in the {self.name} field{other}")

    def _wrapped(self, first: str, last: str, step: int) -> str:
        """A reversed range as a list that runs upwards, by name where it was written by name."""
        end = self.low + self.size - 1
        low, high = self._number(first), self._number(last)
        if low > end:  # Sunday, as 7
            return f"0-{high}" if high else "0"
        if step > 1:
            values = [*range(low, end + 1), *range(self.low, high + 1)][::step]
            return ",".join(map(str, sorted(values)))
        show = str if first.isdigit() else lambda number: self.names[number - self.first]
        pairs = ((low, end), (self.low, high))
        return ",".join(show(a) if a == b else f"{show(a)}-{show(b)}" for a, b in pairs)

    def _number(self, text: str, item: str = "") -> int:
        """The number that a number or name stands for; ``item``: what it is a part of."""
        if text in self.names:
            return self.names.index(text) + self.first
        if not text.isdigit():
            raise ValueError(self._why_no_value(text, item or text))
        number = int(text)
        if not self.low <= number <= self.high:
            raise ValueError(f"{item or text!r} is out of range: the {self.name} field takes {self._values()}")
        return number

    def _is_special(self, item: str) -> bool:
        if self is DAY:
            if item.endswith("w") and item[:-1].isdigit() and int(item[:-1]) > 28:
                raise ValueError(f"{item.upper()!r} names a day that not every month has: write 1W to 28W, or L")
            return item in ("?", "l") or bool(re.fullmatch(r"0*([1-9]|[12]\d)w", item))
        if self is WEEKDAY:
            nth = re.fullmatch(r"(\w+)#(\d+)", item)
            if nth:
                self._number(nth[1], item)
                if not 1 <= int(nth[2]) <= 5:
                    raise ValueError(f"{item!r} is out of range: a month has up to five of a weekday, #1 to #5")
            return item == "?" or bool(nth) or bool(re.fullmatch(r"l0*[0-7]", item))
        return False

    def _why_no_value(self, text: str, item: str) -> str:
        if text[:1] in ("h", "r") or "~" in text:
            return f"{item!r} is not supported: a time cannot be random or hashed; write the number"
        if self is WEEKDAY and "#" in text:
            return f"{item!r} is not acceptable: write one weekday and its number, such as mon#2"
        if self is WEEKDAY and "l" in (text[:1], text[-1:]):
            return f"{item.upper()!r} is not acceptable: write L5 for the last Friday of the month, and so on"
        if text[:3] in self.names:
            short = re.sub(r"([a-z]{3})[a-z]+", r"\1", item)
            return f"{item!r} is not acceptable: write {short!r}"
        if self is DAY and text[:1] in ("l", "w"):
            return f"{item.upper()!r} is not acceptable: write L for the last day, 15W for the working day nearest 15"
        if text.startswith("-"):
            return f"{item!r} is not acceptable: there are no negative numbers"
        return f"{item!r} is not acceptable: the {self.name} field takes {self._values()}"

    def _values(self) -> str:
        names = f" or {self.names[0]} to {self.names[-1]}" if self.names else ""
        return f"{self.low} to {self.high}{names}"


def _refuse_nth_beside_others(text: str, items: list[str]) -> None:
    nth = [item for item in items if "#" in item or re.fullmatch(r"l\d+", item)]
    if nth and len(nth) < len(items):
        raise ValueError(f"{text!r} mixes weekdays of every week with single ones of the month: make two jobs")


MINUTE = Field("minute", 0, 59)
HOUR = Field("hour", 0, 23)
DAY = Field("day of month", 1, 31)
MONTH = Field("month", 1, 12, _MONTHS, 1)
WEEKDAY = Field("day of week", 0, 7, _WEEKDAYS)
FIELDS = (MINUTE, HOUR, DAY, MONTH, WEEKDAY)
