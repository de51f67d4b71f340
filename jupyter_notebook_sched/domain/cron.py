"""Cron expressions: what is accepted, and the naive wall times that one names.

croniter parses and enumerates; what it accepts but means otherwise than crontab(5) is refused here, with a sentence
that says what to write instead. Wall time becomes real time in ``clock_changes``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from croniter import CroniterBadCronError, CroniterBadDateError, croniter

ALIASES = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
MAX_LENGTH = 256
_NAMES = {
    name: number
    for names, first in (
        ("jan feb mar apr may jun jul aug sep oct nov dec", 1),
        ("sun mon tue wed thu fri sat", 0),
    )
    for number, name in enumerate(names.split(), first)
}
_RANGE = re.compile(r"(\w+)-(\w+)")


def five_fields(expression: str) -> str:
    """The expression as five fields, aliases spelt out; ValueError says in one sentence what to write instead."""
    text = " ".join(expression.split()).lower()
    if len(expression) > MAX_LENGTH:
        raise ValueError(f"a cron expression has at most {MAX_LENGTH} characters")
    if not expression.isascii():
        raise ValueError("a cron expression is written in plain ASCII characters")
    if text.startswith("@"):
        if text not in ALIASES:
            raise ValueError(f"{text!r} is not known; the aliases are {', '.join(ALIASES)}")
        return ALIASES[text]
    fields = text.split(" ")
    if len(fields) != 5:
        raise ValueError(f"five fields are needed (minute, hour, day of month, month, day of week), not {len(fields)}")
    _refuse_what_means_otherwise(fields)
    return text


def _refuse_what_means_otherwise(fields: list[str]) -> None:
    for field in fields:
        letters = set(re.findall(r"[a-z]+", field))
        if letters & {"r", "h"}:
            raise ValueError(f"{field!r} is not supported: a time cannot be random or hashed; write the number")
        for first, last in _RANGE.findall(field):
            low, high = (_NAMES.get(end, end) for end in (first, last))
            # Sunday may end a range as 7; croniter reads "a-a" as every value and a reversed range as a wrap-around.
            if str(low).isdigit() and str(high).isdigit() and int(low) >= int(high):
                raise ValueError(f"the range {first}-{last} must run upwards; write a list such as {first},{last}")
    day, weekday = fields[2], fields[4]
    if not {day, weekday} & {"*", "?"} and "*" in (day[0], weekday[0]):
        # crontab(5) takes both together where one begins with "*", croniter either of them.
        raise ValueError(f"{day!r} and {weekday!r} cannot be combined: name the days, or make two jobs, one for each")
    if day[0] not in "*?" and weekday[0] not in "*?" and re.search(r"[#wl]", day + re.sub(r"[a-z]{3}", "", weekday)):
        raise ValueError("a day of month cannot be combined with '#', 'L' or 'W'; make two jobs, one for each")


def is_fixed(expression: str) -> bool:
    """Whether minute and hour are named times of day (neither field begins with ``*``)."""
    minute, hour = five_fields(expression).split(" ")[:2]
    return not minute.startswith("*") and not hour.startswith("*")


def wall_times(expression: str, after: datetime) -> Iterator[datetime]:
    """Naive wall times strictly after the naive ``after``, in order, without end.

    Raises ValueError where the expression is refused, or names no date at all (31 February).
    """
    try:
        dates = croniter(five_fields(expression), after, ret_type=datetime)
    except CroniterBadCronError as error:
        raise ValueError(f"{expression!r} {_in_plain_words(str(error))}") from None
    while True:
        try:
            yield dates.get_next(datetime)
        except CroniterBadDateError:
            raise ValueError("no date matches this expression: it would never fire") from None


def _in_plain_words(message: str) -> str:
    """croniter's message without its bracketed copy of the expression."""
    return re.sub(r"^\[.*?\]\s*", "", message).strip() or "is not a cron expression"
