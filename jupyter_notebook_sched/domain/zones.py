"""Time zones by name, from the tzdata wheel before the system's own (often a year older) database."""

from __future__ import annotations

import difflib
import functools
import importlib.resources
import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_LONGEST = 64
_ABBREVIATION = 4  # CEST resembles EST, but is something else


@functools.cache
def zone_names() -> frozenset[str]:
    """Every name in the tz database that the wheel carries."""
    text = importlib.resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8")
    return frozenset(text.split())


@functools.cache
def zone(name: str) -> ZoneInfo:
    """The zone of that name; ValueError with a sentence for a person where the tz database has none."""
    if name not in zone_names():
        raise ValueError(_unknown(name))
    try:
        with importlib.resources.files("tzdata.zoneinfo").joinpath(*name.split("/")).open("rb") as data:
            return ZoneInfo.from_file(data, key=name)
    except (OSError, ZoneInfoNotFoundError):
        return ZoneInfo(name)


def tzdata_version() -> str:
    """The release of the tz database in use, such as ``2026b``."""
    import tzdata

    return str(tzdata.IANA_VERSION)


def _unknown(name: str) -> str:
    shown = name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…"
    meant = _meant(name.strip()) if len(name) <= _LONGEST else None
    hint = f"did you mean {meant!r}?" if meant else "write one such as 'Europe/Berlin' or 'UTC'"
    return f"{shown!r} is no time zone of the tz database; {hint}"


def _meant(name: str) -> str | None:
    """The zone that somebody probably wanted: other case, the city alone, an offset, a slip of the pen."""
    offset = re.fullmatch(r"(?:UTC|GMT)?([+-])0?(\d{1,2})(?::?00)?", name, re.IGNORECASE)
    if offset:
        # POSIX counts westwards: Etc/GMT-2 is two hours ahead of UTC.
        turned = f"Etc/GMT{'-' if offset[1] == '+' else '+'}{offset[2]}"
        return turned if turned in zone_names() else None
    wanted = name.lower().replace(" ", "_")
    whole = {known.lower(): known for known in sorted(zone_names())}
    cities = {known.lower().rpartition("/")[2]: known for known in sorted(zone_names(), key=_plainness)}
    for known in (whole, cities):
        if wanted in known:
            return known[wanted]
    for known in (whole, cities) if len(wanted) > _ABBREVIATION else ():
        close = difflib.get_close_matches(wanted, known, n=1, cutoff=0.75)
        if close:
            return known[close[0]]
    return None


def _plainness(name: str) -> tuple[bool, str]:
    """Sorts the names that people use (Area/City) behind those kept for old programs, so that they win."""
    area = name.partition("/")[0]
    return area in ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"), name
