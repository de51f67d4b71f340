"""Which cron expressions are accepted: those that mean here what they mean in crontab(5), and a few that it lacks.

Beyond crontab(5) stand ``L`` (last day), ``15W`` (the working day nearest to it), ``mon#2`` and ``L5`` (the second
Monday, the last Friday), ``?`` for ``*`` in a day field, and ``5/15`` for ``5-59/15``.
"""

from __future__ import annotations

import re

from .fields import DAY, FIELDS, WEEKDAY

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
_ANY_DAY = ("*", "?")


def five_fields(expression: str) -> str:
    """The expression as five lower-case fields, aliases spelt out; ValueError says in one sentence what to write."""
    if len(expression) > MAX_LENGTH:
        raise ValueError(f"a cron expression has at most {MAX_LENGTH} characters")
    if not expression.isascii():
        raise ValueError("a cron expression is written in plain ASCII characters")
    if not expression.strip().replace("\t", " ").isprintable():
        raise ValueError("a cron expression is one line of plain text")
    fields = expression.split()
    if expression.strip().startswith("@"):
        return _of_alias(" ".join(fields))
    if len(fields) != 5:
        raise ValueError(_not_five(len(fields)))
    for field, text in zip(FIELDS, fields, strict=True):
        field.check(text)
    _refuse_combined_days(fields[2], fields[4])
    return " ".join(fields).lower()


def is_fixed(expression: str) -> bool:
    """Whether minute and hour are named times of day (neither field begins with ``*``)."""
    minute, hour = five_fields(expression).split(" ")[:2]
    return not minute.startswith("*") and not hour.startswith("*")


def _of_alias(text: str) -> str:
    known = ALIASES.get(text.lower())
    if known is None:
        other = "; for a steady distance use an interval" if text.lower().startswith("@every") else ""
        raise ValueError(f"{text!r} is not known: the aliases are {', '.join(ALIASES)}{other}")
    return known


def _not_five(count: int) -> str:
    more = "; leave out seconds and years" if count in (6, 7) else ""
    return f"five fields are needed (minute, hour, day of month, month, day of week), not {count}{more}"


def _refuse_combined_days(day: str, weekday: str) -> None:
    """What croniter takes together or apart otherwise than crontab(5) does."""
    if day in _ANY_DAY or weekday in _ANY_DAY:
        return
    if "*" in day + weekday:
        # crontab(5) asks for both where one begins with "*", croniter for either of them, or for one only.
        every, field = (day, DAY) if "*" in day else (weekday, WEEKDAY)
        raise ValueError(
            f"{day!r} and {weekday!r} cannot be combined, as crons disagree whether one or both must hold: write "
            f"{field.written_out(every)!r} for {every!r} if either will do, or make two jobs"
        )
    if re.search(r"w|#|l\d", f"{day} {re.sub('wed', '', weekday.lower())}".lower()):
        # croniter asks for both here, crontab(5) for either of two day fields.
        raise ValueError(f"{day!r} and {weekday!r} cannot be combined: make two jobs, one for each")
