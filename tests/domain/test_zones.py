from __future__ import annotations

import importlib.resources
import zoneinfo
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from jupyter_notebook_sched.domain import zones

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)

MEANT = {
    "europe/berlin": "'Europe/Berlin'",
    "Berlin": "'Europe/Berlin'",
    "utc": "'UTC'",
    "CET ": "'CET'",
    "New York": "'America/New_York'",
    "America/NewYork": "'America/New_York'",
    "US/Pacfic": "'US/Pacific'",
    "Europe/Kyev": "'Europe/Kyiv'",
    "UTC+2": "'Etc/GMT-2'",
    "+02:00": "'Etc/GMT-2'",
    "GMT-5": "'Etc/GMT+5'",
}
NOTHING_LIKE_IT = [
    "Mars/Olympus",
    "",
    "../../etc/passwd",
    "/etc/localtime",
    "Europe",
    "CEST",
    "EDT",
    "+05:30",
    "z" * 100_000,
]


@pytest.mark.parametrize(("name", "meant"), MEANT.items())
def test_it_asks_whether_a_zone_that_resembles_the_name_was_meant(name: str, meant: str) -> None:
    with pytest.raises(ValueError, match="did you mean") as refused:
        zones.zone(name)
    assert meant in str(refused.value)
    zones.zone(meant.strip("'"))


@pytest.mark.parametrize("name", NOTHING_LIKE_IT, ids=[name[:20] for name in NOTHING_LIKE_IT])
def test_it_refuses_a_zone_that_the_tz_database_does_not_have(name: str) -> None:
    with pytest.raises(
        ValueError, match="no time zone of the tz database; write one such as 'Europe/Berlin'"
    ) as refused:
        zones.zone(name)
    assert len(str(refused.value)) < 200


def test_it_reads_every_zone_that_it_names_from_its_own_database() -> None:
    assert {"UTC", "Europe/Berlin", "Pacific/Apia", "America/Argentina/Buenos_Aires", "Etc/GMT+5"} <= zones.zone_names()
    for name in zones.zone_names():
        assert NOW.astimezone(zones.zone(name)) == NOW
    assert zones.tzdata_version()[:2] == "20"


def test_the_wheel_wins_over_an_older_database_of_the_system(tmp_path: Path) -> None:
    """A system that believes Berlin to be on UTC."""
    (tmp_path / "Europe").mkdir()
    utc = importlib.resources.files("tzdata.zoneinfo").joinpath("UTC").read_bytes()
    (tmp_path / "Europe" / "Berlin").write_bytes(utc)
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath([str(tmp_path)])
    zoneinfo.ZoneInfo.clear_cache()
    zones.zone.cache_clear()
    try:
        assert NOW.astimezone(zoneinfo.ZoneInfo("Europe/Berlin")).utcoffset() == timedelta()
        assert NOW.astimezone(zones.zone("Europe/Berlin")).utcoffset() == timedelta(hours=1)
    finally:
        zoneinfo.reset_tzpath(before)
        zoneinfo.ZoneInfo.clear_cache()
