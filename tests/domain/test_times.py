from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_notebook_sched.domain import times

moments = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.timezones())


@settings(deadline=None)
@given(moments)
def test_it_reads_back_what_it_wrote_to_the_millisecond(moment: datetime) -> None:
    read = times.from_text(times.to_text(moment))
    assert read == times.whole_milliseconds(moment.astimezone(timezone.utc))


@settings(deadline=None)
@given(moments, moments)
def test_it_writes_text_that_sorts_as_time_does(one: datetime, other: datetime) -> None:
    by_text = times.to_text(one) < times.to_text(other)
    in_utc = [times.whole_milliseconds(moment.astimezone(timezone.utc)) for moment in (one, other)]
    assert by_text == (in_utc[0] < in_utc[1])


def test_it_tells_the_clock_in_utc_to_the_millisecond() -> None:
    now = times.utc_now()
    assert now.utcoffset() == timedelta(0)
    assert now.microsecond % 1000 == 0


def test_it_tells_people_the_time_on_the_clock_of_this_host(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = datetime(2026, 3, 29, 1, 0, 7, tzinfo=timezone.utc)
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        assert times.on_the_clock(moment) == "2026-03-29 03:00 CEST"
        assert times.on_the_clock(moment, "seconds") == "2026-03-29 03:00:07 CEST"
    finally:
        monkeypatch.undo()
        time.tzset()
