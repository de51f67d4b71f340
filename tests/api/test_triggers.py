from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from .asking import Api

BERLIN = {"type": "cron", "cron": "30 2 * * *", "timezone": "Europe/Berlin"}
INTERVAL = {"type": "interval", "every_seconds": 900, "start_at": None}
ONCE = {"type": "once", "at": "2050-05-01T09:00:00+02:00"}


async def preview(api: Api, trigger: dict[str, Any], **fields: Any) -> dict[str, Any]:
    found: dict[str, Any] = (await api("POST", "triggers/preview", {"trigger": trigger} | fields)).ok()
    assert set(found) == {"description", "fires"}
    assert all(set(fire) == {"at", "local", "note"} for fire in found["fires"])
    return found


async def test_it_shows_in_words_and_dates_what_a_clock_change_moves(api: Api) -> None:
    found = await preview(api, BERLIN, count=2, after="2024-03-30T12:00:00Z")
    assert found == {
        "description": "At 02:30, every day",
        "fires": [
            {
                "at": "2024-03-31T01:00:00Z",
                "local": "2024-03-31T03:00:00+02:00",
                "note": "02:30 does not exist on this day; runs at 03:00",
            },
            {"at": "2024-04-01T00:30:00Z", "local": "2024-04-01T02:30:00+02:00", "note": None},
        ],
    }


async def test_it_shows_five_fires_after_now_unless_told_otherwise(api: Api) -> None:
    fires = (await preview(api, BERLIN))["fires"]
    assert len(fires) == 5
    times = [datetime.fromisoformat(fire["at"].replace("Z", "+00:00")) for fire in fires]
    assert times == sorted(set(times))
    assert times[0] > datetime.now(times[0].tzinfo)


@pytest.mark.parametrize("after", ["2024-05-01T07:00:00Z", "2024-05-01T09:00:00.000+02:00"])
async def test_it_fires_strictly_after_the_moment_given(api: Api, after: str) -> None:
    daily = {"type": "cron", "cron": "0 7 * * *", "timezone": "UTC"}
    (fire,) = (await preview(api, daily, count=1, after=after))["fires"]
    assert fire["at"] == "2024-05-02T07:00:00Z"


async def test_it_counts_an_interval_from_the_moment_asked_about(api: Api) -> None:
    found = await preview(api, INTERVAL, count=2, after="2024-03-30T12:00:00Z")
    assert found["description"] == "Every 15 minutes"
    assert [fire["at"] for fire in found["fires"]] == ["2024-03-30T12:15:00Z", "2024-03-30T12:30:00Z"]
    assert found["fires"][0]["local"] == "2024-03-30T12:15:00+00:00"


async def test_it_counts_an_interval_from_its_own_start(api: Api) -> None:
    started = INTERVAL | {"start_at": "2024-03-30T12:05:00Z"}
    found = await preview(api, started, count=2, after="2024-03-30T12:00:00Z")
    assert [fire["at"] for fire in found["fires"]] == ["2024-03-30T12:05:00Z", "2024-03-30T12:20:00Z"]


async def test_it_shows_one_moment_once(api: Api) -> None:
    found = await preview(api, ONCE)
    assert found["description"] == "Once, on 2050-05-01 at 07:00 UTC"
    assert [fire["at"] for fire in found["fires"]] == ["2050-05-01T07:00:00Z"]


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Etc/GMT+12", "America/New_York", "Europe/Amsterdam"])
@pytest.mark.parametrize("after", ["1900-01-01T00:00:00Z", "2999-12-31T23:59:59Z"])
async def test_it_knows_the_clocks_of_other_centuries(api: Api, zone: str, after: str) -> None:
    at_three = {"type": "cron", "cron": "0 3 1 1 *", "timezone": zone}
    fires = (await preview(api, at_three, count=3, after=after))["fires"]
    assert {fire["local"][4:16] for fire in fires} == {"-01-01T03:00"}


async def test_it_takes_the_last_moment_of_the_years_that_it_knows(api: Api) -> None:
    found = await preview(api, ONCE | {"at": "2999-12-31T23:59:59Z"})
    assert [fire["at"] for fire in found["fires"]] == ["2999-12-31T23:59:59Z"]
    found = await preview(api, INTERVAL | {"start_at": "2999-12-31T23:59:59Z"})
    assert found["fires"][0]["at"] == "2999-12-31T23:59:59Z"


REFUSED = {
    "a bad zone": ({"trigger": BERLIN | {"timezone": "berlin"}}, {"trigger.timezone"}),
    "a bad expression": ({"trigger": BERLIN | {"cron": "9-9 * * * *"}}, {"trigger.cron"}),
    "both": ({"trigger": BERLIN | {"cron": "", "timezone": ""}}, {"trigger.cron", "trigger.timezone"}),
    "six fields": ({"trigger": BERLIN | {"cron": "0 0 7 * * *"}}, {"trigger.cron"}),
    "never": ({"trigger": BERLIN | {"cron": "0 0 30 2 *"}}, {"trigger.cron"}),
    "a far after": ({"trigger": BERLIN, "after": "9999-12-31T23:59:59Z"}, {"after"}),
    "an early after": ({"trigger": BERLIN, "after": "0001-01-01T00:00:00+14:00"}, {"after"}),
    "the last moment of all": ({"trigger": ONCE | {"at": "9999-12-31T23:59:59Z"}}, {"trigger.at"}),
    "a start beyond": ({"trigger": INTERVAL | {"start_at": "9999-12-31T23:59:59Z"}}, {"trigger.start_at"}),
    "no distance": ({"trigger": INTERVAL | {"every_seconds": 0}}, {"trigger.every_seconds"}),
    "32 years": ({"trigger": INTERVAL | {"every_seconds": 10**9}}, {"trigger.every_seconds"}),
    "a past moment": ({"trigger": ONCE | {"at": "2020-01-01T00:00:00Z"}}, {"trigger.at"}),
    "a naive moment": ({"trigger": ONCE | {"at": "2050-01-01T00:00:00"}}, {"trigger.at"}),
    "a moment after all years": ({"trigger": ONCE | {"at": "9999-12-31T23:59:59-12:00"}}, {"trigger.at"}),
    "a start before all years": (
        {"trigger": INTERVAL | {"start_at": "0001-01-01T00:00:00+14:00"}},
        {"trigger.start_at"},
    ),
    "another kind": ({"trigger": {"type": "upstream"}}, {"trigger"}),
    "too many": ({"trigger": BERLIN, "count": 101}, {"count"}),
    "none": ({"trigger": BERLIN, "count": 0}, {"count"}),
    "a naive after": ({"trigger": BERLIN, "after": "2024-05-01T07:00:00"}, {"after"}),
}


@pytest.mark.parametrize(("sent", "fields"), REFUSED.values(), ids=REFUSED)
async def test_it_refuses_what_is_not_valid_naming_the_field(api: Api, sent: dict[str, Any], fields: set[str]) -> None:
    assert (await api("POST", "triggers/preview", sent)).fields() == fields
