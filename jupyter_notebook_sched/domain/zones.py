"""Time zones by name, from the tzdata wheel before the system's own (often a year older) database."""

from __future__ import annotations

import functools
import importlib.resources
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@functools.cache
def zone_names() -> frozenset[str]:
    """Every name in the tz database that the wheel carries."""
    text = importlib.resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8")
    return frozenset(text.split())


@functools.cache
def zone(name: str) -> ZoneInfo:
    """The zone of that name; ValueError with a sentence for a person where the tz database has none."""
    if name not in zone_names():
        raise ValueError(f"{name!r} is no time zone of the tz database; write one such as 'Europe/Berlin' or 'UTC'")
    try:
        with importlib.resources.files("tzdata.zoneinfo").joinpath(*name.split("/")).open("rb") as data:
            return ZoneInfo.from_file(data, key=name)
    except (OSError, ZoneInfoNotFoundError):
        return ZoneInfo(name)


def tzdata_version() -> str:
    """The release of the tz database in use, such as ``2026b``."""
    import tzdata

    return str(tzdata.IANA_VERSION)
