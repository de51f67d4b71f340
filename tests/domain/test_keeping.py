"""Which kept kernels end where there are too many."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from jupyter_notebook_sched.domain.keeping import Holding, next_to_end, to_end

HOLDINGS = st.lists(
    st.builds(
        Holding,
        run_id=st.integers(0, 10**6).map(str),
        of=st.sampled_from(["daily", "hourly", "a.ipynb", "b.ipynb"]),
        kept_at=st.integers(10, 30).map(str),
        bytes=st.integers(0, 100),
        has_gpu=st.booleans(),
        held=st.booleans(),
    ),
    max_size=12,
    unique_by=lambda holding: holding.run_id,
)


def holding(name: str, at: str, **facts: object) -> Holding:
    return replace(Holding(name, name, at), **facts)  # type: ignore[arg-type]


def test_it_keeps_the_newest_of_each_job() -> None:
    kept = [holding("1", "1", of="daily"), holding("2", "3", of="daily"), holding("3", "2", of="hourly")]
    assert to_end(kept, 8, None) == ["1"]


def test_the_one_with_a_gpu_goes_first_then_the_oldest() -> None:
    kept = [holding("old", "1"), holding("older", "0"), holding("new", "3"), holding("gpu", "2", has_gpu=True)]
    assert to_end(kept, 1, None) == ["gpu", "older", "old"]


def test_it_ends_as_many_as_use_too_much_memory() -> None:
    kept = [holding("1", "1", bytes=30), holding("2", "2", bytes=50), holding("3", "3", bytes=50)]
    assert to_end(kept, 8, 100) == ["1"]
    assert to_end(kept, 8, 99) == ["1", "2"]


def test_one_that_somebody_is_connected_to_stays_and_counts() -> None:
    kept = [holding("held", "0", held=True, has_gpu=True), holding("2", "1"), holding("3", "2")]
    assert to_end(kept, 2, None) == ["2"]
    assert to_end(kept, 0, None) == ["2", "3"]
    assert next_to_end(kept[:1]) is None


@given(HOLDINGS, st.integers(0, 10), st.none() | st.integers(0, 600))
def test_what_stays_is_within_the_bounds_or_somebody_is_connected_to_it(
    kept: list[Holding], most: int, most_bytes: int | None
) -> None:
    ending = to_end(kept, most, most_bytes)
    staying = [holding for holding in kept if holding.run_id not in ending]
    assert len(set(ending)) == len(ending)
    assert not any(holding.held for holding in kept if holding.run_id in ending)
    free = [holding for holding in staying if not holding.held]
    within = len(staying) <= most and (most_bytes is None or sum(holding.bytes for holding in staying) <= most_bytes)
    assert within or not free
    assert len({holding.of for holding in free}) == len(free), "one of each job"


@given(HOLDINGS)
def test_none_ends_without_need(kept: list[Holding]) -> None:
    newest = {holding.of: holding for holding in sorted(kept, key=lambda holding: holding.age)}
    others = {holding.run_id for holding in kept if newest[holding.of] is not holding and not holding.held}
    assert set(to_end(kept, len(kept), sum(holding.bytes for holding in kept))) == others
