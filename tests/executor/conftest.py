"""Workers that the tests of a file share: one with a warm fork server, one without any. Not those of several files: an
executor that is tested in this process ends what it takes for left behind by its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from .kinds import KINDS, Kind, KindHouse


@pytest.fixture(scope="module")
def house_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Kind], KindHouse]]:
    made: dict[Kind, KindHouse] = {}

    def of(kind: Kind) -> KindHouse:
        if kind not in made:
            made[kind] = KindHouse(tmp_path_factory.mktemp(kind), kind)
        return made[kind]

    yield of
    for house in made.values():
        house.leave()


@pytest.fixture(params=KINDS)
def kind_house(request: pytest.FixtureRequest, house_of: Callable[[Kind], KindHouse]) -> Iterator[KindHouse]:
    """Each test with it runs twice: with forked kernels, and with ordinary ones."""
    house = house_of(request.param)
    yield house
    house.stop_all()


@pytest.fixture
def forking_house(house_of: Callable[[Kind], KindHouse]) -> Iterator[KindHouse]:
    house = house_of("forked")
    yield house
    house.stop_all()
