from __future__ import annotations

import random

import pytest

from jupyter_notebook_sched.domain.retry import ALL_REASONS, Retry


class Never(random.Random):
    """No jitter at all."""

    def random(self) -> float:
        return 0.0


class Always(random.Random):
    """As much jitter as there can be."""

    def random(self) -> float:
        return 1.0 - 2**-53


def test_it_waits_longer_after_each_attempt_up_to_the_longest_delay() -> None:
    retry = Retry(max_attempts=9, delay_seconds=30, backoff=2.0, max_delay_seconds=200)
    assert [retry.delay_after(attempt, Never()) for attempt in range(1, 6)] == [30, 60, 120, 200, 200]


def test_it_spreads_delays_by_at_most_a_tenth_upwards() -> None:
    retry = Retry(max_attempts=3, delay_seconds=100)
    assert 100 <= retry.delay_after(1, random.Random(1)) <= 110
    assert retry.delay_after(1, Always()) == pytest.approx(110)


def test_it_does_not_overflow_after_very_many_attempts() -> None:
    retry = Retry(max_attempts=100, delay_seconds=86_400, backoff=10.0, max_delay_seconds=604_800)
    assert retry.delay_after(100, Never()) == 604_800


def test_it_tries_again_until_the_attempts_are_used_up() -> None:
    retry = Retry(max_attempts=3)
    assert [retry.tries_again(attempt, "cell_error") for attempt in (1, 2, 3)] == [True, True, False]


def test_it_never_tries_again_what_is_not_on_the_list() -> None:
    retry = Retry(max_attempts=3, on=["lost"])
    assert retry.tries_again(1, "lost")
    assert not retry.tries_again(1, "cell_error")
    assert not any(Retry(max_attempts=3).tries_again(1, reason) for reason in ("invalid", "internal", "user"))


def test_it_knows_every_reason_that_a_further_attempt_may_mend() -> None:
    assert all(Retry(max_attempts=2).tries_again(1, reason) for reason in ALL_REASONS)
