"""Makes the data of the examples: half a year of an invented streaming service, in two CSV files beside this script.

``plays.csv`` has a row for each day, region and device type; ``titles.csv`` each region's most played titles, up to
fifteen, of each whole week (named by its Monday). Both count ``plays`` and ``hours`` watched. Nothing in them depends
on when or where the script runs.

In it: viewing rises at the weekend and around New Year, every region grows, and devices change slowly. One flaw is
put in on purpose, as real logs have them: until 15 February 2026 players in ``jp`` did not report their device, so
that region has one row a day with an empty ``device_type`` until then.

Run it with ``python make_plays.py``; it needs nothing but Python.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

SEED = 20260331
FIRST, LAST = date(2025, 10, 1), date(2026, 3, 31)
DEVICES_KNOWN_IN_JP = date(2026, 2, 16)
HOURS_PER_PLAY = {"tv": 0.86, "mobile": 0.41, "web": 0.57}
CHART_SIZE = 15
TITLES = """
A Fox in the Archive · Bread and Thunder · Eleven Quiet Rooms · Ferry to Nowhere Much · Glasshouse Detectives
· Grandmother's Motorcycle · How to Lose a Lighthouse · Kitchen of the North · Last Tram to Summer · Low Tide Symphony
· Midnight Cartographers · Moss and Iron · My Neighbour the Comet · Paper Lantern Club · Seven Kinds of Rain
· Small Town Astronauts · The Beekeeper's Alibi · The Borrowed Orchestra · The Long Weekend Crew · The Salt Inspectors
· Two Umbrellas · Velvet Avalanche · Waiting for the Plumber · Winter Has a Password
"""


@dataclass(frozen=True)
class Region:
    """``plays`` a day at first, growth and drift over the whole time, and the share of each device at first."""

    code: str
    plays: int
    growth: float
    weekend: float
    tv: float
    web: float
    tv_drift: float


REGIONS = (
    Region("us", 41_000, 0.06, 0.24, tv=0.46, web=0.18, tv_drift=0.02),
    Region("fr", 12_600, 0.09, 0.31, tv=0.34, web=0.26, tv_drift=0.08),
    Region("de", 14_900, 0.07, 0.28, tv=0.40, web=0.27, tv_drift=0.01),
    Region("jp", 16_800, 0.21, 0.19, tv=0.22, web=0.17, tv_drift=0.03),
    Region("br", 18_200, 0.34, 0.22, tv=0.31, web=0.14, tv_drift=-0.06),
)


@dataclass(frozen=True)
class Plays:
    """What was watched on one day in one region on one device type, which is empty where it is unknown."""

    day: date
    region: str
    device_type: str
    plays: int
    hours: int


def main() -> None:
    folder = Path(__file__).resolve().parent
    chance = random.Random(SEED)
    plays = list(daily_plays(chance))
    rows = ((each.day, each.region, each.device_type, each.plays, each.hours) for each in plays)
    write(folder / "plays.csv", ("date", "region", "device_type", "plays", "hours"), rows)
    write(folder / "titles.csv", ("week", "region", "title", "plays", "hours"), weekly_charts(chance, plays))


def daily_plays(chance: random.Random) -> Iterator[Plays]:
    for day in days():
        for region in REGIONS:
            devices = [devices_of(chance, region, day, device) for device in HOURS_PER_PLAY]
            if region.code == "jp" and day < DEVICES_KNOWN_IN_JP:
                yield Plays(day, "jp", "", sum(each.plays for each in devices), sum(each.hours for each in devices))
            else:
                yield from devices


def devices_of(chance: random.Random, region: Region, day: date, device: str) -> Plays:
    passed = (day - FIRST) / (LAST - FIRST)
    at_home = day.weekday() >= 5
    tv = region.tv + region.tv_drift * passed + (0.03 if at_home else 0.0)
    share = {"tv": tv, "web": region.web, "mobile": 1 - tv - region.web}[device]
    level = region.plays * (1 + region.growth * passed) * season(region, day)
    plays = level * share * chance.gauss(1, 0.04)
    return Plays(day, region.code, device, round(plays), round(plays * HOURS_PER_PLAY[device] * chance.gauss(1, 0.015)))


def season(region: Region, day: date) -> float:
    """Against an ordinary weekday: Fridays, weekends and the holidays around New Year have more."""
    week = 1 + region.weekend * (0, 0, 0.05, 0.1, 0.5, 1, 0.9)[day.weekday()]
    holidays = date(2025, 12, 24) <= day <= date(2026, 1, 4)
    return week * (1.17 if holidays else 1)


def weekly_charts(chance: random.Random, plays: Sequence[Plays]) -> Iterator[tuple[date, str, str, int, int]]:
    """A title's appeal differs by region and fades from its release on; long ones are watched longer at a time."""
    names = [name.strip() for name in TITLES.split("·")]
    release = {name: chance.randrange(-30, 22) for name in names}
    length = {name: chance.uniform(0.4, 0.95) for name in names}
    appeal = {(name, region.code): chance.lognormvariate(0, 0.5) for name in names for region in REGIONS}
    for number, monday in enumerate(whole_weeks()):
        for region in REGIONS:
            week = [each for each in plays if each.region == region.code and 0 <= (each.day - monday).days < 7]
            drawn = {
                name: appeal[name, region.code] * 0.94 ** (number - release[name]) * chance.gauss(1, 0.08)
                for name in names
                if release[name] <= number
            }
            counted = shares_of(sum(each.plays for each in week), drawn)
            watched = shares_of(sum(each.hours for each in week), {name: drawn[name] * length[name] for name in drawn})
            for name in sorted(counted, key=lambda name: -counted[name])[:CHART_SIZE]:
                yield monday, region.code, name, counted[name], watched[name]


def shares_of(total: int, weights: dict[str, float]) -> dict[str, int]:
    """Nine tenths of ``total``, by weight; the rest goes to titles too small to be listed."""
    return {name: round(0.9 * total * weight / sum(weights.values())) for name, weight in weights.items()}


def days() -> list[date]:
    return [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]


def whole_weeks() -> list[date]:
    """The Mondays of the weeks that lie wholly inside."""
    return [day for day in days() if day.weekday() == 0 and day + timedelta(days=6) <= LAST]


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
