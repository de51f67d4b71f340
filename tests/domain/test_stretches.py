"""Stretches between changes of clocks, against the tables of the tz database, read here byte by byte (RFC 8536)."""

from __future__ import annotations

import importlib.resources
import itertools
import struct
from datetime import datetime, timezone

import pytest

from jupyter_notebook_sched.domain import zones
from jupyter_notebook_sched.domain.stretches import EPOCH, FIRST, LAST, SECOND, Stretch, stretches

DAY = 86_400
Change = tuple[int, int, int]  # instant, offset before, offset from then on

ZONES = [
    "Africa/Casablanca",
    "Africa/Monrovia",
    "America/New_York",
    "America/Noronha",
    "Antarctica/Casey",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Europe/Lisbon",
    "Europe/London",
    "Pacific/Apia",
    "UTC",
]


def changes_of(name: str) -> list[Change]:
    """Every change of offset that the zone's table lists; what follows the table is a rule of two changes a year."""
    data = importlib.resources.files("tzdata.zoneinfo").joinpath(*name.split("/")).read_bytes()
    is_ut, is_std, leaps, times, types, letters = struct.unpack(">6l", data[20:44])
    begin = 44 + times * 5 + types * 6 + letters + leaps * 8 + is_std + is_ut
    _, _, _, times, types, _ = struct.unpack(">6l", data[begin + 20 : begin + 44])
    begin += 44
    instants = struct.unpack(f">{times}q", data[begin : begin + times * 8])
    kinds = data[begin + times * 8 : begin + times * 9]
    begin += times * 9
    offsets = [struct.unpack(">l", data[begin + kind * 6 : begin + kind * 6 + 4])[0] for kind in range(types)]
    shown = [offsets[0], *(offsets[kind] for kind in kinds)]
    pairs = zip(instants, itertools.pairwise(shown), strict=True)
    return [(instant, before, after) for instant, (before, after) in pairs if before != after]


def seconds(year: int) -> int:
    return (datetime(year, 1, 1, tzinfo=timezone.utc) - EPOCH) // SECOND


def until(name: str, start: int, end: int) -> list[Stretch]:
    return list(itertools.takewhile(lambda each: each.start < end, stretches(zones.zone(name), start)))


@pytest.mark.parametrize("name", ZONES)
def test_it_finds_every_change_of_the_tz_database(name: str) -> None:
    listed = changes_of(name)
    end = listed[-1][0] + 1 if listed else seconds(2040)
    found = [
        (after.start, before.offset, after.offset)
        for before, after in itertools.pairwise(until(name, seconds(1840), end))
        if before.offset != after.offset
    ]
    assert found == listed


@pytest.mark.parametrize("name", ZONES)
def test_stretches_follow_each_other_without_a_gap(name: str) -> None:
    found = until(name, seconds(1890), seconds(2050))
    for before, after in itertools.pairwise(found):
        assert before.end == after.start
    for each in found:
        assert each.start < each.end
        assert each.again <= each.end + each.offset


def test_no_clock_changes_so_often_or_so_much_that_one_would_be_overlooked() -> None:
    for name in zones.zone_names():
        listed = changes_of(name)
        assert all(seconds(1840) < instant < seconds(2101) for instant, _, _ in listed), name
        assert all(later[0] - earlier[0] > 6 * DAY for earlier, later in itertools.pairwise(listed)), name
        assert all(abs(after - before) <= DAY for _, before, after in listed), name


def test_a_set_back_at_new_year_is_known_in_both_years() -> None:
    """Kathmandu went back by 11 min 16 s to 23:48:44, at midnight of its local mean time before 1920."""
    change = (datetime(1919, 12, 31, 18, 18, 44, tzinfo=timezone.utc) - EPOCH) // SECOND
    before, after, new_year = until("Asia/Kathmandu", change - 1, seconds(1920) + 1)
    assert before.end == after.start == change
    assert before.again == change + 19_800
    assert after.seen == change + 20_476
    assert after.end == new_year.start == seconds(1920)
    assert new_year.seen == seconds(1920) + 19_800


def test_the_calendar_ends_without_an_error() -> None:
    for name in ("UTC", "Pacific/Kiritimati", "Etc/GMT+12", "America/New_York", "Australia/Lord_Howe"):
        assert next(stretches(zones.zone(name), -(10**12))).start == FIRST
        assert list(stretches(zones.zone(name), LAST - 1))[-1].end == LAST
        assert list(stretches(zones.zone(name), LAST)) == []
