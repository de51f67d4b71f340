"""Values that no field may have, each with what its refusal must say."""

from __future__ import annotations

from typing import Any

CRON = {"type": "cron", "cron": "0 7 * * *", "timezone": "UTC"}
HUGE = 10**30
FAR, EARLY = "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"
OF_TIME = "between the years 1900 and 2999"

# Field → [(value, what the sentence must say)]. Each is sent alone, and the last ones of all fields together.
Cases = dict[str, list[tuple[Any, str]]]
WHOLE = [("7", "a whole number"), (1.5, "a whole number"), (True, "a whole number"), ([1], "a whole number")]
POLICIES: Cases = {
    "source": [(1, "text"), ([], "text"), ("draft", "'pinned'")],
    "parameters": [([], "an object"), ("x", "an object"), (7, "an object")],
    "templates": [("true", "true or false"), (1, "true or false")],
    "kernel": [(7, "text"), (["python3"], "text"), ("no-such-kernel", "on no host")],
    "starts_at": [
        (FAR, OF_TIME),
        (EARLY, OF_TIME),
        ("2050-01-01T00:00:00", "time zone"),
        ([], "a time"),
        (HUGE, "a time"),
    ],
    "ends_at": [(FAR, OF_TIME), (EARLY, OF_TIME), ("tomorrow", "not a time"), ("2020-01-01T00:00:00Z", "in the past")],
    "max_runs": [*WHOLE, (0, "at least 1"), (-1, "at least 1"), (10**9, "at most 1000000"), (HUGE, "at most 1000000")],
    "on_missed": [(None, "text"), (["skip"], "text"), ("ask", "'run_latest'")],
    "late_limit_seconds": [*WHOLE, (-1, "at least 0"), (10**9, "at most 31536000"), (HUGE, "at most 31536000")],
    "max_catch_up": [*WHOLE, (0, "at least 1"), (10_000, "at most 1000"), (-HUGE, "at least 1")],
    "on_overlap": [(7, "text"), ("kill", "'queue_one'")],
    "max_parallel": [*WHOLE, (0, "at least 1"), (10**9, "at most 1000")],
    "spread_seconds": [*WHOLE, (-1, "at least 0"), (10**9, "at most 86400")],
    "retry.max_attempts": [*WHOLE, (0, "at least 1"), (101, "at most 100"), (HUGE, "at most 100")],
    "retry.delay_seconds": [("NaN", "a number"), (-1, "at least 0"), (10**9, "at most 86400"), (HUGE, "at most 86400")],
    "retry.backoff": [("2", "a number"), (0.5, "at least 1"), (10.5, "at most 10"), (HUGE, "at most 10")],
    "retry.max_delay_seconds": [("Infinity", "a number"), (-0.1, "at least 0"), (10**12, "at most 604800")],
    "retry.on": [("lost", "a list"), (["never"], "'cell_error'"), ([["lost"]], "text")],
    "timeout_seconds": [("NaN", "a number"), (0, "above 0"), (-5, "above 0"), (10**9, "at most 31536000")],
    "cell_timeout_seconds": [([60], "a number"), (0, "above 0"), (HUGE, "at most 31536000")],
    "keep_kernel_seconds": [*WHOLE, (-1, "at least 0"), (10**9, "at most 31536000")],
}
OF_JOBS: Cases = POLICIES | {
    "name": [(7, "text"), ("", "empty"), ("x" * 1_000_000, "at most 200"), ("x" * 201, "at most 200")],
    "keep_runs": [*WHOLE, (0, "at least 1"), (10**12, "at most 1000000")],
    "keep_days": [*WHOLE, (0, "at least 1"), (10**12, "at most 1000000"), (HUGE, "at most 1000000")],
    "tags": [
        ("daily", "a list"),
        ([7], "text"),
        ([""], "empty"),
        (["x" * 101], "at most 100"),
        (["t"] * 10_000, "at most 50"),
    ],
    "description": [(None, "text"), ("x" * 10_001, "at most 10000")],
    "paused": [("yes", "true or false"), (0, "true or false")],
    "trigger.cron": [("* * * * * *", "five"), ("x" * 300, "256"), (7, "text"), (None, "text"), ("0 0 30 2 *", "never")],
    "trigger.timezone": [
        (1, "text"),
        ("Mars/Olympus", "no time zone"),
        ("", "no time zone"),
        ("x" * 100_000, "no time zone"),
    ],
    "retry": [(3, "an object"), ([], "an object"), (None, "an object")],
}
OF_RUNS: Cases = (
    {name: POLICIES[name] for name in POLICIES if name.startswith("retry.")}
    | {
        name: OF_JOBS[name]
        for name in (
            "parameters",
            "templates",
            "kernel",
            "timeout_seconds",
            "cell_timeout_seconds",
            "keep_kernel_seconds",
        )
    }
    | {
        "name": [(7, "text"), ("", "empty"), ("x" * 1_000_000, "at most 200")],
        "cause": [("schedule", "'api'"), (None, "text")],
        "idempotency_key": [("", "empty"), ("x" * 201, "at most 200"), (7, "text")],
    }
)

PAST = "2020-01-01T00:00:00Z"
OF_ACTIONS: dict[str, Cases] = {
    "pause": {
        "until": [
            (PAST, "in the past"),
            (FAR, OF_TIME),
            ("2050-01-01T00:00:00", "time zone"),
            (7, "a time"),
            ([], "a time"),
        ]
    },
    "skip": {
        "scheduled_for": [
            (PAST, "no due time"),
            ("2050-01-01T07:30:00Z", "no due time"),
            (FAR, OF_TIME),
            ("2050-01-01T07:00:00", "time zone"),
            (None, "a time"),
            (HUGE, "a time"),
        ]
    },
    "backfill": {
        "from": [
            (FAR, OF_TIME),
            ("2050-01-01T00:00:00Z", "in the future"),
            ("2020-01-01", "not a time"),
            ([], "a time"),
        ],
        "to": [
            (PAST, "later than"),
            ("2019-12-31T23:59:59.999Z", "later than"),
            ("2024-12-31T00:00:00Z", "at most 1000"),
            (EARLY, OF_TIME),
            ("2024-01-01T00:00:00", "time zone"),
        ],
        "again": [("yes", "true or false"), (1, "true or false")],
        "dry_run": [(None, "true or false"), (0, "true or false")],
    },
    "run": {
        "parameters": [([], "an object"), (None, "an object")],
        "parameters.x": [("text", "a whole number")],
        "odd": [(1, "not known")],
    },
}
BASES = {
    "skip": {"scheduled_for": "2050-01-01T07:00:00Z"},
    "backfill": {"from": PAST, "to": "2050-01-01T00:00:00Z"},
}
