from __future__ import annotations

from jupyter_notebook_sched.domain.run import Resources, Terms

CONFIGURED = Terms(memory_mb=500, cpu_seconds=None, nice=3, oom_score_adj=400)


def test_a_run_that_asks_for_nothing_has_what_is_configured() -> None:
    assert CONFIGURED.asked(Resources()) == CONFIGURED


def test_a_run_has_what_it_asks_for_instead() -> None:
    assert CONFIGURED.asked(Resources(memory_mb=900, cpu_seconds=7)) == Terms(900, 7, 3, 400)
    assert CONFIGURED.asked(Resources(cpu_seconds=7)) == Terms(500, 7, 3, 400)
