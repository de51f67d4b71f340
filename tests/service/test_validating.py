"""From what was sent to a typed form: every fault is found, and told in a person's words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_notebook_sched.errors import Invalid
from jupyter_notebook_sched.service.forms import CreateJob, CreateRun, JobsQuery, PatchJob, RunsQuery
from jupyter_notebook_sched.service.validating import errors_in, form_of

GOOD: dict[str, Any] = {"notebook": "a.ipynb"}


def told(sent: dict[str, Any], kind: Any = CreateRun) -> dict[str, str]:
    return {error.field: error.message for error in errors_in(kind, sent)}


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({"notebook": 7}, "notebook", "must be text, got a whole number"),
        ({"timeout_seconds": "soon"}, "timeout_seconds", "must be a number or null, got text"),
        ({"timeout_seconds": -1}, "timeout_seconds", "must be a number above 0"),
        ({"parameters": []}, "parameters", "must be an object, got a list"),
        ({"templates": 1}, "templates", "must be true or false, got a whole number"),
        ({"name": ""}, "name", "must not be empty"),
        ({"retry": {"max_attempts": 0}}, "retry.max_attempts", "must be a whole number of at least 1"),
        ({"odd": 1}, "odd", "is not known"),
        ({"kernl": "x"}, "kernl", "is not known; did you mean 'kernel'?"),
    ],
)
def test_it_says_what_is_wrong_in_plain_words(sent: dict[str, Any], field: str, words: str) -> None:
    assert told(GOOD | sent) == {field: words}


def test_it_tells_everything_that_is_wrong_at_once() -> None:
    sent = {"name": "", "retry": {"max_attempts": 0, "odd": 1}, "odd": 1}
    assert set(told(sent)) == {"notebook", "name", "retry.max_attempts", "retry.odd", "odd"}
    with pytest.raises(Invalid) as refused:
        form_of(CreateRun, sent)
    assert "(and 4 more)" in refused.value.message


def test_it_reads_numbers_and_truths_from_a_query_only() -> None:
    assert form_of(RunsQuery, {"limit": "7", "state": ["failed"]}, lenient=True).limit == 7
    assert form_of(JobsQuery, {"paused": "true"}, lenient=True).paused is True
    assert "limit" in told({"limit": "7"}, RunsQuery)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)
names = st.sampled_from(
    ["name", "notebook", "trigger", "retry", "parameters", "tags", "starts_at", "notify", "odd", ""]
)
triggers = st.dictionaries(st.sampled_from(["type", "cron", "timezone", "at", "every_seconds", "odd"]), values)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(names, values | triggers, max_size=5), st.sampled_from([CreateJob, PatchJob, CreateRun]))
def test_it_finds_a_form_or_names_what_is_wrong_whatever_is_sent(sent: dict[str, Any], kind: Any) -> None:
    faults = errors_in(kind, sent)
    assert all(fault.message and "\n" not in fault.message for fault in faults)
    if not faults:
        form_of(kind, sent)
